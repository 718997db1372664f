"""Cuts the lines of a table into cells, row by row.

From columns.py, for blocks.py: each cell is a paragraph that knows its row.
"""

from __future__ import annotations

from ingest.pdf.columns import Column
from ingest.pdf.lines import Line
from ingest.pdf.paragraphs import Paragraph


def make_cells(table: Column) -> list[Paragraph]:
    """The cells of a table in reading order; each holds the lines that stand below each other in it."""
    rows: list[list[Line]] = []
    for line in sorted(table.lines, key=lambda line: line.baseline):
        if rows and line.baseline - rows[-1][0].baseline < 0.3 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [
        Paragraph([line], line.left, line.right, table=number)
        for number, row in enumerate(rows, 1)
        for line in sorted(row, key=lambda line: line.left)
    ]
