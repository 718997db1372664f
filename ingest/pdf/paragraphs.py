"""Cuts columns of lines into paragraphs, and joins those that run on over a column or a page.

From columns.py, for notes.py, headings.py and blocks.py. A line opens a paragraph when the type, the spacing, the
indent or a marker says so, or when the line before it ended although the next word had room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.pdf.columns import Column
from ingest.pdf.lines import Line, is_raised
from ingest.pdf.markers import bullet_at, enumerator_at, named_at

LOOK_BACK = 60
"""Paragraphs and cells that may part a sentence from its end on the next page."""

ENDS = ".!?:;。！？：；…؟۔।"
CLOSERS = "\"'”’»)]）」』›"


@dataclass(slots=True)
class Paragraph:
    """Lines that are one block, in reading order, over columns and pages.

    :param table: row of the table it is a cell of, from 1; 0 outside tables.
    :param column_left: left edge of the column it begins in; `column_right` likewise.
    """

    lines: list[Line]
    column_left: float
    column_right: float
    table: int = 0
    starts: list[int] = field(default_factory=list)

    @property
    def size(self) -> float:
        """Type size of most of its characters."""
        return _main_size(self.lines)

    @property
    def bold(self) -> bool:
        """Whether nearly all of it is bold."""
        return all(is_bold(line) for line in self.lines)

    @property
    def page(self) -> int:
        """1-based index of the page it begins on."""
        return self.lines[0].page


def is_bold(line: Line) -> bool:
    """Whether nearly all characters of the line are bold."""
    bold = sum(len(word.text) for word in line.words if word.face.bold)
    return bold > 0.85 * sum(len(word.text) for word in line.words)


def _main_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += sum(len(word.text) for word in line.words)
    return sizes.most_common(1)[0][0]


def make_paragraphs(column: Column, body_size: float) -> list[Paragraph]:
    """The paragraphs of one column.

    :param body_size: type size of the document's running text.
    """
    lines = column.lines
    leading = _leading(lines)
    paragraphs: list[Paragraph] = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        if paragraphs and not _opens(paragraphs[-1], line, following, column, leading, body_size):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(Paragraph([line], column.left, column.right))
    return paragraphs


def _leading(lines: Sequence[Line]) -> dict[float, float]:
    """For each type size, the commonest distance from baseline to baseline, in type sizes."""
    steps: dict[float, Counter[float]] = {}
    for a, b in pairwise(lines):
        if abs(a.size - b.size) < 0.3 and 0 < b.baseline - a.baseline < 2.6 * a.size:
            steps.setdefault(round(b.size), Counter())[round((b.baseline - a.baseline) * 2) / 2] += 1
    result = {}
    for size, counted in steps.items():
        most = max(counted.values())
        result[size] = min(step for step, count in counted.items() if count >= 0.4 * most)
    return result


def _opens(
    block: Paragraph,
    line: Line,
    following: Line | None,
    column: Column,
    leading: dict[float, float],
    body_size: float,
) -> bool:
    """Whether the line begins a paragraph rather than carrying on the block above it."""
    last = block.lines[-1]
    if is_lone_marker(line, last.size):
        return False
    if abs(last.size - line.size) > max(0.6, 0.07 * line.size):
        return True
    step = line.baseline - last.baseline
    usual = leading.get(round(line.size), 1.2 * line.size)
    if step > usual + max(0.22 * line.size, 2.0) or step < -0.5 * line.size:
        return True
    fits = _has_room(last, line, column)
    heavier = is_bold(last) != is_bold(line) and (is_bold(last) == block.bold or is_bold(line))
    if heavier and not _runs_on(last, line) and (fits or step > usual + 1):
        return True
    small = line.size < 0.97 * body_size
    if has_raised_marker(line) and (small or fits):
        return True
    if small and _counts_on(block.lines[0], line):
        return True
    text = line.text
    if bullet_at(text) and text[0] not in "-–—*o":
        return True
    if (enumerator_at(text) or named_at(text) or bullet_at(text)) and (fits or ended(last.text) or step > usual + 1):
        return True
    indent = (last.right - line.right) if line.rtl else (line.left - last.left)
    hanging = len(block.lines) == 1 and _has_marker(block)
    if not hanging and indent > 0.8 * line.size and ended(last.text) and _is_first_line(line, following):
        return True
    if indent < -0.8 * line.size and len(block.lines) > 1 and (fits or ended(last.text)):
        return True
    return fits and (ended(last.text) or _capital(text) or len(last.text) < 0.4 * max(len(text), 40))


def is_lone_marker(line: Line, size: float) -> bool:
    """Whether the line is nothing but a note's marker, which found no room on the line it hangs on."""
    return len(line.words) == 1 and line.text.isdigit() and line.size < 0.75 * size


def has_raised_marker(line: Line) -> bool:
    """Whether the line opens with a raised figure, in brackets or not."""
    opening = line.words[:3] if line.words[0].text in ("(", "[") else line.words[:1]
    raised = [word for word in opening if is_raised(word, line)]
    return len(line.words) > len(opening) and any(word.text.strip("()[]*†‡").isdigit() for word in raised)


def _counts_on(first: Line, line: Line) -> bool:
    """Whether a line opens with the number behind the one that opens `first`, as the notes at the foot of a page do."""
    before, own = first.words[0].text, line.words[0].text
    follows = before.isdigit() and own.isdigit() and int(own) == int(before) + 1
    return follows and len(line.words) > 1 and not line.words[1].glued


