"""Joins the words of a page into lines: words on one baseline with no gap between them wider than a word space.

For furniture.py and columns.py. A line here never crosses a gutter between columns or cells; whether neighbours on one
row belong together is decided there. Note markers set above the line stay with the line they hang on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.pdf.characters import FIRST_CJK, is_rtl, joins_without_space
from ingest.pdf.glyphs import Word
from ingest.pdf.grid import Grid

GAP = 1.0
"""Widest gap inside a line, in type sizes. Word spaces are 0.2–0.6; gutters between columns are seldom under 1.2."""

STOPS = frozenset(".,;:،؛")
"""Stops that a space stands before only where a gap is to be seen."""

_STOP_FIRST = re.compile(r"([.:,،)]+)(\d+)")

RAISED = 0.86
"""A word whose size is under this part of its line's size may be a marker set above the line."""


@dataclass(slots=True)
class Line:
    """Words on one baseline, in reading order.

    :param left: as in `Word`, of all its words; likewise `top`, `right`, `bottom`.
    :param baseline: of its largest words; `size` likewise.
    :param page: 1-based index of its page.
    :param text: its words with the spaces between them; marks for broken words stay in it.
    :param rtl: it reads from right to left.
    :param turn: as in `Word`; places on lines of different turns do not compare.
    :param grid: the ruled table that the line stands for: it has its place, and of its words only the first.
    """

    words: list[Word]
    page: int
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    text: str
    rtl: bool
    turn: int
    grid: Grid | None = None

    @property
    def width(self) -> float:
        """From its left edge to its right one, in points."""
        return self.right - self.left


def join_words(words: Sequence[Word]) -> str:
    """The text of words that follow each other on a line."""
    if not words:
        return ""
    parts = [words[0].text]
    for before, word in pairwise(words):
        if spaced(before, word):
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def spaced(before: Word, word: Word) -> bool:
    """Whether white space stands between two words that follow each other on a line."""
    if not word.glued and before.text[-1] < FIRST_CJK and word.text not in STOPS:
        return True
    gap = max(word.left - before.right, before.left - word.right)
    size = max(before.size, word.size)
    if word.text in STOPS and not word.glued:
        return gap > 0.12 * size
    if word.glued:
        return gap > 0.6 * size
    return not (gap < 0.5 * size and joins_without_space(before.text, word.text))


def is_raised(word: Word, line: Line) -> bool:
    """Whether the word is set above its line and smaller, or is a figure or sign set well above it."""
    rise = line.baseline - word.baseline
    if word.size < RAISED * line.size:
        raised = rise > 0.12 * line.size
    else:
        raised = rise > 0.2 * line.size and is_figure(word.text)
    return raised and not any(  # words that are set like it show that the line has a larger initial or ornament
        abs(other.baseline - word.baseline) < 0.3 and abs(other.size - word.size) < 0.3 and not is_figure(other.text)
        for other in line.words
        if other is not word
    )


def is_figure(text: str) -> bool:
    """Whether the text may be a note's marker: a few figures or signs, no letters."""
    return len(text) < 6 and not any(letter.isalpha() for letter in text)


def make_line(words: list[Word], page: int) -> Line:
    """A line of these words, which stand in reading order."""
    if is_rtl(words[0].text) or is_rtl(words[-1].text):
        words = [_in_order(word) for word in words]
    main = words[0] if len(words) == 1 else max(words, key=lambda word: (word.size, word.baseline, len(word.text)))
    text = join_words(words)
    return Line(
        words,
        page,
        left=min(word.left for word in words),
        top=min(word.top for word in words),
        right=max(word.right for word in words),
        bottom=max(word.bottom for word in words),
        baseline=main.baseline,
        size=main.size,
        text=text,
        rtl=is_rtl(text),
        turn=words[0].turn,
    )


