"""Books: chapters in reading order, notes across files, and refusals by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingest.document import read_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions
from tests.corpus.promise import check_document, check_passages
from tests.ingest.documents import passages_of, words
from tests.ingest.extract.packages import epub, zipped


def test_a_note_in_another_file_hangs_on_its_call(tmp_path: Path) -> None:
    path = epub(
        tmp_path / "book.epub",
        {
            "b.xhtml": '<h1>Chapter</h1><p>A claim<a id="r1" href="notes.xhtml#n1">1</a>. More.</p><p id="x">End.</p>',
            "a.xhtml": '<p id="x">Second &amp; last.</p>',
            "notes.xhtml": '<aside id="n1"><p>1. The source. <a href="b.xhtml#r1">↩</a></p></aside>',
        },
        "<dc:title>The Book</dc:title><dc:creator>A. Writer</dc:creator><dc:date>2010-05-01T00:00:00Z</dc:date>",
    )
    document = read_document(path, None, ExtractOptions())
    check_document(document)
    check_passages(document, passages_of(document))
    assert words(document) == ["Chapter", "A claim. More.", "End.", "Second & last.", "1. The source."]
    (note,) = document.notes
    assert (note.marker, document.text[: note.anchors[0]]) == ("1", "Chapter\n\nA claim")
    assert document.blocks[-1].noise is None
    assert (document.metadata.title, document.metadata.authors, document.metadata.date) == (
        "The Book",
        ("A. Writer",),
        "2010-05-01",
    )


def test_protected_and_empty_books_are_refused(tmp_path: Path) -> None:
    whole = epub(tmp_path / "book.epub", {"a.xhtml": "<p>Words.</p>"})
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    mark = b'<x xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:CipherReference URI="OPS/a.xhtml"/></x>'
    with pytest.raises(SourceError, match="protected against copying"):
        read_document(zipped(tmp_path / "drm.epub", {**parts, "META-INF/encryption.xml": mark}), None, ExtractOptions())
    with pytest.raises(SourceError, match="lists no chapter"):
        read_document(epub(tmp_path / "none.epub", {}), None, ExtractOptions())
