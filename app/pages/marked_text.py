"""Cuts a document into what its reading page shows: blocks of pieces, plain or marked, with notes and page starts.

Invariant: the pieces of a block, one after the other, are its words.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from corpus.documents import Block, BlockKind, Document, Page, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block's words.

    :param start: canonical offset.
    :param mark: "quote", "found" or "" for plain words.
    :param number: of the match in the document that begins here, from 1; 0 where none does.
    :param pages: the pages that begin before it: label, and whether it is the first page with that label.
    :param notes: ordinals of the notes that hang behind it.
    """

    text: str
    start: int
    mark: str
    number: int = 0
    pages: tuple[tuple[str, bool], ...] = ()
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block and its pieces."""

    block: Block
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks that make one list or table, or a single other block."""

    kind: BlockKind
    rows: tuple[tuple[ShownBlock, ...], ...]


def shown_groups(document: Document, quote: Span | None, found: Sequence[Span]) -> tuple[Group, ...]:
    """The running text, ready to be shown.

    :param quote: the words that a link means.
    :param found: matches of a search in the document, in order, none overlapping another.
    """
    anchors = sorted((anchor, note.ordinal) for note in document.notes for anchor in note.anchors)
    starts = sorted(_page_starts(document.pages))
    shown = [
        ShownBlock(block, tuple(_pieces(document.text, block, quote, found, anchors, starts)))
        for block in document.blocks
        if block.kind is not BlockKind.NOTE
    ]
    return tuple(_grouped(shown))


def heading_levels(blocks: Iterable[Block]) -> dict[int, int]:
    """The level (2-6) that each heading of a page is shown at, by ordinal.

    The page's own title is 1, and no heading lies more than one below the last, whatever the source skipped: programs
    that read a page aloud go by its levels.
    """
    levels: dict[int, int] = {}
    above: list[int] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            while above and above[-1] >= block.level:
                above.pop()
            above.append(block.level)
            levels[block.ordinal] = min(len(above) + 1, 6)
    return levels


def shown_notes(document: Document, quote: Span | None, found: Sequence[Span]) -> dict[int, tuple[ShownBlock, ...]]:
    """The blocks of every note, by its ordinal."""
    notes = [block for block in document.blocks if block.kind is BlockKind.NOTE]
    firsts = {note.block: note.ordinal for note in document.notes}
    shown: dict[int, list[ShownBlock]] = {}
    current = -1
    for block in notes:
        current = firsts.get(block.ordinal, current)
        pieces = tuple(_pieces(document.text, block, quote, found, [], []))
        shown.setdefault(current, []).append(ShownBlock(block, pieces))
    return {ordinal: tuple(blocks) for ordinal, blocks in shown.items()}


def _pieces(
    text: str,
    block: Block,
    quote: Span | None,
    found: Sequence[Span],
    anchors: Sequence[tuple[int, int]],
    starts: Sequence[tuple[int, str, bool]],
) -> Iterator[Piece]:
    first_found = bisect_right(found, block.start, key=lambda span: span.end)
    last_found = bisect_left(found, block.end, key=lambda span: span.start)
    marks = [(found[place], "found", place + 1) for place in range(first_found, last_found)]
    if quote is not None and quote.overlaps(block.span):
        marks.append((quote, "quote", 0))
    inner_anchors = anchors[_from(anchors, block.start) : _from(anchors, block.end + 1)]
    inner_starts = starts[_from(starts, block.start) : _from(starts, block.end)]
    cuts = {block.start, block.end}
    cuts.update(edge for span, _, _ in marks for edge in (span.start, span.end))
    cuts.update(at for at, _ in inner_anchors)
    cuts.update(at for at, _, _ in inner_starts)
    edges = sorted(cut for cut in cuts if block.start <= cut <= block.end)
    for start, end in pairwise(edges):
        covering = [mark for mark in marks if mark[0].start <= start and end <= mark[0].end]
        kinds = {kind for _, kind, _ in covering}
        yield Piece(
            text=text[start:end],
            start=start,
            mark="quote" if "quote" in kinds else "found" if kinds else "",
            number=next((number for span, kind, number in covering if kind == "found" and span.start == start), 0),
            pages=tuple((label, first) for at, label, first in inner_starts if at == start),
            notes=tuple(note for at, note in inner_anchors if at == end or (at == start == block.start)),
        )


def _from(places: Sequence[tuple[int, *tuple[Any, ...]]], offset: int) -> int:
    """Index of the first place at `offset` or behind it; a large document has too many to look at for each block."""
    return bisect_left(places, offset, key=lambda place: place[0])


def _page_starts(pages: Sequence[Page]) -> Iterator[tuple[int, str, bool]]:
    """Where each page's running text begins, its label (its index where it has none), and whether that one is new."""
    labels: set[str] = set()
    for page in pages:
        label = page.label or f"[{page.index}]"
        for span in page.spans[:1]:
            yield span.start, label, label not in labels
        labels.add(label)


def _grouped(shown: Iterable[ShownBlock]) -> Iterator[Group]:
    for kind, members in groupby(shown, key=lambda one: one.block.kind):
        if kind is BlockKind.LIST_ITEM:
            yield Group(kind, tuple((one,) for one in members))
        elif kind is BlockKind.TABLE_CELL:
            yield Group(kind, tuple(tuple(row) for _, row in groupby(members, key=lambda one: one.block.level)))
        else:
            for one in members:
                yield Group(kind, ((one,),))
