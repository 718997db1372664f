"""DOCX and ODT: footnotes where they belong, every word kept, read back here and opened by LibreOffice."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from app.export import QuotedPassage, export
from app.export.docx import xml_text
from tests.app.export.invented import HOSTILE, LINK, pack, passage
from tests.shared import require_program

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLES = ("united-nations", "apa", "ieee")


def docx_words(element: "etree._Element") -> str:
    """The words under an element, tabs and breaks as characters."""
    signs = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(node.text or "" if node.tag == f"{W}t" else signs.get(str(node.tag), "") for node in element.iter())


def odt_words(element: "etree._Element") -> str:
    """The words under an element, without those of its notes."""
    done = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            done += " " * int(child.get(f"{TEXT}c", "1"))
        elif child.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            done += "\t" if child.tag == f"{TEXT}tab" else "\n"
        elif child.tag != f"{TEXT}note":
            done += odt_words(child)
        done += child.tail or ""
    return done


@pytest.mark.parametrize("style", STYLES)
def test_docx_calls_each_footnote_at_its_quote(style: str) -> None:
    passages = pack()
    content = export(passages, format="docx", style=style).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        notes = etree.fromstring(archive.read("word/footnotes.xml"))
        assert b"footnotes+xml" in archive.read("[Content_Types].xml")
    by_id = {note.get(f"{W}id"): docx_words(note) for note in notes.iter(f"{W}footnote")}
    quoted = [p for p in body.iter(f"{W}p") if p.find(f".//{W}footnoteReference") is not None]
    assert len(quoted) == len(passages)
    for number, (paragraph, given) in enumerate(zip(quoted, passages, strict=True), start=1):
        assert docx_words(paragraph).startswith(xml_text(given.quote))
        call = paragraph.find(f".//{W}footnoteReference")
        assert call is not None
        assert call.get(f"{W}id") == str(number)
        place = given.locator.pages or "مقدمة"
        assert place in by_id[str(number)]
    assert {"-1", "0"} <= by_id.keys()


def test_docx_marks_right_to_left_quotes() -> None:
    document = Document(io.BytesIO(export(pack(), format="docx").content))
    bidi = [paragraph.text for paragraph in document.paragraphs if paragraph._p.find(f".//{W}bidi") is not None]
    assert bidi == [pack()[-1].quote, "تحالف المثال, “بيان المثال”, 2012."]


def test_docx_gives_notes_their_links_and_editions() -> None:
    with zipfile.ZipFile(io.BytesIO(export(pack(), format="docx").content)) as archive:
        assert LINK.replace("&", "&amp;") in archive.read("word/_rels/footnotes.xml.rels").decode()
        assert "b" * 64 in archive.read("word/document.xml").decode()


@pytest.mark.parametrize("style", STYLES)
def test_odt_keeps_every_word_and_calls_each_footnote_at_its_quote(style: str) -> None:
    passages = pack()
    content = export(passages, format="odt", style=style).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[0] == "mimetype"
        root = etree.fromstring(archive.read("content.xml"))
    quoted = [p for p in root.iter(f"{TEXT}p") if p.find(f"{TEXT}note") is not None]
    assert len(quoted) == len(passages)
    for paragraph, given in zip(quoted, passages, strict=True):
        assert odt_words(paragraph).startswith(xml_text(given.quote))
        body = paragraph.find(f"{TEXT}note/{TEXT}note-body")
        assert body is not None
        assert (given.locator.pages or "مقدمة") in odt_words(body)


def test_a_document_of_a_thousand_quotes_has_a_thousand_footnotes() -> None:
    passages = [passage(f"Quote {number}.", str(number)) for number in range(1, 1001)]
    with zipfile.ZipFile(io.BytesIO(export(passages, format="docx").content)) as archive:
        assert archive.read("word/document.xml").count(b"w:footnoteReference ") == 1000
        assert archive.read("word/footnotes.xml").count(b"w:footnoteRef/") == 1000
    with zipfile.ZipFile(io.BytesIO(export(passages, format="odt").content)) as archive:
        assert archive.read("content.xml").count(b"<text:note ") == 1000


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What LibreOffice makes of both formats, as plain text and PDF, in one start of the program."""
    soffice = require_program("soffice", package="libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("libreoffice")
    passages: list[QuotedPassage] = pack()
    files = []
    for name in ("docx", "odt"):
        path = folder / f"{name}.{name}"
        path.write_bytes(export(passages, format=name).content)
        files.append(str(path))
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    for kind in ("txt:Text (encoded):UTF8", "pdf"):
        command = [soffice, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=240)
    return {path.name: _words_of(path) for path in sorted(folder.glob("*.txt")) + sorted(folder.glob("*.pdf"))}


def _words_of(path: Path) -> str:
    if path.suffix == ".txt":
        return path.read_text(encoding="utf-8-sig")
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


@pytest.mark.parametrize("name", ["docx", "odt"])
def test_libreoffice_opens_it_with_words_and_footnotes(opened: dict[str, str], name: str) -> None:
    text = " ".join(opened[f"{name}.txt"].split())
    for quote in HOSTILE:
        assert " ".join(xml_text(quote).split()) in text
    printed = re.sub(r"\s+", " ", opened[f"{name}.pdf"])
    assert 'Working <b>Far</b> & "Home" (Nairobi, Example Press, 2018), p. 1.' in printed
    # A call and its note bear the same number: 1 after the first quote, and 1 before its citation.
    assert re.search(r"“theirs”\. ?1\b", printed)
    assert re.search(r"\b1 ?Example Coalition", printed)
