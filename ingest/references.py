"""Finds the words of a document that point to another one, and resolves them to works of the catalogue.

"GMG Handbook …, p. 10" in a note names its work; "(pp. 74-75)" behind a sentence belongs to the work that was named
last in its section, or in the note that hangs there. Invariant: a reference is resolved only to a work that the
document names; one that names a work of its own which is not known stays open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue import KnownWork
from corpus.documents import Block, BlockKind, Document, Reference, Span
from ingest.sentences import sentence_spans

_NUMBER = r"(?:\d{1,4}|(?-i:[ivxlc]{1,7}))"
_RANGE = rf"{_NUMBER}(?:\s*[-–—]\s*{_NUMBER})?"
_PAGES = rf"{_RANGE}(?:\s*(?:,|;|and|&|et|y|und|и)\s*{_RANGE}\b(?!\s*[-/]))*"
_EXPLICIT = re.compile(
    rf"(?<![\w.])(?:pp?|pgs?|pages?|págs?|páginas?|págin|seiten?|стр|с(?=\.)|ص)\b\.?\s*(?P<pages>{_PAGES})(?!\w)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\((?P<pages>\d{1,4}(?:\s*[-–—]\s*\d{1,4})?)\)(?=\s*(?:[;.,:]|$))", re.MULTILINE)
_SIGNAL = (
    r"(?:see|cf|voir|véase|ver|ibid|idem|id|op\.\s*cit|loc\.\s*cit)\b[.,:]?\s*"
    r"(?:(?:also|especially|aussi|también)\b)?\s*,?\s*"
)
_ALONE_BEFORE = re.compile(rf"[(\[]\s*(?:{_SIGNAL})*$", re.IGNORECASE)
_ALONE_AFTER = re.compile(r"\s*[)\]]")
_NOTE_ALONE = re.compile(rf"(?:{_SIGNAL})*", re.IGNORECASE)
_IBID = re.compile(r"\b(?:ibid|ibidem|idem|id)\b\.?", re.IGNORECASE)
_PART = re.compile(
    r"^(?:see|cf\.?|voir|véase)\s+(?:especially|also|in particular|notamment|en particular)?\s*,?\s*"
    r"(?P<part>(?:part|chapter|section|annex|partie|chapitre|parte|capítulo)\s+[\dIVXLC]+)\b",
    re.IGNORECASE,
)
_OF_NEXT = re.compile(r"\s*(?:of|in|du|de la|de|del|des)\s+(?:the\s+|la\s+|le\s+|el\s+)?[“\"«]?\s*$", re.IGNORECASE)
_OTHER_WORK = re.compile(
    r"\b(?:protocols?|amendments?|commentary)\s+(?:\w+\s+)?(?:to|on)\s+(?:the\s+)?$", re.IGNORECASE
)
"""Words before a title that make it part of another work's: "the Optional Protocol to the Convention"."""
YEARS = range(1800, 2101)
"""A bare number in this range is a year before it is a page."""
SMALLEST_BARE_PAGE = 10
"""A smaller bare number in parentheses is more often a count or a list's number."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where the document names a known work; `at` is where in the running text it takes effect."""

    span: Span
    work: str
    at: int
    note: int | None


def with_references(document: Document, works: Sequence[KnownWork]) -> Document:
    """The document with its references found anew, as the catalogue now stands."""
    return replace(document, references=find_references(document, works))


def find_references(document: Document, works: Sequence[KnownWork]) -> tuple[Reference, ...]:
    """Every reference of the document, in order of the text.

    :param works: what the catalogue lists; the document itself may be among them and is never its own reference.
    """
    return _Finder(document, works).references()


