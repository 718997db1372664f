"""Tells of a font what layout needs: its name, and whether it is bold, italic or a font of symbols. For glyphs.py."""

from __future__ import annotations

import ctypes
import re
from typing import NamedTuple

import pypdfium2.raw as raw

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|(?<![a-z])bd(?![a-z])", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|(?<![a-z])it(?![a-z])", re.IGNORECASE)
_ORNAMENTS = re.compile(r"wingding|webding|dingbat|bullets", re.IGNORECASE)
_ITALIC_FLAG, _FORCE_BOLD_FLAG = 1 << 6, 1 << 18  # PDF 1.7, table 123


class Typeface(NamedTuple):
    """A font as a reader sees it.

    :param name: without the six letters of a subset.
    :param ornaments: its letters are drawn as bullets, arrows and the like.
    """

    name: str
    bold: bool
    italic: bool
    ornaments: bool = False


class Typefaces:
    """The fonts met in one document, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, Typeface] = {}

    def of(self, text_object: int) -> Typeface:
        """The font of a text object, given by its address."""
        font = raw.FPDFTextObj_GetFont(ctypes.cast(text_object, raw.FPDF_PAGEOBJECT))
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        face = self._known.get(address)
        if face is None:
            face = self._known[address] = _look(font) if font else Typeface("", bold=False, italic=False)
        return face


def _look(font: object) -> Typeface:
    buffer = ctypes.create_string_buffer(256)
    size = raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    name = buffer.raw[: max(0, min(size, 256) - 1)].decode("utf-8", "replace").partition("\x00")[0]
    name = re.sub(r"^[A-Z]{6}\+", "", name)
    flags = max(0, raw.FPDFFont_GetFlags(font))
    return Typeface(
        name,
        bold=bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD_FLAG),
        italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG),
        ornaments=bool(_ORNAMENTS.search(name)),
    )
