"""Runs the lines of a paragraph together into the text of a block, with the box of each word, page breaks and anchors.

For blocks.py. Offsets count code points of the text that is made here. Invariant: the text is the printed words with
one space between them, no mark of a broken line left in it, and every printed word but note markers has a box in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.extract.draft import DraftAnchor, DraftBox, PageBreak
from ingest.pdf.characters import joins_without_space
from ingest.pdf.glyphs import Word, as_shown
from ingest.pdf.hyphens import BREAKS, Mender
from ingest.pdf.lines import Line, spaced

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


LINE_END = "\n"
"""What stands between two words on different lines, before it is decided what the line end stands for."""


@dataclass(frozen=True, slots=True)
class Call:
    """A word that is a note's marker: the marker as printed and the key of the note it calls."""

    marker: str
    note: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The text of a block, and what hangs on it (see `DraftBlock`)."""

    text: str
    boxes: tuple[DraftBox, ...]
    page_breaks: tuple[PageBreak, ...]
    anchors: tuple[DraftAnchor, ...]


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a page as shown, in points."""

    width: float
    height: float


def run_together(
    lines: Sequence[Line],
    mender: Mender,
    sizes: Sequence[PageSize],
    calls: Mapping[int, tuple[Call, ...]],
    raised: frozenset[int] = frozenset(),
) -> Flow:
    """Make the text of lines that are one block.

    :param sizes: of all pages; page 1 first.
    :param calls: by `id` of the word, the notes that it calls; such words are taken out of the text.
    :param raised: `id` of words set above the line that call no note; their digits stay raised ("m²").
    """
    made = _Making(mender)
    for joint, word, page in _joints(lines, calls, made):
        text = word.text.translate(_SUPERSCRIPT) if id(word) in raised else word.text
        made.join(joint, text)
        size = sizes[page - 1]
        made.put(text, page, as_shown(word, size.width, size.height))
    return made.flow()


def _joints(
    lines: Sequence[Line], calls: Mapping[int, tuple[Call, ...]], made: _Making
) -> Iterator[tuple[str, Word, int]]:
    """The words that stay, each with what stands before it (nothing, a space or the end of a line) and its page."""
    joint, gap_before_marker, after_marker = "", False, False
    for line in lines:
        before: Word | None = None
        for word in line.words:
            if before is None:
                joint = LINE_END
            elif joint != LINE_END:
                joint = " " if spaced(before, word) else ""
            before = word
            called = calls.get(id(word))
            if called is not None:
                made.call(called)
                gap_before_marker, after_marker = gap_before_marker or joint == " ", True
                continue
            if joint == "" and gap_before_marker and word.text[0].isalnum():
                joint = " "
            elif joint == " " and after_marker and word.text[0] in ".,)":
                joint = ""
            yield joint, word, line.page
            joint, gap_before_marker, after_marker = "", False, False


class _Making:
    """A block's text while it is made."""

    def __init__(self, mender: Mender) -> None:
        self._mender = mender
        self._parts: list[str] = []
        self._length = 0
        self._boxes: list[DraftBox] = []
        self._breaks: list[PageBreak] = []
        self._anchors: list[DraftAnchor] = []

    def call(self, called: Sequence[Call]) -> None:
        """Hang notes on the text as far as it is made."""
        self._anchors += [DraftAnchor(self._length, call.marker, call.note) for call in called]

    def join(self, joint: str, text: str) -> None:
        """Put what stands between the text so far and `text`: nothing, a space, or a broken word mended."""
        if not self._parts:
            return
        last = self._parts[-1]
        if last[-1] in BREAKS and joint != " ":
            before = "".join(self._parts[-4:]).rpartition(" ")[2]
            keep = joint != LINE_END or len(before) == 1 or self._mender.keeps_hyphen(before[:-1], text)
            self._replace_last(last[:-1] + ("" if not keep else "-" if last[-1] in "\u00ad\ufffe" else last[-1]))
        elif joint == " " or (joint == LINE_END and not self._closes_up(last, text)):
            if last[-1] in "\u00ad\ufffe":
                self._replace_last(last[:-1] + "-")
            self._parts.append(" ")
            self._length += 1

    def _closes_up(self, last: str, text: str) -> bool:
        """Whether a line end stands for no space: in Chinese and Japanese, and after a dash or slash in a word."""
        return joins_without_space(last, text) or (len(last) > 1 and last[-1] in "—–/" and text[0].isalnum())

    def _replace_last(self, text: str) -> None:
        lost = len(self._parts[-1]) - len(text)
        self._parts[-1] = text
        self._length -= lost
        if lost and self._boxes:
            box = self._boxes.pop()
            if box.block_start < self._length:
                self._boxes.append(replace(box, block_end=self._length))

    def put(self, text: str, page: int, box: tuple[float, float, float, float]) -> None:
        """Add a word."""
        if not self._breaks or self._breaks[-1].page != page:
            self._breaks.append(PageBreak(self._length, page))
        self._boxes.append(DraftBox(page, self._length, self._length + len(text), *box))
        self._parts.append(text)
        self._length += len(text)

    def flow(self) -> Flow:
        """What was made."""
        if self._parts and self._parts[-1][-1] in "\u00ad\ufffe":
            self._replace_last(self._parts[-1][:-1] + "-")
        return Flow("".join(self._parts), tuple(self._boxes), tuple(self._breaks), tuple(self._anchors))
