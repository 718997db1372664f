"""Reads a Word document (Office Open XML) into a draft: headings, lists with their numbers, notes and tables.

Tracked changes are read as accepted; comments, headers and footers are not the document speaking and are left out.
Invariant: the words of the draft are those that Word prints in the body, each once, and every note hangs where its
reference stands. The format is ECMA-376, part 1 (WordprocessingML).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.documents import BlockKind
from ingest.extract.draft import Draft, DraftAnchor, FileMetadata, SourceError
from ingest.extract.flow import LEVEL_OF_BOLD_HEADING, FlowBlock, draft_blocks, looks_like_bold_heading
from ingest.extract.limits import ExtractOptions
from ingest.extract.numerals import numeral
from ingest.extract.package import Package, opened_package
from ingest.extract.source import shown
from ingest.extract.word_elements import block_elements, paragraphs_in, rows_of, runs_of, said_by
from ingest.extract.word_numbers import W, WordNumbers
from ingest.extract.word_styles import WordStyles

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MAIN_PART = "/officeDocument"
_NOTE_STYLES = {"lowerRoman": "i", "upperRoman": "I", "lowerLetter": "a", "upperLetter": "A"}


def extract_docx(path: Path, options: ExtractOptions) -> Draft:
    """Read a DOCX file (or DOCM, whose macros are ignored).

    :raises SourceError: when it is damaged, encrypted, over a limit, or holds no document part.
    """
    with opened_package(path, options.limits) as package:
        main = _main_part(package)
        reader = _Reader.of(package, main)
        body = package.xml(main).find(f"{W}body")
        if body is None:
            raise SourceError(f"{shown(path)} holds no text part", "Open it in Word and save it again")
        reader.read_body(body)
        reader.read_notes()
        return Draft(draft_blocks(reader.blocks), metadata=_metadata(package))


def _main_part(package: Package) -> str:
    relations = package.xml_if_held("_rels/.rels")
    if relations is not None:
        for relation in relations.iter(f"{_RELATIONS}Relationship"):
            if (relation.get("Type") or "").endswith(_MAIN_PART):
                return package.beside("x", relation.get("Target") or "")
    return "word/document.xml"


def _metadata(package: Package) -> FileMetadata:
    """The title that the file states. Its author is whoever typed it and its date when, which nobody cites."""
    core = package.xml_if_held("docProps/core.xml")
    title = None if core is None else core.findtext("{http://purl.org/dc/elements/1.1/}title")
    return FileMetadata(title=" ".join(title.split()) or None if title else None)


@dataclass(slots=True)
class _Words:
    """The words of one paragraph, with what hangs in them."""

    text: str = ""
    raised: list[tuple[int, int]] = field(default_factory=list)
    calls: list[DraftAnchor] = field(default_factory=list)
    plain: bool = False
    """Whether any of them is neither bold nor white space."""


@dataclass(slots=True)
class _Reader:
    notes: dict[str, dict[str, _Element]]
    note_styles: dict[str, str]
    styles: WordStyles
    numbers: WordNumbers
    blocks: list[FlowBlock] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)
    items: list[tuple[str, int, int]] = field(default_factory=list)
    """Open list items, outermost first: list, depth, place of the block."""

    @classmethod
    def of(cls, package: Package, main: str) -> _Reader:
        parts = _parts_beside(package, main)
        notes: dict[str, dict[str, _Element]] = {}
        for kind in ("footnote", "endnote"):
            root = package.xml(parts[f"{kind}s"]) if f"{kind}s" in parts else None
            found = [] if root is None else [note for note in root.iter(f"{W}{kind}") if not note.get(f"{W}type")]
            notes[kind] = {note.get(f"{W}id", ""): note for note in found}
        settings = package.xml(parts["settings"]) if "settings" in parts else None
        return cls(
            notes=notes,
            note_styles=_note_styles([package.xml(main), *([] if settings is None else [settings])]),
            styles=WordStyles.of(package.xml(parts["styles"]) if "styles" in parts else None),
            numbers=WordNumbers.of(package.xml(parts["numbering"]) if "numbering" in parts else None),
        )

    def read_body(self, body: _Element) -> None:
        for element in block_elements(body):
            if element.tag == f"{W}tbl":
                self._read_table(element)
            else:
                self._read_paragraph(element)

    def read_notes(self) -> None:
        """Add the text of every note that is called, in order of the calls, then of those that nothing calls."""
        for kind, held in self.notes.items():
            for note_id in held:
                self.called.setdefault(f"{kind} {note_id}", "")
        done: set[str] = set()
        while waiting := [key for key in self.called if key not in done]:
            for key in waiting:
                done.add(key)
                kind, _, note_id = key.partition(" ")
                note = self.notes[kind].get(note_id)
                for paragraph in [] if note is None else paragraphs_in(note):
                    words = self._words(paragraph)
                    self.blocks.append(
                        FlowBlock(
                            BlockKind.NOTE,
                            words.text,
                            raised=words.raised,
                            calls=words.calls,
                            note=key,
                            marker=self.called[key],
                        )
                    )

    def _read_table(self, table: _Element) -> None:
        rows = list(rows_of(table))
        if max((len(cells) for cells in rows), default=0) < 2:
            # A table of one column frames text; it holds no data.
            for cells in rows:
                for cell in cells:
                    self.read_body(cell)
            return
        for level, cells in enumerate(rows, 1):
            head: int | None = None
            for cell in cells:
                for paragraph in paragraphs_in(cell):
                    words = self._words(paragraph)
                    if not words.text.strip():
                        continue
                    place = len(self.blocks)
                    block = FlowBlock(BlockKind.TABLE_CELL, words.text, level, head, raised=words.raised)
                    block.calls = words.calls
                    self.blocks.append(block)
                    head = place if head is None else head
        self.items = []

    def _read_paragraph(self, paragraph: _Element) -> None:
        words = self._words(paragraph)
        style = self.styles.of_paragraph(paragraph)
        block = FlowBlock(BlockKind.PARAGRAPH, words.text, raised=words.raised, calls=words.calls)
        place = len(self.blocks)
        numbered = style.list_id is not None and self.numbers.is_list(style.list_id)
        if not words.text.strip():
            return
        if numbered and style.list_id is not None:
            block.number = self.numbers.next(style.list_id, style.list_depth)
        if style.contents:
            block.noise = "looks_like_contents_list"
        if style.heading_level:
            block.kind, block.level = BlockKind.HEADING, style.heading_level
            self.items = []
        elif numbered and style.list_id is not None:
            block.kind = BlockKind.LIST_ITEM
            while self.items and (self.items[-1][0] != style.list_id or self.items[-1][1] >= style.list_depth):
                if self.items[-1][0] != style.list_id and self.items[-1][1] < style.list_depth:
                    break
                self.items.pop()
            block.level = len(self.items) + 1
            block.parent = self.items[-1][2] if self.items else None
            block.list_style = f"{style.list_id} {style.list_depth}"
            self.items.append((style.list_id, style.list_depth, place))
        elif style.quotation:
            block.kind = BlockKind.QUOTATION
        elif style.caption:
            block.kind = BlockKind.CAPTION
        elif not words.plain and looks_like_bold_heading(words.text):
            block.kind, block.level = BlockKind.HEADING, LEVEL_OF_BOLD_HEADING
            self.items = []
        else:
            self.items = []
        self.blocks.append(block)

    def _words(self, paragraph: _Element) -> _Words:
        words = _Words()
        parts: list[str] = []
        length = 0
        bold = self.styles.of_paragraph(paragraph).bold
        for run in runs_of(paragraph):
            own = self.styles.of_run(run, bold)
            if own.hidden:
                continue
            run_start = length
            custom_mark = False
            for element in run if run.tag == f"{W}r" else [run]:
                said = said_by(element)
                kind = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}.get(str(element.tag))
                if kind is not None:
                    custom_mark = element.get(f"{W}customMarkFollows") in ("1", "true", "on")
                    key = f"{kind} {element.get(f'{W}id', '')}"
                    mark = "".join(map(said_by, run)).strip() if custom_mark else self._mark(key, kind)
                    self.called.setdefault(key, mark)
                    words.calls.append(DraftAnchor(length, self.called[key], key))
                elif said and not custom_mark:
                    parts.append(said)
                    length += len(said)
                    words.plain = words.plain or (not own.bold and bool(said.strip()))
            if own.raised and length > run_start:
                words.raised.append((run_start, length))
        words.text = "".join(parts)
        return words

    def _mark(self, key: str, kind: str) -> str:
        if key in self.called:
            return self.called[key]
        count = sum(other.startswith(kind) for other in self.called) + 1
        return numeral(count, self.note_styles.get(kind, "1" if kind == "footnote" else "i"))


def _parts_beside(package: Package, main: str) -> dict[str, str]:
    """The parts that the main part names, by the last word of their relation's type."""
    folder, _, name = main.rpartition("/")
    relations = package.xml_if_held(f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    parts = {}
    for relation in [] if relations is None else relations.iter(f"{_RELATIONS}Relationship"):
        target = package.beside(main, relation.get("Target") or "")
        if relation.get("TargetMode") != "External" and target in package.names:
            parts[(relation.get("Type") or "").rpartition("/")[2]] = target
    return parts


def _note_styles(roots: list[_Element]) -> dict[str, str]:
    styles = {}
    for root in roots:
        for kind in ("footnote", "endnote"):
            found = root.find(f".//{W}{kind}Pr/{W}numFmt")
            if found is not None and kind not in styles:
                styles[kind] = _NOTE_STYLES.get(found.get(f"{W}val", ""), "1")
    return styles
