"""Reads the words of one page, from its text or, where it has none that can be read, from its picture.

For the way in ingest/extract/pdf.py. A page that gives nothing, or something doubtful, says why.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from statistics import fmean

import pypdfium2 as pdfium

from ingest.extract.limits import ExtractOptions
from ingest.pdf.glyphs import GlyphReader, Word
from ingest.pdf.recognition import RecognitionError, recognize
from ingest.pdf.rules import Rules, read_rules
from ingest.pdf.visibility import is_blank, look, part_overprinted, picture_cover, pictured_lines

_LETTERS = re.compile(r"[^\W\d_]+")

NO_RULES = Rules([], [])

GARBLED = 0.3
"""Part of a page's characters that its fonts may leave unspelled before the page counts as not readable."""

STAMP = 40
"""Characters on a scanned page that are no more than a stamp or a page number laid over the scan."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read on a page.

    :param words: those a reader sees, in the order of the page's content; `hidden` those a reader does not see.
    :param confidence: by `id` of the word, 0–1, where words were read from the picture.
    :param recognized: their mean, or None where the words are the page's own.
    :param width: points, as shown; `height` likewise.
    :param problem: why the page gave no text or a doubtful one.
    :param overprinted: words printed once more over themselves.
    :param rules: the ruled lines, where the page may hold a table.
    """

    words: list[Word]
    hidden: list[Word]
    width: float
    height: float
    confidence: dict[int, float] = field(default_factory=dict)
    recognized: float | None = None
    problem: str | None = None
    rules: Rules = NO_RULES
    overprinted: list[Word] = field(default_factory=list)


def read_page(document: pdfium.PdfDocument, index: int, reader: GlyphReader, options: ExtractOptions) -> PageReading:
    """Read the page with this 1-based index."""
    try:
        page = document[index - 1]
    except pdfium.PdfiumError:
        return PageReading([], [], 0.0, 0.0, problem="the page is damaged and could not be read")
    try:
        width, height = page.get_size()
        if max(width, height) > options.limits.page_points:
            largest = options.limits.page_points
            return PageReading([], [], width, height, problem=f"the page is larger than {largest:,.0f} points")
        return _read(page, reader, options)
    finally:
        page.close()


def _read(page: pdfium.PdfPage, reader: GlyphReader, options: ExtractOptions) -> PageReading:
    glyphs = reader.read(page)
    once, again = part_overprinted(glyphs.words)
    glyphs = glyphs._replace(words=once)
    seen = look(page, glyphs)
    size = glyphs.width, glyphs.height
    length = sum(len(word.text) for word in seen.visible)
    garbled = _is_garbled(seen.visible)
    if not garbled and (length > STAMP or (length and picture_cover(page, glyphs) < 0.6)):
        problem = "its words were recognized in a scan by another program" if seen.under_scan else None
        rules = read_rules(page) if page.get_rotation() == 0 else NO_RULES
        reading = PageReading(seen.visible, seen.hidden, *size, problem=problem, rules=rules, overprinted=again)
        lines = pictured_lines(page)
        return _with_pictured(page, reading, lines, options) if lines else reading
    if not length and is_blank(page):
        return PageReading([], seen.hidden, *size, problem="the page is blank")
    why = "its fonts do not say which characters they show" if garbled else "the page is a picture without text"
    kept = [] if garbled else seen.visible
    if not options.ocr:
        return PageReading(kept, seen.hidden, *size, problem=f"{why}; text recognition is switched off")
    try:
        found = recognize(page, options.ocr_languages)
    except RecognitionError as error:
        return PageReading(kept, seen.hidden, *size, problem=f"{why}; {error}")
    if sum(len(word.text) for word in found.words) <= length and not garbled:
        problem = None if length else "no text was recognized in the page's picture"
        return PageReading(kept, seen.hidden, *size, problem=problem)
    return PageReading(found.words, seen.hidden, *size, found.confidence, found.mean, _doubt(found.mean, why))


def _with_pictured(
    page: pdfium.PdfPage, reading: PageReading, lines: list[tuple[float, float, float, float]], options: ExtractOptions
) -> PageReading:
    """The page with the words that it draws as pictures of lines, read from these."""
    why = "some of its words are drawn as pictures"
    if not options.ocr:
        return replace(reading, problem=f"{why}; text recognition is switched off")
    try:
        found = recognize(page, options.ocr_languages)
    except RecognitionError as error:
        return replace(reading, problem=f"{why}; {error}")
    added = [
        word
        for word in found.words
        if any(_centre_in(word, line) for line in lines)
        and not any(_centre_in(word, (w.left, w.top, w.right, w.bottom)) for w in reading.words)
    ]
    if not added:
        return reading
    confidence = {id(word): found.confidence[id(word)] for word in added}
    mean = fmean(confidence.values())
    words = [*reading.words, *added]
    return replace(reading, words=words, confidence=confidence, recognized=mean, problem=f"{why} and were recognized")


def _centre_in(word: Word, box: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = box
    x, y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return left <= x <= right and top <= y <= bottom


def _doubt(mean: float, why: str) -> str | None:
    """What to say of recognized text: nothing where it was sure."""
    return None if mean >= 0.7 else f"{why}; its words were recognized with little certainty ({mean:.0%})"


def _is_garbled(words: list[Word]) -> bool:
    """Whether too many characters are unknown to the fonts, private or replaced."""
    length = sum(len(word.text) for word in words)
    lost = sum(
        sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in word.text) for word in words if not word.text.isascii()
    )
    guessed = [word.text for word in words if word.unmapped]
    lost += sum(map(len, guessed)) if guessed and not _reads_as_words(guessed) else 0
    return length > 0 and lost > GARBLED * length


def _reads_as_words(guessed: list[str]) -> bool:
    """Whether characters that pdfium guessed from a font's own numbering spell words.

    Nearly every run of two or more letters is of one script and has a plain shape (Word, word or WORD).
    """
    runs = [run for text in guessed for run in _LETTERS.findall(text)]
    plain = sum(len(run) for run in runs if run in (run.lower(), run.upper(), run.capitalize()) and _one_script(run))
    return plain > 0.9 * sum(map(len, guessed)) - sum(c.isdigit() or c in ".,;:()-/%" for t in guessed for c in t)


def _one_script(run: str) -> bool:
    return len({unicodedata.name(letter, "?").partition(" ")[0] for letter in run}) == 1
