"""Finds the ruled tables of a page and the cell that each word stands in.

From rules.py and glyphs.py, for lines.py and tables.py. A cell is bounded by the nearest lines that pass the word on
each side, so that cells that reach over several rows or columns come out whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.pdf.glyphs import Word
from ingest.pdf.rules import Rule, Rules

LOW = 80.0
"""Points; running heads in frames are no higher."""

EDGE = 0.16
"""Part of the page's height, at each end, in which running heads stand."""

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


def without_frames(pages: Sequence[list[Grid]], heights: Sequence[float]) -> list[list[Grid]]:
    """The tables of each page but the low frames at its edge that come back on others: those hold running heads."""
    low: Counter[tuple[int, int]] = Counter()
    for grids, height in zip(pages, heights, strict=True):
        low.update({_frame(grid) for grid in grids if _is_low(grid, height)})
    enough = 2 if len(pages) < 5 else 3
    return [
        [grid for grid in grids if not (_is_low(grid, height) and low[_frame(grid)] >= enough)]
        for grids, height in zip(pages, heights, strict=True)
    ]


def _is_low(grid: Grid, height: float) -> bool:
    return grid.bottom - grid.top < LOW and (grid.bottom < EDGE * height or grid.top > (1 - EDGE) * height)


def _frame(grid: Grid) -> tuple[int, int]:
    return round(grid.top / 5), round(grid.left / 5)


def find_grids(words: Sequence[Word], rules: Rules) -> list[Grid]:
    """The tables of a page."""
    outlines = _outlines(rules)
    if not outlines:
        return []
    inside: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        for place, (left, top, right, bottom, _) in enumerate(outlines):
            if word.turn == 0 and left - 1 <= x <= right + 1 and top - 1 <= y <= bottom + 1:
                inside[place].append(word)
                break
    grids = []
    for place, held in inside.items():
        left, top, right, bottom, lines = outlines[place]
        cells = _cells(held, lines)
        if _is_table(cells):
            grids.append(Grid(left, top, right, bottom, cells))
    return grids


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
