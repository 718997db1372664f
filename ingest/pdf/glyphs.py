"""Makes the words of a page, with where and how each is set, from the characters that pdfium finds on it.

pdfium gives characters in the order of the page's content, in logical order within a line, with spaces where it saw
gaps. A call to pdfium costs about 0.4 µs, so only the first and last character of each run without white space are
measured; runs that may hold more than one word or size (digits and note marks, Chinese and Japanese, runs wider than
their characters) are measured character by character. The invariant: every visible character is in exactly one word.
"""

from __future__ import annotations

import ctypes
import math
import re
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.pdf.characters import clean, is_cjk
from ingest.pdf.typefaces import Typeface, Typefaces

LIGHT = 225
"""Every channel at or above this: the text may be white on white (light.py looks at the picture of the page)."""

TINY = 1.5
"""Type of fewer points than this is not read by eye."""

ORNAMENT = "▪"
"""Stands for what a font of ornaments draws in the place of a letter."""

SLANT = 0.08
"""Part of a quarter turn (7 degrees) from which text counts as slanted; scans laid under pictures lean less."""

_RUN = re.compile("[^\\s\ufffe\x00-\x1f]+\ufffe?|\ufffe")
_CLOSED = re.compile(r"[)\]][.,;:]+")
"""A bracket that may close a note's marker, and the stop behind it, which the marker does not take with it."""

_MEASURED = re.compile(
    "[*†‡§¶#⁰¹²³⁴-⁹⁽⁾]|[.·…_]{4}|[^\\W\\d_][^\\W_]*\\d|[)\\].,;:!?”’»\"'%]+\\d|\\d{2}|\\d[.,;:)]|^\\(?\\d"
)

VOWEL_MARK = re.compile("[\u064b-\u065f\u0670]")

SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")

LIFT = 0.2
"""A figure whose foot stands this part of the type's height above the baseline is a raised one, drawn by the font."""


