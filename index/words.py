"""Cuts texts into the terms that bm25 counts: folded, stemmed by language, numbers and article references kept whole.

The same function makes the terms of passages and of queries. A query's language is not trusted: its words are stemmed
in every language that the library holds, and any of the stems may match.
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any

from index.fold import bare
from index.stop_words import is_stop_word

_WORD = re.compile(r"[^\W_]+")
# "10.7", "12(3)", "12(3)(b)", "A/HRC/45/1", "2015/16": people look these up whole. Bounded, so that a "word" of 10,000
# letters costs no more than its length.
_NUMBERED = re.compile(
    r"(?<![^\W_])[^\W_]{0,30}?\d{1,30}(?:[.,/][^\W_]+)+|(?<!\d)\d{1,30}(?:\s?\([^\W_]{1,4}\))+"
    r"|[^\W_]{1,4}(?:/[^\W_.]+)+(?:/[^\W_]+)*"
)
_UNSPACED_RUN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff]{2,}")
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_lock = threading.Lock()


def primary(language: str | None) -> str:
    """The first subtag of a BCP 47 tag, English where there is none: the key of a stemmer."""
    return (language or "en").split("-", 1)[0].lower()


def words_of(text: str) -> list[str]:
    """Folded words in order, unstemmed."""
    return _WORD.findall(bare(text).translate(_ARABIC))


def terms_of(text: str, language: str | None) -> list[str]:
    """The terms of a passage, in order, repeated as often as they stand."""
    key = primary(language)
    folded = bare(text).translate(_ARABIC)
    terms = []
    for word in _WORD.findall(folded):
        run = _UNSPACED_RUN.fullmatch(word)
        if run:
            terms += [word[at : at + 2] for at in range(len(word) - 1)]
        elif len(word) > 1 or word.isdigit() or not word.isascii():
            terms.append(_stem(word, key))
    terms += [compound.replace(" ", "") for compound in _NUMBERED.findall(folded)]
    return terms


def query_terms(text: str, languages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The words of a query with the stems that each may match.

    :param languages: primary subtags held by the library.
    :return: folded word → its stems in these languages, no stem twice; stop words included.
    """
    found: dict[str, dict[str, None]] = {}
    for language in languages or ("en",):
        folded = bare(text).translate(_ARABIC)
        for word in _WORD.findall(folded):
            for term in terms_of(word, language):
                found.setdefault(word if not _UNSPACED_RUN.fullmatch(word) else term, {})[term] = None
        for compound in _NUMBERED.findall(folded):
            whole = compound.replace(" ", "")
            found.setdefault(whole, {})[whole] = None
    return {word: tuple(stems) for word, stems in found.items()}


def content_words(text: str) -> list[str]:
    """Folded words of a text that carry its topic."""
    return [word for word in words_of(text) if not is_stop_word(word)]


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    with _lock:
        return str(stemmer.stemWord(word))


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    name = _STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
