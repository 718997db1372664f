"""Counts the automatic numbers of a Word document as Word prints them: "12.", "(b)", "1.2".

Word stores which list and level a paragraph belongs to and how that level is written, never the number itself; United
Nations reports number their paragraphs so. For `ingest.extract.docx`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.extract.numerals import numeral

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NOT_COUNTED = ("bullet", "none")
_STYLES = {
    "lowerLetter": "a",
    "upperLetter": "A",
    "lowerRoman": "i",
    "upperRoman": "I",
}
DEEPEST_LEVEL = 9


@dataclass(frozen=True, slots=True)
class _Level:
    style: str
    text: str
    start: int


@dataclass(slots=True)
class WordNumbers:
    """The lists of one document and how far each has been counted."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: _Element | None) -> WordNumbers:
        """Read the part `word/numbering.xml`, which a document without lists lacks."""
        numbers = cls()
        if root is None:
            return numbers
        for abstract in root.iter(f"{W}abstractNum"):
            for level in abstract.iter(f"{W}lvl"):
                key = (abstract.get(f"{W}abstractNumId", ""), _whole(level.get(f"{W}ilvl")))
                numbers.levels[key] = _Level(
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _whole(_value(level, "start"), 1),
                )
        for number in root.iter(f"{W}num"):
            list_id = number.get(f"{W}numId", "")
            numbers.abstract_of[list_id] = _value(number, "abstractNumId") or ""
            for override in number.iter(f"{W}lvlOverride"):
                start = _value(override, "startOverride")
                if start is not None:
                    numbers.starts[list_id, _whole(override.get(f"{W}ilvl"))] = _whole(start, 1)
        return numbers

    def is_list(self, list_id: str) -> bool:
        """Whether the id names a list; "0" takes a paragraph out of the list of its style."""
        return list_id != "0" and list_id in self.abstract_of

    def next(self, list_id: str, depth: int) -> str | None:
        """Count one paragraph and give its number as it is cited ("12", "b", "1.2"), or None for a bullet."""
        depth = min(max(depth, 0), DEEPEST_LEVEL - 1)
        abstract = self.abstract_of[list_id]
        counts = self.counts.setdefault(abstract, [0] * DEEPEST_LEVEL)
        level = self.levels.get((abstract, depth), _Level("bullet", "", 1))
        if list_id not in self.begun:
            self.begun.add(list_id)
            for (of, at), start in self.starts.items():
                if of == list_id:
                    counts[at] = start - 1
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (DEEPEST_LEVEL - depth - 1)
        if level.style in _NOT_COUNTED or not level.text:
            return None

        def printed(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            shown = self.levels.get((abstract, at), level)
            return numeral(counts[at] or shown.start, _STYLES.get(shown.style, "1"))

        return re.sub(r"%([1-9])", printed, level.text).strip().strip("()[].:;–- ").strip() or None


def _value(element: _Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _whole(value: str | None, otherwise: int = 0) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value) else otherwise
