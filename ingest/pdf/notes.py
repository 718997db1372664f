"""Tells footnotes and endnotes from the running text, and note markers from digits, and hangs the one on the other.

From paragraphs.py, before paragraphs are joined over pages. A note is a paragraph that opens with a marker and is set
in smaller type at the end of its column, or whose marker is raised; a call is a raised number or sign in the text that
a note answers. A raised number that no note answers is no marker ("m²").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.pdf.flow import Call
from ingest.pdf.glyphs import Word
from ingest.pdf.lines import is_raised
from ingest.pdf.paragraphs import Paragraph, ended, is_lone_marker

_MARK = re.compile(r"[(\[]?(\d{1,3}|[ivxlc]{1,5}|[a-z]|[*†‡§¶#]{1,5}|[⁰¹²³⁴-⁹]{1,3})[)\].]?,?")
_MARKS = re.compile(r"\d{1,3}|[*†‡§¶#]+|[⁰¹²³⁴-⁹]+|[ivxlc]{2,5}|[a-z](?![a-z])")
_PLAIN = re.compile(r"\d{1,3}[.)]?|[*†‡§¶#]{1,5}")
UNITS = frozenset("m km cm mm dm ha mi ft R CO".split())  # noqa: SIM905
"""Words whose raised figure is an exponent."""

_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(slots=True)
class FoundNote:
    """A footnote or endnote: its marker, its key in the draft, and its paragraphs (the marker still on its first)."""

    key: str
    marker: str
    page: int
    paragraphs: list[Paragraph]
    marker_words: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Notes:
    """The notes of a document, what is left as running text on each page, and by `id` the words that call notes."""

    notes: list[FoundNote]
    running: list[list[Paragraph]]
    calls: dict[int, tuple[Call, ...]] = field(default_factory=dict)
    raised: set[int] = field(default_factory=set)


def find_notes(pages: Sequence[list[Paragraph]], body_size: float) -> Notes:
    """Sort the paragraphs of each page into notes and running text, and find the calls.

    :param pages: paragraphs of each page in reading order.
    :param body_size: type size of the running text.
    """
    found = Notes([], [])
    for paragraphs in pages:
        found.running.append(_take_notes(paragraphs, found.notes, body_size))
    _find_calls(found)
    return found


def _take_notes(paragraphs: Sequence[Paragraph], notes: list[FoundNote], body_size: float) -> list[Paragraph]:
    """Move the notes of a page to `notes`; what is left is the running text."""
    running: list[Paragraph] = []
    open_note: FoundNote | None = None
    for place, paragraph in enumerate(paragraphs):
        marker = _opening_marker(paragraph, body_size, paragraphs[place:])
        if marker is not None:
            text, words = marker
            page = paragraph.page
            key = f"{page}.{text}"
            while any(note.key == key for note in notes[-60:]):
                key += "'"
            open_note = FoundNote(key, text, page, [paragraph], words)
            notes.append(open_note)
        elif open_note is not None and _carries_on(paragraph, open_note, body_size):
            open_note.paragraphs.append(paragraph)
        elif notes and open_note is None and _is_taken_up(notes[-1], paragraphs, place):
            open_note = notes[-1]
            if ended(open_note.paragraphs[-1].lines[-1].text):
                open_note.paragraphs.append(paragraph)
            else:
                open_note.paragraphs[-1].lines += paragraph.lines
        else:
            open_note = None
            running.append(paragraph)
    return running


def _is_taken_up(note: FoundNote, paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Whether a paragraph without marker goes on with the last note of the column or page before.

    It is set like the note, nothing but notes stands below it in its column, and the note breaks off or further notes
    follow it there.
    """
    paragraph = paragraphs[place]
    last = note.paragraphs[-1]
    if paragraph.table or abs(paragraph.size - last.size) > 0.25 or not 0 <= paragraph.page - last.lines[-1].page <= 1:
        return False
    below = list(_rest_of_column(paragraphs[place:]))
    if any(abs(other.size - last.size) > 0.25 for other in below):
        return False
    if place == 0 and len(below) == len(paragraphs):
        return False
    followed = any(is_raised(other.lines[0].words[0], other.lines[0]) for other in below[1:])
    return followed or not ended(last.lines[-1].text)