class _Finder:
    def __init__(self, document: Document, works: Sequence[KnownWork]) -> None:
        self.document = document
        self.text = document.text
        self.starts = [block.start for block in document.blocks]
        self.note_of_block = _notes_of_blocks(document)
        self.mentions = list(self._mentions(works))

    def references(self) -> tuple[Reference, ...]:
        found = [*self._explicit(), *self._parts()]
        found += self._bare(found)
        told = [Span(reference.start, reference.end) for reference in found]
        for mention in self.mentions:
            if not any(span.overlaps(mention.span) for span in told):
                found.append(Reference(0, mention.span.start, mention.span.end, mention.work, None, mention.note))
        found.sort(key=lambda reference: (reference.start, reference.end))
        return tuple(replace(reference, ordinal=place) for place, reference in enumerate(found))

    def _mentions(self, works: Sequence[KnownWork]) -> Iterator[_Mention]:
        last_end = 0
        for start, end, work in _named(self.text, [work for work in works if work.id != self.document.metadata.id]):
            block = self._block(start)
            if start < last_end or end > block.end or _OTHER_WORK.search(self.text, block.start, start):
                continue
            last_end = end
            note = self.note_of_block.get(block.ordinal)
            anchors = self.document.notes[note].anchors if note is not None else ()
            yield _Mention(Span(start, end), work, anchors[0] if anchors else start, note)

    def _explicit(self) -> Iterator[Reference]:
        """Page references that say they are: "p. 61", "pages 12 and 14"."""
        for block in self.document.blocks:
            if block.noise or block.hidden:
                continue
            for match in _EXPLICIT.finditer(self.text, block.start, block.end):
                span = Span(*match.span())
                yield self._resolved(span, match["pages"], block)

    def _resolved(self, span: Span, pages: str, block: Block) -> Reference:
        sentence = self._sentence(block, span.start)
        mine = [mention for mention in self.mentions if sentence.holds(mention.span)]
        after = [mention for mention in mine if mention.span.start >= span.end]
        if after and _OF_NEXT.fullmatch(self.text[span.end : after[0].span.start]):
            return Reference(0, span.start, after[0].span.end, after[0].work, pages, after[0].note)
        before = [mention for mention in mine if mention.span.end <= span.start]
        alone = self._stands_alone(span, block)
        if before and alone is None:
            first = before[-1]
            for mention in reversed(before):
                # "GMG Handbook entitled Mainstreaming …": two names of one work, side by side.
                if mention.work != first.work:
                    break
                first = mention
            return Reference(0, first.span.start, span.end, first.work, pages, first.note)
        if alone is None:
            return Reference(0, span.start, span.end, None, pages)
        named = self._named_before(span.start, block)
        return Reference(0, alone.start, alone.end, named.work if named else None, pages, named.note if named else None)

    def _stands_alone(self, span: Span, block: Block) -> Span | None:
        """The whole pointer where the words around it name no work: "(p. 61)", or a note that is just "See p. 12"."""
        before = self.text[block.start : span.start]
        opening, closing = _ALONE_BEFORE.search(before), _ALONE_AFTER.match(self.text, span.end)
        if opening and closing:
            return Span(block.start + opening.start(), closing.end())
        return span if block.kind is BlockKind.NOTE and _NOTE_ALONE.fullmatch(before.strip()) else None

    def _named_before(self, offset: int, block: Block) -> _Mention | None:
        """The work named last before the offset, in its section; for a note, before the place it hangs on."""
        note = self.note_of_block.get(block.ordinal)
        if note is not None:
            in_note = [mention for mention in self.mentions if mention.note == note and mention.span.end <= offset]
            if in_note:
                return in_note[-1]
            anchors = self.document.notes[note].anchors
            if not anchors:
                return None
            if _IBID.search(self.text, block.start, offset) and note:
                of_last = [mention for mention in self.mentions if mention.note == note - 1]
                return of_last[-1] if of_last else None
            offset, block = anchors[0], self._block(anchors[0])
        named = [
            mention
            for mention in self.mentions
            if mention.at <= offset and self._section(mention.at) == self._section_of(block)
        ]
        return max(named, key=lambda mention: (mention.at, mention.span.start)) if named else None

    def _parts(self) -> Iterator[Reference]:
        """Notes such as "See especially Part 3": a part of the work that is named where the note hangs."""
        for block in self.document.blocks:
            if block.kind is not BlockKind.NOTE:
                continue
            match = _PART.match(self.text[block.start : block.end])
            if match is None or any(mention.note == self.note_of_block.get(block.ordinal) for mention in self.mentions):
                continue
            named = self._named_before(block.start, block)
            if named is not None:
                start, end = (block.start + place for place in match.span("part"))
                yield Reference(0, start, end, named.work, None, named.note)

    def _bare(self, explicit: Sequence[Reference]) -> Iterator[Reference]:
        """Numbers in parentheses, where the same list or paragraph also has page references that say they are."""
        with_pages = [self._block(reference.start) for reference in explicit if reference.pages]
        lists = {block.parent for block in with_pages if block.parent is not None}
        paragraphs = {block.ordinal for block in with_pages}
        for block in self.document.blocks:
            if block.ordinal not in paragraphs and (block.parent is None or block.parent not in lists):
                continue
            for match in _BARE.finditer(self.text, block.start, block.end):
                numbers = [int(number) for number in re.findall(r"\d+", match["pages"])]
                if numbers[0] < SMALLEST_BARE_PAGE or all(number in YEARS for number in numbers):
                    continue
                if len(numbers) == 2 and numbers[0] > numbers[1] and len(str(numbers[1])) == len(str(numbers[0])):
                    continue
                named = self._named_before(match.start(), block)
                yield Reference(
                    0,
                    match.start(),
                    match.end(),
                    named.work if named else None,
                    match["pages"],
                    named.note if named else None,
                )

    def _block(self, offset: int) -> Block:
        return self.document.blocks[max(0, bisect_right(self.starts, offset) - 1)]

    def _sentence(self, block: Block, offset: int) -> Span:
        for start, end in sentence_spans(self.text[block.start : block.end], block.language):
            if block.start + end > offset:
                return Span(block.start + start, block.start + end)
        return block.span

    def _section(self, offset: int) -> tuple[str, ...]:
        return self._section_of(self._block(offset))

    def _section_of(self, block: Block) -> tuple[str, ...]:
        title = (self.text[block.start : block.end].replace("\n", " "),) if block.kind is BlockKind.HEADING else ()
        return block.section + title


def _notes_of_blocks(document: Document) -> dict[int, int]:
    """The note that each block of kind `note` belongs to, by ordinal."""
    firsts = [note.block for note in document.notes]
    return {
        block.ordinal: bisect_right(firsts, block.ordinal) - 1
        for block in document.blocks
        if block.kind is BlockKind.NOTE and firsts and block.ordinal >= firsts[0]
    }


def _named(text: str, works: Sequence[KnownWork]) -> list[tuple[int, int, str]]:
    """Where the text names a work by its title or an alias, whatever the case and the marks between its words.

    Longer names come first at the same place, so that a title is not taken for a shorter one that begins it.
    """
    names: dict[str, str] = {}
    for work in works:
        for name in (work.title, *work.aliases):
            words = re.findall(r"\w+", name)
            shape = r"\W{1,4}".join(map(re.escape, words))
            if len(words) == 1 and name.isupper():
                # An acronym in small letters is a word: CAT.
                names.setdefault(f"(?-i:{shape})", work.id)
            elif words:
                names.setdefault(shape, work.id)
    if not names:
        return []
    by_length = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w)({name})(?!\w)" for name in by_length), re.IGNORECASE)
    return [
        (match.start(), match.end(), names[by_length[match.lastindex - 1]])
        for match in pattern.finditer(text)
        if match.lastindex
    ]
