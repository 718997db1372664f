"""Tells the words that a reader sees from those that are only in the file: white on white, off the page, under a scan.

From glyphs.py, for the way in ingest/extract/pdf.py. Light words are looked for in the picture of the page, since white
on a dark ground is plain to see; invisible words count as seen where a picture of them covers the page (a scan with the
text that was recognized in it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.pdf.glyphs import PageGlyphs, Word, as_shown

SCALE = 2.0
"""Pixels for each point of the picture that light words are looked for in."""

CONTRAST = 20
"""Grey levels (of 256) between the darkest and lightest pixel of a word that can be read."""

COVERED = 0.5
"""Part of the page that pictures cover where the page is a scan."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The words of a page by whether they are seen; `under_scan` says that they were recognized in its picture."""

    visible: list[Word]
    hidden: list[Word]
    under_scan: bool = False


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


def _unread(page: pdfium.PdfPage, glyphs: PageGlyphs) -> set[int]:
    """Places of the light words that leave no trace in the picture of the page."""
    scale = min(SCALE, 4000 / max(glyphs.width, glyphs.height, 1.0))
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    picture = picture[..., 0] if picture.ndim == 3 else picture
    unread = set()
    for place, word in enumerate(glyphs.words):
        if word.doubt != "light":
            continue
        left, top, right, bottom = (round(side * scale) for side in as_shown(word, glyphs.width, glyphs.height))
        part = picture[max(0, top) : bottom + 1, max(0, left) : right + 1]
        if part.size == 0 or int(np.max(part)) - int(np.min(part)) < CONTRAST:
            unread.add(place)
    return unread


def is_blank(page: pdfium.PdfPage) -> bool:
    """Whether nothing is to be seen on the page."""
    width, height = page.get_size()
    picture = page.render(scale=min(0.5, 600 / max(width, height, 1.0)), grayscale=True).to_numpy()
    return bool(int(picture.max()) - int(picture.min()) < CONTRAST)
