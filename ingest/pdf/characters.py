"""Opens the characters that PDFs use for layout's sake: ligatures, presentation forms, private-use glyphs.

For glyphs.py, which calls `clean` on every run. Text is otherwise left as it is: NFC is the canonical text's affair.
"""

from __future__ import annotations

import re
import unicodedata

_PRESENTATION = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdff\ufe70-\ufefc]+")
"""Latin, Armenian, Hebrew and Arabic ligatures and positional forms: one character for what is read as several."""

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_RARE = re.compile("[\u0080-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ue000-\uf8ff\ufb00-\ufdff\ufe70-\ufefc]")
_DROPPED = re.compile("[\u0080-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
"""Marks without a glyph. The joiners U+200C and U+200D stay: Persian and Indic spelling needs them."""

_SYMBOL = {0xB7: "•", 0xD8: "➢", 0xA7: "▪", 0xFC: "✓", 0x6F: "○", 0xA8: "□", 0x2D: "-", 0xBE: "—", 0xE0: "→"}
"""Codes of the Symbol and Wingdings fonts that office programs use for bullets and arrows."""

FIRST_CJK = "\u2e80"
"""Characters below it are always parted by spaces."""

_CJK = re.compile(
    "[\u2e80-\u2fff\u3000-\u30ff\u3100-\u4dbf\u4e00-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_CJK_JOINED = re.compile(
    "[\u2e80-\u2fff\u3000-\u30ff\u3100-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LTR = re.compile("[A-Za-z\u00c0-\u024f\u0370-\u052f]")


def clean(text: str) -> str:
    """The text with ligatures and presentation forms opened, private-use glyphs read and marks without glyph out."""
    if text.isascii() or not _RARE.search(text):
        return text
    text = _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return _DROPPED.sub("", _PRIVATE.sub(_private, text))


def _private(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xF000 <= code <= 0xF0FF:  # a symbol font's own code, as Windows maps it
        low = code - 0xF000
        return _SYMBOL.get(low) or (chr(low) if 0x20 <= low < 0x7F else "▪")
    if 0xF730 <= code <= 0xF739:  # Adobe's old-style figures
        return chr(code - 0xF730 + ord("0"))
    if 0xF761 <= code <= 0xF77A:  # Adobe's small capitals
        return chr(code - 0xF761 + ord("a"))
    return found[0]


def is_cjk(text: str) -> bool:
    """Whether Chinese, Japanese or Korean characters stand in the text."""
    return _CJK.search(text) is not None


def joins_without_space(before: str, after: str) -> bool:
    """Whether `after` follows `before` without a space, as in Chinese and Japanese, but not in Korean."""
    return bool(_CJK_JOINED.match(before[-1:]) and _CJK_JOINED.match(after[:1]))


def is_rtl(text: str) -> bool:
    """Whether the text reads from right to left: its letters are mostly Arabic or Hebrew."""
    return text.isascii() is False and len(_RTL.findall(text)) > len(_LTR.findall(text))
