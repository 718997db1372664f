"""Collects the blocks of a source that has no pages, and finds the notes and lists that its markup only shows.

For Markdown, HTML, DOCX, ODT, EPUB and plain text: the extractor adds blocks as they stand in the file; `draft_blocks`
then recognizes notes by their markers, joins lists that a note interrupted and hangs each list on the line that opens
it. Invariant: no word is lost; a marker is taken out of the text only together with the note that it calls.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from corpus.documents import BlockKind
from ingest.extract.draft import DraftAnchor, DraftBlock

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SYMBOL_RUN = re.compile(r"(?<![*†‡])(?:\*+|†+|‡+)(?![*†‡])")
_RAISED_DIGITS = re.compile(f"[{_SUPERSCRIPTS}]+")
_BRACKETED = re.compile(r"\[(?:\d{1,3}|\*+|[a-z])\]")
_MARKERS = (_SYMBOL_RUN, _RAISED_DIGITS, _BRACKETED)
LONGEST_MARKER = 5
"""Code points; "(123)" is the longest marker seen in print."""
LONGEST_BOLD_HEADING = 200
"""Code points: a paragraph in bold that is longer is an emphasized paragraph."""
LEVEL_OF_BOLD_HEADING = 6
"""Below every heading that the author marked as one."""
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.,;:!?。，；：！？]$")
_ENDS_SENTENCE = re.compile(r"[.!?。！？؟।][\"'”’»)\]]*$")


@dataclass(slots=True)
class FlowBlock:
    """A block as it stands in the file, while it is being collected.

    :param text: with its note markers still in it.
    :param parent: place of the list item or row head it stands in, or None.
    :param list_style: what tells one list from the next (its bullet, its numbering), for a list item.
    :param raised: `[start, end)` of the stretches printed as superscript.
    :param calls: notes that the markup itself calls, whose markers are not in the text.
    :param note: key of the note that the markup itself says this is.
    """

    kind: BlockKind
    text: str
    level: int = 0
    parent: int | None = None
    list_style: str | None = None
    number: str | None = None
    raised: list[tuple[int, int]] = field(default_factory=list)
    calls: list[DraftAnchor] = field(default_factory=list)
    note: str | None = None
    marker: str | None = None
    noise: str | None = None
    hidden: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Marker:
    """A stretch of a block's text that may be a note's marker; `kind` keeps a raised 1 apart from a bracketed one."""

    start: int
    end: int
    words: str
    kind: str


def draft_blocks(blocks: Sequence[FlowBlock]) -> tuple[DraftBlock, ...]:
    """Give the collected blocks as a draft's, with notes, their anchors and the parents of lists."""
    _find_marked_notes(blocks)
    _hang_lists(blocks)
    return tuple(
        DraftBlock(
            kind=block.kind,
            text=block.text,
            level=block.level,
            parent=block.parent,
            number=block.number,
            note=block.note,
            marker=block.marker,
            anchors=tuple(sorted(block.calls, key=lambda call: call.block_start)),
            noise=block.noise,
            hidden=block.hidden,
            language=block.language,
        )
        for block in blocks
    )


def looks_like_bold_heading(text: str) -> bool:
    """Whether a paragraph that is all in bold is a heading: it is short and does not end as sentences end."""
    words = text.strip()
    return 0 < len(words) <= LONGEST_BOLD_HEADING and not _ENDS_LIKE_A_SENTENCE.search(words)