def _has_marker(block: Paragraph) -> bool:
    text = block.lines[0].text
    return bool(bullet_at(text) or enumerator_at(text))


def _is_first_line(line: Line, following: Line | None) -> bool:
    """Whether the next line goes back to the margin (or there is none), as after an indented first line."""
    if following is None or following.baseline - line.baseline > 2 * line.size:
        return True
    back = (following.right - line.right) if line.rtl else (line.left - following.left)
    return back > 0.5 * line.size


def _runs_on(last: Line, line: Line) -> bool:
    """Whether a sentence runs on over a change of weight between two lines."""
    return not ended(last.text) and line.text[:1].islower()


def _has_room(last: Line, line: Line, column: Column) -> bool:
    """Whether the first word of `line` would have had room at the end of `last`: the break was made on purpose."""
    if last.text.endswith("\ufffe") or last.text.endswith("-"):
        return False
    first = line.words[0]
    width = first.right - first.left
    room = last.left - column.left if line.rtl else column.right - last.right
    return room > width + 0.9 * line.size + 0.04 * (column.right - column.left)


def ended(text: str) -> bool:
    """Whether the text ends as a sentence or clause does."""
    text = text.rstrip().rstrip("0123456789⁰¹²³⁴⁵⁶⁷⁸⁹*†‡").rstrip() if text[-1:].isdigit() else text.rstrip()
    return text.rstrip(CLOSERS)[-1:] in ENDS if text else True


def _capital(text: str) -> bool:
    first = text.lstrip("“\"'‘«(¿¡")[:1]
    return first.isupper() or first.isdigit() or (first.isalpha() and first.lower() == first.upper())


def join_over_breaks(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs in reading order with those joined that run on over the end of a column or page."""
    indented = _indents(paragraphs)
    result: list[Paragraph] = []
    for paragraph in _under_boxes(paragraphs):
        before = _broken_off(result, paragraph, indented)
        if before is not None:
            before.starts.append(len(before.lines))
            before.lines += paragraph.lines
        else:
            result.append(paragraph)
    return result


def _broken_off(done: Sequence[Paragraph], after: Paragraph, indented: bool) -> Paragraph | None:
    """The paragraph that `after` takes up again: the last one, or one that a table, caption or stamp parts from it."""
    if done and _goes_on(done[-1], after, indented):
        return done[-1]
    if after.table or not after.lines[0].text[:1].islower():
        return None
    for before in reversed(done[-LOOK_BACK:]):
        last = before.lines[-1]
        if after.page - last.page > 1:
            return None
        full = last.width > 0.8 * (before.column_right - before.column_left)
        if not before.table and full and len(before.lines) > 1:
            return before if after.page > last.page and _goes_on(before, after, indented) else None
        if not before.table and (len(before.lines) > 2 or after.lines[0].page == last.page):
            return None
    return None


def _under_boxes(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs with those taken up again that a box beside them parts from their own next lines."""
    result = list(paragraphs)
    place = 0
    while place < len(result):
        before = result[place]
        last = before.lines[-1]
        for ahead in range(place + 2, min(place + 30, len(result))):
            after = result[ahead]
            first = after.lines[0]
            if before.table or ended(last.text) or first.page != last.page:
                break
            step = first.baseline - last.baseline
            below = 0 < step < 1.7 * last.size and abs(first.left - last.left) < 2 and not after.table
            if below and abs(first.size - last.size) < 0.3 and is_bold(first) == is_bold(last):
                before.lines += after.lines
                del result[ahead]
                break
        place += 1
    return result


def _indents(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the document indents the first line of its paragraphs, those below headings perhaps excepted."""
    long = [paragraph for paragraph in paragraphs if len(paragraph.lines) > 2 and not paragraph.table]
    return sum(_indent(paragraph) > 0.8 * paragraph.lines[0].size for paragraph in long) > 0.35 * len(long)


def _indent(paragraph: Paragraph) -> float:
    """Points by which the first line begins further in than the second."""
    first, second = paragraph.lines[:2]
    return second.right - first.right if first.rtl else first.left - second.left


def _goes_on(before: Paragraph, after: Paragraph, indented: bool) -> bool:
    """Whether the one breaks off at the end of a column or page and the other takes it up.

    :param indented: the document indents the first line of its paragraphs, so that one without is no first line.
    """
    if before.table or after.table:
        return False
    last, first = before.lines[-1], after.lines[0]
    if abs(last.size - first.size) > 0.6 or is_bold(last) != is_bold(first):
        return False
    if (
        last.page == first.page
        and first.baseline > last.baseline
        and first.left < last.right
        and last.left < first.right
    ):
        return False  # below each other in one column: cut on purpose
    text, following = last.text, first.text
    if text.endswith(("\ufffe", "-", "\u00ad")):
        return following[:1].isalpha()
    full = last.width > 0.8 * (before.column_right - before.column_left)
    if ended(text):
        flush = after.lines[0].left - after.column_left < 0.5 * first.size
        flush = flush and len(after.lines) > 1 and abs(_indent(after)) < 0.5 * first.size
        return indented and full and flush and len(before.lines) > 1
    if following[:1].islower():
        return True
    if bullet_at(following) or enumerator_at(following) or named_at(following):
        return False
    return full and len(before.lines) > 1
