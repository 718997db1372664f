"""Reads an OpenDocument text into a draft: headings, lists with their numbers, notes, tables and sections.

Tracked changes are read as accepted; annotations, headers and footers are left out. Invariant: the words of the draft
are those that the program prints in the body, each once, and every note hangs where it is called. The format is
OASIS OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.documents import BlockKind
from ingest.extract.draft import Draft, DraftAnchor, FileMetadata, SourceError
from ingest.extract.flow import LEVEL_OF_BOLD_HEADING, FlowBlock, draft_blocks, looks_like_bold_heading
from ingest.extract.limits import ExtractOptions
from ingest.extract.numerals import numeral
from ingest.extract.package import opened_package
from ingest.extract.source import shown

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, STYLE = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}style:1.0}}"
OFFICE, FO = f"{{{_NAMES}office:1.0}}", f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_SKIPPED = frozenset(
    (
        f"{OFFICE}annotation",
        f"{OFFICE}annotation-end",
        f"{OFFICE}forms",
        f"{TEXT}tracked-changes",
        f"{TEXT}sequence-decls",
        f"{TEXT}ruby-text",
    )
)
_BLOCKS = frozenset((f"{TEXT}p", f"{TEXT}h", f"{TEXT}list", f"{TABLE}table"))
_CONTENTS = frozenset(
    f"{TEXT}{name}" for name in ("table-of-content", "illustration-index", "table-index", "alphabetical-index")
)
_QUOTATION = re.compile(r"quotation|quote|block.?text", re.IGNORECASE)
MOST_SPACES = 1000


def extract_odt(path: Path, options: ExtractOptions) -> Draft:
    """Read an ODT file.

    :raises SourceError: when it is damaged, encrypted, over a limit, or holds no text.
    """
    with opened_package(path, options.limits) as package:
        manifest = "META-INF/manifest.xml"
        if manifest in package.names and b"encryption-data" in package.read(manifest):
            raise SourceError(f"{shown(path)} is encrypted", "Save it without a password")
        content = package.xml("content.xml")
        body = content.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise SourceError(f"{shown(path)} holds no text", "Save it as a text document")
        styles = package.xml_if_held("styles.xml")
        reader = _Reader(_Styles.of([content, *([] if styles is None else [styles])]))
        reader.read(body)
        meta = package.xml_if_held("meta.xml")
    title = (
        None if meta is None else next((of.text for of in meta.iter("{http://purl.org/dc/elements/1.1/}title")), None)
    )
    return Draft(draft_blocks(reader.blocks), metadata=FileMetadata(title=" ".join((title or "").split()) or None))


@dataclass(slots=True)
class _Styles:
    """What the named styles say that matters here."""

    bold: set[str] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    parents: dict[str, str] = field(default_factory=dict)
    quotations: set[str] = field(default_factory=set)
    lists: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    """Number format and first number of each level of each list style."""

    @classmethod
    def of(cls, roots: list[_Element]) -> _Styles:
        styles = cls()
        for root in roots:
            for style in root.iter(f"{STYLE}style"):
                name = style.get(f"{STYLE}name", "")
                if _QUOTATION.search(name):
                    styles.quotations.add(name)
                styles.parents[name] = style.get(f"{STYLE}parent-style-name", "")
                for properties in style.iter(f"{STYLE}text-properties"):
                    if properties.get(f"{FO}font-weight") in ("bold", "600", "700", "800", "900"):
                        styles.bold.add(name)
                    if (properties.get(f"{STYLE}text-position") or "").startswith("super"):
                        styles.raised.add(name)
                    if properties.get(f"{TEXT}display") == "none":
                        styles.hidden.add(name)
            for listed in root.iter(f"{TEXT}list-style"):
                for level in listed.iter(f"{TEXT}list-level-style-number"):
                    key = (listed.get(f"{STYLE}name", ""), _whole(level.get(f"{TEXT}level"), 1))
                    styles.lists[key] = (
                        level.get(f"{STYLE}num-format") or "",
                        _whole(level.get(f"{TEXT}start-value"), 1),
                    )
        return styles

    def has(self, name: str | None, among: set[str]) -> bool:
        """Whether the style, or one that it inherits from, is among these."""
        for _ in range(20):
            if not name:
                return False
            if name in among:
                return True
            name = self.parents.get(name)
        return False


@dataclass(slots=True)
class _List:
    style: str
    depth: int
    count: int | None = None
    item: int | None = None


@dataclass(slots=True)
class _Reader:
    styles: _Styles
    blocks: list[FlowBlock] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    noise: str | None = None
    note: tuple[str, str] | None = None
    cell: tuple[int, int | None] | None = None
    """Row of the table that is being read, and place of the row's first block."""
    continued: dict[str, int] = field(default_factory=dict)

    def read(self, container: _Element) -> None:
        """Read what stands in an element, block by block."""
        for element in container:
            if element.tag in _SKIPPED or not isinstance(element.tag, str):
                continue
            if element.tag in (f"{TEXT}p", f"{TEXT}h"):
                self._read_paragraph(element)
            elif element.tag == f"{TEXT}list":
                self._read_list(element)
            elif element.tag == f"{TABLE}table":
                self._read_table(element)
            elif element.tag in _CONTENTS:
                around, self.noise = self.noise, "looks_like_contents_list"
                self.read(element)
                self.noise = around
            else:
                self.read(element)

    def _read_list(self, element: _Element) -> None:
        style = element.get(f"{TEXT}style-name") or (self.lists[-1].style if self.lists else "")
        opened = _List(style, len(self.lists) + 1)
        form, start = self.styles.lists.get((style, opened.depth), ("", 1))
        if form:
            opened.count = start - 1
            if element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list"):
                opened.count = self.continued.get(style, opened.count)
        self.lists.append(opened)
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            opened.item = None
            if opened.count is not None and item.tag == f"{TEXT}list-item":
                opened.count = _whole(item.get(f"{TEXT}start-value"), opened.count + 1)
                self.continued[style] = opened.count
            self.read(item)
        self.lists.pop()

    def _read_table(self, table: _Element) -> None:
        rows = [[cell for cell in row if cell.tag == f"{TABLE}table-cell"] for row in table.iter(f"{TABLE}table-row")]
        rows = [row for row in rows if row and _own_table(row[0]) is table]
        if max(map(len, rows), default=0) < 2 or self.cell is not None:
            for row in rows:
                for cell in row:
                    self.read(cell)
            return
        for level, row in enumerate(rows, 1):
            self.cell = (level, None)
            for cell in row:
                self.read(cell)
        self.cell = None

    def _read_paragraph(self, element: _Element) -> None:
        words = _Words()
        self._say(element, words, self.styles.has(element.get(f"{TEXT}style-name"), self.styles.bold))
        text = "".join(words.parts)
        if text.strip():
            self._add(element, text, words)
        for frame in words.frames:
            self.read(frame)

    def _add(self, element: _Element, text: str, words: _Words) -> None:
        place = len(self.blocks)
        block = FlowBlock(BlockKind.PARAGRAPH, text, raised=words.raised, calls=words.calls, noise=self.noise)
        opened = self.lists[-1] if self.lists else None
        if self.note is not None:
            block.kind, (block.note, block.marker) = BlockKind.NOTE, self.note
        elif self.cell is not None:
            block.kind, block.level, block.parent = BlockKind.TABLE_CELL, *self.cell
            self.cell = (self.cell[0], place if self.cell[1] is None else self.cell[1])
        elif element.tag == f"{TEXT}h":
            block.kind = BlockKind.HEADING
            block.level = min(max(_whole(element.get(f"{TEXT}outline-level"), 1), 1), 6)
        elif opened is not None and opened.item is None:
            block.kind, block.level = BlockKind.LIST_ITEM, opened.depth
            block.parent = next((of.item for of in reversed(self.lists[:-1]) if of.item is not None), None)
            block.list_style = opened.style or "list"
            form, _ = self.styles.lists.get((opened.style, opened.depth), ("", 1))
            block.number = numeral(opened.count, form) if opened.count is not None and opened.count > 0 else None
            opened.item = place
        elif opened is not None:
            block.parent = opened.item
        elif self.styles.has(element.get(f"{TEXT}style-name"), self.styles.quotations):
            block.kind = BlockKind.QUOTATION
        elif not words.plain and looks_like_bold_heading(text):
            block.kind, block.level = BlockKind.HEADING, LEVEL_OF_BOLD_HEADING
        self.blocks.append(block)

    def _say(self, element: _Element, words: _Words, bold: bool) -> None:
        """Add the words of an inline element; what hangs in it is kept for later."""
        words.say(element.text, bold)
        for child in element:
            tag = child.tag
            style = child.get(f"{TEXT}style-name") if isinstance(tag, str) else None
            if tag in _SKIPPED or not isinstance(tag, str):
                pass
            elif tag == f"{TEXT}note":
                self._read_note(child, words)
            elif tag == f"{TEXT}line-break":
                words.break_line()
            elif tag == f"{TEXT}tab":
                words.say(" ", True)
            elif tag == f"{TEXT}s":
                words.say(" " * min(_whole(child.get(f"{TEXT}c"), 1), MOST_SPACES), True)
            elif _holds_blocks(child):
                words.frames.append(child)
            elif not self.styles.has(style, self.styles.hidden):
                start = words.length
                self._say(child, words, bold or self.styles.has(style, self.styles.bold))
                if self.styles.has(style, self.styles.raised) and words.length > start:
                    words.raised.append((start, words.length))
            words.say(child.tail, bold)

    def _read_note(self, note: _Element, words: _Words) -> None:
        citation, body = note.find(f"{TEXT}note-citation"), note.find(f"{TEXT}note-body")
        marker = "" if citation is None else (citation.get(f"{TEXT}label") or "".join(map(str, citation.itertext())))
        key = f"note {len(self.blocks)} {words.length} {note.get(f'{TEXT}id', '')}"
        words.calls.append(DraftAnchor(words.length, marker, key))
        if body is not None:
            around = self.note, self.cell, self.lists
            self.note, self.cell, self.lists = (key, marker), None, []
            self.read(body)
            self.note, self.cell, self.lists = around


@dataclass(slots=True)
class _Words:
    parts: list[str] = field(default_factory=list)
    length: int = 0
    raised: list[tuple[int, int]] = field(default_factory=list)
    calls: list[DraftAnchor] = field(default_factory=list)
    frames: list[_Element] = field(default_factory=list)
    plain: bool = False

    def say(self, words: str | None, bold: bool) -> None:
        if words:
            # A line break in the XML is none in the document: those have an element of their own.
            self._add(words.replace("\n", " ").replace("\r", " "))
            self.plain = self.plain or (not bold and bool(words.strip()))

    def break_line(self) -> None:
        self._add("\n")

    def _add(self, said: str) -> None:
        self.parts.append(said)
        self.length += len(said)


def _holds_blocks(element: _Element) -> bool:
    """Whether there are paragraphs in it, as in the frame of a text box; those of its notes do not count."""
    return any(
        child.tag in _BLOCKS or (child.tag != f"{TEXT}note" and _holds_blocks(child))
        for child in element
        if isinstance(child.tag, str)
    )


def _own_table(cell: _Element) -> _Element | None:
    return next(cell.iterancestors(f"{TABLE}table"), None)


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else otherwise
