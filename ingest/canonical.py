"""Joins a draft's blocks into the document: one NFC text that every offset refers to.

Running blocks come first, in reading order; behind them the notes, in the order in which the text first calls them, so
that no note interrupts the sentence it hangs on. Invariant: what this module returns keeps every promise that
`corpus.documents` states, whatever draft it is given (`tests/corpus/promise.py` is the check).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from corpus.documents import BLOCK_SEPARATOR, Block, BlockKind, Box, Document, Metadata, Note, Page, Span
from ingest.extract.draft import Draft, DraftAnchor, DraftBlock, DraftPage
from ingest.whitespace import OffsetMap, canonical_form

NUMBERED_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION})
"""The blocks that people count when they cite a paragraph by its place."""


def make_document(draft: Draft, metadata: Metadata, source_type: str, source_name: str, source_sha256: str) -> Document:
    """Make the document of a draft; its blocks without words are dropped, and their children go to their parent.

    :param source_type: media type of the source file.
    :param source_name: its file name.
    :param source_sha256: hex digest of its bytes.
    """
    placed = list(_placed(draft.blocks))
    notes, uncalled = _notes(placed)
    blocks = tuple(_with_places(_blocks(placed, draft.blocks), notes))
    lost = _calls_without_note(placed)
    problems = draft.problems
    if lost:
        problems += (f"the text of {lost} note{'s' if lost > 1 else ''} called in the document was not found",)
    if uncalled:
        problems += (f"the place that {uncalled} note{'s' if uncalled > 1 else ''} belong to was not found",)
    return Document(
        metadata=metadata,
        text=BLOCK_SEPARATOR.join(place.text for place in placed),
        source_type=source_type,
        source_name=source_name,
        source_sha256=source_sha256,
        blocks=blocks,
        pages=_pages(draft, placed),
        notes=notes,
        problems=problems,
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A draft's block with its canonical words and where they stand."""

    draft_place: int
    block: DraftBlock
    ordinal: int
    text: str
    start: int
    offsets: OffsetMap

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _placed(blocks: tuple[DraftBlock, ...]) -> Iterator[_Placed]:
    forms = [canonical_form(block.text) for block in blocks]
    start = 0
    ordinal = 0
    for place in _reading_order(blocks):
        text, offsets = forms[place]
        if text:
            yield _Placed(place, blocks[place], ordinal, text, start, offsets)
            start += len(text) + len(BLOCK_SEPARATOR)
            ordinal += 1


def _reading_order(blocks: tuple[DraftBlock, ...]) -> Iterator[int]:
    """Places of the running blocks, then of each note's blocks by its first call, then of notes never called."""
    by_note: dict[str, list[int]] = {}
    running = []
    for place, block in enumerate(blocks):
        if block.kind is BlockKind.NOTE:
            by_note.setdefault(_note_key(place, block), []).append(place)
        else:
            running.append(place)
    yield from running
    waiting = [anchor.note for place in running for anchor in _in_order(blocks[place])]
    waiting.reverse()
    never_called = list(by_note)
    while by_note:
        key = waiting.pop() if waiting else next(key for key in never_called if key in by_note)
        places = by_note.pop(key, [])
        yield from places
        # A note may call a note: the called one comes right behind it.
        waiting.extend(reversed([anchor.note for place in places for anchor in _in_order(blocks[place])]))


def _in_order(block: DraftBlock) -> list[DraftAnchor]:
    return sorted(block.anchors, key=lambda anchor: anchor.block_start)


def _note_key(place: int, block: DraftBlock) -> str:
    return block.note if block.note is not None else f"\0{place}"


def _notes(placed: list[_Placed]) -> tuple[tuple[Note, ...], int]:
    """The notes in order of their blocks, and how many of them are called from nowhere."""
    anchors: dict[str, list[int]] = {}
    for place in placed:
        own = _note_key(place.draft_place, place.block) if place.block.kind is BlockKind.NOTE else None
        for anchor in _in_order(place.block):
            if anchor.note != own:
                anchors.setdefault(anchor.note, []).append(place.start + place.offsets.after(anchor.block_start))
    notes: dict[str, Note] = {}
    for place in placed:
        if place.block.kind is BlockKind.NOTE:
            key = _note_key(place.draft_place, place.block)
            called_at = tuple(dict.fromkeys(anchors.get(key, ())))
            notes.setdefault(key, Note(len(notes), place.block.marker or "", called_at, place.ordinal))
    return tuple(notes.values()), sum(not note.anchors for note in notes.values())


def _calls_without_note(placed: list[_Placed]) -> int:
    held = {_note_key(place.draft_place, place.block) for place in placed if place.block.kind is BlockKind.NOTE}
    return len({anchor.note for place in placed for anchor in place.block.anchors} - held)


