"""Plain text in any encoding becomes paragraphs, list items and pages, and no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import BlockKind
from ingest.extract.draft import SourceError
from ingest.extract.encoding import decode_text
from ingest.extract.limits import ExtractOptions
from ingest.extract.text import blocks_of_text, extract_text
from tests.corpus.promise import check_document
from tests.ingest.documents import read_text, words

FRENCH = (
    "Les États sont liés par le traité. Déjà signé à l’été 2011, il a été ratifié par les Parties contractantes.\n" * 5
)
RUSSIAN = "Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью.\n" * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (FRENCH, "utf-32"),
        (FRENCH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("人人生而自由,在尊严和权利上一律平等。\n" * 10, "gb18030"),
    ],
)
def test_encodings_are_told_from_the_bytes(text: str, encoding: str) -> None:
    decoded = decode_text(text.encode(encoding), "x.txt")
    assert decoded.text == text
    assert (decoded.problem is None) == encoding.startswith("utf")


def test_bytes_that_break_their_own_mark_are_shown_as_doubtful(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", b"\xef\xbb\xbfGood words \xff more words here.")
    assert "\ufffd" in document.text
    assert "from byte 14 on" in document.problems[0]


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 500, bytes(range(256)) * 20])
def test_binary_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"x\.txt is not text"):
        extract_text(path, ExtractOptions())


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", "One.\n\nTwo.\n\fThree.\n\f\n\fFour.\f")
    check_document(document)
    assert [
        (page.index, page.label, [document.text[s.start : s.end] for s in page.spans]) for page in document.pages
    ] == [
        (1, None, ["One.\n\nTwo."]),
        (2, None, ["Three."]),
        (3, None, []),
        (4, None, ["Four."]),
    ]


def test_paragraphs_and_lists(tmp_path: Path) -> None:
    text = "A line that\r\nruns on.\r\n\r\nWe ask:\n\n- one\n- two that\n  runs on\n\n"
    text += "1. first\n2. second\n\nIt cost\n- 5 dollars.\n"
    document = read_text(tmp_path, "x.txt", text)
    assert words(document) == [
        "A line that runs on.",
        "We ask:",
        "one",
        "two that runs on",
        "1. first",
        "2. second",
        "It cost - 5 dollars.",
    ]
    assert [block.number for block in document.blocks[4:6]] == ["1", "2"]
    assert document.blocks[3].parent == 1
    assert document.blocks[3].kind is BlockKind.LIST_ITEM


def test_notes_below_a_line_of_text(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", "One claim.[1] Another.\n\n[1] A source for it.\n")
    assert words(document) == ["One claim. Another.", "A source for it."]
    assert document.notes[0].anchors == (10,)


@given(st.text(st.sampled_from("ab -*1.)(\n\r\t\v\f[]é字\u2028\u00a0"), max_size=60))
@settings(deadline=None, max_examples=300)
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(block.text for block in blocks_of_text(text))
    assert [c for c in kept if c.isalpha()] == [c for c in text if c.isalpha()]


def test_a_line_of_ten_megabytes_is_read(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", "word " * 2_000_000)
    assert len(document.text) == 9_999_999


def test_one_star_is_no_list(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", "A claim*.\n\n* A note.\n\n* one\n* two\n")
    assert words(document) == ["A claim.", "one", "two", "A note."]


def test_a_line_is_a_paragraph_where_nobody_wrapped_lines(tmp_path: Path) -> None:
    long = "This line is longer than any at which people wrap their text. " * 5
    document = read_text(tmp_path, "x.txt", f"Title\n{long}\nWe ask:\n- one\n- two\n{long}\n")
    assert words(document) == ["Title", long.strip(), "We ask:", "one", "two", long.strip()]
    assert document.blocks[3].parent == 2
    one_long = "Wrapped lines run on\nto the end.\n" * 20 + "http://example.org/" + "x" * 300
    assert len(read_text(tmp_path, "x.txt", one_long).blocks) == 1


def test_indented_lines_begin_paragraphs(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", "    First begins\nand runs on.\n    Second begins\nand ends\nhere.\n")
    assert words(document) == ["First begins and runs on.", "Second begins and ends here."]