def _rest_of_column(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs down to the end of the first one's column."""
    height = -1.0
    for paragraph in paragraphs:
        if paragraph.lines[0].baseline < height:
            return
        height = paragraph.lines[-1].baseline
        yield paragraph


def _opening_marker(paragraph: Paragraph, body_size: float, onward: Sequence[Paragraph]) -> tuple[str, set[int]] | None:
    """The marker that opens a note, and the `id` of the words that print it; None where the paragraph is no note."""
    if paragraph.table:
        return None
    line = paragraph.lines[0]
    if len(line.words) < 2 and len(paragraph.lines) < 2:
        return None
    small = paragraph.size < 0.95 * body_size
    for count in (3, 2, 1) if line.words[0].text in ("(", "[") else (1,):  # brackets may be words of their own
        words = line.words[:count]
        text = "".join(word.text for word in words)
        marks = {id(word) for word in words}
        if _MARK.fullmatch(text) and any(is_raised(word, line) for word in words):
            return _bare(text), marks
        if small and _PLAIN.fullmatch(text) and all(_is_small(later, body_size) for later in _rest_of_column(onward)):
            return _bare(text), marks
    return None


def _is_small(paragraph: Paragraph, body_size: float) -> bool:
    return paragraph.size < 0.97 * body_size and not paragraph.table


def _carries_on(paragraph: Paragraph, open_note: FoundNote, body_size: float) -> bool:
    """Whether the paragraph is a further one of the note above it."""
    same = abs(paragraph.size - open_note.paragraphs[-1].size) < 0.4
    return same and paragraph.size < 0.95 * body_size and not paragraph.table


def _bare(text: str) -> str:
    return text.translate(_RAISED_DIGITS).strip("()[].,")


def _find_calls(found: Notes) -> None:
    by_marker: dict[str, list[FoundNote]] = defaultdict(list)
    for note in found.notes:
        by_marker[note.marker].append(note)
    own = {word for note in found.notes for word in note.marker_words}
    for paragraph in [p for page in found.running for p in page] + [p for n in found.notes for p in n.paragraphs]:
        size = paragraph.size
        for line in paragraph.lines:
            for place, word in enumerate(line.words):
                if id(word) in own:
                    continue
                raised = is_raised(word, line) or is_lone_marker(line, size)
                if not raised and not _may_be_sign(word.text, place):
                    continue
                if place and word.glued and line.words[place - 1].text in UNITS and word.text in ("2", "3"):
                    found.raised.add(id(word))
                    continue
                called = _called(word, line.page, by_marker)
                if called:
                    found.calls[id(word)] = called
                    for bracket in _brackets(line.words, place):
                        found.calls[id(bracket)] = ()
                elif raised and word.text.strip("().,").isdigit():
                    found.raised.add(id(word))
    for note in found.notes:
        for word_id in note.marker_words:
            found.calls[word_id] = ()


def _brackets(words: Sequence[Word], place: int) -> tuple[Word, ...]:
    """The brackets around a marker, where they are words of their own."""
    if 0 < place < len(words) - 1 and words[place - 1].text in ("(", "[") and words[place + 1].text in (")", "]"):
        return words[place - 1], words[place + 1]
    return ()


def _may_be_sign(text: str, place: int) -> bool:
    return place > 0 and (text[0] in "*†‡¶⁰¹²³⁴⁵⁶⁷⁸⁹") and _MARK.fullmatch(text) is not None


def _called(word: Word, page: int, by_marker: dict[str, list[FoundNote]]) -> tuple[Call, ...]:
    """The notes that a raised word calls ("3", "3,4", "*"); none unless every part of it is answered.

    A note of an earlier page is called again only by a marker set close behind a word.
    """
    text = word.text.translate(_RAISED_DIGITS)
    parts = _MARKS.findall(text)
    if not parts or len("".join(parts)) + 3 * len(parts) < len(text):
        return ()
    calls = []
    for part in parts:
        note = _answer(by_marker.get(part, ()), page)
        if note is None or (not word.glued and note.page < page):
            return ()
        calls.append(Call(part, note.key))
    return tuple(calls)


def _answer(notes: Sequence[FoundNote], page: int) -> FoundNote | None:
    """The note with the marker: on the page itself, else on the next one, else among endnotes, else called again."""
    here = [note for note in notes if note.page == page]
    if here:
        return here[0]
    behind = [note for note in notes if note.page > page]
    if behind and (len(behind) == len(notes) or behind[0].page == page + 1):
        return behind[0]
    return notes[-1] if notes and not behind else behind[0] if behind else None
