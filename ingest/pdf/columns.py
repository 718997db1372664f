"""Puts the lines of a page into reading order: columns one after the other, tables row by row.

From lines.py without furniture, for paragraphs.py and tables.py. A page is cut where a gutter stays free over several
rows; lines that cross it (a title over two columns) stand between the parts above and below them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.pdf.lines import Line, is_figure, make_line
from ingest.pdf.markers import is_marker

MARKER_REACH = 6.0
"""A bullet or number set apart belongs to words that begin at most this many type sizes further on."""

STRETCHED = 5.0
"""Widest gap, in type sizes, that spreading a line over its column leaves between words."""

WRAPPED = 0.25
"""Part of the lines of running text, at least, that go on with a small letter; cells of a table seldom wrap so much."""

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
    if not lines:
        return []
    joined = _with_markers(_with_raised(lines), _usual_size(lines))
    rtl = sum(line.rtl for line in lines) * 2 > len(lines)
    return _divide(sorted(joined, key=_height), rtl, depth=0)


def _usual_size(lines: Sequence[Line]) -> float:
    """The type size of most characters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _height(line: Line) -> tuple[float, float]:
    return line.baseline, line.left


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines on one height together, from the top, each row from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_height):
        if rows:
            first = rows[-1][-1]
            if abs(first.baseline - line.baseline) <= 0.3 * min(first.size, line.size):
                rows[-1].append(line)
                continue
        rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.left)
    return rows


def _with_raised(lines: Sequence[Line]) -> list[Line]:
    """Lines where a note's raised marker that stands apart is joined to the words that follow it."""
    markers = [line for line in lines if len(line.words) == 1 and line.grid is None and is_figure(line.text)]
    if not markers:
        return list(lines)
    owners: dict[int, list[Line]] = {}
    taken: set[int] = set()
    for marker in markers:
        for line in lines:
            gap = max(line.left - marker.right, marker.left - line.right)
            rise = line.baseline - marker.baseline
            if (
                line is not marker
                and line.grid is None
                and 0 <= gap < MARKER_REACH * line.size
                and 0.12 * line.size < rise < 0.7 * line.size
                and (line.right <= marker.left if line.rtl else line.left >= marker.right)
                and not is_figure(line.text)
            ):
                owners.setdefault(id(line), []).append(marker)
                taken.add(id(marker))
                break
    result = []
    for line in lines:
        if id(line) in owners:
            result.append(make_line([w for m in owners[id(line)][:1] for w in m.words] + line.words, line.page))
        elif id(line) not in taken:
            result.append(line)
    return result + [marker for held in owners.values() for marker in held[1:]]


def _with_markers(lines: Sequence[Line], usual: float) -> list[Line]:
    """Lines where a bullet or number that stands apart is joined to the words beside it, and leaders to theirs."""
    result: list[Line] = []
    for row in _rows(lines):
        merged: list[Line] = []
        for line in sorted(row, key=lambda line: -line.right) if _is_rtl(row) else row:
            before = merged[-1] if merged else None
            if (
                before is not None
                and not (before.grid or line.grid)
                and (_hangs(before, line, usual) or _leads(before, line))
            ):
                merged[-1] = make_line(before.words + line.words, line.page)
            else:
                merged.append(line)
        result += [_unstretched(merged)] if _is_stretched(merged) else merged
    return result


def _is_stretched(row: Sequence[Line]) -> bool:
    """Whether the row is one justified line whose words were spread: single words with gaps all alike."""
    if len(row) < 3 or any(len(line.words) > 2 or line.grid for line in row):
        return False
    gaps = [after.left - before.right for before, after in pairwise(sorted(row, key=lambda line: line.left))]
    return max(gaps) < STRETCHED * row[0].size and max(gaps) - min(gaps) < 0.15 * max(gaps)


def _unstretched(row: Sequence[Line]) -> Line:
    return make_line([word for line in row for word in line.words], row[0].page)


def _is_rtl(row: Sequence[Line]) -> bool:
    return any(line.rtl for line in row)


def _hangs(marker: Line, line: Line, usual: float) -> bool:
    gap = max(line.left - marker.right, marker.left - line.right)
    if gap > MARKER_REACH * max(line.size, marker.size) or is_marker(line.text):
        return False
    note = marker.text.isdigit() and len(marker.text) < 4 and max(line.size, marker.size) < 0.93 * usual
    return is_marker(marker.text) or note


def _leads(before: Line, line: Line) -> bool:
    """Whether dots lead from the one to the other, as from a title to its page."""
    end, start = before.text[-4:], line.text[:4]
    return any(part.replace(" ", "") in ("....", "...", "…", "……", "____", "..", "·" * 4) for part in (end, start))


