"""Damaged, hostile and odd PDFs are refused by name or read with what is wrong said; what is hidden is flagged."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions, Limits
from ingest.extract.pdf import extract_pdf
from ingest.extract.picture import render_page
from tests.shared import require_program, require_shared

QUIET = ExtractOptions(ocr=False)


def make_pdf(path: Path, objects: Sequence[str | bytes]) -> Path:
    """A PDF of these objects, numbered from 1, the first of which is its catalogue."""
    parts = [b"%PDF-1.7\n"]
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(sum(map(len, parts)))
        raw = body.encode("latin-1") if isinstance(body, str) else body
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, raw))
    start = sum(map(len, parts))
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))
    path.write_bytes(b"".join(parts))
    return path


def stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def one_page(path: Path, content: str, box: str = "0 0 595 842") -> Path:
    """A page with this content, in Helvetica as /F1."""
    return make_pdf(
        path,
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
            stream(content),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ],
    )


SEEN = "BT /F1 12 Tf 72 700 Td (The coalition recommends a clear procedure.) Tj ET\n"


def test_white_text_on_white_is_flagged_and_white_on_a_dark_ground_is_not(tmp_path: Path) -> None:
    white = "1 1 1 rg BT /F1 12 Tf 72 {} Td ({}) Tj ET\n"
    content = (
        SEEN
        + white.format(600, "Nobody sees this.")
        + "0 0 0.4 rg 60 490 300 30 re f\n"
        + white.format(500, "All see it.")
    )
    blocks = extract_pdf(one_page(tmp_path / "white.pdf", content), QUIET).blocks
    assert [block.text for block in blocks if block.hidden] == ["Nobody sees this."]
    assert [block.text for block in blocks if not block.hidden] == [
        "The coalition recommends a clear procedure.",
        "All see it.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "BT /F1 12 Tf 900 700 Td (Off the page.) Tj ET",
        "BT 3 Tr /F1 12 Tf 72 600 Td (Never painted.) Tj ET",
        "BT /F1 0.5 Tf 72 600 Td (Too small to read.) Tj ET",
    ],
)
def test_text_that_cannot_be_seen_is_flagged(tmp_path: Path, hidden: str) -> None:
    blocks = extract_pdf(one_page(tmp_path / "hidden.pdf", SEEN + hidden), QUIET).blocks
    assert [block.hidden for block in blocks] == [False, True]


def test_page_of_ten_metres_is_named_and_not_read(tmp_path: Path) -> None:
    draft = extract_pdf(one_page(tmp_path / "giant.pdf", SEEN, "0 0 28346 28346"), QUIET)
    assert draft.blocks == ()
    assert "larger than" in draft.problems[0]
    assert "page 1" in draft.problems[0]


def test_picture_of_a_giant_page_stays_small(tmp_path: Path) -> None:
    assert render_page(one_page(tmp_path / "giant.pdf", SEEN, "0 0 14000 14000"), 1).startswith(b"\x89PNG")


def test_hundred_thousand_pages_are_refused_by_name(tmp_path: Path) -> None:
    kids = " ".join(["3 0 R"] * 100_000)
    path = make_pdf(
        tmp_path / "long.pdf",
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count 100000 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        ],
    )
    with pytest.raises(SourceError, match=r"'long\.pdf' has 100,000 pages"):
        extract_pdf(path, QUIET)


def test_too_many_bytes_are_refused_by_name(tmp_path: Path) -> None:
    path = one_page(tmp_path / "big.pdf", SEEN)
    with pytest.raises(SourceError, match=r"'big\.pdf' has .* bytes"):
        extract_pdf(path, ExtractOptions(limits=Limits(bytes=100)))


def test_cyclic_page_tree_and_outline_end(tmp_path: Path) -> None:
    path = make_pdf(
        tmp_path / "cycle.pdf",
        [
            "<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>",
            "<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
            "<< /First 5 0 R /Last 5 0 R >>",
            "<< /Title (Again) /Parent 4 0 R /Next 5 0 R /First 5 0 R /Dest [3 0 R /Fit] >>",
        ],
    )
    draft = extract_pdf(path, QUIET)
    assert draft.blocks == ()
    assert draft.problems


def test_bomb_of_compressed_zeros_ends(tmp_path: Path) -> None:
    packed = zlib.compress(b" " * 50_000_000, 9)
    path = make_pdf(
        tmp_path / "bomb.pdf",
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        ],
    )
    assert extract_pdf(path, QUIET).problems == ("page 1: the page is blank",)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
def test_truncated_file_is_refused_or_read_with_problems(tmp_path: Path, kept: float) -> None:
    whole = (require_shared("documents", "un_upr", "upr_c1_g0917825.pdf")).read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: int(kept * len(whole))])
    try:
        draft = extract_pdf(path, QUIET)
    except SourceError as error:
        said = str(error)
    else:
        said = "cut.pdf" if draft.blocks or draft.problems else "nothing"
    assert "cut.pdf" in said


@pytest.mark.parametrize("content", [b"", b"not a PDF at all", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd\nname.pdf"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"odd\\nname"):
        extract_pdf(path, QUIET)


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        extract_pdf(tmp_path / "none.pdf", QUIET)


def test_scan_without_recognition_says_which_page_and_which_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    draft = extract_pdf(require_shared("hard-pdfs", "pikepdf__congress.pdf"))
    assert draft.blocks == ()
    assert draft.problems[0].startswith("page 1: ")
    assert "apt-get install tesseract-ocr" in draft.problems[0]


def test_scan_is_recognized_with_boxes_and_confidence() -> None:
    require_program("tesseract", package="tesseract-ocr")
    draft = extract_pdf(require_shared("hard-pdfs", "pikepdf__congress.pdf"), ExtractOptions(ocr_languages=("eng",)))
    assert "PRESIDENT OF THE UNITED STATES" in " ".join(block.text for block in draft.blocks)
    assert 0.5 < (draft.pages[0].recognized or 0) <= 1
    assert all(block.confidence is not None and block.boxes for block in draft.blocks)
