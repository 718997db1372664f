"""OpenDocument texts: what the program prints is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import BlockKind
from ingest.document import read_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions
from tests.corpus.promise import check_document, check_passages
from tests.ingest.documents import passages_of, words
from tests.ingest.extract.packages import odt, zipped

STYLES = (
    '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Q1" style:parent-style-name="Quotations"/><style:style style:name="Quotations"/>'
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    '<text:list-level-style-number text:level="2" style:num-format="a"/></text:list-style>'
)
BODY = """
<text:tracked-changes><text:changed-region><text:deletion><text:p>removed</text:p></text:deletion></text:changed-region>
</text:tracked-changes><text:h text:outline-level="2">Article 3</text:h>
<text:list text:style-name="L"><text:list-item><text:p>One:</text:p>
  <text:list><text:list-item><text:p>inner.</text:p></text:list-item></text:list></text:list-item>
  <text:list-item><text:p>Two.</text:p><text:p>Continued.</text:p></text:list-item></text:list>
<text:p>A<text:s text:c="3"/>word<text:line-break/>and <text:span>a note<text:note text:id="f1">
<text:note-citation>7</text:note-citation><text:note-body><text:p>Note words.</text:p></text:note-body></text:note>
</text:span>there.<office:annotation><text:p>comment</text:p></office:annotation></text:p>
<text:p text:style-name="Q1">Quoted.</text:p><text:p text:style-name="B">A bold line</text:p>
<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>
</table:table-cell></table:table-row></table:table>
<text:p><draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame></text:p>
"""


def test_everything_at_once(tmp_path: Path) -> None:
    document = read_document(odt(tmp_path / "x.odt", BODY, STYLES), None, ExtractOptions())
    check_document(document)
    check_passages(document, passages_of(document))
    texts = zip(words(document), document.blocks, strict=True)
    assert [(text, block.kind, block.number, block.parent) for text, block in texts] == [
        ("Article 3", BlockKind.HEADING, "article 3", None),
        ("One:", BlockKind.LIST_ITEM, "article 3, paragraph 1", None),
        ("inner.", BlockKind.LIST_ITEM, "article 3, paragraph 1 (a)", 1),
        ("Two.", BlockKind.LIST_ITEM, "article 3, paragraph 2", None),
        ("Continued.", BlockKind.PARAGRAPH, None, 3),
        ("A word\nand a note there.", BlockKind.PARAGRAPH, None, None),
        ("Quoted.", BlockKind.QUOTATION, None, None),
        ("A bold line", BlockKind.HEADING, None, None),
        ("a", BlockKind.TABLE_CELL, None, None),
        ("b", BlockKind.TABLE_CELL, None, 8),
        ("Boxed.", BlockKind.PARAGRAPH, None, None),
        ("Note words.", BlockKind.NOTE, None, None),
    ]
    (note,) = document.notes
    assert (note.marker, document.text[note.anchors[0] - 6 : note.anchors[0]]) == ("7", "a note")


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    parts = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "?"}
    path = zipped(tmp_path / "x.odt", {**parts, "META-INF/manifest.xml": "<m><encryption-data/></m>"})
    with pytest.raises(SourceError, match=r"x\.odt is encrypted"):
        read_document(path, None, ExtractOptions())
