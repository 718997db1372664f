"""Files are known by their content, whatever they are called."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from ingest import detect
from ingest.extract.draft import SourceError
from tests.ingest.documents import PAPER
from tests.ingest.extract.packages import docx, epub, odt, zipped
from tests.shared import require_shared


def type_of(folder: Path, content: bytes | str, name: str = "file.bin") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return detect.media_type(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n...", detect.PDF),
        (b"\n\njunk %PDF-1.4", detect.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, detect.DOC),
        (b"{\\rtf1\\ansi text}", detect.RTF),
        ("<!DOCTYPE html><p>x", detect.HTML),
        ("\ufeff  <!-- c -->\n<HTML lang=en>", detect.HTML),
        ("<p>one</p>\n<div>two</div><ul><li>three</ul>", detect.HTML),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", detect.HTML),
        ("# Title\n\nText with **bold** words.\n", detect.MARKDOWN),
        ("Words and [a link](http://x.example) and\n\n## Head\n", detect.MARKDOWN),
        ("Plain words.\n\n1. one\n2. two\n- three\n", detect.PLAIN),
        ("5 < 6 and a * b * c", detect.PLAIN),
        ("Les États".encode("utf-16"), detect.PLAIN),
    ],
)
def test_content_tells(tmp_path: Path, content: bytes | str, expected: str) -> None:
    assert type_of(tmp_path, content) == expected


def test_packages_are_told_apart(tmp_path: Path) -> None:
    assert detect.media_type(docx(tmp_path / "x.zip", "")) == detect.DOCX
    assert detect.media_type(odt(tmp_path / "x.docx", "")) == detect.ODT
    assert detect.media_type(epub(tmp_path / "x.pdf", {"a": ""})) == detect.EPUB
    assert detect.media_type(zipped(tmp_path / "x.odt", {"a.txt": "x"})) == detect.ZIP


def test_a_name_only_breaks_a_tie(tmp_path: Path) -> None:
    assert type_of(tmp_path, "Just words.", "x.md") == detect.MARKDOWN
    assert type_of(tmp_path, "# Title\n\n**Bold**", "x.txt") == detect.PLAIN
    assert type_of(tmp_path, b"%PDF-1.7", "x.html") == detect.PDF
    assert detect.media_type(PAPER) == detect.MARKDOWN


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"PK\x03\x04 broken", "damaged zip"),
        (b"\x7fELF", "executable"),
    ],
)
def test_what_no_extractor_reads_is_refused_with_a_way_out(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        type_of(tmp_path, content)


def test_spreadsheets_and_slides_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="spreadsheet or slides"):
        detect.media_type(zipped(tmp_path / "x.xlsx", {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}))


def test_every_shared_file_is_what_its_name_says() -> None:
    expected = {".pdf": {detect.PDF}, ".md": {detect.MARKDOWN}, ".html": {detect.HTML}, ".docx": {detect.DOCX}}
    # One of the files named .doc was saved as DOCX by whoever published it.
    expected[".doc"] = {detect.DOC, detect.DOCX}
    for path in require_shared("documents").rglob("*.*"):
        if path.suffix in expected:
            assert detect.media_type(path) in expected[path.suffix], path.name


def test_a_package_that_states_its_type_without_end_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.odt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", b"\0" * (64 << 20))
    tracemalloc.start()
    assert detect.media_type(path) == detect.ZIP
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
