"""Reads the ruled lines of a page: the straight strokes and thin boxes that frame the cells of tables.

For grid.py. Coordinates are those of words with no turn: points from the upper left corner of the page as stored.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

THIN = 2.5
"""A filled box of at most this many points is a line."""

SHORTEST = 5.0
"""Points; shorter strokes are letters' parts or dots."""

MOST = 6_000
"""Strokes of one page that are looked at; drawings have more."""


class Rule(NamedTuple):
    """A straight line: `across` it lies at one place, and it reaches from `start` to `end` the other way, in points."""

    across: float
    start: float
    end: float


class Rules(NamedTuple):
    """Horizontal lines (`across` is y) and vertical ones (`across` is x)."""

    horizontal: list[Rule]
    vertical: list[Rule]


def read_rules(page: pdfium.PdfPage) -> Rules:
    """The ruled lines of an open page; none where it holds more strokes than a table has."""
    bounds = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, bounds)
    rules = Rules([], [])
    for taken, (x0, y0, x1, y1) in enumerate(_strokes(page.raw)):
        if taken > MOST:
            return Rules([], [])
        left, right = min(x0, x1) - bounds.left, max(x0, x1) - bounds.left
        top, bottom = bounds.top - max(y0, y1), bounds.top - min(y0, y1)
        if bottom - top <= THIN and right - left >= SHORTEST:
            rules.horizontal.append(Rule((top + bottom) / 2, left, right))
        elif right - left <= THIN and bottom - top >= SHORTEST:
            rules.vertical.append(Rule((left + right) / 2, top, bottom))
    return Rules(_joined(rules.horizontal), _joined(rules.vertical))


def _strokes(page: object) -> Iterator[tuple[float, float, float, float]]:
    """The ends of straight lines, and the sides of boxes, as stored."""
    for place in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, place)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            yield from _of_path(item)


def _of_path(item: object) -> Iterator[tuple[float, float, float, float]]:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *sides)
    left, bottom, right, top = (side.value for side in sides)
    if right - left <= THIN or top - bottom <= THIN:
        yield left, bottom, right, top
        return
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, filled, stroked)
    if not stroked.value:
        return  # a coloured ground, which is laid under boxes and columns as often as under cells
    count = raw.FPDFPath_CountSegments(item)
    if count > 400:
        return
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    before: tuple[float, float] | None = None
    start: tuple[float, float] | None = None
    for place in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and before is not None:
            yield *before, *point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield *point, *start
        before = point


def _joined(rules: list[Rule]) -> list[Rule]:
    """Lines at one place whose ends meet as one line."""
    joined: list[Rule] = []
    for rule in sorted(rules):
        for place in range(len(joined) - 1, max(-1, len(joined) - 40), -1):
            other = joined[place]
            if rule.across - other.across > THIN:
                continue
            if rule.start <= other.end + 3 and rule.end >= other.start - 3:
                joined[place] = Rule(other.across, min(rule.start, other.start), max(rule.end, other.end))
                break
        else:
            joined.append(rule)
    return joined
