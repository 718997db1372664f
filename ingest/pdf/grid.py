"""Finds the ruled tables of a page and the cell that each word stands in.

From rules.py and glyphs.py, for lines.py and tables.py. A cell is bounded by the nearest lines that pass the word on
each side, so that cells that reach over several rows or columns come out whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.pdf.glyphs import Word
from ingest.pdf.rules import Rule, Rules

NEAR = 4.0
"""Points by which lines may miss each other where they meet."""


@dataclass(slots=True)
class Cell:
    """The words in one cell; `row` counts from 1 among the rows of its table that hold words."""

    left: float
    top: float
    right: float
    bottom: float
    words: list[Word] = field(default_factory=list)
    row: int = 0


@dataclass(slots=True)
class Grid:
    """A ruled table: where it stands and its cells in rows, each row from left to right."""

    left: float
    top: float
    right: float
    bottom: float
    cells: list[Cell]


def find_grids(words: Sequence[Word], rules: Rules) -> tuple[list[Grid], list[Word]]:
    """The tables of a page, and the words that stand in none."""
    outlines = _outlines(rules)
    if not outlines:
        return [], list(words)
    rest: list[Word] = []
    inside: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        for place, (left, top, right, bottom, _) in enumerate(outlines):
            if word.turn == 0 and left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1:
                inside[place].append(word)
                break
        else:
            rest.append(word)
    grids = []
    for place, held in inside.items():
        left, top, right, bottom, lines = outlines[place]
        cells = _cells(held, lines)
        if _is_table(cells):
            grids.append(Grid(left, top, right, bottom, cells))
        else:
            rest += held
    if len(grids) < len(inside):  # back into the order of the page's content
        kept = {id(word) for word in rest}
        rest = [word for word in words if id(word) in kept]
    return grids, rest


def _outlines(rules: Rules) -> list[tuple[float, float, float, float, Rules]]:
    """Groups of lines that meet, with the box around each."""
    across, down = rules.horizontal, rules.vertical
    if len(across) < 2 or len(down) < 1 or len(across) * len(down) > 200_000:
        return []
    parent = list(range(len(across) + len(down)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for i, line in enumerate(across):
        for j, post in enumerate(down):
            if (
                line.start - NEAR <= post.across <= line.end + NEAR
                and post.start - NEAR <= line.across <= post.end + NEAR
            ):
                parent[root(len(across) + j)] = root(i)
    groups: dict[int, Rules] = defaultdict(lambda: Rules([], []))
    for i, line in enumerate(across):
        groups[root(i)].horizontal.append(line)
    for j, post in enumerate(down):
        groups[root(len(across) + j)].vertical.append(post)
    return [
        (
            min(rule.start for rule in group.horizontal),
            min(rule.across for rule in group.horizontal),
            max(rule.end for rule in group.horizontal),
            max(rule.across for rule in group.horizontal),
            group,
        )
        for group in groups.values()
        if len(group.horizontal) >= 2 and len(group.vertical) >= 1
    ]


def _cells(words: Sequence[Word], lines: Rules) -> list[Cell]:
    cells: dict[tuple[float, float, float, float], Cell] = {}
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        left, right = _around(x, y, lines.vertical)
        top, bottom = _around(y, x, lines.horizontal)
        sides = round(left), round(top), round(right), round(bottom)
        if sides not in cells:
            cells[sides] = Cell(left, top, right, bottom)
        cells[sides].words.append(word)
    tops: list[float] = []
    ordered = sorted(cells.values(), key=lambda cell: cell.top)
    for cell in ordered:
        if not tops or cell.top - tops[-1] > NEAR:
            tops.append(cell.top)
        cell.row = len(tops)
    return sorted(ordered, key=lambda cell: (cell.row, cell.left))


def _around(place: float, other: float, rules: Sequence[Rule]) -> tuple[float, float]:
    """The nearest lines before and behind a place, of those that pass `other`."""
    low, high = -1e6, 1e6
    for rule in rules:
        if rule.start - NEAR <= other <= rule.end + NEAR:
            if rule.across <= place:
                low = max(low, rule.across)
            else:
                high = min(high, rule.across)
    return low, high


def _is_table(cells: Sequence[Cell]) -> bool:
    """Whether cells stand beside each other, in more than one row or with more than two in it."""
    rows: dict[int, int] = defaultdict(int)
    for cell in cells:
        rows[cell.row] += 1
    return len(cells) >= 3 and max(rows.values()) >= 2
