"""Word files: what Word prints is what is read, with notes, numbers, tables and accepted changes."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree

from corpus.documents import BlockKind, Document
from ingest.document import read_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions, Limits
from tests.corpus.promise import check_document, check_passages, words_lost_and_added, words_of
from tests.ingest.documents import passages_of, read, words
from tests.ingest.extract.packages import docx, listed, paragraph, zipped
from tests.shared import require_shared

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="11"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>'
    '</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="·"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="N"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="My head"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quotations"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
)


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def made(folder: Path, body: str, **parts: str) -> Document:
    document = read_document(docx(folder / "x.docx", body, **parts), None, ExtractOptions())
    check_document(document)
    check_passages(document, passages_of(document))
    return document


def test_headings_quotations_and_contents_by_style(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        paragraph("Contents line 3", properties=style("T"))
        + paragraph("Head", properties=style("Sub"))
        + paragraph("Words.")
        + paragraph("Quoted.", properties=style("Q"))
        + paragraph("<w:r><w:rPr><w:b/></w:rPr><w:t>All in bold</w:t></w:r>"),
        styles=STYLES,
    )
    assert [(block.kind, block.level, block.noise) for block in document.blocks] == [
        (BlockKind.PARAGRAPH, 0, "looks_like_contents_list"),
        (BlockKind.HEADING, 2, None),
        (BlockKind.PARAGRAPH, 0, None),
        (BlockKind.QUOTATION, 0, None),
        (BlockKind.HEADING, 6, None),
    ]


def test_automatic_numbers_are_those_that_word_prints(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        paragraph("Eleven:", properties=listed(1))
        + paragraph("first;", properties=listed(1, 1))
        + paragraph("second.", properties=listed(1, 1))
        + paragraph("Between.")
        + paragraph("Twelve:", properties=listed(1))
        + paragraph("again.", properties=listed(1, 1))
        + paragraph("A bullet.", properties=listed(2))
        + paragraph("In no list.", properties=listed(0)),
        numbering=NUMBERING,
    )
    assert [block.number for block in document.blocks] == ["11", "11 (a)", "11 (b)", None, "12", "12 (a)", None, None]
    assert [block.parent for block in document.blocks] == [None, 0, 0, None, None, 4, None, None]
    assert document.blocks[-1].kind is BlockKind.PARAGRAPH


def test_notes_hang_where_they_are_called(tmp_path: Path) -> None:
    call = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    custom = '<w:r><w:footnoteReference w:id="4" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    note = '<w:footnote w:id="{}">{}</w:footnote>'
    document = made(
        tmp_path,
        paragraph("One", call.format(2), " and two", call.format(3), ".") + paragraph("Star", custom, "."),
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + note.format(2, paragraph("<w:r><w:footnoteRef/></w:r>", " The first.") + paragraph("Its second paragraph."))
        + note.format(3, paragraph("The second."))
        + note.format(4, paragraph("The star."))
        + note.format(9, paragraph("Called by none.")),
    )
    assert words(document) == [
        "One and two.",
        "Star.",
        "The first.",
        "Its second paragraph.",
        "The second.",
        "The star.",
        "Called by none.",
    ]
    found = [(note.marker, note.anchors) for note in document.notes]
    assert found == [("1", (3,)), ("2", (11,)), ("*", (18,)), ("", ())]


def test_changes_are_read_as_accepted_and_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    document = made(
        tmp_path,
        paragraph(
            "Kept ",
            "<w:ins><w:r><w:t>added </w:t></w:r></w:ins>",
            "<w:del><w:r><w:delText>removed</w:delText></w:r></w:del>",
            "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>",
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
            "<w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink>",
            "<w:r><w:fldChar/><w:instrText>PAGEREF x</w:instrText></w:r>",
            "<w:r><w:noBreakHyphen/><w:t>end</w:t><w:br/><w:t>line</w:t><w:tab/><w:t>tab</w:t></w:r>",
        )
        + "<w:sdt><w:sdtContent>"
        + paragraph("In a control.")
        + "</w:sdtContent></w:sdt>"
        + paragraph(
            "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>"
            + paragraph("Boxed.")
            + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
            + paragraph("Boxed.")
            + "</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>",
            "Around the box.",
        ),
    )
    assert words(document) == ["Kept added link-end\nline tab", "In a control.", "Around the box.", "Boxed."]


def test_tables_of_data_and_tables_that_frame(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    document = made(
        tmp_path,
        f"<w:tbl>{row('Land', 'People')}{row('Chile', '12')}</w:tbl><w:tbl>{row('Framed words.')}</w:tbl>",
    )
    assert [(block.kind, block.level, block.parent) for block in document.blocks] == [
        (BlockKind.TABLE_CELL, 1, None),
        (BlockKind.TABLE_CELL, 1, 0),
        (BlockKind.TABLE_CELL, 2, None),
        (BlockKind.TABLE_CELL, 2, 2),
        (BlockKind.PARAGRAPH, 0, None),
    ]


@pytest.mark.parametrize("cycle", ["upr_c2_UPR20__", "upr_c3_UPR34_"])
def test_real_files_lose_no_word(cycle: str) -> None:
    (path,) = require_shared("documents", "un_upr").glob(f"{cycle}*.docx")
    document = read(path)
    check_passages(document, passages_of(document))
    root = etree.fromstring(zipfile.ZipFile(path).read("word/document.xml"))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    text = " ".join("".join(t.text or "" for t in p.iter(f"{w}t")) for p in root.iter(f"{w}p"))
    assert words_lost_and_added(words_of(text), document) == ({}, {})


# Bad input.


def test_bombs_and_broken_files_are_refused_by_name(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    deep = "<w:p>" * 1500 + "</w:p>" * 1500
    limits = ExtractOptions(limits=Limits(unpacked_bytes=2**20))
    cases = {
        "declares entities": zipped(tmp_path / "laughs.docx", {"word/document.xml": laughs}),
        "not well-formed": zipped(tmp_path / "broken.docx", {"word/document.xml": "<w:document"}),
        "nests more than": docx(tmp_path / "deep.docx", deep),
        "unpacks to more": zipped(tmp_path / "bomb.docx", {"word/document.xml": b" " * 2**22}),
        "holds no text part": zipped(tmp_path / "none.docx", {"word/document.xml": "<x/>"}),
        "holds no words": docx(tmp_path / "empty.docx", paragraph(" ")),
    }
    truncated = tmp_path / "cut.docx"
    truncated.write_bytes(docx(tmp_path / "whole.docx", paragraph("Words.")).read_bytes()[:300])
    cases["damaged"] = truncated
    for message, path in cases.items():
        with pytest.raises(SourceError, match=message) as raised:
            read_document(path, None, limits)
        assert path.name in str(raised.value)
