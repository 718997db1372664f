"""Tells the furniture of the pages (running heads and feet, page numbers, watermarks) from what the document says.

From the lines of all pages, for the way in ingest/extract/pdf.py. A line at the edge of a page is furniture when the
same words, numbers aside, come back at the same height on other pages, or when it is the printed page number. What is
taken out is listed, so that a test can account for every word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.pdf.labels import choose_labels, pair_spreads, read_candidates
from ingest.pdf.lines import Line
from ingest.pdf.markers import bullet_at, is_marker, named_at

EDGE_ROWS = 4
"""Rows from the upper and from the lower edge that may be furniture."""

EDGE = 0.16
"""Part of the page's height, at each end, in which furniture stands."""

LONGEST_HEAD = 90
"""Characters of the longest running head beside a page number."""

COMMON = 0.25
"""Part of the pages on which a running head that stands close to the text comes back."""

CLEAR = 1.9
"""Type sizes between a running head and the text, from baseline to baseline."""

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
    chosen = pair_spreads(choose_labels(candidates, len(pages)), candidates)
    share = dict(heads)
    for index, numbers in chosen.items():
        flat = [line for row in edges[index - 1] for line in row]
        for candidate in numbers:
            share[id(flat[candidate.line])] = 1.0
            row = next(row for row in edges[index - 1] if any(line is flat[candidate.line] for line in row))
            if candidate.sure and row in (edges[index - 1][0], edges[index - 1][-1]):
                share |= {id(line): 1.0 for line in row if len(line.text) < LONGEST_HEAD}
    taken = _watermarks(pages)
    for rows, lines, height in zip(edges, pages, heights, strict=True):
        taken |= _outer_rows([row for row in rows if row[0].baseline < height / 2], lines, share)
        taken |= _outer_rows([row for row in reversed(rows) if row[0].baseline >= height / 2], lines, share)
    body = tuple([line for line in lines if id(line) not in taken] for lines in pages)
    out = tuple([line for line in lines if id(line) in taken] for lines in pages)
    labels = tuple(
        "–".join(number.label for number in chosen[index]) if index in chosen else None
        for index in range(1, len(pages) + 1)
    )
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


def _outer_rows(rows: Sequence[Sequence[Line]], lines: Sequence[Line], share: Mapping[int, float]) -> set[int]:
    """Of rows from the edge inwards, the lines that are furniture: those before the first row that has none.

    The innermost of them stands clear of the text or comes back on many pages: notes at the foot of pages can be alike.
    """
    outer: list[Sequence[Line]] = []
    for row in rows:
        if not any(id(line) in share for line in row):
            break
        outer.append(row)
    while outer and not _stands_clear(outer, lines, share):
        outer.pop()
    return {id(line) for row in outer for line in row if id(line) in share}


def _stands_clear(outer: Sequence[Sequence[Line]], lines: Sequence[Line], share: Mapping[int, float]) -> bool:
    inner = [line for line in outer[-1] if id(line) in share]
    if max(share[id(line)] for line in inner) >= COMMON:
        return True
    own = {id(line) for row in outer for line in row}
    near = min(
        (abs(line.baseline - inner[0].baseline) for line in lines if line.turn == 0 and id(line) not in own),
        default=1e6,
    )
    return near > CLEAR * max(line.size for line in inner)


def _repeated(edges: Sequence[list[list[Line]]], heights: Sequence[float]) -> dict[int, float]:
    """By `id`, the lines at the edge that come back at the same height, with the part of the pages that have them.

    Where only the numbers differ ("Recommendation 3") it takes many pages. What opens an item is none in any case.
    """
    by_shape: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for index, rows in enumerate(edges):
        for row in rows:
            for line in row:
                if not bullet_at(line.text) and not is_marker(line.text) and not _is_name(line.text):
                    by_shape[_shape(line.text)].append((index, line))
    enough = 2 if len(edges) < 5 else 3
    taken: dict[int, float] = {}
    for shape, places in by_shape.items():
        if len(places) < enough:
            continue
        for index, line in places:
            same = [
                (other, match)
                for other, match in places
                if abs(match.baseline - line.baseline) < SAME_HEIGHT
                or abs((heights[other] - match.baseline) - (heights[index] - line.baseline)) < SAME_HEIGHT
            ]
            pages = len({other for other, _ in same})
            exact = len({other for other, match in same if match.text == line.text})
            words = bool(shape.strip("# "))
            common = pages >= max(enough + 1, (COMMON if words else 0.5) * len(edges))
            if (exact >= enough and words) or common:
                taken[id(line)] = pages / len(edges)
    return taken


def _is_name(text: str) -> bool:
    """Whether the text is "Article 9" and nothing more."""
    found = named_at(text)
    return found is not None and len(text) - found.end() < 3


def _watermarks(pages: Sequence[list[Line]]) -> set[int]:
    """Slanted words, and words printed on most pages at one place in the middle of them."""
    taken: set[int] = set()
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
