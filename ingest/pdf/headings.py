"""Tells which paragraphs are headings, and of which level: by the outline, by type size and weight.

From paragraphs.py and pdf_file.py, for blocks.py.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from ingest.pdf.markers import named_at
from ingest.pdf.paragraphs import Paragraph, ended
from ingest.pdf.pdf_file import OutlineEntry

LARGER = 1.08
"""Type larger than the running text by this factor is a heading's."""

LONGEST = 240
"""Characters of the longest heading."""

_LETTERS = re.compile(r"[^\W\d_]")


def find_headings(paragraphs: Sequence[Paragraph], outline: Sequence[OutlineEntry], body_size: float) -> dict[int, int]:
    """By place among `paragraphs`, the level (1–6) of each one that is a heading."""
    by_outline = _by_outline(paragraphs, outline)
    styles: dict[int, tuple[float, bool, bool]] = {}
    for place, paragraph in enumerate(paragraphs):
        if place in by_outline or looks_like_heading(paragraph, body_size):
            text = plain_text(paragraph)
            styles[place] = (-round(paragraph.size * 2) / 2, not paragraph.bold, not text.isupper())
    ranks = {style: rank for rank, style in enumerate(sorted(set(styles.values())), 1)}
    return {place: min(6, by_outline.get(place, ranks[style])) for place, style in styles.items()}


def looks_like_heading(paragraph: Paragraph, body_size: float) -> bool:
    """Whether it is short and set larger than the running text, or bold, or in capitals, and no sentence."""
    text = plain_text(paragraph)
    if paragraph.table or len(text) > LONGEST or not _LETTERS.search(text) or len(paragraph.lines) > 5:
        return False
    named = named_at(text)
    if named and len(text) - named.end() < 3:
        return True  # "Article 7" on a line of its own
    if paragraph.size > LARGER * body_size:
        return len(text) > 1
    if paragraph.size < 0.93 * body_size or len(paragraph.lines) > 3:
        return False
    if text[-1] in ",;" or (ended(text) and text[-1] not in ":?" and len(text) > 60):
        return False
    letters = "".join(_LETTERS.findall(text))
    return paragraph.bold or (letters.isupper() and letters == _cased(letters) and 3 < len(letters) < 120)


def _cased(letters: str) -> str:
    return "".join(letter for letter in letters if letter.lower() != letter.upper())


def _by_outline(paragraphs: Sequence[Paragraph], outline: Sequence[OutlineEntry]) -> dict[int, int]:
    """Paragraphs whose words are those of an outline entry that opens their page."""
    by_page: dict[int, list[OutlineEntry]] = defaultdict(list)
    for entry in outline:
        if entry.page is not None:
            by_page[entry.page].append(entry)
    levels = {}
    for place, paragraph in enumerate(paragraphs):
        entries = by_page.get(paragraph.page)
        if not entries:
            continue
        words = _squeezed(plain_text(paragraph))
        if not words:
            continue
        for entry in entries:
            title = _squeezed(entry.title)
            if words == title or (_ends_alike(words, title) and abs(len(words) - len(title)) < 12):
                levels[place] = entry.level
                break
    return levels


def _ends_alike(words: str, title: str) -> bool:
    return len(words) > 5 and (title.endswith(words) or words.endswith(title))


def _squeezed(text: str) -> str:
    return "".join(_LETTERS.findall(text)).casefold()


def plain_text(paragraph: Paragraph) -> str:
    """Its lines with a space between them, nothing mended."""
    return " ".join(line.text for line in paragraph.lines)
