"""How much a source file may ask of the machine before it is refused by name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one source file.

    :param bytes: size of the file.
    :param unpacked_bytes: size of what a container (DOCX, ODT, EPUB, zip) unpacks to.
    :param pages: pages of a PDF.
    :param characters: code points of the canonical text.
    :param page_points: longest side of a page in points (14,400 is the 200 inches that PDF 1.7 allows).
    """

    bytes: int = 200 * 2**20
    unpacked_bytes: int = 500 * 2**20
    pages: int = 5_000
    characters: int = 20_000_000
    page_points: float = 14_400.0


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """What the person may say about how a file is to be read.

    :param password: for an encrypted PDF.
    :param ocr_languages: Tesseract language codes for pages without text, in order of preference.
    :param ocr: False leaves pages without text unread (and reports them).
    """

    password: str | None = None
    ocr_languages: tuple[str, ...] = ("eng", "fra", "spa")
    ocr: bool = True
    limits: Limits = Limits()
