"""Puts the lines of a page into reading order: columns one after the other, tables row by row.

From lines.py without furniture, for paragraphs.py and tables.py. A page is cut where a gutter stays free over several
rows; lines that cross it (a title over two columns) stand between the parts above and below them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.pdf.lines import Line, make_line
from ingest.pdf.markers import is_marker

MARKER_REACH = 6.0
"""A bullet or number set apart belongs to words that begin at most this many type sizes further on."""

STRETCHED = 5.0
"""Widest gap, in type sizes, that spreading a line over its column leaves between words."""

FULL = 0.72
"""A line that fills this part of its column's width is a line of running text."""


@dataclass(slots=True)
class Column:
    """Lines below each other that are read one after the other.

    :param table: they are the cells of a table, not running text.
    """

    lines: list[Line]
    left: float
    right: float
    table: bool = False

    def parts(self) -> Iterator[Column]:
        """The column cut before and after each line that stands for a ruled table."""
        run: list[Line] = []
        for line in self.lines:
            if line.grid is not None:
                if run:
                    yield Column(run, self.left, self.right, self.table)
                yield Column([line], self.left, self.right)
                run = []
            else:
                run.append(line)
        if run:
            yield Column(run, self.left, self.right, self.table)


def read_columns(lines: Sequence[Line]) -> list[Column]:
    """The columns and tables of one page, in reading order."""
    rows = _rows(_with_markers(lines))
    if not rows:
        return []
    rtl = sum(line.rtl for line in lines) * 2 > len(lines)
    return _divide(rows, rtl, depth=0)


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines on one height together, from the top, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.baseline, line.left)):
        if rows:
            first = rows[-1][-1]
            if abs(first.baseline - line.baseline) <= 0.3 * min(first.size, line.size):
                rows[-1].append(line)
                continue
        rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
    return rows


def _with_markers(lines: Sequence[Line]) -> list[Line]:
    """Lines where a bullet or number that stands apart is joined to the words beside it, and leaders to theirs."""
    result: list[Line] = []
    for row in _rows(lines):
        merged: list[Line] = []
        for line in sorted(row, key=lambda line: -line.right) if _is_rtl(row) else row:
            before = merged[-1] if merged else None
            if before is not None and not (before.grid or line.grid) and (_hangs(before, line) or _leads(before, line)):
                merged[-1] = make_line(before.words + line.words, line.page)
            else:
                merged.append(line)
        result += [_unstretched(merged)] if _is_stretched(merged) else merged
    return result


def _is_stretched(row: Sequence[Line]) -> bool:
    """Whether the row is one justified line whose words were spread: single words with gaps all alike."""
    if len(row) < 3 or sum(len(line.words) for line in row) > 2 * len(row) or any(line.grid for line in row):
        return False
    gaps = [after.left - before.right for before, after in pairwise(sorted(row, key=lambda line: line.left))]
    return max(gaps) < STRETCHED * row[0].size and max(gaps) - min(gaps) < 0.15 * max(gaps)


def _unstretched(row: Sequence[Line]) -> Line:
    return make_line([word for line in row for word in line.words], row[0].page)


def _is_rtl(row: Sequence[Line]) -> bool:
    return any(line.rtl for line in row)


def _hangs(marker: Line, line: Line) -> bool:
    gap = max(line.left - marker.right, marker.left - line.right)
    return gap < MARKER_REACH * max(line.size, marker.size) and is_marker(marker.text) and not is_marker(line.text)


def _leads(before: Line, line: Line) -> bool:
    """Whether dots lead from the one to the other, as from a title to its page."""
    end, start = before.text[-4:], line.text[:4]
    return any(part.replace(" ", "") in ("....", "...", "…", "……", "____", "..", "�" * 4) for part in (end, start))


def _divide(rows: list[list[Line]], rtl: bool, depth: int) -> list[Column]:
    gutter = _gutter(rows) if depth < 8 else None
    if gutter is None:
        return [_column(rows, rtl)]
    columns: list[Column] = []
    for free, part in _parts(rows, gutter):
        if not free:
            columns += [_column(part, rtl)]
            continue
        left = [side for row in part if (side := [line for line in row if line.right <= gutter])]
        right = [side for row in part if (side := [line for line in row if line.right > gutter])]
        if not left or not right:
            columns += _divide(part, rtl, depth + 1)
        elif _are_columns(left, right):
            first, second = (right, left) if rtl else (left, right)
            columns += _divide(first, rtl, depth + 1) + _divide(second, rtl, depth + 1)
        else:
            columns.append(_table(part))
    return columns