def _find_marked_notes(blocks: Sequence[FlowBlock]) -> None:
    """A paragraph that begins with a marker which the text before it calls is that note.

    Markers are symbols (*, **, †), superscripts and bracketed numbers. The same marker may serve again for a later
    note, as on the pages of a book: each note takes the calls that stand between the note before it and itself.
    """
    calls: dict[str, list[tuple[int, _Marker]]] = {}
    taken: dict[int, list[tuple[_Marker, str]]] = {}
    for place, block in enumerate(blocks):
        markers = _markers(block)
        opening = next((marker for marker in markers[:1] if not block.text[: marker.start].strip()), None)
        if opening is not None and _may_be_note(block, opening) and calls.get(opening.kind):
            key = f"marked {place}"
            for at, marker in calls.pop(opening.kind):
                taken.setdefault(at, []).append((marker, key))
            block.kind, block.level, block.number, block.list_style = BlockKind.NOTE, 0, None, None
            block.note, block.marker = key, opening.words
            _cut(block, [opening])
            markers = _markers(block)
        for marker in markers:
            if _may_call(block.text, marker):
                calls.setdefault(marker.kind, []).append((place, marker))
    for place, called in taken.items():
        called.sort(key=lambda call: call[0].start)
        cut = 0
        anchors = []
        for marker, key in called:
            anchors.append(DraftAnchor(marker.start - cut, marker.words, key))
            cut += marker.end - marker.start
        _cut(blocks[place], [marker for marker, _ in called])
        blocks[place].calls += anchors


def _may_call(text: str, marker: _Marker) -> bool:
    """A marker stands behind words, and a symbol never right before a word, where it would open something."""
    opens_word = _SYMBOL_RUN.fullmatch(marker.words) and text[marker.end : marker.end + 1].isalnum()
    first_word = len(text) - len(text.lstrip())
    return first_word < marker.start and not opens_word


def _may_be_note(block: FlowBlock, opening: _Marker) -> bool:
    if block.note is not None or block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CAPTION):
        return False
    return any(character.isalpha() for character in block.text[opening.end :])


def _markers(block: FlowBlock) -> list[_Marker]:
    text = block.text
    found = {}
    for pattern in _MARKERS:
        for match in pattern.finditer(text):
            words = match.group().strip("[]")
            found[match.start()] = _Marker(match.start(), match.end(), words, match.group())
    for start, end in block.raised:
        words = text[start:end].strip()
        if words and len(words) <= LONGEST_MARKER:
            inside = [at for at in found if start <= at < end]
            for at in inside:
                del found[at]
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            symbol = any(pattern.fullmatch(words) for pattern in _MARKERS)
            # A raised 1 is called by a raised 1, never by a plain one.
            found[begin] = _Marker(begin, begin + len(words), words.strip("[]"), words if symbol else f"^{words}")
    return [found[at] for at in sorted(found)]


def _cut(block: FlowBlock, markers: Sequence[_Marker]) -> None:
    """Take markers, in order of the text, out of a block, and move what stands behind them."""
    text = block.text
    ends = [0, *(marker.end for marker in markers)]
    starts = [*(marker.start for marker in markers), len(text)]
    block.text = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    cut_before = [0, *accumulate(marker.end - marker.start for marker in markers)]

    def moved(offset: int) -> int:
        at = bisect_left(starts, offset, hi=len(markers))
        inside = min(markers[at - 1].end, offset) - markers[at - 1].start if at else 0
        return offset - (cut_before[at - 1] + inside if at else 0)

    block.raised = [(moved(start), moved(end)) for start, end in block.raised if moved(start) < moved(end)]
    block.calls = [DraftAnchor(moved(call.block_start), call.marker, call.note) for call in block.calls]


def _hang_lists(blocks: Sequence[FlowBlock]) -> None:
    """Give the outermost items of each list the paragraph that opens it; a note between two items ends no list."""
    opener: dict[str, int | None] = {}
    before: int | None = None
    for place, block in enumerate(blocks):
        if block.kind is BlockKind.NOTE:
            continue
        if block.list_style is not None and block.parent is None:
            last = blocks[before] if before is not None else None
            if last is None or (last.parent is None and last.kind is not BlockKind.LIST_ITEM):
                opener[block.list_style] = before if last is not None and _opens_list(last) else None
            block.parent = opener.get(block.list_style)
        before = place


def _opens_list(block: FlowBlock) -> bool:
    return block.kind is BlockKind.PARAGRAPH and not _ENDS_SENTENCE.search(block.text.rstrip())