class Word(NamedTuple):
    """Characters of one size on one line with no white space between them.

    :param left: points from the left edge of the page turned so that the word reads upright (see `turn`); likewise
        `top`, `right`, `bottom` and `baseline`, growing to the right and downwards.
    :param size: type size in points.
    :param glued: no white space stands between the word before it, in the order of the page's content, and this one.
    :param turn: quarter turns clockwise from the shown page to the frame in which the word reads upright.
    :param slanted: it stands at an angle that is no quarter turn, as watermarks do.
    :param doubt: why the word may not be visible ("light", "outside", "invisible", "tiny"), or None.
    :param unmapped: the font does not say which characters these are.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    face: Typeface
    glued: bool
    turn: int
    slanted: bool
    doubt: str | None
    unmapped: bool


class PageGlyphs(NamedTuple):
    """The words of a page in the order of its content, and its size in points as it is shown."""

    words: list[Word]
    width: float
    height: float


def _call(function: Any, result: Any, *arguments: Any) -> Any:
    """A pdfium function that takes pointers as plain integers, which ctypes passes fastest."""
    return ctypes.CFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value)  # type: ignore[arg-type]


_P, _I = ctypes.c_void_p, ctypes.c_int
_loose_box = _call(raw.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_tight_box = _call(raw.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
_origin = _call(raw.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
_matrix = _call(raw.FPDFText_GetMatrix, _I, _P, _I, _P)
_size = _call(raw.FPDFText_GetFontSize, ctypes.c_double, _P, _I)
_text_object = _call(raw.FPDFText_GetTextObject, _P, _P, _I)
_unmapped = _call(raw.FPDFText_HasUnicodeMapError, _I, _P, _I)


class GlyphReader:
    """Reads the pages of one document; fonts and buffers are kept from page to page."""

    def __init__(self) -> None:
        self._faces = Typefaces()
        self._boxes = np.zeros((4096, 4), dtype=np.float32)

    def read(self, page: pdfium.PdfPage) -> PageGlyphs:
        """The words of the page. `page` stays open while this runs."""
        width, height = page.get_size()
        text_page = page.get_textpage()
        try:
            handle = ctypes.cast(text_page.raw, _P).value
            count = raw.FPDFText_CountChars(text_page.raw)
            if count <= 0 or handle is None:
                return PageGlyphs([], width, height)
            text = _characters(text_page.raw, count)
            moved: dict[int, str] = {}
            if VOWEL_MARK.search(text):
                text, moved = self._seat_marks(handle, text)
            return PageGlyphs(self._words(page, handle, text, moved), width, height)
        finally:
            text_page.close()

    def _seat_marks(self, handle: int, text: str) -> tuple[str, dict[int, str]]:
        """Arabic vowel marks that stand apart in the text put behind the letter that they are drawn on.

        :return: the text with a joiner in their old places, and by the place of a letter the marks that go behind it.
        """
        boxes = self._measure(handle, range(len(text)))
        letters = np.array([place for place, letter in enumerate(text) if "\u0620" <= letter <= "\u064a"], dtype=int)
        moved: dict[int, str] = {}
        parts = list(text)
        for found in VOWEL_MARK.finditer(text) if len(letters) else ():
            place = found.start()
            middle = (boxes[place, 0] + boxes[place, 2]) / 2
            near = np.abs((boxes[letters, 0] + boxes[letters, 2]) / 2 - middle)
            size = boxes[letters, 3] - boxes[letters, 1]
            near[np.abs(boxes[letters, 1] - boxes[place, 1]) > 0.3 * size] = np.inf
            inside = (boxes[letters, 0] - 0.5 <= middle) & (middle <= boxes[letters, 2] + 0.5)
            near[~inside] += 5
            nearest = int(near.argmin())
            base = int(letters[nearest])
            if near[nearest] < 12 and base != place - 1 and not VOWEL_MARK.match(text[place - 1 : place] or " "):
                moved[base] = moved.get(base, "") + text[place]
                parts[place] = "\u2060"
        return "".join(parts), moved

    def _words(self, page: pdfium.PdfPage, handle: int, text: str, moved: dict[int, str]) -> list[Word]:
        spans = self._split(handle, [found.span() for found in _RUN.finditer(text)], text)
        if not spans:
            return []
        firsts = [start for start, _, _ in spans]
        lasts = [end - 1 for _, end, _ in spans]
        n = len(spans)
        left, bottom, right, top = _union(self._measure(handle, firsts), self._measure(handle, lasts))
        origins = np.empty((n, 2))
        at = origins.ctypes.data
        list(map(_origin, repeat(handle), firsts, range(at, at + 16 * n, 16), range(at + 8, at + 16 * n, 16)))
        matrices = np.empty((n, 6), dtype=np.float32)
        at = matrices.ctypes.data
        list(map(_matrix, repeat(handle), firsts, range(at, at + 24 * n, 24)))
        sizes = np.fromiter(map(_size, repeat(handle), firsts), dtype=float, count=n)
        objects = list(map(_text_object, repeat(handle), firsts))
        unmapped = list(map(_unmapped, repeat(handle), firsts))

        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, bounds)
        stored, slanted = _stored_turns(matrices)
        turns = (page.get_rotation() // 90 - stored) % 4
        scale = np.hypot(matrices[:, 2], matrices[:, 3])
        scale[~np.isfinite(scale) | (scale == 0)] = 1
        sizes = np.abs(sizes * scale)
        frame = _upright(np.stack((left, bottom, right, top), axis=1), origins, stored, bounds)
        outside = (
            (right < bounds.left) | (left > bounds.right) | (top < bounds.bottom) | (bottom > bounds.top)
        ).tolist()

        looks = {item: self._look(item) for item in set(objects)}
        looked = (objects, unmapped, turns.tolist(), slanted.tolist(), sizes.tolist(), outside)
        rows = zip(spans, *looked, *frame, strict=True)
        words = []
        previous_end = -1
        for (start, end, lifted), item, no_map, turn, slant, size, out, x0, y0, x1, y1, base in rows:
            face, doubt = looks[item]
            if out:
                doubt = "outside"
            elif doubt is None and size < TINY:
                doubt = "tiny"
            glued = start == previous_end
            previous_end = end
            run = text[start:end]
            if moved:
                run = "".join(letter + moved.get(start + place, "") for place, letter in enumerate(run))
            shown = clean(run)
            if "\ufffd" in shown and len(shown) == end - start:
                shown = "".join(
                    "." if letter == "\ufffd" and _is_stop(handle, start + place, size) else letter
                    for place, letter in enumerate(shown)
                )
            if face.ornaments and shown.isalnum():
                shown = ORNAMENT * len(shown)
            if lifted:
                size, base = 0.6 * size, base - 0.33 * size
            if shown:
                words.append(Word(shown, x0, y0, x1, y1, base, size, face, glued, turn, slant, doubt, bool(no_map)))
        return words

    def _split(self, handle: int, spans: list[tuple[int, int]], text: str) -> list[tuple[int, int, bool]]:
        """Runs cut where size, line or place of the characters in them change, and whether each is lifted."""
        if not spans:
            return []
        first = self._measure(handle, [start for start, _ in spans])
        last = self._measure(handle, [end - 1 for _, end in spans])
        height = np.maximum(first[:, 3] - first[:, 1], 0.1)
        uneven = (np.abs(first[:, 1] - last[:, 1]) > 0.04 * height) | (np.abs(first[:, 3] - last[:, 3]) > 0.04 * height)
        lengths = np.array([end - start for start, end in spans])
        width = np.maximum(first[:, 2], last[:, 2]) - np.minimum(first[:, 0], last[:, 0])
        wide = width > 0.95 * height * lengths + height
        result: list[tuple[int, int, bool]] = []
        for (start, end), odd in zip(spans, (uneven | wide).tolist(), strict=True):
            run = text[start:end]
            if len(run) > 1 and _CLOSED.fullmatch(run):
                result += [(start, start + 1, False), (start + 1, end, False)]
            elif (odd and end - start > 1) or (_MEASURED.search(run) or (not run.isascii() and is_cjk(run))):
                result += self._cut(handle, start, end, text)
            else:
                result.append((start, end, False))
        return result

    def _cut(self, handle: int, start: int, end: int, text: str) -> list[tuple[int, int, bool]]:
        boxes = self._measure(handle, range(start, end)).tolist()
        lifted = _lifted(handle, start, text[start:end], boxes)
        pieces = []
        begin = 0
        for i in range(1, end - start):
            x0, y0, x1, y1 = boxes[i]
            p0, q0, p1, q1 = boxes[i - 1]
            if x1 - x0 <= 0 or p1 - p0 <= 0:  # a combining mark, or part of a ligature
                continue
            height = max(y1 - y0, q1 - q0, 0.1)
            moved = abs(y0 - q0) > 0.04 * height or abs(y1 - q1) > 0.04 * height or lifted[i] != lifted[i - 1]
            again = text[start + i] == text[start + i - 1] and abs(x0 - p0) < 0.3 * (x1 - x0)
            apart = again or x0 - p1 > 0.8 * height or p0 - x1 > 0.8 * height
            if moved or apart or is_cjk(text[start + i - 1 : start + i + 1]):
                pieces.append((start + begin, start + i, lifted[begin]))
                begin = i
        return [*pieces, (start + begin, end, lifted[begin])]

    def _measure(self, handle: int, indexes: Any) -> Any:
        """Boxes (left, bottom, right, top) of characters, `(n, 4) float32`, in points of the page as stored."""
        n = len(indexes)
        if n > len(self._boxes):
            self._boxes = np.zeros((2 * n, 4), dtype=np.float32)
        at = self._boxes.ctypes.data
        list(map(_loose_box, repeat(handle), indexes, range(at, at + 16 * n, 16)))
        # FS_RECTF is left, top, right, bottom
        return self._boxes[:n][:, (0, 3, 2, 1)].copy()

    def _look(self, text_object: int | None) -> tuple[Typeface, str | None]:
        """The typeface of a text object and why its words may not be visible."""
        if not text_object:
            return Typeface("", bold=False, italic=False), None
        item = ctypes.cast(text_object, raw.FPDF_PAGEOBJECT)
        if raw.FPDFTextObj_GetTextRenderMode(item) == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            return self._faces.of(text_object), "invisible"
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
        light = min(red.value, green.value, blue.value) >= LIGHT or alpha.value < 30
        return self._faces.of(text_object), "light" if light else None


def _is_stop(handle: int, index: int, size: float) -> bool:
    """Whether a character without a name is drawn as a full stop: a dot on the baseline."""
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    at = [ctypes.addressof(side) for side in (left, right, bottom, top, x, y)]
    if not _tight_box(handle, index, *at[:4]) or not _origin(handle, index, *at[4:]):
        return False
    wide, high = right.value - left.value, top.value - bottom.value
    return 0 < wide < 0.25 * size and 0 < high < 0.25 * size and abs(bottom.value - y.value) < 0.06 * size


def _lifted(handle: int, start: int, run: str, boxes: list[list[float]]) -> list[bool]:
    """For each character of a run, whether it is a raised figure or a bracket around one."""
    lifted = [
        letter in SUPERSCRIPTS or (letter.isdigit() and _is_lifted(handle, start + place, boxes[place]))
        for place, letter in enumerate(run)
    ]
    for place, letter in enumerate(run):
        opens = letter in "([" and place + 1 < len(run) and lifted[place + 1]
        closes = letter in ")]" and place > 0 and lifted[place - 1] and any(bracket in run[:place] for bracket in "([")
        lifted[place] = lifted[place] or opens or closes
    return lifted


def _is_lifted(handle: int, index: int, loose: list[float]) -> bool:
    """Whether a figure is drawn small and high inside the box of its type, as fonts draw note marks."""
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    at = [ctypes.addressof(side) for side in (left, right, bottom, top, x, y)]
    if not _tight_box(handle, index, *at[:4]) or not _origin(handle, index, *at[4:]):
        return False
    height = loose[3] - loose[1]
    drawn = top.value - bottom.value
    return 0 < drawn < 0.5 * height and bottom.value - y.value > LIFT * height


def _characters(text_page: Any, count: int) -> str:
    """The characters of a page, as many as pdfium counts, one UTF-16 unit each where it can be."""
    buffer = (ctypes.c_ushort * (count + 1))()
    got = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    if got == count and not _has_surrogates(buffer):
        return bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    codes = map(raw.FPDFText_GetUnicode, repeat(text_page), range(count))
    return "".join("\ufffe" if code == 2 else chr(code) if code < 0x110000 else "\ufffd" for code in codes)


def _has_surrogates(buffer: Any) -> bool:
    units = np.frombuffer(buffer, dtype=np.uint16)
    return bool(((units >= 0xD800) & (units < 0xE000)).any())


def _union(a: Any, b: Any) -> tuple[Any, Any, Any, Any]:
    low, high = np.minimum(a, b), np.maximum(a, b)
    return low[:, 0], low[:, 1], high[:, 2], high[:, 3]


def _stored_turns(matrices: Any) -> tuple[Any, Any]:
    """Quarter turns counter-clockwise that each word is stored at, and whether it stands at a slant, each `(n,)`."""
    angle = np.nan_to_num(np.arctan2(matrices[:, 1], matrices[:, 0])) / (math.pi / 2)
    turns = np.rint(angle)
    return turns.astype(int) % 4, np.abs(angle - turns) > SLANT


def _upright(boxes: Any, origins: Any, turns: Any, bounds: Any) -> list[list[float]]:
    """Left, top, right, bottom and baseline of each word in the frame in which it reads upright.

    :param boxes: `(n, 4)`, left, bottom, right, top as stored; `origins`: `(n, 2)`; `turns`: `(n,)`, as stored.
    """
    x0, x1 = boxes[:, 0] - bounds.left, boxes[:, 2] - bounds.left
    y0, y1 = boxes[:, 1] - bounds.bottom, boxes[:, 3] - bounds.bottom
    x, y = origins[:, 0] - bounds.left, origins[:, 1] - bounds.bottom
    width, height = bounds.right - bounds.left, bounds.top - bounds.bottom
    if not turns.any():
        return [side.tolist() for side in (x0, height - y1, x1, height - y0, height - y)]
    sides = (
        (x0, y0, width - x1, height - y1),  # left
        (height - y1, x0, y0, width - x1),  # top
        (x1, y1, width - x0, height - y0),  # right
        (height - y0, x1, y1, width - x0),  # bottom
        (height - y, x, y, width - x),  # baseline
    )
    return [np.choose(turns, side).tolist() for side in sides]


def as_shown(word: Word, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a word on the page as it is shown, `width` by `height` points."""
    left, top, right, bottom = word.left, word.top, word.right, word.bottom
    if word.turn == 1:
        return width - bottom, left, width - top, right
    if word.turn == 2:
        return width - right, height - bottom, width - left, height - top
    if word.turn == 3:
        return top, height - right, bottom, height - left
    return left, top, right, bottom
