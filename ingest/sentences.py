"""Cuts the words of a block into sentences, with offsets: for passages and for choosing quotes.

The boundaries are sentencex's (Wikimedia, some 250 languages), mended where policy texts show it wrong: abbreviations
before numbers, labels of list items, closing quotation marks and brackets, enclosed sentences, lines that the author
broke. Invariant: the spans are in order and hold every character but the white space between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries  # type: ignore[import-untyped]

LONGEST_ENCLOSED = 240
"""Code points: a quotation or a parenthesis up to this length stays whole inside the sentence it stands in."""

_PAIRS = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»", "‹": "›", "「": "」", "『": "』", "（": "）", "《": "》"}
_MASKED = re.compile('[()\\[\\]“”„«»‹›"「」『』（）《》\u2028\u2029\x85\x0b\x0c]')
_CLOSERS = "\"'”’»›)]」』）》}⁰¹²³⁴⁵⁶⁷⁸⁹"
_CLOSERS_FIRST = re.compile(rf"[{re.escape(_CLOSERS)}]+")
_OPENERS_LAST = re.compile(r"(?<=\s)[\"'“„‘«‹(\[「『（《¿¡]+\s*$")
# Words that stand before a number, a name or a title, never before a new sentence that begins with one.
_BEFORE_NUMBER = (
    "no|nos|nr|n|núm|num|art|arts|artt|para|paras|par|párr|párrs|parr|pár|pt|p|pp|pág|págs|pag|pags|blz|ch|chap|cap|vol|"
    "vols|sec|sect|secc|fig|figs|figure|tab|ed|eds|rev|add|corr|res|doc|annex|ann|app|abs|ziff|lit|bd|s|ss|f|ff|"
    "col|cols|al|inc|sub|reg|rule|vgl|ст|п|пп|стр|с|гл|ч|рис|табл|рез|док"
)
_ALWAYS = (
    "mr|mrs|ms|mx|dr|prof|hon|rev|fr|st|mt|sr|sra|dra|mme|mlle|mm|gen|col|lt|sgt|capt|amb|cf|vs|viz|eg|e\\.g|i\\.e|"
    "approx|ca|z\\.b|u\\.a|d\\.h|bzw|т\\.е|т\\.к|г-н|г-жа"
)
_ABBREVIATION_BEFORE_NUMBER = re.compile(rf"(?:^|[^\w.])(?:{_BEFORE_NUMBER})\.\s*$", re.IGNORECASE)
_ABBREVIATION_ALWAYS = re.compile(rf"(?:^|[^\w.])(?:{_ALWAYS})\.\s*$", re.IGNORECASE)
_NUMBER_FIRST = re.compile(r"[^\w]*(?:\d|[ivxlcIVXLC]+\b|[A-Za-z]\b|[A-Z]{1,4}/)")
_LABEL = re.compile(
    r"\s*(?:\(?(?:\d{1,4}|[a-zA-Z]|[ivxlcIVXLC]{1,7})[.)]|\d{1,3}(?:\.\d{1,3})+\.?|[-–—•*]"
    r"|(?:section|sec|article|art|artículo|articulo|artikel|rule|principle|chapter|part|статья)\.?\s+\w{1,7}\.)\s*",
    re.IGNORECASE,
)
_ENDS_LINE = re.compile(r"\n[ \t]*$")
_KHMER_OR_TIBETAN_STOP = re.compile(r"[។៕༎]+\s*")
_GREEK_QUESTION = re.compile(r"(?<=\w)[;\u037e]\s+(?=[Α-ΩΆΈΉΊΌΎΏ])")
_ANY_STOP = re.compile(r"[.!?。！？؟۔।]+[\"'”’»)\]]*\s+")


def sentence_spans(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """The sentences of one block, as `(start, end)` code points of `text`, without white space at either end.

    :param language: BCP 47 tag; rules that hold for most languages where it is unknown.
    """
    starts = _mended(text, sorted(_boundaries(text, language)))
    spans = []
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        words = text[start:end]
        if words.strip():
            spans.append((start + len(words) - len(words.lstrip()), start + len(words.rstrip())))
    return tuple(spans)


def _boundaries(text: str, language: str | None) -> set[int]:
    """Every offset at which a sentence may begin, before mending."""
    # Marks that enclose are masked: sentencex never breaks inside them, so that a quoted page would be one sentence.
    masked = _MASKED.sub(" ", text)
    tag = (language or "en").split("-")[0].lower()
    found = {0, len(text)}
    line_start = 0
    for line in masked.splitlines(keepends=True):
        found.add(line_start)
        found.update(line_start + start for start in _sentence_starts(tag, line))
        line_start += len(line)
    found.update(match.end() for match in _KHMER_OR_TIBETAN_STOP.finditer(text))
    if tag == "el":
        found.update(match.end() for match in _GREEK_QUESTION.finditer(text))
    return found - {0, len(text)}


def _sentence_starts(tag: str, line: str) -> list[int]:
    try:
        return [int(found["start_index"]) for found in get_sentence_boundaries(tag, line)]
    except BaseException as error:
        # The Rust library panics on some characters; its exception is no Exception. Plain stops are still right.
        if type(error).__name__ != "PanicException":
            raise
        return [match.end() for match in _ANY_STOP.finditer(line)]


def _mended(text: str, boundaries: list[int]) -> list[int]:
    enclosed = list(_enclosures(text))
    kept: list[int] = []
    open_at = 0
    for boundary in boundaries:
        closers = _CLOSERS_FIRST.match(text, boundary)
        if closers is not None and not text[:boundary].endswith("\n"):
            # What closes belongs to what it closes; white space before it would mean that it opens.
            boundary = closers.end() if not text[boundary - 1].isspace() else boundary
        openers = _OPENERS_LAST.search(text, max(0, boundary - 8), boundary)
        if openers is not None:
            boundary = openers.start()
        start = kept[-1] if kept else 0
        while open_at < len(enclosed) and enclosed[open_at][1] <= boundary:
            open_at += 1
        inside = any(opens < boundary < closes for opens, closes in enclosed[open_at : open_at + 4])
        if boundary > start and not inside and not _joined(text, start, boundary):
            kept.append(boundary)
    return _without_wordless(text, kept)


def _without_wordless(text: str, starts: list[int]) -> list[int]:
    """Leave out what begins a stretch without a letter: stray stops and numbers belong to the sentence before them."""
    ends = [*starts, len(text)][1:]
    return [start for start, end in zip(starts, ends, strict=True) if any(map(str.isalpha, text[start:end]))]


def _joined(text: str, start: int, boundary: int) -> bool:
    """Whether what stands before the boundary does not end its sentence there."""
    left, right = text[start:boundary], text[boundary : boundary + 40].lstrip()
    if not right or not any(map(str.isalpha, left)):
        return True
    if _LABEL.fullmatch(left):
        return True
    first = right.lstrip("\"'“‘«(")[:1]
    if _ENDS_LINE.search(left):
        return first.islower() and not _LABEL.match(right)
    if first.islower() and not _LABEL.match(right):
        return True
    tail = left[-24:]
    if _ABBREVIATION_ALWAYS.search(tail):
        return True
    if _ABBREVIATION_BEFORE_NUMBER.search(tail) and _NUMBER_FIRST.match(right):
        return True
    if not left[-1].isspace() and left[-1] == ".":
        # A full stop inside a name or an address; a sentence that lacks its space begins with a whole word.
        return not (re.search(r"[^\W\d_]{3}\.$", left) and re.match(r"[A-ZÀ-Þ][a-zß-ÿ]", right))
    return False


def _enclosures(text: str) -> Iterator[tuple[int, int]]:
    """Offsets behind the opening and of the closing mark of each short enclosure, outermost first."""
    found = []
    waiting: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        if character == "\n":
            waiting.clear()
        elif any(character == close for close, _ in waiting):
            while waiting:
                close, opened = waiting.pop()
                if close == character:
                    if place - opened <= LONGEST_ENCLOSED:
                        found.append((opened, place))
                    break
        elif character == '"':
            waiting.append(('"', place))
        elif character in _PAIRS:
            waiting.append((_PAIRS[character], place))
            del waiting[:-8]
    yield from sorted(found)
