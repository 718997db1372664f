"""A quote pack as an OpenDocument text with real footnotes (OpenDocument 1.2, 6.3), for LibreOffice and Word.

XML 1.0 holds no control characters but tab and line feed: they are left out of the words.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from odf import dc
from odf.opendocument import OpenDocumentText
from odf.style import ParagraphProperties, Style, TextProperties
from odf.text import A, H, LineBreak, Note, NoteBody, NoteCitation, P, S, Span, Tab

from app.citation.seams import Run
from app.export.docx import xml_text
from app.export.pack import CitedQuote, QuotePack, runs_right_to_left, words

_LOOKS: dict[str, dict[str, str]] = {
    "i": {"fontstyle": "italic"},
    "b": {"fontweight": "bold"},
    "small": {"fontvariant": "small-caps"},
    "sup": {"textposition": "super 58%"},
    "sub": {"textposition": "sub 58%"},
    "u": {"textunderlinestyle": "solid"},
}


def write_odt(pack: QuotePack) -> bytes:
    """Write the document.

    :return: the bytes of an .odt file.
    """
    document = OpenDocumentText()
    document.meta.addElement(dc.Title(text=xml_text(pack.title)))
    styles = _Styles(document)
    own = words(pack.language)
    document.text.addElement(H(outlinelevel=1, text=xml_text(pack.title)))
    for quote in pack.quotes:
        _add_quote(document, styles, quote, own.source)
    if any(work.entry for work in pack.works):
        document.text.addElement(H(outlinelevel=2, text=own.works))
        for work in pack.works:
            if work.entry:
                right_to_left = runs_right_to_left("".join(run.text for run in work.entry))
                paragraph = P(stylename="WorkRightToLeft" if right_to_left else "Work")
                _add_runs(paragraph, styles, work.entry)
                document.text.addElement(paragraph)
    document.text.addElement(H(outlinelevel=2, text=own.editions))
    for work in pack.works:
        for edition in work.editions:
            paragraph = P(stylename="Work")
            lines = (
                f"{work.metadata.title} ({work.metadata.id})",
                f"source sha256 {edition.source_sha256}",
                f"text sha256 {edition.text_sha256}",
            )
            _add_text(paragraph, "\n".join(lines))
            document.text.addElement(paragraph)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _add_quote(document: Any, styles: _Styles, quote: CitedQuote, source: str) -> None:
    passage = quote.passage
    paragraph = P(stylename="QuoteRightToLeft" if runs_right_to_left(passage.quote) else "Quote")
    _add_text(paragraph, passage.quote)
    if quote.in_text:
        _add_runs(paragraph, styles, (Run(" "), *quote.in_text))
    note = Note(id=f"note{quote.number}", noteclass="footnote")
    note.addElement(NoteCitation(text=str(quote.number)))
    right_to_left = runs_right_to_left("".join(run.text for run in quote.footnote))
    body, text = NoteBody(), P(stylename="FootnoteRightToLeft" if right_to_left else "Footnote")
    _add_text(text, " ")
    _add_runs(text, styles, quote.footnote)
    if (link := passage.source_link) and link.startswith(("https://", "http://")):
        _add_text(text, " [")
        text.addElement(A(href=xml_text(link), type="simple", text=source))
        _add_text(text, "]")
    body.addElement(text)
    note.addElement(body)
    paragraph.addElement(note)
    document.text.addElement(paragraph)
    if passage.note.strip():
        remark = P(stylename="Work")
        _add_text(remark, passage.note)
        document.text.addElement(remark)


def _add_runs(paragraph: Any, styles: _Styles, runs: Iterable[Run]) -> None:
    for run in runs:
        if run.look:
            span = Span(stylename=styles.of(run.look))
            _add_text(span, run.text)
            paragraph.addElement(span)
        else:
            _add_text(paragraph, run.text)


def _add_text(element: Any, text: str) -> None:
    """Add words as they are: runs of spaces, tabs and line breaks have elements of their own in OpenDocument."""
    for number, line in enumerate(xml_text(text).split("\n")):
        if number:
            element.addElement(LineBreak())
        for place, part in enumerate(line.split("\t")):
            if place:
                element.addElement(Tab())
            for order, stretch in enumerate(part.split(" ")):
                if order:
                    element.addElement(S(c=1))
                if stretch:
                    element.addText(stretch)


class _Styles:
    """Paragraph styles, and a text style for each combination of looks that is used."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._made: dict[frozenset[str], str] = {}
        right_to_left = {"writingmode": "rl-tb", "textalign": "start"}
        for name, paragraph, text in (
            ("Quote", {"marginleft": "1cm", "marginright": "1cm", "marginbottom": "0.3cm"}, {}),
            ("Footnote", {}, {"fontsize": "10pt"}),
            ("Work", {"marginbottom": "0.3cm"}, {}),
        ):
            self._paragraph(name, paragraph, text)
            self._paragraph(f"{name}RightToLeft", paragraph | right_to_left, text)

    def of(self, look: frozenset[str]) -> str:
        """The name of the style of a look, made at its first use."""
        if look not in self._made:
            name = "Look" + "".join(sorted(look)).title()
            style = Style(name=name, family="text")
            attributes = {key: value for part in sorted(look) for key, value in _LOOKS[part].items()}
            style.addElement(TextProperties(attributes=attributes))
            self._document.automaticstyles.addElement(style)
            self._made[look] = name
        return self._made[look]

    def _paragraph(self, name: str, paragraph: dict[str, str], text: dict[str, str]) -> None:
        style = Style(name=name, family="paragraph")
        style.addElement(ParagraphProperties(attributes=paragraph))
        if text:
            style.addElement(TextProperties(attributes=text))
        self._document.styles.addElement(style)