def _blocks(placed: list[_Placed], drafts: tuple[DraftBlock, ...]) -> Iterator[tuple[Block, str]]:
    """Each block without its section and number, with its words."""
    ordinals = {place.draft_place: place.ordinal for place in placed}
    first_of_note: dict[str, int] = {}
    for place in placed:
        block = place.block
        parent = _living_parent(place, drafts, ordinals)
        if block.kind is BlockKind.NOTE:
            first = first_of_note.setdefault(_note_key(place.draft_place, block), place.ordinal)
            if first != place.ordinal and (parent is None or parent < first):
                parent = first
        made = Block(
            ordinal=place.ordinal,
            kind=block.kind,
            start=place.start,
            end=place.end,
            level=block.level,
            language=block.language,
            parent=parent,
            number=block.number,
            noise=block.noise,
            confidence=block.confidence,
            hidden=block.hidden,
            boxes=tuple(_boxes(place)),
        )
        yield made, place.text


def _living_parent(place: _Placed, drafts: tuple[DraftBlock, ...], ordinals: dict[int, int]) -> int | None:
    """Ordinal of the nearest ancestor that has words and stands before the block."""
    seen = {place.draft_place}
    parent = place.block.parent
    while parent is not None and 0 <= parent < len(drafts) and parent not in seen:
        if ordinals.get(parent, place.ordinal) < place.ordinal:
            return ordinals[parent]
        seen.add(parent)
        parent = drafts[parent].parent
    return None


def _boxes(place: _Placed) -> Iterator[Box]:
    for box in place.block.boxes:
        start = place.start + place.offsets.before(box.block_start)
        end = place.start + place.offsets.after(box.block_end)
        if start < end:
            yield Box(box.page, start, end, box.left, box.top, box.right, box.bottom)


def _with_places(blocks: Iterable[tuple[Block, str]], notes: tuple[Note, ...]) -> list[Block]:
    """Give each block the heading path above it and, where people count it, its number among the paragraphs.

    A note stands in the section that first calls it; one that a heading calls, in the section that it heads.
    """
    done: list[Block] = []
    below: list[tuple[str, ...]] = []
    starts: list[int] = []
    anchor_of_block = {note.block: note.anchors[0] for note in notes if note.anchors}
    path: list[tuple[int, str]] = []
    paragraph = 0
    for block, title in blocks:
        section = tuple(heading for _, heading in path)
        number = None
        if block.kind is BlockKind.NOTE:
            anchor = anchor_of_block.get(block.ordinal)
            if anchor is not None and anchor < block.start:
                section = below[bisect_right(starts, anchor) - 1]
            elif block.parent is not None and done[block.parent].kind is BlockKind.NOTE:
                section = done[block.parent].section
            else:
                section = ()
        elif block.noise or block.hidden:
            pass
        elif block.kind is BlockKind.HEADING:
            while path and path[-1][0] >= block.level:
                path.pop()
            section = tuple(heading for _, heading in path)
            path.append((block.level, title.replace("\n", " ")))
        elif block.kind in NUMBERED_KINDS:
            paragraph += 1
            number = paragraph
        done.append(replace(block, section=section, paragraph=number))
        starts.append(block.start)
        below.append(tuple(heading for _, heading in path) if block.kind is BlockKind.HEADING else section)
    return done


def _pages(draft: Draft, placed: list[_Placed]) -> tuple[Page, ...]:
    spans: dict[int, list[Span]] = {page.index: [] for page in draft.pages}
    for index, span in _stretches(placed):
        of_page = spans.setdefault(index, [])
        if of_page and span.start - of_page[-1].end in (0, len(BLOCK_SEPARATOR)):
            of_page[-1] = Span(of_page[-1].start, span.end)
        else:
            of_page.append(span)
    known = {page.index: page for page in draft.pages}
    return tuple(_page(known.get(index, DraftPage(index, None)), tuple(spans[index])) for index in sorted(spans))


def _page(page: DraftPage, spans: tuple[Span, ...]) -> Page:
    return Page(
        index=page.index,
        label=page.label,
        file_label=page.file_label,
        width=page.width,
        height=page.height,
        spans=spans,
        recognized=page.recognized,
        problem=page.problem,
    )


def _stretches(placed: list[_Placed]) -> Iterator[tuple[int, Span]]:
    """Each stretch of canonical text that stands on one page, with the page's index, in order of the text."""
    for place in placed:
        breaks = sorted(place.block.page_breaks, key=lambda page_break: page_break.block_start)
        starts = [place.start + place.offsets.before(page_break.block_start) for page_break in breaks]
        if not breaks:
            continue
        starts[0] = place.start
        for page_break, start, end in zip(breaks, starts, [*starts[1:], place.end], strict=True):
            if start < end:
                yield page_break.page, Span(start, end)