def _in_order(word: Word) -> Word:
    """A number in right-to-left text with its stop behind it, where pdfium gives it as it looks from the left."""
    found = _STOP_FIRST.fullmatch(word.text)
    return word._replace(text=found[2] + found[1]) if found else word


def stand_for(grid: Grid, page: int) -> Line:
    """A line that holds the place of a table among the lines of its page."""
    first = grid.cells[0].words[0]
    line = make_line([first], page)
    line.left, line.top, line.right, line.bottom, line.grid = grid.left, grid.top, grid.right, grid.bottom, grid
    return line


def make_lines(words: Iterable[Word], page: int) -> list[Line]:
    """The lines of the words of one page, each turn by itself, in the order of the page's content."""
    by_turn: dict[int, list[Word]] = {}
    for word in words:
        by_turn.setdefault(word.turn, []).append(word)
    return [line for turned in by_turn.values() for line in _make_upright_lines(turned, page)]


def _make_upright_lines(words: Iterable[Word], page: int) -> list[Line]:
    groups: list[list[Word]] = []
    main: Word | None = None
    for word in words:
        if main is not None and _continues(groups[-1][-1], main, word):
            groups[-1].append(word)
            if word.size > main.size * 1.05:
                main = word
        else:
            groups.append([word])
            main = word
    return _mended([make_line(group, page) for group in groups])


def _continues(before: Word, main: Word, word: Word) -> bool:
    """Whether `word` stands on the line of `main`, next to `before`."""
    size = max(main.size, word.size)
    gap = max(word.left - before.right, before.left - word.right)
    if gap > GAP * size or (gap < -0.6 * size and not word.glued and word.left < before.left - size):
        return False
    return _on_line(main, word)


def _on_line(main: Word, word: Word) -> bool:
    """Whether the baselines agree, or one is a marker raised over (or an index lowered under) the other."""
    size = max(main.size, word.size)
    rise = main.baseline - word.baseline
    if abs(rise) <= 0.12 * size:
        return True
    if abs(rise) < 0.55 * size and is_figure((word if rise > 0 else main).text):
        return True
    if word.size < RAISED * main.size:
        return -0.25 * size < rise < 0.65 * size
    if main.size < RAISED * word.size:
        return -0.65 * size < rise < 0.25 * size
    return False


def _mended(lines: list[Line]) -> list[Line]:
    """Lines whose parts were drawn out of order put together again."""
    order = sorted(range(len(lines)), key=lambda i: (lines[i].baseline, lines[i].left))
    taken: dict[int, int] = {}
    for place, i in enumerate(order):
        if i in taken:
            continue
        for j in order[place + 1 :]:
            if lines[j].baseline - lines[i].baseline > 0.7 * max(lines[i].size, lines[j].size, 1.0):
                break
            if j not in taken and _belong_together(lines[i], lines[j]):
                first, second = min(i, j), max(i, j)
                lines[first] = _woven(lines[first], lines[second])
                taken[second] = first
                if second == i:
                    break
    return [line for i, line in enumerate(lines) if i not in taken]


def _belong_together(a: Line, b: Line) -> bool:
    size = max(a.size, b.size)
    gap = max(b.left - a.right, a.left - b.right)
    if gap > 0.45 * size:
        return False
    if gap < -0.2 * size and not (a.size < RAISED * b.size or b.size < RAISED * a.size):
        return False  # printed over each other
    if gap < -0.2 * size and _overlap(a.words, b.words, 0.12 * size):
        return False
    return _on_line(
        a.words[0]._replace(baseline=a.baseline, size=a.size), b.words[0]._replace(baseline=b.baseline, size=b.size)
    )


def _overlap(some: Sequence[Word], others: Sequence[Word], slack: float) -> bool:
    return any(a.left + slack < b.right and b.left + slack < a.right for a in some for b in others)


def _woven(a: Line, b: Line) -> Line:
    rtl = is_rtl(a.text + b.text)
    words = sorted(a.words + b.words, key=lambda word: -word.right if rtl else word.left)
    return make_line(words, a.page)
