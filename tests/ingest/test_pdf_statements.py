"""What a PDF states about itself is read where it can be, and never stands in the way where it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from ingest.extract.draft import FileMetadata
from ingest.extract.limits import ExtractOptions
from ingest.extract.pdf import extract_pdf
from ingest.pdf.statements import Statements, read_statements
from tests.shared import require_shared


def write(path: Path, *, password: str | None = None) -> Path:
    with PdfWriter() as writer:
        writer.add_blank_page(595, 842)
        writer.add_metadata({"/Title": "Rights\x00 that  travel", "/Author": "Example Coalition"})
        writer.metadata = {
            **(writer.metadata or {}),
            "/CreationDate": datetime(2020, 5, 1, tzinfo=UTC).strftime("D:%Y%m%d"),
        }
        writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
        writer.add_attachment("letters.csv", b"a,b\n")
        if password:
            writer.encrypt(password)
        writer.write(path)
    return path


@pytest.mark.parametrize("password", [None, "open"])
def test_a_file_is_taken_at_its_word(tmp_path: Path, password: str | None) -> None:
    stated = read_statements(write(tmp_path / "a.pdf", password=password), password)
    assert stated == Statements(
        FileMetadata("Rights that travel", ("Example Coalition",), "2020-05-01", "en-GB"), ("letters.csv",)
    )


def test_a_draft_has_what_the_file_states_and_names_what_it_carries(tmp_path: Path) -> None:
    draft = extract_pdf(write(tmp_path / "a.pdf"), ExtractOptions(ocr=False))
    assert draft.metadata.title == "Rights that travel"
    assert any("letters.csv" in problem for problem in draft.problems)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"no PDF", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\n"]
)
def test_a_damaged_file_states_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(content)
    assert read_statements(path) == Statements()


def test_a_locked_file_states_nothing_without_its_password(tmp_path: Path) -> None:
    assert read_statements(write(tmp_path / "a.pdf", password="open"), "wrong") == Statements()  # noqa: S106


def test_no_hard_file_stands_in_the_way() -> None:
    for path in sorted(require_shared("hard-pdfs").glob("*.pdf")):
        stated = read_statements(path)
        assert all(name == " ".join(name.split()) for name in stated.attachments), path.name