def _divide(lines: list[Line], rtl: bool, depth: int) -> list[Column]:
    """The columns of a region, whose lines stand from the top down."""
    if depth:
        lines = [line for row in _rows(lines) for line in ([_unstretched(row)] if _is_stretched(row) else row)]
    gutter = _gutter(lines) if depth < 8 and len(lines) > 1 else None
    if gutter is None:
        return [_column(lines, rtl)]
    columns: list[Column] = []
    for free, part in _parts(lines, gutter):
        if not free:
            columns += _divide(part, rtl, depth + 1) if len(part) < len(lines) else [_column(part, rtl)]
            continue
        left = [line for line in part if line.right <= gutter]
        right = [line for line in part if line.left >= gutter]
        if _are_columns(left, right):
            first, second = (right, left) if rtl else (left, right)
            columns += _divide(first, rtl, depth + 1) + _divide(second, rtl, depth + 1)
        else:
            columns.append(_bounded(part, table=True))
    return columns


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x, in points, where a gap stays free over most lines that stand beside each other; None where none does.

    Two pairs of lines are enough where hardly anything crosses the gap; the wide gaps between the words of a spread
    line are no gutter, so that lines above and below that cross them count against it.
    """
    best, most = None, 0.0
    for place in _gaps(lines):
        crossed = 0
        longest = 0
        band: list[Line] = []
        for line in [*lines, None]:
            if line is not None and not line.left < place < line.right:
                band.append(line)
                continue
            crossed += 1
            longest = max(longest, _beside(band, place))
            band = []
        score = longest - 0.001 * crossed
        if longest >= (2 if crossed < 3 * longest else 3) and score > most:
            best, most = place, score
    return best


def _gaps(lines: Sequence[Line]) -> list[float]:
    """The middles of the gaps between lines that stand beside each other, near ones once."""
    places: set[int] = set()
    for index, a in enumerate(lines):
        if a.grid is not None:
            continue
        for b in lines[index + 1 : index + 12]:
            if b.grid is not None or b.top >= a.bottom or a.top >= b.bottom:
                continue
            low, high = (a.right, b.left) if a.right <= b.left else (b.right, a.left)
            if high - low > 0.5 * min(a.size, b.size):
                places.add(round((low + high) / 4))
    return [2.0 * place for place in sorted(places)]


def _beside(band: Sequence[Line], place: float) -> int:
    """How many lines on the one side of a place stand beside lines on the other; the smaller number of the two."""
    left = [line for line in band if line.right <= place]
    right = [line for line in band if line.left >= place]
    if not left or not right:
        return 0
    top = max(min(line.top for line in left), min(line.top for line in right))
    bottom = min(max(line.bottom for line in left), max(line.bottom for line in right))
    return min(sum(line.bottom > top and line.top < bottom for line in side) for side in (left, right))


def _parts(lines: Sequence[Line], gutter: float) -> list[tuple[bool, list[Line]]]:
    """Runs of lines that leave the gutter free and stand on both its sides, and the others, from the top."""
    runs: list[tuple[bool, list[Line]]] = []
    for line in lines:
        free = not line.left < gutter < line.right
        if runs and runs[-1][0] == free:
            runs[-1][1].append(line)
        else:
            runs.append((free, [line]))
    for place, (free, part) in enumerate(runs):
        if not free or place == 0:
            continue
        above = runs[place - 1][1]
        while len(part) > 1 and _stands_alone(part) and _follows(above[-1], part[0]):
            above.append(part.pop(0))  # a paragraph's short last line belongs to the lines above it
    joined: list[tuple[bool, list[Line]]] = []
    for free, part in runs:
        both = free and _beside(part, gutter) > 0
        if joined and not both and not joined[-1][0]:
            joined[-1][1].extend(part)
        elif part:
            joined.append((both, part))
    return joined


def _stands_alone(part: Sequence[Line]) -> bool:
    """Whether nothing stands beside the first line."""
    return part[1].baseline - part[0].baseline > 0.3 * part[0].size and part[1].top > part[0].top + 0.5 * part[0].size


def _follows(above: Line, line: Line) -> bool:
    near = line.baseline - above.baseline < 1.6 * max(above.size, line.size)
    return near and abs(above.size - line.size) < 0.6 and line.left - above.left < 3 * line.size


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two sides are columns of running text, whose lines fill them, rather than the cells of a table."""
    return all(_is_running(side) for side in (left, right))


def _is_running(side: Sequence[Line]) -> bool:
    lines = [line for line in side if line.grid is None]
    if len(lines) < 3:
        return len(lines) < len(side)
    low, high = min(line.left for line in lines), max(line.right for line in lines)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    rows = _rows(lines)
    if high - low < 9 * size or len(rows) < 3:
        return False
    single = sum(len(row) == 1 for row in rows)
    full = sum(line.width > FULL * (high - low) for line in lines)
    wrapped = sum(line.text[:1].islower() for line in lines)
    if len(lines) >= 4 and wrapped >= WRAPPED * len(lines):
        return True
    if len(lines) >= 6 and wrapped >= 0.5 * WRAPPED * len(lines) and full >= 0.3 * len(lines):
        return True
    return full >= 0.45 * len(lines) or (single < 0.5 * len(rows) and full >= 0.3 * len(lines))


def _column(lines: Sequence[Line], rtl: bool) -> Column:
    """One column: what stands apart on a row is read on from left to right (from right to left in Arabic)."""
    result: list[Line] = []
    for row in _rows(lines):
        if len(row) == 1 or any(line.grid for line in row):
            result += row
            continue
        ordered = sorted(row, key=lambda line: -line.right) if rtl else list(row)
        result.append(make_line([word for line in ordered for word in line.words], row[0].page))
    return _bounded(result)


def _bounded(lines: Sequence[Line], table: bool = False) -> Column:
    return Column(list(lines), min(line.left for line in lines), max(line.right for line in lines), table)
