"""Says what the styles of a Word document make of a paragraph: a heading, a list item, a quotation, bold, hidden.

A style inherits from the one it is based on, and a paragraph's own properties win over its style's. For
`ingest.extract.docx`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.extract.word_numbers import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING_NAME = re.compile(r"(?:heading|titre|título|überschrift|заголовок)\s*([1-9])", re.IGNORECASE)
_QUOTE_NAME = re.compile(r"\b(?:quotes?|quotations?|block text|citations?|citas?)\b", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"(?:toc|table of figures)\b", re.IGNORECASE)
BODY_LEVEL = 9
"""The outline level that means body text."""
MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph is, as far as its properties and styles say."""

    heading_level: int = 0
    list_id: str | None = None
    list_depth: int = 0
    quotation: bool = False
    caption: bool = False
    contents: bool = False
    bold: bool = False


@dataclass(frozen=True, slots=True)
class RunStyle:
    """How a run of words is set."""

    bold: bool
    raised: bool
    hidden: bool


@dataclass(slots=True)
class WordStyles:
    """The styles of one document by id, and the one of paragraphs that name none."""

    styles: dict[str, _Element] = field(default_factory=dict)
    default: str | None = None

    @classmethod
    def of(cls, root: _Element | None) -> WordStyles:
        """Read the part `word/styles.xml`."""
        found = cls()
        for style in [] if root is None else root.iter(f"{W}style"):
            name = style.get(f"{W}styleId", "")
            found.styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                found.default = name
        return found

    def of_paragraph(self, paragraph: _Element) -> ParagraphStyle:
        """What the paragraph is."""
        own = paragraph.find(f"{W}pPr")
        style_id = _value(own, "pStyle") or self.default
        chain = self._chain(style_id)
        properties = [own, *(style.find(f"{W}pPr") for style in chain)]
        names = [_value(style, "name") or "" for style in chain]
        level = self._heading_level(properties, names)
        number = next((found for found in (_child(of, "numPr") for of in properties) if found is not None), None)
        depth = _value(number, "ilvl")
        list_id = next(filter(None, (_value(_child(of, "numPr"), "numId") for of in properties)), None)
        return ParagraphStyle(
            heading_level=level,
            list_id=list_id,
            list_depth=int(depth) if depth and depth.isdigit() else 0,
            quotation=any(map(_QUOTE_NAME.search, names)),
            caption=any(name.lower() == "caption" for name in names),
            contents=any(map(_CONTENTS_NAME.match, names)),
            bold=_on(next((found for style in chain if (found := style.find(f"{W}rPr/{W}b")) is not None), None)),
        )

    def of_run(self, run: _Element, paragraph_bold: bool) -> RunStyle:
        """How the run is set, within a paragraph whose style is bold or not."""
        own = run.find(f"{W}rPr")
        chain = [own, *(style.find(f"{W}rPr") for style in self._chain(_value(own, "rStyle")))]
        bold = next((found for of in chain if (found := _child(of, "b")) is not None), None)
        raised = next(filter(None, (_value(of, "vertAlign") for of in chain)), None)
        hidden = next((found for of in chain if (found := _child(of, "vanish")) is not None), None)
        return RunStyle(
            bold=paragraph_bold if bold is None else _on(bold),
            raised=raised == "superscript",
            hidden=_on(hidden),
        )

    def _heading_level(self, properties: list[_Element | None], names: list[str]) -> int:
        for of in properties:
            outline = _value(of, "outlineLvl")
            if outline and outline.isdigit():
                return min(int(outline) + 1, 6) if int(outline) < BODY_LEVEL else 0
        for name in names:
            match = _HEADING_NAME.match(name)
            if match:
                return min(int(match.group(1)), 6)
            if name.lower() in ("title", "titre", "título", "titel"):
                return 1
        return 0

    def _chain(self, style_id: str | None) -> list[_Element]:
        """The style and those it is based on, itself first."""
        chain: list[_Element] = []
        while style_id in self.styles and len(chain) < MOST_ANCESTORS:
            chain.append(self.styles[style_id])
            style_id = _value(self.styles[style_id], "basedOn")
        return chain


def _child(element: _Element | None, name: str) -> _Element | None:
    return None if element is None else element.find(f"{W}{name}")


def _value(element: _Element | None, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else child.get(f"{W}val")


def _on(element: _Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in ("0", "false", "off")
