"""Finds the number printed on each page: what people cite, which need not be what the file says.

From the lines at the edges of the pages, for furniture.py. Numbers are printed in many shapes ("12", "- 12 -",
"n | 51", "18/48", "Page 3 of 9", "xiv", "A-3"); one is believed when it counts on with the pages around it, so that
symbols, dates and paragraph numbers are not. A numbering that jumps is followed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Sequence
from typing import NamedTuple

from ingest.pdf.lines import Line

REACH = 6
"""A number is borne out by others of its kind at most this many pages away that count on from it."""

LEAF = 150.0
"""Points, at least, between the numbers of two leaves that one page shows."""

SAME_HEIGHT = 6.0
"""Points by which the height of page numbers may vary."""

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
        (rf"[A-Z]{{1,2}}\s?\d{{1,4}}/{_NUMBER}", False),
        (rf"{_NUMBER}\s*[|│]\s*\S.*", True),
        (rf".*\S\s*[|│]\s*{_NUMBER}", True),
    )
)
_LOOSE = (re.compile(rf"{_NUMBER}(?:\s+\D.*)"), re.compile(rf"(?:.*\D\s+){_NUMBER}"))
"""A running head with the number before or after it: believed only where the head itself comes back."""


class Candidate(NamedTuple):
    """A number on a page that may be its label.

    :param x: middle of its line, in points from the left; `y` its baseline, from the nearer edge, negative from below.
    :param label: as printed; `value` what it counts as; `style` numbers of one style count on.
    :param sure: it stands alone or is called a page, not at the end of other words.
    """

    page: int
    line: int
    label: str
    value: int
    style: str
    sure: bool
    x: float
    y: float


def read_candidates(page: int, height: float, lines: Sequence[Line], heads: Container[int]) -> list[Candidate]:
    """The numbers in lines at the edge of a page that may be its label; `line` is the place among `lines`.

    :param heads: `id` of the lines that come back on other pages, numbers aside.
    """
    found: list[Candidate] = []
    for place, line in enumerate(lines):
        text = " ".join(line.text.split())
        y = line.baseline if line.baseline < height / 2 else line.baseline - height
        if len(text) > 120:
            continue
        for shapes, sure in ((_SHAPES, True), (_LOOSE if id(line) in heads else (), False)):
            for shape in shapes:
                match = shape.fullmatch(text)
                if match:
                    candidate = _candidate(page, place, match["n"], sure, (line.left + line.right) / 2, y)
                    if candidate and not any(c.label == candidate.label and c.line == place for c in found):
                        found.append(candidate)
    return found


def _candidate(page: int, line: int, label: str, sure: bool, x: float, y: float) -> Candidate | None:
    if label.isdigit():
        return Candidate(page, line, label, int(label), "arabic", sure, x, y)
    prefixed = re.fullmatch(r"([A-Za-z]{1,2}[-–.])(\d{1,4})", label)
    if prefixed:
        return Candidate(page, line, label, int(prefixed[2]), prefixed[1], sure, x, y)
    value = roman_value(label)
    return Candidate(page, line, label, value, "roman", sure, x, y) if value else None


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
    """For each page (1-based index) the number on it that counts on with the pages around it, if there is one.

    A number that stands where other pages have theirs is believed without neighbours.
    """
    by_course: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        by_course[candidate.style, candidate.value - candidate.page].append(candidate)
    longest = max((_length(course) for course in by_course.values()), default=0)
    usual = [place for course in by_course.values() if _length(course) >= max(3, 0.3 * longest) for place in course]
    chosen: dict[int, tuple[tuple[int, bool, int], Candidate]] = {}
    for candidate in candidates:
        course = by_course[candidate.style, candidate.value - candidate.page]
        near = len({other.page for other in course if 0 < abs(other.page - candidate.page) <= REACH})
        placed = any(_same_place(candidate, other) for other in usual if other.page != candidate.page)
        alone = pages == 1 and candidate.value == 1
        if not (near >= (1 if candidate.sure else 2) and (placed or not usual)) and not (
            candidate.sure and (placed or alone)
        ):
            continue
        weight = (min(_length(course), 3 * REACH), candidate.sure, near)
        if candidate.page not in chosen or weight > chosen[candidate.page][0]:
            chosen[candidate.page] = (weight, candidate)
    return {page: candidate for page, (_, candidate) in chosen.items()}


def pair_spreads(chosen: dict[int, Candidate], candidates: Sequence[Candidate]) -> dict[int, tuple[Candidate, ...]]:
    """The numbers of each page: two where most pages show two leaves beside each other ("28" and "29")."""
    pairs: dict[int, tuple[Candidate, ...]] = {}
    for page, one in chosen.items():
        for other in candidates:
            beside = other.page == page and abs(other.y - one.y) < 2 and other.style == one.style
            if beside and other.sure and abs(other.value - one.value) == 1 and abs(other.x - one.x) > LEAF:
                pairs[page] = tuple(sorted((one, other), key=lambda candidate: candidate.value))
    if len(pairs) > 0.6 * len(chosen) and len(pairs) > 2:
        return {page: pairs.get(page, (one,)) for page, one in chosen.items()}
    return {page: (one,) for page, one in chosen.items()}


def _length(course: Sequence[Candidate]) -> int:
    return len({candidate.page for candidate in course})


def _same_place(one: Candidate, other: Candidate) -> bool:
    """Whether two numbers stand at one height, at one end of the line or, as on left and right pages, at either."""
    return abs(one.y - other.y) < SAME_HEIGHT
