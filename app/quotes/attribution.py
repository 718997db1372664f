"""Reads what a draft says of where a quotation stands: which document it names, and which page.

Only what stands near a quotation counts: its own sentence, up to the neighbouring quotations, and the note that hangs
behind it. Nothing is guessed: where the draft names no document of the catalogue or the library, none is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from app.quotes.find import Quotation
from index.concordance import WORD, fold

_PAGES = regex.compile(
    r"(?i)(?<![\p{L}\p{N}])(?:pp?|pages?|pgs?|págs?|páginas?|S|Seiten?|стр?|ص)\.?\s*"
    r"(?P<first>\d+|[ivxlcdm]+|[A-Z]-?\d+)(?:\s*[-–—]\s*(?P<last>\d+|[ivxlcdm]+|[A-Z]-?\d+))?(?![\p{L}\p{N}])"
)
_SENTENCE_END = regex.compile(r"[.!?。؟]['\"”’»)\]]*\s+(?=\p{Lu}|[“\"«„‘>])|\n[ \t]*\n")
_PARAGRAPH_BREAK = regex.compile(r"\n[ \t]*\n\s*")
_PARENTHESIS = regex.compile(r"[\p{P}\s]{0,6}?[(\[—–][^()\n]{0,400}[)\]]?")
_IBID = regex.compile(r"(?i)(?<!\p{L})(ibid|ibidem|ídem|idem|loc\. cit)(?!\p{L})")
_CALL = regex.compile(r"[\p{P}\s]{0,4}(?:\[\^?(?P<label>[\w*†]+)\]|(?P<raised>[¹²³⁰⁴-⁹]+))")
_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_MIN_TITLE_WORDS = 2


@dataclass(frozen=True, slots=True)
class Work:
    """A document that a draft may name: held, or only known to the catalogue.

    :param names: title, title with subtitle, aliases, symbols: whatever people call it.
    """

    id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the draft says of a quotation's place.

    :param documents: ids of the works that it names; several when a name fits several.
    :param pages: labels in the order written ("74", "75"), a range opened at both ends; empty when it names none.
    :param words: the draft's own words that were read.
    """

    documents: tuple[str, ...]
    pages: tuple[str, ...]
    words: str


class Works:
    """The names of all works, ready to be looked for."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._by_first_word: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for work in works:
            for name in work.names:
                key = _words(name)
                long_enough = len(key) >= _MIN_TITLE_WORDS or any(character.isdigit() for character in name)
                if key and long_enough:
                    self._by_first_word.setdefault(key[0], []).append((key, work.id))

    def named_in(self, text: str, *, last: bool = False) -> tuple[str, ...]:
        """Ids of the works named by the longest names in a text; a name inside a longer one does not count.

        :param last: only what the last name means, which may be several works of one title.
        """
        words = _words(text)
        found: list[tuple[int, int, str]] = []
        for place, word in enumerate(words):
            for key, id_ in self._by_first_word.get(word, ()):
                if words[place : place + len(key)] == key:
                    found.append((place, place + len(key), id_))
        longest = [
            (start, end, id_)
            for start, end, id_ in found
            if not any(other[0] <= start and end <= other[1] and other[1] - other[0] > end - start for other in found)
        ]
        if last:
            longest = [one for one in longest if one[:2] == longest[-1][:2]]
        return tuple(dict.fromkeys(id_ for _, _, id_ in longest))


def read_attributions(
    draft: str, quotations: Sequence[Quotation], works: Works, notes: Sequence[tuple[int, str]] = ()
) -> tuple[Attribution, ...]:
    """One attribution for each quotation, in order.

    :param notes: (offset in the draft, text) of the draft's own notes, from its file; notes written in plain text
        (`[^1]`, `[1]`, a raised digit, with a line that begins with the same mark) are found here.
    """
    found: list[Attribution] = []
    floor = 0
    for number, quotation in enumerate(quotations):
        ceiling = quotations[number + 1].start - 1 if number + 1 < len(quotations) else len(draft)
        before = draft[_paragraph_start(draft, floor, quotation.start) : quotation.start]
        floor = _after_end(draft, quotation.end, ceiling)
        after = draft[quotation.end : floor]
        own_notes = [text for offset, text in notes if quotation.end <= offset <= quotation.end + 4]
        note = " ".join(own_notes + _plain_note(draft, quotation.end))
        # The note is the most precise, then what follows the quotation, then the last work named before it.
        documents = works.named_in(note) or works.named_in(after) or works.named_in(before, last=True)
        parts = [part for part in (note, after, before[_sentence_start(before) :]) if part]
        pages = next((read for part in parts if (read := _pages(part))), ())
        if not documents and found and any(_IBID.search(part) for part in parts):
            documents = found[-1].documents
        found.append(Attribution(documents, pages, " ".join(" ".join(parts).split())))
    return tuple(found)


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(match.group()) for match in WORD.finditer(text))


def _pages(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for match in _PAGES.finditer(text):
        found += [label for label in match.group("first", "last") if label]
    return tuple(found)


def _paragraph_start(draft: str, floor: int, quotation_start: int) -> int:
    breaks = [match.end() for match in _PARAGRAPH_BREAK.finditer(draft, floor, quotation_start)]
    # A paragraph that only leads to a block quotation ends right before it.
    within = [place for place in breaks if draft[place:quotation_start].strip(" \t>\n“\"«„‘'")]
    return within[-1] if within else floor


def _sentence_start(before: str) -> int:
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    return ends[-1] if ends else 0


def _after_end(draft: str, quotation_end: int, ceiling: int) -> int:
    """How far the words behind a quotation speak of it: to the end of its sentence, with a source in parentheses behind
    the full stop; where another quotation comes first, only to the end of such parentheses."""
    parenthesis = _PARENTHESIS.match(draft, quotation_end, ceiling)
    place = parenthesis.end() if parenthesis else quotation_end
    match = _SENTENCE_END.search(draft, place, ceiling)
    if match:
        return match.start() + 1
    return ceiling if ceiling == len(draft) else place


def _plain_note(draft: str, quotation_end: int) -> list[str]:
    call = _CALL.match(draft, quotation_end)
    if call is None:
        return []
    label = call.group("label") or call.group("raised").translate(_RAISED_DIGITS)
    note = regex.search(
        rf"(?m)^[ \t]*(?:\[\^?{regex.escape(label)}\]:?|{regex.escape(label)}[.)])[ \t]+(?P<text>[^\n]+)",
        draft,
        pos=call.end(),
    )
    return [note.group("text")] if note else []
