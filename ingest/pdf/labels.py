"""Finds the number printed on each page: what people cite, which need not be what the file says.

From the lines at the edges of the pages, for furniture.py. Numbers are printed in many shapes ("12", "- 12 -",
"n | 51", "18/48", "Page 3 of 9", "xiv", "A-3"); one is believed when it counts on with the pages around it, so that
symbols, dates and paragraph numbers are not. A numbering that jumps is followed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

REACH = 6
"""A number is borne out by others of its kind at most this many pages away that count on from it."""

_ROMAN = r"(?=[ivxlc])(?:x[lc]|l?x{0,3})(?:i[vx]|v?i{0,3})"
_NUMBER = rf"(?P<n>\d{{1,4}}|{_ROMAN}|{_ROMAN.upper()}|[A-Z]{{1,2}}[-–.]\d{{1,4}})"
_PAGE_WORD = r"(?:page|p\.|pg\.?|página|pág\.?|seite|стр\.?|страница|صفحة|第)"
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE if word else 0)
    for pattern, word in (
        (rf"{_NUMBER}", False),
        (rf"[-–—\[(|/•·~]+\s*{_NUMBER}\s*[-–—\])|/•·~]+", False),
        (rf".*?\b{_PAGE_WORD}\s*\|?\s*{_NUMBER}\s*(?:(?:of|de|sur|/|von|из|من)\s*\d+)?\s*[页頁]?", True),
        (rf"(?:.*\s)?{_NUMBER}\s*(?:/|of|de|sur|von)\s*\d{{1,4}}", True),
        (rf"{_NUMBER}\s*[|│]\s*\S.*", True),
        (rf".*\S\s*[|│]\s*{_NUMBER}", True),
    )
)
_LOOSE = (re.compile(rf"{_NUMBER}(?:\s+\D.*)"), re.compile(rf"(?:.*\D\s+){_NUMBER}"))
"""A running head with the number before or after it: believed only where the head itself comes back."""


class Candidate(NamedTuple):
    """A number on a page that may be its label.

    :param label: as printed; `value` what it counts as; `style` numbers of one style count on.
    :param sure: it stands alone or is called a page, not at the end of other words.
    """

    page: int
    line: int
    label: str
    value: int
    style: str
    sure: bool


def read_candidates(page: int, lines: Sequence[str]) -> list[Candidate]:
    """The numbers in lines at the edge of a page that may be its label; `line` is the place among `lines`."""
    found: list[Candidate] = []
    for place, text in enumerate(lines):
        text = " ".join(text.split())
        if len(text) > 120:
            continue
        for shapes, sure in ((_SHAPES, True), (_LOOSE, False)):
            for shape in shapes:
                match = shape.fullmatch(text)
                if match:
                    candidate = _candidate(page, place, match["n"], sure)
                    if candidate and not any(c.label == candidate.label and c.line == place for c in found):
                        found.append(candidate)
    return found


def _candidate(page: int, line: int, label: str, sure: bool) -> Candidate | None:
    if label.isdigit():
        return Candidate(page, line, label, int(label), "arabic", sure)
    prefixed = re.fullmatch(r"([A-Za-z]{1,2}[-–.])(\d{1,4})", label)
    if prefixed:
        return Candidate(page, line, label, int(prefixed[2]), prefixed[1], sure)
    value = roman_value(label)
    return Candidate(page, line, label, value, "roman", sure) if value else None


def roman_value(text: str) -> int:
    """What a roman numeral up to 399 counts as; 0 where it is none."""
    worth = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    digits = [worth.get(letter, 0) for letter in text.lower()]
    if not digits or 0 in digits:
        return 0
    return sum(
        -digit if digit < following else digit for digit, following in zip(digits, [*digits[1:], 0], strict=True)
    )


def choose_labels(candidates: Sequence[Candidate], pages: int) -> dict[int, Candidate]:
    """For each page (1-based index) the number on it that counts on with the pages around it, if there is one."""
    by_course: dict[tuple[str, int], set[int]] = defaultdict(set)
    for candidate in candidates:
        by_course[candidate.style, candidate.value - candidate.page].add(candidate.page)
    length = Counter({course: len(where) for course, where in by_course.items()})
    chosen: dict[int, tuple[tuple[int, bool, int], Candidate]] = {}
    for candidate in candidates:
        course = candidate.style, candidate.value - candidate.page
        near = sum(0 < abs(page - candidate.page) <= REACH for page in by_course[course])
        if near == 0 and not (pages == 1 and candidate.sure and candidate.value == 1):
            continue
        if not candidate.sure and near < 2:
            continue
        weight = (min(length[course], 3 * REACH), candidate.sure, near)
        if candidate.page not in chosen or weight > chosen[candidate.page][0]:
            chosen[candidate.page] = (weight, candidate)
    return {page: candidate for page, (_, candidate) in chosen.items()}
