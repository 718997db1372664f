"""Walks the elements of a Word document in the order in which they are read, and says what words they stand for.

Tracked changes are taken as accepted, and what Word stores twice for the sake of old readers is met once. For
`ingest.extract.docx`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.extract.word_numbers import W

if TYPE_CHECKING:
    from lxml.etree import _Element

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Removed text, the picture that repeats a drawing for old readers, and what is no text.
_SKIPPED = frozenset(
    (f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}rt", f"{W}pPr", f"{W}rPr", f"{_COMPATIBILITY}Fallback")
)


def block_elements(container: _Element) -> Iterator[_Element]:
    """Paragraphs and tables in order, through content controls, insertions and alternate content."""
    for element in container:
        if element.tag in (f"{W}p", f"{W}tbl"):
            yield element
            yield from _text_boxes(element) if element.tag == f"{W}p" else ()
        elif element.tag not in _SKIPPED:
            yield from block_elements(element)


def _text_boxes(paragraph: _Element) -> Iterator[_Element]:
    """Paragraphs of the text boxes that hang on a paragraph; Word stores each twice, for new readers and for old."""
    for box in paragraph.iter(f"{W}txbxContent"):
        around = {ancestor.tag for ancestor in box.iterancestors()}
        if f"{_COMPATIBILITY}Fallback" not in around and sum(1 for a in box.iterancestors(f"{W}txbxContent")) == 0:
            yield from block_elements(box)


def paragraphs_in(container: _Element) -> Iterator[_Element]:
    """Every paragraph in order, those in tables included."""
    for element in block_elements(container):
        if element.tag == f"{W}p":
            yield element
        else:
            for cells in rows_of(element):
                for cell in cells:
                    yield from paragraphs_in(cell)


def rows_of(table: _Element) -> Iterator[list[_Element]]:
    """Rows of cells, those of rows that a tracked change removed left out."""
    for row in _children(table, f"{W}tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield list(_children(row, f"{W}tc"))


def _children(container: _Element, tag: str) -> Iterator[_Element]:
    for element in container:
        if element.tag == tag:
            yield element
        elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"):
            yield from _children(element, tag)


def runs_of(paragraph: _Element) -> Iterator[_Element]:
    """The runs of a paragraph in order, without those that were removed and those of its text boxes."""
    for element in paragraph:
        if element.tag in (f"{W}r", f"{_MATH}t"):
            yield element
        elif element.tag not in _SKIPPED and element.tag != f"{W}txbxContent" and isinstance(element.tag, str):
            yield from runs_of(element)


def said_by(element: _Element) -> str:
    """The words that an element of a run stands for."""
    match str(element.tag).removeprefix(W):
        case "t":
            return element.text or ""
        case "tab" | "ptab":
            return " "
        case "br" if element.get(f"{W}type") in (None, "textWrapping"):
            return "\n"
        case "br":
            return " "
        case "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "ruby":
            base = element.find(f"{W}rubyBase")
            return "" if base is None else "".join(text.text or "" for text in base.iter(f"{W}t"))
    return element.text or "" if element.tag == f"{_MATH}t" else ""
