"""Compares words as a hostile reader would: what printers may change is set aside, every other change is named.

Set aside: the shape of quotation marks, apostrophes and dashes, white space and line ends, ligatures, soft hyphens and
other invisible characters, Unicode's two ways to write one letter, a capital or small first letter, and the stop or
comma at the very end. Everything else is a `Difference`: a word, a number, an accent, a capital inside, a comma.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import regex

from index.concordance import WORD, fold

_QUOTES = dict.fromkeys("\"“”„‟«»‹›'‘’‚‛′″`´＂＇「」『』", "'")
_DASHES = dict.fromkeys("-‐‑‒–—―−﹣－", "-")
_INVISIBLE = regex.compile(r"[\p{Cf}\u0640\p{Variation_Selector}]")  # U+0640 lengthens Arabic letters, nothing more
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_TOKEN = regex.compile(f"(?:{WORD.pattern})|[^\\s]")
_NEGATING = {
    "en": "no not none never neither nor without nothing nobody nowhere cannot unless except t",  # t as in don't
    "fr": "ne pas jamais aucun aucune sans ni rien personne non sauf",
    "es": "nunca jamas sin ningun ninguna nada nadie tampoco salvo",
    "de": "nicht kein keine keiner keinen ohne nie niemals weder ausser",
    "ru": "не нет никогда без ни нельзя",
    "ar": "لا لم لن ليس ليست غير دون الا",
    "zh": "不 未 无 無 没 沒 非",
}
_MODAL = {
    "en": "shall should must may might can could will would ought need",
    "fr": "doit doivent devrait devraient peut peuvent pourrait pourraient",
    "es": "debe deben deberia deberian puede pueden podria podrian",
    "de": "muss mussen soll sollen sollte sollten kann konnen darf durfen",
}
_NUMBER = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half "
    "first second third fourth fifth sixth seventh eighth ninth tenth",
    "fr": "un une deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante "
    "soixante cent mille million milliard premier deuxieme troisieme",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta ciento "
    "cien mil millon millones primero segundo tercero",
}


def _all(words_by_language: dict[str, str]) -> frozenset[str]:
    return frozenset(word for words in words_by_language.values() for word in words.split())


_NEGATIONS, _MODALS, _NUMBERS = _all(_NEGATING), _all(_MODAL), _all(_NUMBER)


class Change(StrEnum):
    """What a difference touches, gravest first."""

    NEGATION = "negation"
    NUMBER = "number"
    MODAL = "modal"
    NAME = "name"
    WORD = "word"
    ACCENT = "accent"
    CASE = "case"
    PUNCTUATION = "punctuation"


GRAVE = frozenset({Change.NEGATION, Change.NUMBER, Change.MODAL, Change.NAME})
"""Changes with which the meaning could turn."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark, with its place in the text it was read from.

    :param case_free: its first letter was put in brackets, so that its case is the draft's own.
    """

    surface: str
    start: int
    end: int
    is_word: bool
    case_free: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Words that the draft has otherwise than the document.

    :param quoted: the draft's words, empty where it left some out; `true` the document's, empty where it added some.
    :param quoted_start: offset in the quoted words; `quoted_end` likewise.
    :param changes: what it touches.
    """

    quoted: str
    true: str
    quoted_start: int
    quoted_end: int
    changes: tuple[Change, ...]

    @property
    def grave(self) -> bool:
        """Whether the meaning could turn with it."""
        return not GRAVE.isdisjoint(self.changes)


def tokens(text: str) -> tuple[Token, ...]:
    """The words and marks of a text as compared: printers' choices set aside, letters and case kept."""
    found: list[Token] = []
    for match in _TOKEN.finditer(_visible(text)):
        raw = match.group()
        is_word = WORD.fullmatch(raw) is not None
        surface = unicodedata.normalize("NFC", raw.translate(_LIGATURES)) if is_word else _mark(raw)
        if not surface:
            continue
        if surface == "…":
            found += [Token(".", match.start(), match.end(), False)] * 3
        else:
            found.append(Token(surface, match.start(), match.end(), is_word))
    return tuple(_joined(found))


def trimmed(run: tuple[Token, ...]) -> tuple[Token, ...]:
    """The same tokens from the first word to the last: marks at the ends are the draft's own."""
    words = [place for place, token in enumerate(run) if token.is_word]
    return run[words[0] : words[-1] + 1] if words else ()


