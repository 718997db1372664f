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


def make_paragraphs(column: Column) -> list[Paragraph]:
    """The paragraphs of one column."""
    lines = column.lines
    leading = _leading(lines)
    paragraphs: list[Paragraph] = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        if paragraphs and not _opens(paragraphs[-1], line, following, column, leading):
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


def _opens(block: Paragraph, line: Line, following: Line | None, column: Column, leading: dict[float, float]) -> bool:
    """Whether the line begins a paragraph rather than carrying on the block above it."""
    last = block.lines[-1]
    if abs(last.size - line.size) > max(0.6, 0.07 * line.size):
        return True
    step = line.baseline - last.baseline
    usual = leading.get(round(line.size), 1.2 * line.size)
    if step > usual + max(0.22 * line.size, 2.0) or step < -0.5 * line.size:
        return True
    if is_bold(last) != is_bold(line) and (is_bold(last) == block.bold or is_bold(line)) and not _runs_on(last, line):
        return True
    if is_raised(line.words[0], line) and len(line.words) > 1 and line.words[0].text.strip("()*†‡").isdigit():
        return True  # a note's marker
    text = line.text
    fits = _has_room(last, line, column)
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
    result: list[Paragraph] = []
    for paragraph in paragraphs:
        before = result[-1] if result else None
        if before is not None and _goes_on(before, paragraph):
            before.starts.append(len(before.lines))
            before.lines += paragraph.lines
        else:
            result.append(paragraph)
    return result


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    """Whether the one breaks off at the end of a column or page and the other takes it up."""
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
    if ended(text):
        return False
    if following[:1].islower():
        return True
    if bullet_at(following) or enumerator_at(following) or named_at(following):
        return False
    full = last.width > 0.8 * (before.column_right - before.column_left)
    return full and len(before.lines) > 1
