"""Folds a text so that words written differently compare equal, one code point for one code point.

Offsets in a folded text are offsets in the text itself: exact search finds a phrase in the folded text and cites the
true one. Case, accents, kinds of quote mark, dash and white space disappear; words are never stemmed.
"""

from __future__ import annotations

import re
import unicodedata

_IGNORED = "\x01"
"""Stands for what a reader does not see: combining marks, vowel signs, soft hyphens, directional marks."""

_QUOTE_MARKS = "'\"`´‘’‚‛“”„‟«»‹›′″ʼ「」『』＇＂"
_DASHES = "−⁃﹣－"
# Scripts that are written without spaces: a phrase may begin or end inside a run of letters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")


class _Folding(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        self[code] = folded
        return folded


def _folded(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter in _QUOTE_MARKS:
        return "'"
    category = unicodedata.category(letter)
    if category == "Pd" or letter in _DASHES:
        return "-"
    if category in ("Mn", "Cf", "Me"):
        return _IGNORED
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else base[0]


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text folded; the result has exactly as many code points."""
    return text.translate(_FOLDING)


def bare(text: str) -> str:
    """The text folded and without the marks that a reader does not see: shorter, for building words of."""
    return fold(unicodedata.normalize("NFC", text)).replace(_IGNORED, "")


def phrase_pattern(phrase: str) -> re.Pattern[str] | None:
    """A pattern that finds the phrase in folded texts, at word boundaries; None when it holds no letter or digit."""
    words = bare(phrase).split()
    if not any(letter.isalnum() for word in words for letter in word):
        return None
    ignored = f"{_IGNORED}*"
    body = f"[ {_IGNORED}]+".join(ignored.join(map(re.escape, word)) for word in words)
    before = r"(?<!\w)" if _bounded(words[0][0]) else ""
    after = rf"{ignored}(?!\w)" if _bounded(words[-1][-1]) else ""
    return re.compile(before + body + after)


def is_unspaced(text: str) -> bool:
    """Whether the text has letters of a script without spaces between words."""
    return _UNSPACED.search(text) is not None


def _bounded(letter: str) -> bool:
    return letter.isalnum() and not is_unspaced(letter)
