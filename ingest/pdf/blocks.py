"""Makes the blocks of the draft from paragraphs: which kind each is, under what it stands, and its text.

The last step of the way in ingest/extract/pdf.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from corpus.documents import BlockKind
from ingest.extract.draft import DraftBlock
from ingest.pdf.flow import Call, Flow, PageSize, run_together
from ingest.pdf.hyphens import Mender
from ingest.pdf.lines import Line
from ingest.pdf.markers import bullet_at, enumerator_at, named_at
from ingest.pdf.notes import FoundNote
from ingest.pdf.paragraphs import Paragraph

_CAPTION = re.compile(
    r"(Figure|Fig\.|Table|Box|Chart|Map|Graph|Photo|Tableau|Encadré|Graphique|Carte|Cuadro|Gráfico|Tabla|Recuadro)\s?"
    r"([IVX]+|\d+([.-]\d+)*|[A-Z])\b\s*[.:–—-]?",
)


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
            items = []
            blocks.append(_block(BlockKind.TABLE_CELL, flow, level=paragraph.table))
        elif place in headings:
            items = []
            blocks.append(_block(BlockKind.HEADING, flow, level=headings[place], number=_heading_number(flow.text)))
        elif _CAPTION.match(flow.text) and len(flow.text) < 400:
            blocks.append(_block(BlockKind.CAPTION, flow))
        else:
            blocks.append(_running_block(flow, paragraph, blocks, items))
        if setting.confidence:
            blocks[-1] = replace(blocks[-1], confidence=_confidence(paragraph, setting))
    return blocks


def _heading_number(text: str) -> str | None:
    named = named_at(text)
    if named:
        return named[0].rstrip(".")
    found = enumerator_at(text)
    return (found["n"] or found["bare"]) if found and found.end() < len(text) else None


def _running_block(
    flow: Flow, paragraph: Paragraph, blocks: Sequence[DraftBlock], items: list[tuple[float, int]]
) -> DraftBlock:
    """A paragraph or list item; `items` is kept up to date."""
    bullet = bullet_at(flow.text)
    found = None if bullet else enumerator_at(flow.text)
    left = paragraph.lines[0].left
    if (bullet and bullet < len(flow.text)) or (found and found.end() < len(flow.text)):
        taken = bullet or (found.end() if found else 0)
        number = _cited(flow.text[:taken]) if found else None
        while items and items[-1][0] > left - 4:
            items.pop()
        parent = items[-1][1] if items else _opener(blocks)
        depth = len(items) + 1
        items.append((left, len(blocks)))
        kind = BlockKind.LIST_ITEM
        if found and depth == 1 and (found["bare"] or found["n"]).isdigit():
            kind = BlockKind.PARAGRAPH
            parent = None
        return _block(
            kind, _without(flow, taken), level=depth if kind is BlockKind.LIST_ITEM else 0, number=number, parent=parent
        )
    while items and items[-1][0] >= left + 4:
        items.pop()
    if items and left <= items[-1][0] + 4:
        items.clear()
    return _block(BlockKind.PARAGRAPH, flow)


def _opener(blocks: Sequence[DraftBlock]) -> int | None:
    """The paragraph that opens a list: the last one, when it ends with a colon."""
    if (
        blocks
        and blocks[-1].kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        and blocks[-1].text.rstrip().endswith((":", "："))
    ):
        return len(blocks) - 1
    if blocks and blocks[-1].kind is BlockKind.LIST_ITEM:
        return blocks[-1].parent
    return None


def _cited(marker: str) -> str:
    """A marker as people cite it: "12." is 12, "(b)" and "b)" are (b)."""
    bare = marker.strip(" .:()[]º°")
    return bare if bare[:1].isdigit() and "(" not in marker else f"({bare})"


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


def _block(
    kind: BlockKind, flow: Flow, level: int = 0, number: str | None = None, parent: int | None = None
) -> DraftBlock:
    return DraftBlock(
        kind,
        flow.text,
        level=level,
        number=number,
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
