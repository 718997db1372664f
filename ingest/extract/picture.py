"""Draws the picture of a PDF's page, for the page that shows a quote in its place.

Safe to call from several threads: pdfium is held while it works.
"""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium

from ingest.extract.draft import SourceError
from ingest.pdf.pdf_file import open_pdf

LARGEST = 20_000_000
"""Pixels of the largest picture; a larger page is drawn with fewer dots per inch."""


def render_page(path: Path, index: int, dpi: float = 150.0, password: str | None = None) -> bytes:
    """The page as PNG, as it is shown (rotation applied).

    :param index: 1-based.
    :param dpi: dots per inch; fewer where the picture would pass `LARGEST` pixels.
    :raises SourceError: the file cannot be read or has no such page.
    """
    with open_pdf(path, password) as document:
        if not 1 <= index <= len(document):
            raise SourceError(f"{path.name!r} has {len(document)} pages, no page {index}", "Ask for one it has")
        try:
            page = document[index - 1]
        except pdfium.PdfiumError as error:
            raise SourceError(f"page {index} of {path.name!r} is damaged and cannot be drawn") from error
        try:
            return draw(page, dpi)
        finally:
            page.close()


def draw(page: pdfium.PdfPage, dpi: float) -> bytes:
    """An open page as PNG."""
    image = page.render(scale=bounded_scale(page, dpi)).to_pil()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def bounded_scale(page: pdfium.PdfPage, dpi: float) -> float:
    """Pixels for each point, so that the picture has at most `LARGEST` pixels."""
    width, height = page.get_size()
    return float(min(dpi / 72, (LARGEST / max(width * height, 1.0)) ** 0.5))
