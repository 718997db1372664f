"""A quote pack as an OpenDocument text with real footnotes (OpenDocument 1.2, part 1, 6.3), for LibreOffice and Word.

Written with lxml: the one library that makes OpenDocument files is offered under the GPL among other licences and has
had no release since 2020, while the four files that a text needs are short. XML 1.0 holds no control characters but tab
and line feed: they are left out of the words.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from lxml import etree

from app.citation.seams import Run
from app.export.docx import xml_text
from app.export.pack import CitedQuote, QuotePack, runs_right_to_left, words

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}
_LOOKS = {
    "i": {"fo:font-style": "italic"},
    "b": {"fo:font-weight": "bold"},
    "small": {"fo:font-variant": "small-caps"},
    "sup": {"style:text-position": "super 58%"},
    "sub": {"style:text-position": "sub 58%"},
    "u": {"style:text-underline-style": "solid"},
}
_PARAGRAPHS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "Quote": ({"fo:margin-left": "1cm", "fo:margin-right": "1cm", "fo:margin-bottom": "0.3cm"}, {}),
    "Footnote": ({}, {"fo:font-size": "10pt"}),
    "Work": ({"fo:margin-bottom": "0.3cm"}, {}),
    "Heading1": ({"fo:margin-bottom": "0.3cm"}, {"fo:font-size": "18pt", "fo:font-weight": "bold"}),
    "Heading2": (
        {"fo:margin-top": "0.5cm", "fo:margin-bottom": "0.2cm"},
        {"fo:font-size": "14pt", "fo:font-weight": "bold"},
    ),
}
_RIGHT_TO_LEFT = {"style:writing-mode": "rl-tb", "fo:text-align": "right"}


def write_odt(pack: QuotePack) -> bytes:
    """Write the document.

    :return: the bytes of an .odt file.
    """
    content = _root("document-content")
    automatic = _add(content, "office:automatic-styles")
    text = _add(_add(content, "office:body"), "office:text")
    looks = _Looks(automatic)
    own = words(pack.language)
    _heading(text, pack.title, 1)
    for quote in pack.quotes:
        _add_quote(text, looks, quote, own.source)
    if any(work.entry for work in pack.works):
        _heading(text, own.works, 2)
        for work in pack.works:
            if work.entry:
                _add_runs(_paragraph(text, "Work", _plain(work.entry)), looks, work.entry)
    _heading(text, own.editions, 2)
    for work in pack.works:
        for edition in work.editions:
            lines = (
                f"{work.metadata.title} ({work.metadata.id})",
                f"source sha256 {edition.source_sha256}",
                f"text sha256 {edition.text_sha256}",
            )
            _add_text(_paragraph(text, "Work"), "\n".join(lines))
    return _packed({"content.xml": content, "styles.xml": _styles(), "meta.xml": _meta(pack.title)})


def _add_quote(text: Any, looks: _Looks, quote: CitedQuote, source: str) -> None:
    passage = quote.passage
    paragraph = _paragraph(text, "Quote", passage.quote)
    _add_text(paragraph, passage.quote)
    if quote.in_text:
        _add_runs(paragraph, looks, (Run(" "), *quote.in_text))
    note = _add(paragraph, "text:note", {"text:id": f"note{quote.number}", "text:note-class": "footnote"})
    _add(note, "text:note-citation").text = str(quote.number)
    body = _paragraph(_add(note, "text:note-body"), "Footnote", _plain(quote.footnote))
    _add_runs(body, looks, (Run(" "), *quote.footnote))
    if (link := passage.source_link) and link.startswith(("https://", "http://")):
        _add_text(body, " [")
        _add(body, "text:a", {"xlink:type": "simple", "xlink:href": xml_text(link)}).text = source
        _add_text(body, "]")
    if passage.note.strip():
        _add_text(_paragraph(text, "Work", passage.note), passage.note)


def _add_runs(paragraph: Any, looks: _Looks, runs: Iterable[Run]) -> None:
    for run in runs:
        look = looks.of(run.look) if run.look else None
        _add_text(_add(paragraph, "text:span", {"text:style-name": look}) if look else paragraph, run.text)


def _add_text(element: Any, text: str) -> None:
    """Add words as they are: spaces, tabs and line breaks in rows have elements of their own in OpenDocument."""
    for part in re.split(r"([\n\t]| +)", xml_text(text)):
        if part == "\n":
            _add(element, "text:line-break")
        elif part == "\t":
            _add(element, "text:tab")
        elif part.startswith(" "):
            _add(element, "text:s", {"text:c": str(len(part))} if len(part) > 1 else {})
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def _paragraph(parent: Any, style: str, shown: str = "") -> Any:
    """A paragraph of a style, in the direction of the words that it is to show."""
    name = f"{style}RightToLeft" if runs_right_to_left(shown) else style
    return _add(parent, "text:p", {"text:style-name": name})


def _heading(parent: Any, shown: str, level: int) -> None:
    _add_text(_add(parent, "text:h", {"text:outline-level": str(level), "text:style-name": f"Heading{level}"}), shown)


class _Looks:
    """A text style for each combination of looks, made at its first use."""

    def __init__(self, automatic: Any) -> None:
        self._automatic = automatic
        self._made: dict[frozenset[str], str] = {}

    def of(self, look: frozenset[str]) -> str:
        """The name of the style of a look."""
        if look not in self._made:
            self._made[look] = name = f"Look{len(self._made) + 1}"
            style = _add(self._automatic, "style:style", {"style:name": name, "style:family": "text"})
            _add(style, "style:text-properties", {key: value for part in look for key, value in _LOOKS[part].items()})
        return self._made[look]


def _styles() -> Any:
    root = _root("document-styles")
    styles = _add(root, "office:styles")
    for name, (paragraph, text) in _PARAGRAPHS.items():
        for suffix, direction in (("", {}), ("RightToLeft", _RIGHT_TO_LEFT)):
            style = _add(styles, "style:style", {"style:name": name + suffix, "style:family": "paragraph"})
            _add(style, "style:paragraph-properties", paragraph | direction)
            _add(style, "style:text-properties", text)
    raised = _add(styles, "style:style", {"style:name": "FootnoteMark", "style:family": "text"})
    _add(raised, "style:text-properties", _LOOKS["sup"])
    mark = {"text:citation-style-name": "FootnoteMark", "text:citation-body-style-name": "FootnoteMark"}
    number = {"text:note-class": "footnote", "style:num-format": "1", "text:start-value": "0"}
    _add(styles, "text:notes-configuration", mark | number)
    return root


def _meta(title: str) -> Any:
    root = _root("document-meta")
    _add(_add(root, "office:meta"), "dc:title").text = xml_text(title)
    return root


def _packed(parts: dict[str, Any]) -> bytes:
    """The package: the media type first and not compressed, so that programs know the file by its first bytes."""
    manifest = etree.Element(_qualified("manifest:manifest"), {_qualified("manifest:version"): "1.2"}, nsmap=_NAMES)
    _add(manifest, "manifest:file-entry", {"manifest:full-path": "/", "manifest:media-type": MEDIA_TYPE})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        for name, root in parts.items():
            archive.writestr(name, etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
            _add(manifest, "manifest:file-entry", {"manifest:full-path": name, "manifest:media-type": "text/xml"})
        archive.writestr("META-INF/manifest.xml", etree.tostring(manifest, xml_declaration=True, encoding="UTF-8"))
    return out.getvalue()


def _root(name: str) -> Any:
    return etree.Element(_qualified(f"office:{name}"), {_qualified("office:version"): "1.2"}, nsmap=_NAMES)


def _add(parent: Any, name: str, attributes: dict[str, str] | None = None) -> Any:
    named = {_qualified(key): value for key, value in (attributes or {}).items()}
    return etree.SubElement(parent, _qualified(name), named)


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"