def _gutter(rows: Sequence[Sequence[Line]]) -> float | None:
    """The x, in points, that stays free over the longest run of rows with words on both sides; None if under two.

    Two rows are enough where nothing else stands near; one gap wide between words on each of two lines of a paragraph
    is no gutter, so that rows above and below that cross it count against it.
    """
    places = sorted(
        {
            round((a.right + b.left) / 2, 1)
            for row in rows
            if len(row) > 1
            for a, b in pairwise(row)
            if b.left - a.right > 0.5 * min(a.size, b.size)
        }
    )
    best, most = None, 0.0
    for place in places:
        longest = run = 0
        for row in rows:
            if any(line.left < place < line.right for line in row):
                run = 0
            elif not _one_sided(row, place):
                run += 1
                longest = max(longest, run)
        crossed = sum(any(line.left < place < line.right for line in row) for row in rows)
        score = longest - 0.001 * crossed
        if longest >= (2 if crossed < 3 * longest else 3) and score > most:
            best, most = place, score
    return best


def _parts(rows: Sequence[list[Line]], gutter: float) -> list[tuple[bool, list[list[Line]]]]:
    """Runs of rows that leave the gutter free, and runs that do not, from the top."""
    parts: list[tuple[bool, list[list[Line]]]] = []
    for row in rows:
        free = not any(line.left < gutter < line.right for line in row)
        if parts and parts[-1][0] == free:
            parts[-1][1].append(row)
        else:
            parts.append((free, [row]))
    for place, (free, part) in enumerate(parts):
        if not free:
            continue
        if place > 0:  # a paragraph's short last line above columns belongs to the lines above it
            above = parts[place - 1][1]
            while len(part) > 1 and _one_sided(part[0], gutter) and _follows(above[-1], part[0]):
                above.append(part.pop(0))
    joined: list[tuple[bool, list[list[Line]]]] = []
    for free, part in parts:
        free = free and any(not _one_sided(row, gutter) for row in part)
        if joined and not free and not joined[-1][0]:
            joined[-1][1].extend(part)
        elif part:
            joined.append((free, part))
    return joined


def _one_sided(row: Sequence[Line], gutter: float) -> bool:
    return all(line.right <= gutter for line in row) or all(line.left >= gutter for line in row)


def _follows(above: Sequence[Line], row: Sequence[Line]) -> bool:
    a, b = above[-1], row[0]
    return b.baseline - a.baseline < 1.6 * max(a.size, b.size) and abs(a.size - b.size) < 0.6


def _are_columns(left: Sequence[Sequence[Line]], right: Sequence[Sequence[Line]]) -> bool:
    """Whether two sides are columns of running text, whose lines fill them, rather than the cells of a table."""
    return all(_is_running(side) for side in (left, right))


def _is_running(side: Sequence[Sequence[Line]]) -> bool:
    lines = [line for row in side for line in row]
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    if high - low < 9 * size or len(side) < 3:
        return False
    single = sum(len(row) == 1 for row in side)
    full = sum(line.width > FULL * (high - low) for line in lines)
    return full >= 0.45 * len(lines) or (single < 0.5 * len(side) and full >= 0.3 * len(lines))


def _column(rows: Sequence[Sequence[Line]], rtl: bool) -> Column:
    """One column: what stands apart on a row is read on from left to right (from right to left in Arabic)."""
    lines: list[Line] = []
    for row in rows:
        if len(row) == 1 or any(line.grid for line in row):
            lines += row
            continue
        ordered = sorted(row, key=lambda line: -line.right) if rtl else list(row)
        lines.append(make_line([word for line in ordered for word in line.words], row[0].page))
    return Column(lines, min(line.left for line in lines), max(line.right for line in lines))


def _table(rows: Sequence[Sequence[Line]]) -> Column:
    lines = [line for row in rows for line in row]
    return Column(lines, min(line.left for line in lines), max(line.right for line in lines), table=True)
