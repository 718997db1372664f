"""Draws the picture of a page with the words of a span outlined on it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw

from corpus.documents import Box, Document, Page, Span
from ingest.extract.picture import render_page

_FILL = (255, 214, 0, 70)
_OUTLINE = (160, 110, 0, 255)
_MARGIN_POINTS = 1.5


def page_picture(source: Path, document: Document, page: Page, highlight: Span | None) -> bytes:
    """The page as PNG.

    :param document: with its boxes, when words are to be outlined.
    :param highlight: canonical span; what of it stands on this page is outlined.
    :raises ingest.extract.draft.SourceError: when the source has no such page or cannot be drawn.
    """
    picture = render_page(source, page.index)
    boxes = list(_boxes(document, page, highlight)) if highlight else []
    if not boxes:
        return picture
    image = Image.open(io.BytesIO(picture)).convert("RGBA")
    scale = image.width / page.width if page.width else 1.0
    overlay = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(overlay)
    for left, top, right, bottom in _lines(boxes):
        corners = (left - _MARGIN_POINTS, top - _MARGIN_POINTS, right + _MARGIN_POINTS, bottom + _MARGIN_POINTS)
        draw.rectangle([corner * scale for corner in corners], _FILL, _OUTLINE, width=max(1, round(scale)))
    out = io.BytesIO()
    Image.alpha_composite(image, overlay).convert("RGB").save(out, "PNG")
    return out.getvalue()


def _boxes(document: Document, page: Page, highlight: Span) -> Iterator[Box]:
    """The boxes on this page that hold words of the span."""
    for block in document.blocks:
        if not block.span.overlaps(highlight):
            continue
        for box in block.boxes:
            if box.page == page.index and Span(box.start, box.end).overlaps(highlight):
                yield box


def _lines(boxes: Iterable[Box]) -> Iterator[tuple[float, float, float, float]]:
    """Neighbouring boxes of one line as one rectangle."""

    def line(box: Box) -> tuple[int, int]:
        return round(box.top / 4), round(box.bottom / 4)

    for _, run in groupby(boxes, key=line):
        group = list(run)
        yield (
            min(box.left for box in group),
            min(box.top for box in group),
            max(box.right for box in group),
            max(box.bottom for box in group),
        )
