"""Decides whether a word broken over a line end was written with its hyphen or only broken.

For flow.py. The document's own unbroken words decide first, then a dictionary (pyspellchecker's word lists): "coordi-
nation" is mended, "long-term" and "non-refoulement" keep their hyphen. PDFs mark the break with "-", U+00AD or, after
pdfium, U+FFFE, and each of the three stands for hard hyphens too, so the mark itself decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

BREAKS = "-\u00ad\ufffe\u2010"
"""Characters that end a line in the middle of a word."""

SHORTEST_PART = 4
"""Letters of the parts of a compound that no dictionary knows; the word lists but the English one lack many forms, so
that shorter parts are as likely to be pieces of a word ("все-общем")."""

_HARD_PREFIXES = frozenset(
    {
        "non",
        "self",
        "ex",
        "quasi",
        "pseudo",
        "vice",
        "all",
        "cross",
        "well",
        "post",
        "pre",
        "anti",
        "pro",
        "inter",
        "multi",
        "semi",
        "short",
        "long",
        "high",
        "low",
        "full",
        "half",
        "mid",
        "socio",
        "gender",
        "child",
        "rights",
        "evidence",
        "community",
        "people",
        "state",
        "donor",
        "demi",
        "mi",
        "sous",
        "vis",
        "ci",
        "là",
        "franco",
        "afro",
        "euro",
    }
)
"""First parts that unknown compounds are written with a hyphen after."""

_FUNCTION_WORDS = {
    "en": "the of and to in for that with",
    "fr": "les des et la dans pour une que",
    "es": "los las del y para que una con",
    "de": "der die und das den von für mit",
    "pt": "os das e para que uma com não",
    "it": "gli della e per che una con non",
    "nl": "de het een van en voor met niet",
    "ru": "и в на что с по для не",
}
"""Commonest words by which a document's language is told; dictionaries exist for these languages."""

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*$")
_FIRST = re.compile(r"^[^\W\d_]+(?:[-’'][^\W\d_]+)*")


class Mender:
    """Mends the broken words of one document.

    :param texts: its lines, from which the words that are not broken are counted.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        broken = False
        for text in texts:
            found = _WORD.findall(text)[broken:]  # without the rest of the word that the line before broke
            broken = text[-1:] in BREAKS and text != ""
            self._words.update(word.casefold() for word in (found[:-1] if broken else found))
        self._language = max(
            _FUNCTION_WORDS, key=lambda name: sum(self._words[word] for word in _FUNCTION_WORDS[name].split())
        )

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Whether the word that `before` breaks off in (its break mark taken away) has a hyphen before `after`."""
        head, tail = _LAST.search(before), _FIRST.search(after)
        if head is None or tail is None:
            return True
        first, rest = head[0], tail[0]
        if rest[0].isupper() and not first.isupper():
            return True
        joined, hyphened = (first + rest).casefold(), f"{first}-{rest}".casefold()
        with_hyphen, without = self._words[hyphened], self._words[joined]
        if with_hyphen != without:
            return with_hyphen > without
        return self._dictionary_keeps(first.casefold(), rest.casefold(), joined)

    def _dictionary_keeps(self, first: str, rest: str, joined: str) -> bool:
        last_part, first_part = re.split("[-’']", first)[-1], re.split("[-’']", rest)[0]
        if _is_word(last_part + first_part, self._language) or _is_word(joined, self._language):
            return False
        if last_part in _HARD_PREFIXES:
            return True
        shortest = 2 if self._language == "en" else SHORTEST_PART
        return all(len(part) >= shortest and self._knows(part) for part in (last_part, first_part))

    def _knows(self, part: str) -> bool:
        return self._words[part] > 0 or _is_word(part, self._language)


def _is_word(word: str, language: str) -> bool:
    return word in _dictionary(language)


@cache
def _dictionary(language: str) -> frozenset[str]:
    from spellchecker import SpellChecker  # loads a word list of about a second; only broken words need it

    return frozenset(SpellChecker(language=language, distance=1).word_frequency.dictionary)
