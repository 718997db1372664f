"""Cuts tables into cells, row by row: ruled ones by their lines, others by the gaps between their columns.

From grid.py and columns.py, for blocks.py: each cell, or each paragraph in it, is a paragraph that knows its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.pdf.columns import Column, read_columns
from ingest.pdf.grid import Grid
from ingest.pdf.lines import Line, make_lines
from ingest.pdf.paragraphs import Paragraph, make_paragraphs

WIDER_STEP = 1.2
"""Rows of a table without lines are told apart where the step from line to line is wider than inside a cell by this."""


def make_grid_cells(grid: Grid, page: int, body_size: float) -> list[Paragraph]:
    """The cells of a ruled table in reading order; from right to left where it is read so."""
    paragraphs: list[Paragraph] = []
    row: list[list[Paragraph]] = []
    number = 0
    for cell in [*grid.cells, None]:
        if cell is None or cell.row != number:
            rtl = sum(p.lines[0].rtl for held in row for p in held[:1]) * 2 > len(row)
            paragraphs += [paragraph for held in (reversed(row) if rtl else row) for paragraph in held]
            row = []
        if cell is not None:
            number = cell.row
            held = []
            for column in read_columns(make_lines(cell.words, page)):
                column.left, column.right = max(column.left, cell.left), column.right
                held += make_paragraphs(column, body_size)
            for paragraph in held:
                paragraph.table = cell.row
            row.append(held)
    return paragraphs


def make_cells(table: Column) -> list[Paragraph]:
    """The cells of a table without lines; each holds the lines that stand below each other in it."""
    rows: list[list[Line]] = []
    for line in sorted(table.lines, key=lambda line: line.baseline):
        if rows and line.baseline - rows[-1][0].baseline < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    edges = _column_edges(rows)
    steps = [after[0].baseline - before[0].baseline for before, after in pairwise(rows)]
    least = min(steps, default=0.0)
    spaced = bool(steps) and max(steps) > 1.35 * least
    cells: list[dict[int, Paragraph]] = []
    for place, row in enumerate(rows):
        columns = {_column_of(line, edges): line for line in row}
        wrapped = spaced and steps[place - 1] < WIDER_STEP * least if place else False
        if cells and (wrapped or (not spaced and 0 not in columns)):
            for column, line in columns.items():
                if column in cells[-1]:
                    cells[-1][column].lines.append(line)
                else:
                    cells[-1][column] = Paragraph([line], line.left, line.right)
        else:
            cells.append({column: Paragraph([line], line.left, line.right) for column, line in columns.items()})
        taken = {id(line) for line in columns.values()}
        for line in row:  # two lines of one row in one column
            if id(line) not in taken:
                cells[-1][_column_of(line, edges)].lines.append(line)
    paragraphs = []
    for number, by_column in enumerate(cells, 1):
        for column in sorted(by_column):
            by_column[column].table = number
            paragraphs.append(by_column[column])
    return paragraphs


def _column_edges(rows: Sequence[Sequence[Line]]) -> list[float]:
    """Where the columns begin: the middle of each gap that no line crosses."""
    spans = sorted((line.left, line.right) for row in rows for line in row)
    edges: list[float] = []
    reach = spans[0][1]
    for left, right in spans:
        if left > reach:
            edges.append((left + reach) / 2)
        reach = max(reach, right)
    return edges


def _column_of(line: Line, edges: Sequence[float]) -> int:
    return sum(line.left >= edge for edge in edges)
