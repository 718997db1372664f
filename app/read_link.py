"""Links to words in a document that find them again: by place, and by digest when a new edition has moved them.

A link carries the words' offsets, their beginning and their digest. What it marks is exactly those words, or nothing:
a wrong mark is worse than none.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from urllib.parse import quote, urlencode

from corpus.documents import Document, Span

BEGINNING = 24
"""Code points of the words' beginning that a link carries, to look for them where they have moved."""
DIGEST = 16
"""Hexadecimal digits of the words' sha256 that a link carries."""

_MOST_PLACES = 2_000
"""Places with the same beginning that are looked at, so that no link costs more than a moment."""


class Whereabouts(StrEnum):
    """What became of the words that a link means."""

    THERE = "there"
    MOVED = "moved"
    GONE = "gone"


def read_link(document: Document, start: int, end: int) -> str:
    """The address of the page that shows these words in their document.

    :param start: canonical offset; `end` likewise.
    """
    words = document.text[start:end]
    means = {"start": start, "end": end, "begins": words[:BEGINNING], "sha256": _digest(words)}
    return f"/read/{quote(document.metadata.id, safe='')}?{urlencode(means)}#quote"


def find_words(text: str, start: int, end: int, begins: str, sha256: str) -> tuple[Span | None, Whereabouts]:
    """The span of the words that a link means: where it says, or else the nearest place where the same words stand.

    :param text: the canonical text.
    :param sha256: first digits of the words' digest; empty for a link without one, which means its offsets.
    """
    if not 0 <= start < end:
        return None, Whereabouts.GONE
    if end <= len(text) and (not sha256 or _digest(text[start:end]) == sha256):
        return Span(start, end), Whereabouts.THERE
    if not sha256 or not begins:
        return None, Whereabouts.GONE
    length = end - start
    if len(begins) < min(BEGINNING, length):
        return None, Whereabouts.GONE
    places = []
    place = text.find(begins)
    for _ in range(_MOST_PLACES):
        if place < 0:
            break
        if _digest(text[place : place + length]) == sha256:
            places.append(place)
        place = text.find(begins, place + 1)
    if not places:
        return None, Whereabouts.GONE
    nearest = min(places, key=lambda place: abs(place - start))
    return Span(nearest, nearest + length), Whereabouts.MOVED


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:DIGEST]
