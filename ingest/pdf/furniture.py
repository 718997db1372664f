"""Tells the furniture of the pages (running heads and feet, page numbers, watermarks) from what the document says.

From the lines of all pages, for the way in ingest/extract/pdf.py. A line at the edge of a page is furniture when the
same words, numbers aside, come back at the same height on other pages, or when it is the printed page number. What is
taken out is listed, so that a test can account for every word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.pdf.labels import choose_labels, read_candidates
from ingest.pdf.lines import Line
from ingest.pdf.markers import bullet_at

EDGE_ROWS = 4
"""Rows from the upper and from the lower edge that may be furniture."""

EDGE = 0.16
"""Part of the page's height, at each end, in which furniture stands."""

SAME_HEIGHT = 5.0
"""Points by which a running head may move from page to page."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The lines of each page without its furniture, what was taken out, and the label printed on each page."""

    body: tuple[list[Line], ...]
    furniture: tuple[list[Line], ...]
    labels: tuple[str | None, ...]


def take_out_furniture(pages: Sequence[list[Line]], heights: Sequence[float]) -> Sorted:
    """Sort the lines of each page; `pages` holds lines in any order, `heights` is in points."""
    edges = [_edge_rows(lines, height) for lines, height in zip(pages, heights, strict=True)]
    heads = _repeated(edges, heights)
    candidates = [
        candidate
        for index, rows in enumerate(edges, 1)
        for candidate in read_candidates(index, heights[index - 1], [line for row in rows for line in row], heads)
    ]
    chosen = choose_labels(candidates, len(pages))
    number_lines: set[int] = set()
    for index, candidate in chosen.items():
        flat = [line for row in edges[index - 1] for line in row]
        number_lines.add(id(flat[candidate.line]))
    taken = number_lines | heads | _watermarks(pages)
    body = tuple([line for line in lines if id(line) not in taken] for lines in pages)
    out = tuple([line for line in lines if id(line) in taken] for lines in pages)
    labels = tuple(chosen[index].label if index in chosen else None for index in range(1, len(pages) + 1))
    return Sorted(body, out, labels)


def _edge_rows(lines: Sequence[Line], height: float) -> list[list[Line]]:
    """Rows near the upper and the lower edge, each row's lines from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(
        (line for line in lines if line.turn == 0 and line.grid is None), key=lambda line: (line.baseline, line.left)
    ):
        if rows and line.baseline - rows[-1][0].baseline < 3:
            rows[-1].append(line)
        else:
            rows.append([line])
    upper = [row for row in rows[:EDGE_ROWS] if row[0].baseline < EDGE * height]
    lower = [row for row in rows[-EDGE_ROWS:] if row[0].baseline > (1 - EDGE) * height]
    return upper + [row for row in lower if row not in upper]


def _repeated(edges: Sequence[list[list[Line]]], heights: Sequence[float]) -> set[int]:
    """Lines at the edge whose words come back at the same height."""
    by_words: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for index, rows in enumerate(edges):
        for row in rows:
            for line in row:
                by_words[_shape(line.text)].append((index, line))
    enough = 2 if len(edges) < 5 else 3
    taken = set()
    for shape, places in by_words.items():
        for index, line in places:
            same = {
                other
                for other, match in places
                if other != index
                and min(
                    abs(match.baseline - line.baseline),
                    abs((heights[other] - match.baseline) - (heights[index] - line.baseline)),
                )
                < SAME_HEIGHT
            }
            if (
                len(same) + 1 >= enough
                and not bullet_at(line.text)
                and (shape.strip("# ") or len(same) + 1 > 0.5 * len(edges))
            ):
                taken.add(id(line))
    return taken


def _watermarks(pages: Sequence[list[Line]]) -> set[int]:
    """Slanted words, and words printed on most pages at one place in the middle of them."""
    taken = set()
    places: dict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for lines in pages:
        for line in lines:
            if line.grid is not None:
                continue
            if line.words[0].slanted and len(pages) > 1:
                places[line.text, 0, 0].append(line)
            elif len(pages) > 3:
                places[line.text, round(line.left / 3), round(line.baseline / 3)].append(line)
    for (_, x, y), found in places.items():
        if len(found) >= (2 if x == y == 0 else max(4, 0.6 * len(pages))):
            taken |= {id(line) for line in found}
    return taken


def _shape(text: str) -> str:
    """The words of a running head without what changes from page to page."""
    text = re.sub(r"\b[ivxlc]+\b", "#", text.casefold())
    return re.sub(r"[\d#]+", "#", " ".join(text.split()))
