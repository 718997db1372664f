"""Tells the words that a reader sees from those that are only in the file: white on white, off the page, under a scan.

From glyphs.py, for the way in ingest/extract/pdf.py. Light words are looked for in the picture of the page, since white
on a dark ground is plain to see; invisible words count as seen where a picture of them covers the page (a scan with the
text that was recognized in it).
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.pdf.glyphs import LIGHT, PageGlyphs, Word, as_shown

SCALE = 2.0
"""Pixels for each point of the picture that light words are looked for in."""

CONTRAST = 20
"""Grey levels (of 256) between the darkest and lightest pixel of a word that can be read."""

LOWEST, HIGHEST, LONG = 4.0, 24.0, 30.0
"""Points: height of a picture of a line of text, and the length that three of them have at least."""

OVERPRINT = 0.6
"""Part of its breadth that a word shares with its second printing; a shadow is set off by a point or two."""

COVERED = 0.5
"""Part of the page that pictures cover where the page is a scan."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The words of a page by whether they are seen; `under_scan` says that they were recognized in its picture."""

    visible: list[Word]
    hidden: list[Word]
    under_scan: bool = False


def part_overprinted(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """The words as a reader sees them, and those that are printed once more over the same word, as for a bold look."""
    if len({(word.text, int(word.left / 3), int(word.baseline / 3)) for word in words}) == len(words):
        return words, []  # the usual case, told quickly: of overprinted words some fall into one cell
    seen: dict[tuple[str, int], list[Word]] = {}
    once: list[Word] = []
    again: list[Word] = []
    for word in words:
        line = round(word.baseline)
        near = [other for step in (-1, 0, 1) for other in seen.get((word.text, line + step), ())]
        (again if any(_lies_over(word, other) for other in near) else once).append(word)
        seen.setdefault((word.text, line), []).append(word)
    return once, again


def _lies_over(word: Word, other: Word) -> bool:
    """Whether two equal words share most of their breadth: side by side they would share none."""
    shared = min(word.right, other.right) - max(word.left, other.left)
    return shared > OVERPRINT * min(word.right - word.left, other.right - other.left)


def look(page: pdfium.PdfPage, glyphs: PageGlyphs) -> Seen:
    """Sort the words of an open page."""
    doubts = {word.doubt for word in glyphs.words}
    if doubts <= {None}:
        return Seen(glyphs.words, [])
    under_scan = "invisible" in doubts and picture_cover(page, glyphs) >= COVERED
    unread = _unread(page, glyphs) if "light" in doubts else set()
    visible: list[Word] = []
    hidden: list[Word] = []
    for place, word in enumerate(glyphs.words):
        shown = (
            word.doubt is None
            or (word.doubt == "light" and place not in unread)
            or (word.doubt == "invisible" and under_scan)
        )
        (visible if shown else hidden).append(word)
    return Seen(visible, hidden, under_scan)


def picture_cover(page: pdfium.PdfPage, glyphs: PageGlyphs) -> float:
    """Part of the page, 0–1, that its largest picture or many strips of one cover."""
    area = 0.0
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        area += max(0.0, right - left) * max(0.0, top - bottom)
    return min(1.0, area / max(1.0, glyphs.width * glyphs.height))


def pictured_lines(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    """Boxes (left, top, right, bottom, in points) of pictures as low and long as lines of text.

    Office programs draw words as pictures where they may not embed the font. None on a turned page.
    """
    if page.get_rotation():
        return []
    bounds = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, bounds)
    sides = [ctypes.c_float() for _ in range(4)]
    lines = []
    for place in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, place)
        if raw.FPDFPageObj_GetType(item) != raw.FPDF_PAGEOBJ_IMAGE:
            continue
        raw.FPDFPageObj_GetBounds(item, *sides)
        left, bottom, right, top = (side.value for side in sides)
        if LOWEST < top - bottom < HIGHEST and right > left:
            lines.append((left - bounds.left, bounds.top - top, right - bounds.left, bounds.top - bottom))
    long = sum(right - left > LONG for left, _, right, _ in lines)
    return lines if long >= 3 else []


def _unread(page: pdfium.PdfPage, glyphs: PageGlyphs) -> set[int]:
    """Places of the light words that have no darker ground under them.

    A box filled with a colour is ground enough; over pictures, the picture of the page is looked at.
    """
    light = [place for place, word in enumerate(glyphs.words) if word.doubt == "light"]
    if page.get_rotation():
        return _without_trace(page, glyphs, light)
    grounds = _grounds(page)
    unsure = [place for place in light if not _lies_on(glyphs.words[place], grounds, glyphs, colours=True)]
    doubtful = [place for place in unsure if _lies_on(glyphs.words[place], grounds, glyphs, colours=False)]
    unread = set(unsure) - set(doubtful)
    return unread | (_without_trace(page, glyphs, doubtful) if doubtful else set())


class _Ground(NamedTuple):
    """Something drawn on the page, as shown; `colour` is it being a box filled with a colour that is not light."""

    left: float
    top: float
    right: float
    bottom: float
    colour: bool


def _grounds(page: pdfium.PdfPage) -> list[_Ground]:
    bounds = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, bounds)
    grounds = []
    sides = [ctypes.c_float() for _ in range(4)]
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    for place in range(raw.FPDFPage_CountObjects(page.raw)):
        item = raw.FPDFPage_GetObject(page.raw, place)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        colour = False
        if kind == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPath_GetDrawMode(item, mode, stroked)
            raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
            if not mode.value or min(red.value, green.value, blue.value) >= LIGHT or alpha.value < 30:
                continue
            colour = True
        raw.FPDFPageObj_GetBounds(item, *sides)
        left, bottom, right, top = (side.value for side in sides)
        grounds.append(_Ground(left - bounds.left, bounds.top - top, right - bounds.left, bounds.top - bottom, colour))
    return grounds


def _lies_on(word: Word, grounds: list[_Ground], glyphs: PageGlyphs, *, colours: bool) -> bool:
    left, top, right, bottom = as_shown(word, glyphs.width, glyphs.height)
    x, y = (left + right) / 2, (top + bottom) / 2
    return any(
        ground.colour is colours and ground.left <= x <= ground.right and ground.top <= y <= ground.bottom
        for ground in grounds
    )


def _without_trace(page: pdfium.PdfPage, glyphs: PageGlyphs, places: list[int]) -> set[int]:
    """Those of the words that leave no trace in the picture of the page."""
    scale = min(SCALE, 1500 / max(glyphs.width, glyphs.height, 1.0))
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    picture = picture[..., 0] if picture.ndim == 3 else picture
    unread = set()
    for place in places:
        sides = as_shown(glyphs.words[place], glyphs.width, glyphs.height)
        left, top, right, bottom = (round(side * scale) for side in sides)
        part = picture[max(0, top) : bottom + 1, max(0, left) : right + 1]
        if part.size == 0 or int(np.max(part)) - int(np.min(part)) < CONTRAST:
            unread.add(place)
    return unread


def is_blank(page: pdfium.PdfPage) -> bool:
    """Whether nothing is to be seen on the page."""
    width, height = page.get_size()
    picture = page.render(scale=min(0.5, 600 / max(width, height, 1.0)), grayscale=True).to_numpy()
    return bool(int(picture.max()) - int(picture.min()) < CONTRAST)
