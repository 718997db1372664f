"""Makes the W3C Web Annotation selectors of a span, so that its words can be found again in the text they stand in.

Invariant: `prefix + exact + suffix` stands exactly once in the canonical text.
"""

from __future__ import annotations

from app.models import TextPositionSelector, TextQuoteSelector

CONTEXT_CODE_POINTS = 32
"""As other annotation tools take them; lengthened only where the same words stand twice with the same surroundings."""


def selectors(text: str, start: int, end: int) -> list[TextQuoteSelector | TextPositionSelector]:
    """The quote and the position selector of `text[start:end]`.

    :param text: the canonical text; `start` and `end` are offsets of it.
    """
    length = CONTEXT_CODE_POINTS
    prefix_start, suffix_end = max(0, start - length), min(len(text), end + length)
    while not stands_once(text, prefix_start, suffix_end):
        length *= 2
        prefix_start, suffix_end = max(0, start - length), min(len(text), end + length)
    return [
        TextQuoteSelector(exact=text[start:end], prefix=text[prefix_start:start], suffix=text[end:suffix_end]),
        TextPositionSelector(start=start, end=end),
    ]


def stands_once(text: str, start: int, end: int) -> bool:
    """Whether the words of `text[start:end]` stand nowhere else in the text, not even overlapping themselves."""
    words = text[start:end]
    return text.find(words) == start and text.find(words, start + 1) == -1
