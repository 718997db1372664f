"""The formatter handed to citeproc-py, and what is mended where the pieces of a citation meet.

Formatting is marked by Unicode noncharacters, which no text may contain, so that one rendering gives plain text and
HTML alike and every value is escaped exactly once. `mend` works on the marked string; `plain` and `html` end it.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_OPEN = {"i": "\ufdd2", "b": "\ufdd4", "small": "\ufdd6", "sup": "\ufdd8", "sub": "\ufdda", "u": "\ufddc"}
_CLOSE = {name: chr(ord(mark) + 1) for name, mark in _OPEN.items()}
_TAGS = {
    "i": ("<i>", "</i>"),
    "b": ("<b>", "</b>"),
    "small": ('<span style="font-variant:small-caps">', "</span>"),
    "sup": ("<sup>", "</sup>"),
    "sub": ("<sub>", "</sub>"),
    "u": ("<u>", "</u>"),
}
_HTML = {_OPEN[name]: opening for name, (opening, _) in _TAGS.items()}
_HTML |= {_CLOSE[name]: closing for name, (_, closing) in _TAGS.items()}
_NAMES = {mark: name for marks in (_OPEN, _CLOSE) for name, mark in marks.items()}
_MARK = "[\ufdd2-\ufddd]"
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")

ONE_PLACE = "\ufdd01\ufdd1"
"""Stands for a locator of one page or paragraph until the real one is put in; citeproc-py takes it for singular."""
SEVERAL_PLACES = "\ufdd01\ufdef2\ufdd1"
"""Stands for a range; citeproc-py takes it for plural."""
GAP = "\ufdd0"
"""The first character of either."""
_PLACE = re.compile("\ufdd0[^\ufdd1]*\ufdd1")


def _marker(name: str) -> Callable[[str], str]:
    return lambda text: f"{_OPEN[name]}{text}{_CLOSE[name]}"


# The names below are those that citeproc-py looks for in a formatter.
def preformat(text: object) -> str:
    """Leave a term as it is; `html` escapes at the end."""
    return str(text)


Italic = Oblique = _marker("i")
Bold = _marker("b")
SmallCaps = _marker("small")
Superscript = _marker("sup")
Subscript = _marker("sub")
Underline = _marker("u")
Light = str


def clean(value: str) -> str:
    """A value on one line, without control characters and without the characters that mark formatting here."""
    kept = _NONCHARACTERS.sub("", value)
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in kept)
    return re.sub(" {2,}", " ", spaced).strip(" ")


def mend(marked: str, punctuation_in_quote: bool) -> str:
    """Put the punctuation between pieces right, as CSL 1.0.2 asks a processor to."""
    # "Title?." → "Title?"
    text = re.sub(f'([?!])((?:{_MARK}|[”’"])*)\\.(?!\\.)', r"\1\2", marked)
    # "Inc.</i>." → "Inc.</i>"; likewise ",," and ", ,"
    text = re.sub(f"([.,;:])((?:{_MARK})+)\\1(?!\\1)", r"\1\2", text)
    text = re.sub(f",((?:{_MARK})*)\\.(?=$|{_MARK})", r"\1.", text)
    text = re.sub(f"\\s+((?:{_MARK})*)([,.;])(?=\\s|$|{_MARK})", r"\1\2", text)
    if punctuation_in_quote:
        text = re.sub(f"([”’])((?:{_MARK})*)([.,])(?![.,])", _move_inside, text)
    return re.sub(r" {2,}", " ", text).strip(" ")


def _move_inside(match: re.Match[str]) -> str:
    quote, marks, stop = match.groups()
    before = match.string[: match.start()].rstrip("".join(_HTML))
    inside = "" if before.endswith(("?", "!")) else stop
    return f"{inside}{quote}{marks}" if not before.endswith(stop) else f"{quote}{marks}"


def put(marked: str, place: str) -> str:
    """Put a locator where `ONE_PLACE` or `SEVERAL_PLACES` stands."""
    return _PLACE.sub(lambda _: place, marked)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a citation in one look.

    :param look: names of "i", "b", "small" (capitals), "sup", "sub", "u".
    """

    text: str
    look: frozenset[str] = frozenset()


def runs(marked: str) -> tuple[Run, ...]:
    """The citation in stretches."""
    done: list[Run] = []
    look: set[str] = set()
    for part in re.split(f"({_MARK})", marked):
        if part in _NAMES:
            look ^= {_NAMES[part]}
        elif part:
            done.append(Run(part, frozenset(look)))
    return tuple(done)


def plain(marked: str) -> str:
    """The citation as plain text."""
    return re.sub(_MARK, "", marked)


def html(marked: str) -> str:
    """The citation as HTML, values escaped."""
    return re.sub(_MARK, lambda match: _HTML[match[0]], _html.escape(marked, quote=False))
