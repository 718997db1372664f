"""Makes the blocks of the draft from paragraphs: which kind each is, under what it stands, and its text.

The last step of the way in ingest/extract/pdf.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import fmean

from corpus.documents import BlockKind
from ingest.extract.draft import DraftBlock
from ingest.pdf.flow import Call, Flow, PageSize, run_together
from ingest.pdf.hyphens import Mender
from ingest.pdf.lines import Line
from ingest.pdf.markers import bullet_at, enumerator_at
from ingest.pdf.notes import FoundNote
from ingest.pdf.paragraphs import Paragraph

_CAPTION = re.compile(
    r"(Figure|Fig\.|Table|Box|Chart|Map|Graph|Photo|Tableau|Encadré|Graphique|Carte|Cuadro|Gráfico|Tabla|Recuadro)\s?"
    r"([IVX]+|\d+([.-]\d+)*|[A-Z])\b\s*[.:–—-]?",
)


SET_IN = 1.6
"""Type sizes by which a quotation is set in on both sides."""

LONGEST_CAPTION = 400


@dataclass(frozen=True, slots=True)
class Setting:
    """What every block of a document is made with.

    :param calls: see `run_together`; likewise `raised`.
    :param confidence: by `id` of the word, 0–1, of those recognized in a picture.
    """

    mender: Mender
    sizes: Sequence[PageSize]
    calls: Mapping[int, tuple[Call, ...]]
    raised: frozenset[int]
    confidence: Mapping[int, float]


def make_blocks(paragraphs: Sequence[Paragraph], headings: Mapping[int, int], setting: Setting) -> list[DraftBlock]:
    """The running blocks of a document, in reading order."""
    blocks: list[DraftBlock] = []
    items: list[tuple[float, int]] = []  # left edge and place of the list items that are open
    for place, paragraph in enumerate(paragraphs):
        flow = run_together(paragraph.lines, setting.mender, setting.sizes, setting.calls, setting.raised)
        if not flow.text.strip():
            continue
        if paragraph.table:
            items.clear()
            block = _block(BlockKind.TABLE_CELL, flow, level=paragraph.table)
        elif place in headings:
            items.clear()
            block = _block(BlockKind.HEADING, flow, level=headings[place])
        elif _CAPTION.match(flow.text) and len(flow.text) < LONGEST_CAPTION:
            block = _block(BlockKind.CAPTION, flow)
        else:
            block = _running_block(flow, paragraph, blocks, items)
        blocks.append(replace(block, confidence=_confidence(paragraph, setting)) if setting.confidence else block)
    return blocks


def _running_block(
    flow: Flow, paragraph: Paragraph, blocks: Sequence[DraftBlock], items: list[tuple[float, int]]
) -> DraftBlock:
    """A paragraph or list item; `items` is kept up to date. Bullets go, printed numbers stay (see ingest/numbering)."""
    bullet = bullet_at(flow.text)
    found = None if bullet else enumerator_at(flow.text)
    first = paragraph.lines[0]
    indent = paragraph.column_right - first.right if first.rtl else first.left - paragraph.column_left
    if (0 < bullet < len(flow.text)) or (found and found.end() < len(flow.text)):
        while items and items[-1][0] > indent - 4:
            items.pop()
        count = _count(flow.text)
        if count and (not items or any(_count(block.text) == count - 1 for block in _paragraphs_behind(blocks))):
            items[:] = [(indent, len(blocks))]
            return _block(BlockKind.PARAGRAPH, flow)
        parent = items[-1][1] if items else _opener(blocks)
        items.append((indent, len(blocks)))
        level = sum(place == len(blocks) or blocks[place].kind is BlockKind.LIST_ITEM for _, place in items)
        return _block(BlockKind.LIST_ITEM, _without(flow, bullet), level=level, parent=parent)
    if items and indent <= items[-1][0] + 4:
        items.clear()
    return _block(BlockKind.QUOTATION if _is_set_in(paragraph) else BlockKind.PARAGRAPH, flow)


def _is_set_in(paragraph: Paragraph) -> bool:
    """Whether it stands further in than its column on both sides, as quotations do."""
    if len(paragraph.lines) < 2:
        return False
    least = SET_IN * paragraph.lines[0].size
    return all(
        line.left - paragraph.column_left > least and paragraph.column_right - line.right > least
        for line in paragraph.lines
    )


def _count(text: str) -> int:
    """The number that opens a counted paragraph ("12. The Committee …"), or 0."""
    found = enumerator_at(text)
    number = (found["n"] or "") if found else ""
    return int(number) if number.isdigit() else 0


def _paragraphs_behind(blocks: Sequence[DraftBlock]) -> list[DraftBlock]:
    """The last paragraph that is counted."""
    behind = (block for block in reversed(blocks[-60:]) if block.kind is BlockKind.PARAGRAPH and _count(block.text))
    return list(islice(behind, 1))


def _opener(blocks: Sequence[DraftBlock]) -> int | None:
    """The paragraph that opens a list: the last one, when it ends with a colon."""
    last = blocks[-1] if blocks else None
    if last and last.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and last.text.rstrip().endswith((":", "：")):
        return len(blocks) - 1
    if last and last.kind is BlockKind.LIST_ITEM:
        return last.parent
    return None


def _without(flow: Flow, taken: int) -> Flow:
    """The flow without its first characters and the white space after them."""
    while taken < len(flow.text) and flow.text[taken] == " ":
        taken += 1
    return Flow(
        flow.text[taken:],
        tuple(
            replace(box, block_start=max(0, box.block_start - taken), block_end=box.block_end - taken)
            for box in flow.boxes
            if box.block_end > taken
        ),
        tuple(replace(b, block_start=max(0, b.block_start - taken)) for b in flow.page_breaks),
        tuple(replace(a, block_start=max(0, a.block_start - taken)) for a in flow.anchors),
    )


def _block(kind: BlockKind, flow: Flow, level: int = 0, parent: int | None = None) -> DraftBlock:
    return DraftBlock(
        kind,
        flow.text,
        level=level,
        parent=parent,
        anchors=flow.anchors,
        page_breaks=flow.page_breaks,
        boxes=flow.boxes,
    )


def make_hidden_blocks(pages: Sequence[Sequence[Line]], setting: Setting) -> list[DraftBlock]:
    """One block for the words of each page that are in the file but not to be seen on it."""
    return [
        replace(_block(BlockKind.PARAGRAPH, run_together(lines, setting.mender, setting.sizes, {})), hidden=True)
        for lines in pages
        if lines
    ]


def make_note_blocks(notes: Sequence[FoundNote], setting: Setting) -> list[DraftBlock]:
    """The blocks of the notes, each without its own marker."""
    blocks = []
    for note in notes:
        for paragraph in note.paragraphs:
            flow = run_together(paragraph.lines, setting.mender, setting.sizes, setting.calls, setting.raised)
            if flow.text.strip():
                blocks.append(
                    DraftBlock(
                        BlockKind.NOTE,
                        flow.text,
                        note=note.key,
                        marker=note.marker,
                        anchors=tuple(anchor for anchor in flow.anchors if anchor.note != note.key),
                        page_breaks=flow.page_breaks,
                        boxes=flow.boxes,
                        confidence=_confidence(paragraph, setting),
                    )
                )
    return blocks


def _confidence(paragraph: Paragraph, setting: Setting) -> float | None:
    """Mean over the words of a paragraph that was recognized in a picture; None for text."""
    sure = [
        setting.confidence[id(word)]
        for line in paragraph.lines
        for word in line.words
        if id(word) in setting.confidence
    ]
    return fmean(sure) if sure else None
