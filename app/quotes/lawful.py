"""Reads the changes that a quoting writer may make and must show: ellipses where words are left out, brackets around
words that are put in.

A quotation becomes the runs of words that it takes from its source, and the gaps between them. Whether the runs stand
in a document in that order, near enough, is for `check` to find.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.quotes.wording import Token, tokens, trimmed

MAX_OMITTED_WORDS = 300
"""An ellipsis may leave out about a page: words further apart are two quotations, not one."""
MAX_REPLACED_WORDS = 12
"""Words in brackets may stand for about a line."""


class GapKind(StrEnum):
    """How a writer shows that the words are not all the source's."""

    ELLIPSIS = "ellipsis"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class Gap:
    """A place between two runs where the source may have other words.

    :param start: offset in the quoted words; `end` likewise.
    :param inside: the words in the brackets; empty for an ellipsis.
    """

    kind: GapKind
    start: int
    end: int
    inside: tuple[Token, ...] = ()

    @property
    def most_words(self) -> int:
        """How many words of the source it may stand for."""
        return MAX_OMITTED_WORDS if self.kind is GapKind.ELLIPSIS else MAX_REPLACED_WORDS


@dataclass(frozen=True, slots=True)
class Reading:
    """A quotation as runs of source words and the gaps between them: `len(runs) == len(gaps) + 1`."""

    runs: tuple[tuple[Token, ...], ...]
    gaps: tuple[Gap, ...]


def read_literally(words: str) -> Reading:
    """Every word and mark as the source's own; no runs where there is no word."""
    run = trimmed(tokens(words))
    return Reading((run,) if run else (), ())


def read_lawfully(words: str) -> Reading:
    """Ellipses and brackets as the writer's; equals `read_literally` where there are none."""
    runs: list[tuple[Token, ...]] = []
    gaps: list[Gap] = []
    run: list[Token] = []
    pending: Gap | None = None

    def close_run() -> None:
        nonlocal pending
        if kept := trimmed(tuple(run)):
            if pending is not None and runs:
                gaps.append(pending)
            pending = None
            runs.append(kept)
        run.clear()

    items = tokens(words)
    place = 0
    while place < len(items):
        if (after := _bracketed_letter(items, place)) is not None:
            letter, rest = items[place + 1], items[place + 3]
            run.append(replace(rest, surface=letter.surface + rest.surface, start=items[place].start, case_free=True))
            place = after
        elif (gap_and_after := _gap(items, place)) is not None:
            gap, place = gap_and_after
            close_run()
            # Of two gaps with nothing between them the wider one counts.
            pending = gap if pending is None or gap.most_words > pending.most_words else pending
        else:
            run.append(items[place])
            place += 1
    close_run()
    return Reading(tuple(runs), tuple(gaps))


def _bracketed_letter(items: tuple[Token, ...], place: int) -> int | None:
    """`[t]he`: after which token it ends, or None."""
    four = items[place : place + 4]
    if (
        len(four) == 4
        and four[0].surface == "["
        and four[1].is_word
        and len(four[1].surface) == 1
        and four[2].surface == "]"
        and four[3].is_word
        and four[2].end == four[3].start
    ):
        return place + 4
    return None


def _gap(items: tuple[Token, ...], place: int) -> tuple[Gap, int] | None:
    first = items[place]
    if first.surface in "[(":
        closing = "]" if first.surface == "[" else ")"
        for after in range(place + 1, len(items)):
            if items[after].surface != closing:
                continue
            inside = items[place + 1 : after]
            if inside and all(token.surface == "." for token in inside):
                return Gap(GapKind.ELLIPSIS, first.start, items[after].end), after + 1
            if first.surface == "[":
                return Gap(GapKind.BRACKET, first.start, items[after].end, inside), after + 1
            return None
        return None
    dots = place
    while dots < len(items) and items[dots].surface == ".":
        dots += 1
    if dots - place >= 3:
        return Gap(GapKind.ELLIPSIS, first.start, items[dots - 1].end), dots
    return None
