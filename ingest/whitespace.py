"""Puts a block's words into canonical form and says where each of its offsets went.

Canonical form: Unicode NFC; a line break that the author made is one `\\n`, any other white space one space, none at
either end; no control characters, soft hyphens or byte order marks; a lone surrogate, which no encoding can hold,
becomes U+FFFD. For `ingest.canonical`; the invariant is that offsets stay in order and inside the text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass

_LINE_BREAKS = frozenset("\n\v\f\r\x85\u2028\u2029")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\ufeff]")
# What `str.isspace` calls white space, other than the plain space and the line feed.
_ODD_SPACE = "\t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNTIDY = re.compile(rf"[{_ODD_SPACE}\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\ufeff\ud800-\udfff]|[ \n][ \n]")


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where offsets of the text as read stand in its canonical form, within the same block.

    :param length: code points of the canonical form.
    :param lead: code points cut off the front.
    :param starts: for each offset as read, the start of the canonical character it falls in; None where every offset
        only moves by `lead`.
    :param ends: likewise, the end of the canonical characters that the text before the offset became.
    """

    length: int
    lead: int
    starts: array[int] | None = None
    ends: array[int] | None = None

    def before(self, offset: int) -> int:
        """The canonical offset that has nothing behind it that stood before `offset`, save a composed character."""
        return self._at(self.starts, offset)

    def after(self, offset: int) -> int:
        """The canonical offset that has nothing before it that stood behind `offset`, save a composed character."""
        return self._at(self.ends, offset)

    def _at(self, table: array[int] | None, offset: int) -> int:
        if table is not None:
            offset = table[min(max(offset, 0), len(table) - 1)]
        return min(max(offset - self.lead, 0), self.length)


def canonical_form(text: str) -> tuple[str, OffsetMap]:
    """Give the text in canonical form, possibly empty, and the map of its offsets."""
    starts = ends = None
    if _UNTIDY.search(text):
        text, starts = _tidied(text)
        ends = starts
    if not unicodedata.is_normalized("NFC", text):
        text, composed_starts, composed_ends = _composed(text)
        starts = array("l", (composed_starts[offset] for offset in starts)) if starts else composed_starts
        ends = array("l", (composed_ends[offset] for offset in ends)) if ends else composed_ends
    stripped = text.strip(" \n")
    lead = len(text) - len(text.lstrip(" \n")) if stripped else 0
    return stripped, OffsetMap(len(stripped), lead, starts, ends)


def _tidied(text: str) -> tuple[str, array[int]]:
    kept: list[str] = []
    places = array("l")
    for character in text:
        places.append(len(kept))
        if character.isspace():
            space = "\n" if character in _LINE_BREAKS else " "
            if kept and kept[-1] in " \n":
                # A run of white space is one character: a line break if there is one in it.
                if space == "\n":
                    kept[-1] = "\n"
                places[-1] = len(kept) - 1
            else:
                kept.append(space)
        elif "\ud800" <= character <= "\udfff":
            kept.append("\ufffd")
        elif not _DROPPED.match(character):
            kept.append(character)
    places.append(len(kept))
    return "".join(kept), places


def _composed(text: str) -> tuple[str, array[int], array[int]]:
    """NFC, cluster by cluster: no composition reaches over a character that is neither a mark nor a Hangul vowel."""
    clusters = _clusters(text)
    forms = [unicodedata.normalize("NFC", cluster) for cluster in clusters]
    whole = unicodedata.normalize("NFC", text)
    if "".join(forms) != whole:
        clusters, forms = [text], [whole]
    starts, ends = array("l"), array("l", [0])
    length = 0
    for cluster, form in zip(clusters, forms, strict=True):
        same = len(cluster) == len(form)
        for place in range(len(cluster)):
            starts.append(length + place if same else length)
            ends.append(length + place + 1 if same else length + len(form))
        length += len(form)
    starts.append(length)
    return whole, starts, ends


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    first = 0
    for place, character in enumerate(text):
        joins = unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"
        if place > first and not joins:
            clusters.append(text[first:place])
            first = place
    clusters.append(text[first:])
    return clusters
