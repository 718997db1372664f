"""Finds the quotations in a draft: what stands between quotation marks, in any of their forms, and block quotations.

Offsets named `start` and `end` count code points of the draft. A quotation is what stands inside its marks; marks
inside it belong to it. A mark without its partner is passed over, so that it never swallows the rest of a draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import regex

from corpus.errors import VerbatimError

MAX_QUOTATION = 20_000
"""Code points: a longer stretch between two marks is two stray marks, not a quotation."""

MAX_QUOTATIONS = 2_000
"""Of one draft: some 300 pages of them."""
MAX_STRAY_MARKS = 1_000
"""Opening marks without a partner: a draft with more is no text, and looking for partners would take for ever."""

_MOST_MARKS_INSIDE = 500

_PAIRS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’",
    "‚": "‘’",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "＂": "＂",
    '"': '"',
    "'": "'",
}
_SINGLE = "‘’'‚"
_BLOCK = regex.compile(r"(?m)^(?:[ \t]{0,3}>[^\n]*(?:\n|\Z))+")
_BLOCK_PREFIX = regex.compile(r"(?m)^[ \t]{0,3}>[ \t]?")
_ATTRIBUTION_LINE = regex.compile(r"^\s*(?:[—–―-]{1,2}\s|\()")


class DraftError(VerbatimError):
    """A draft that cannot be searched for quotations."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation as the draft has it.

    :param start: offset in the draft of its first character inside the marks; `end` after the last.
    :param text: equals `draft[start:end]`.
    :param opening: the mark that opens it, or ">" for a block quotation.
    :param words: the text to compare: as `text`, with a block quotation's line prefixes taken off.
    """

    start: int
    end: int
    text: str
    opening: str
    words: str


def find_quotations(draft: str, blocks: tuple[tuple[int, int], ...] = ()) -> tuple[Quotation, ...]:
    """Every quotation of a draft, in order, none inside another.

    :param blocks: spans of the draft that its file marks as block quotations (a style in a word processor).
    :raises DraftError: when it is no text but a heap of marks, or has too many quotations.
    """
    found: list[Quotation] = []
    taken: list[tuple[int, int]] = []
    for start, end in sorted({*blocks, *((match.start(), match.end()) for match in _BLOCK.finditer(draft))}):
        taken.append((start, end))
        if (quotation := _block_quotation(draft, start, end)) is not None:
            found.append(quotation)
    for paragraph_start, paragraph_end in _outside(taken, len(draft)):
        found += _marked_quotations(draft, paragraph_start, paragraph_end)
    if len(found) > MAX_QUOTATIONS:
        raise DraftError(
            f"The draft has {len(found):,} quotations, and at most {MAX_QUOTATIONS:,} are checked at once",
            "Send it in parts",
        )
    return tuple(sorted(found, key=lambda quotation: quotation.start))


def _outside(taken: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    place = 0
    for start, end in taken:
        if place < start:
            yield place, start
        place = max(place, end)
    if place < length:
        yield place, length


def _block_quotation(draft: str, start: int, end: int) -> Quotation | None:
    """The quoted lines of a block, without a last line that names where they come from."""
    lines = draft[start:end].splitlines(keepends=True)
    while lines and (
        not _BLOCK_PREFIX.sub("", lines[-1]).strip() or _ATTRIBUTION_LINE.match(_BLOCK_PREFIX.sub("", lines[-1]))
    ):
        end -= len(lines.pop())
    prefix = _BLOCK_PREFIX.match(draft, start)
    start = prefix.end() if prefix and prefix.end() <= end else start
    while start < end and draft[start].isspace():
        start += 1
    while end > start and draft[end - 1].isspace():
        end -= 1
    if end - start >= 2 and draft[end - 1] in _PAIRS.get(draft[start], ""):
        start, end = start + 1, end - 1
    if start >= end:
        return None
    text = draft[start:end]
    return Quotation(start, end, text, ">", _BLOCK_PREFIX.sub("", text))


def _marked_quotations(draft: str, start: int, end: int) -> Iterator[Quotation]:
    place = start
    stray = 0
    while place < end:
        mark = draft[place]
        if mark == "<" and draft.startswith("<<", place):
            double = draft.find(">>", place + 2, min(end, place + MAX_QUOTATION))
            if double > 0:
                yield _quotation(draft, place + 2, double, "<<")
                place = double + 2
                continue
        if mark in _PAIRS and _opens(draft, place):
            closing = _closing(draft, place, end)
            if closing is not None and draft[place + 1 : closing].strip():
                yield _quotation(draft, place + 1, closing, mark)
                place = closing
            elif (stray := stray + 1) > MAX_STRAY_MARKS:
                raise DraftError(
                    f"The draft has over {MAX_STRAY_MARKS:,} quotation marks that nothing closes",
                    "Check that it is a text, and send it in parts if it is one",
                )
        place += 1


def _quotation(draft: str, start: int, end: int, opening: str) -> Quotation:
    while start < end and draft[start].isspace():
        start += 1
    while end > start and draft[end - 1].isspace():
        end -= 1
    return Quotation(start, end, draft[start:end], opening, draft[start:end])


def _opens(draft: str, place: int) -> bool:
    """Whether a mark can open: straight ones, and those that some languages close with, only before a word."""
    mark = draft[place]
    if mark in "“„«‹‚「『〝":
        return True
    before = draft[place - 1] if place else " "
    after = draft[place + 1] if place + 1 < len(draft) else " "
    return not after.isspace() and not before.isalnum() and (before.isspace() or not _is_closing_punctuation(before))


def _is_closing_punctuation(character: str) -> bool:
    return character in ".,;:!?)]}…"


def _closing(draft: str, opening: int, end: int) -> int | None:
    """Where the quotation that opens here closes: the partner of its mark at the same depth, or None.

    A quotation may run over paragraphs when each of them opens with the mark again, as printers do it.
    """
    mark = draft[opening]
    partners = _PAIRS[mark]
    limit = min(end, opening + MAX_QUOTATION)
    depth = 0
    fallback: int | None = None
    continued_at = -1
    for match in islice(_marks_and_breaks(mark).finditer(draft, opening + 1, limit), _MOST_MARKS_INSIDE):
        place, character = match.start(), match.group()[0]
        if place == continued_at:
            continue
        if character == "\n":
            continued_at = match.end()
            if continued_at >= limit or draft[continued_at] != mark or mark in partners:
                return fallback
        elif mark in _SINGLE:
            if character in partners and _closes_single(draft, place):
                if not _may_be_apostrophe(draft, place):
                    return place
                fallback = fallback if fallback is not None else place
            elif character == mark and mark != "'" and fallback is not None:
                return fallback
        elif character in partners:
            if depth == 0:
                return place
            depth -= 1
        elif character == mark:
            depth += 1
    return fallback


@lru_cache(maxsize=len(_PAIRS))
def _marks_and_breaks(mark: str) -> regex.Pattern[str]:
    return regex.compile(rf"[{regex.escape(mark + _PAIRS[mark])}]|\n[ \t]*\n\s*")


def _closes_single(draft: str, place: int) -> bool:
    """A single mark closes unless a letter follows it: then it is an apostrophe."""
    after = draft[place + 1] if place + 1 < len(draft) else " "
    return not after.isalnum() and not draft[place - 1].isspace()


def _may_be_apostrophe(draft: str, place: int) -> bool:
    """`workers’ rights`: a mark after an s with a word behind it may be a possessive; a later partner is preferred."""
    after = draft[place + 1 : place + 3]
    return draft[place - 1] in "sSzZxX" and len(after) == 2 and after[0] == " " and after[1].islower()