def same(quoted: tuple[Token, ...], true: tuple[Token, ...]) -> bool:
    """Whether nothing but printers' choices differs, the first letter's case among them."""
    if len(quoted) != len(true):
        return False
    return all(
        left.surface == right.surface
        or ((place == 0 or left.case_free) and _same_but_for_first_letter(left.surface, right.surface))
        for place, (left, right) in enumerate(zip(quoted, true, strict=True))
    )


def negates(run: Iterable[Token]) -> bool:
    """Whether one of these words negates, in one of the languages that the product knows."""
    return any(token.is_word and fold(token.surface) in _NEGATIONS for token in run)


def differences(
    quoted_text: str, quoted: tuple[Token, ...], true_text: str, true: tuple[Token, ...]
) -> tuple[Difference, ...]:
    """What differs, run by run, in the order of the quotation."""
    if quoted and true and _same_but_for_first_letter(quoted[0].surface, true[0].surface):
        quoted = (Token(true[0].surface, quoted[0].start, quoted[0].end, True), *quoted[1:])
    matcher = difflib.SequenceMatcher(
        None, [token.surface for token in quoted], [token.surface for token in true], autojunk=False
    )
    found: list[Difference] = []
    for kind, quoted_from, quoted_to, true_from, true_to in matcher.get_opcodes():
        if kind == "equal":
            continue
        left, right = quoted[quoted_from:quoted_to], true[true_from:true_to]
        at = left[0].start if left else (quoted[quoted_from].start if quoted_from < len(quoted) else len(quoted_text))
        found.append(
            Difference(
                quoted=quoted_text[left[0].start : left[-1].end] if left else "",
                true=true_text[right[0].start : right[-1].end] if right else "",
                quoted_start=at,
                quoted_end=left[-1].end if left else at,
                changes=_changes(left, right, sentence_opens=quoted_from == 0 or true_from == 0),
            )
        )
    return tuple(found)


def _visible(text: str) -> str:
    """The text with every invisible character made a word joiner of no width, so that offsets stay."""
    return _INVISIBLE.sub("\N{WORD JOINER}", text)


def _joined(found: list[Token]) -> list[Token]:
    """Words that only an invisible character parted are one word again."""
    joined: list[Token] = []
    glue = False
    for token in found:
        if token.surface == "\N{WORD JOINER}":
            glue = bool(joined) and joined[-1].end == token.start
            if glue:
                joined[-1] = Token(joined[-1].surface, joined[-1].start, token.end, joined[-1].is_word)
            continue
        if glue and joined and joined[-1].end == token.start and joined[-1].is_word and token.is_word:
            joined[-1] = Token(joined[-1].surface + token.surface, joined[-1].start, token.end, True)
        else:
            joined.append(token)
        glue = False
    return joined


def _mark(character: str) -> str:
    return _QUOTES.get(character) or _DASHES.get(character) or unicodedata.normalize("NFC", character)


def _same_but_for_first_letter(left: str, right: str) -> bool:
    return left[1:] == right[1:] and left[:1].casefold() == right[:1].casefold()


def _changes(quoted: tuple[Token, ...], true: tuple[Token, ...], *, sentence_opens: bool) -> tuple[Change, ...]:
    left = [token.surface for token in quoted if token.is_word]
    right = [token.surface for token in true if token.is_word]
    if not left and not right:
        return (Change.PUNCTUATION,)
    if [word.casefold() for word in left] == [word.casefold() for word in right]:
        return (Change.CASE,) if left != right else (Change.PUNCTUATION,)
    if [fold(word) for word in left] == [fold(word) for word in right]:
        return (Change.ACCENT,)
    changed = {*left} ^ {*right}
    found: list[Change] = []
    if any(fold(word) in _NEGATIONS for word in changed):
        found.append(Change.NEGATION)
    if any(fold(word) in _NUMBERS or any(letter.isnumeric() for letter in word) for word in changed):
        found.append(Change.NUMBER)
    if any(fold(word) in _MODALS for word in changed):
        found.append(Change.MODAL)
    if not sentence_opens and any(word[:1].isupper() for word in changed):
        found.append(Change.NAME)
    return tuple(found) or (Change.WORD,)
