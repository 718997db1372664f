"""A quote pack as a Word document with real footnotes, which Word and LibreOffice number and move themselves.

python-docx (1.2) writes no footnotes, so their part is made here: `footnotes.xml` with the two separators that Word
expects, its relationship and content type, and the styles of note and mark (ECMA-376 Part 1, 17.11). XML 1.0 holds no
control characters but tab and line feed: they are left out of the words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document as new_document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from docx.shared import Cm, Pt
from lxml import etree

from app.citation.seams import Run
from app.export.pack import CitedQuote, QuotePack, runs_right_to_left, words

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = nsmap["w"]
_LOOKS = {"i": "w:i", "b": "w:b", "small": "w:smallCaps"}


def xml_text(text: str) -> str:
    """Text that XML 1.0 can hold, lines ended by a line feed."""
    return _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_docx(pack: QuotePack) -> bytes:
    """Write the document.

    :return: the bytes of a .docx file.
    """
    document = new_document()
    document.core_properties.title = xml_text(pack.title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime.now(UTC).replace(tzinfo=None)
    _add_styles(document)
    notes = _Footnotes(document)
    own = words(pack.language)
    document.add_heading(xml_text(pack.title), 1)
    for quote in pack.quotes:
        _add_quote(document, notes, quote, own.source)
    if any(work.entry for work in pack.works):
        document.add_heading(own.works, 2)
        for work in pack.works:
            if work.entry:
                paragraph = document.add_paragraph()
                if runs_right_to_left("".join(run.text for run in work.entry)):
                    paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
                _add_runs(paragraph._p, work.entry)
    document.add_heading(own.editions, 2)
    for work in pack.works:
        for edition in work.editions:
            paragraph = document.add_paragraph(xml_text(f"{work.metadata.title} ({work.metadata.id})"))
            paragraph.add_run().add_break()
            paragraph.add_run(f"source sha256 {edition.source_sha256}").add_break()
            paragraph.add_run(f"text sha256 {edition.text_sha256}")
    notes.attach()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_quote(document: Any, notes: _Footnotes, quote: CitedQuote, source: str) -> None:
    passage = quote.passage
    paragraph = document.add_paragraph(style="Quote")
    rtl = runs_right_to_left(passage.quote)
    if rtl:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    paragraph._p.append(_run(passage.quote, rtl=rtl, language=passage.language))
    if quote.in_text:
        _add_runs(paragraph._p, (Run(" "), *quote.in_text))
    paragraph._p.append(notes.call(quote.footnote, passage.source_link, source))
    if passage.note.strip():
        document.add_paragraph(xml_text(passage.note))


def _add_runs(paragraph: Any, runs: Iterable[Run]) -> None:
    for run in runs:
        paragraph.append(_run(run.text, run.look))


def _run(text: str, look: Iterable[str] = (), *, rtl: bool = False, language: str | None = None) -> Any:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    for name in ("b", "i", "small"):  # the order that the schema asks for
        if name in look:
            properties.append(OxmlElement(_LOOKS[name]))
    if "u" in look:
        underline = OxmlElement("w:u")
        underline.set(qn("w:val"), "single")
        properties.append(underline)
    if "sup" in look or "sub" in look:
        raised = OxmlElement("w:vertAlign")
        raised.set(qn("w:val"), "superscript" if "sup" in look else "subscript")
        properties.append(raised)
    if rtl:
        properties.append(OxmlElement("w:rtl"))
    if language:
        tag = OxmlElement("w:lang")
        tag.set(qn("w:bidi" if rtl else "w:val"), language)
        properties.append(tag)
    if len(properties):
        run.append(properties)
    for number, line in enumerate(xml_text(text).split("\n")):
        if number:
            run.append(OxmlElement("w:br"))
        for place, part in enumerate(line.split("\t")):
            if place:
                run.append(OxmlElement("w:tab"))
            if part:
                element = OxmlElement("w:t")
                element.text = part
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                run.append(element)
    return run


class _Footnotes:
    """The footnotes of a document, in the order they are called."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._root = etree.Element(f"{{{_W}}}footnotes", nsmap={"w": _W, "r": nsmap["r"]})
        for id_, kind in ((-1, "separator"), (0, "continuationSeparator")):
            note = self._note(id_)
            note.set(qn("w:type"), kind)
            run = etree.SubElement(etree.SubElement(note, qn("w:p")), qn("w:r"))
            etree.SubElement(run, qn(f"w:{kind}"))
        self._part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, package=document.part.package)
        self._count = 0

    def call(self, runs: Sequence[Run], link: str | None, word: str) -> Any:
        """Add a footnote; gives the run that calls it."""
        self._count += 1
        paragraph = etree.SubElement(self._note(self._count), qn("w:p"))
        properties = etree.SubElement(paragraph, qn("w:pPr"))
        etree.SubElement(properties, qn("w:pStyle")).set(qn("w:val"), "FootnoteText")
        if runs_right_to_left("".join(run.text for run in runs)):
            etree.SubElement(properties, qn("w:bidi"))
        mark = etree.SubElement(paragraph, qn("w:r"))
        _reference_style(mark)
        etree.SubElement(mark, qn("w:footnoteRef"))
        _add_runs(paragraph, (Run(" "), *runs))
        if link and link.startswith(("https://", "http://")):
            paragraph.append(_run(" ["))
            anchor = etree.SubElement(paragraph, qn("w:hyperlink"))
            anchor.set(qn("r:id"), self._part.relate_to(xml_text(link), RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            anchor.append(_run(word, ("u",)))
            paragraph.append(_run("]"))
        caller = OxmlElement("w:r")
        _reference_style(caller)
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(self._count))
        caller.append(reference)
        return caller

    def attach(self) -> None:
        """Write the part, and name the separators in the settings."""
        self._part._blob = etree.tostring(self._root, xml_declaration=True, encoding="UTF-8", standalone=True)
        self._document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        properties = OxmlElement("w:footnotePr")
        for id_ in ("-1", "0"):
            note = OxmlElement("w:footnote")
            note.set(qn("w:id"), id_)
            properties.append(note)
        settings = self._document.settings.element
        # CT_Settings is a sequence: footnotePr stands before endnotePr and compat.
        later = settings.find(qn("w:compat"))
        settings.insert(len(settings) if later is None else list(settings).index(later), properties)

    def _note(self, id_: int) -> Any:
        note = etree.SubElement(self._root, qn("w:footnote"))
        note.set(qn("w:id"), str(id_))
        return note


def _reference_style(run: Any) -> None:
    style = etree.SubElement(etree.SubElement(run, qn("w:rPr")), qn("w:rStyle"))
    style.set(qn("w:val"), "FootnoteReference")


def _add_styles(document: Any) -> None:
    quote = document.styles["Quote"]
    quote.font.italic = False  # italics are the author's, where there are any
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Cm(1)
    text = document.styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    text.element.set(qn("w:styleId"), "FootnoteText")
    text.base_style = document.styles["Normal"]
    text.font.size = Pt(10)
    mark = document.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    mark.element.set(qn("w:styleId"), "FootnoteReference")
    mark.font.superscript = True
