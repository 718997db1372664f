"""The types that every room shares: a document, its structure, and the passages cut from it.

All offsets named `start` and `end` in this module count Unicode code points of the document's canonical text, end
exclusive. The invariants, which `tests/corpus/promise.py` checks on every document that the tests touch:

- `text` is NFC and every block is `text[block.start:block.end]`, without white space at either end;
- blocks do not overlap, stand in order, and between two blocks there is exactly `BLOCK_SEPARATOR`;
- a note hangs on an offset in a block that is not itself that note, and its text is a block of kind `note`;
- a passage is whole sentences of one block, or of a run of blocks, that hold no note unless it is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

BLOCK_SEPARATOR = "\n\n"


class BlockKind(StrEnum):
    """What a block is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_CELL = "table_cell"
    CAPTION = "caption"
    QUOTATION = "quotation"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the canonical text, `[start, end)`."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Box:
    """Where a stretch of a block stands on a page (one box a word or a run of a line).

    :param page: the page's `index`, 1-based.
    :param start: canonical offset of the first character inside.
    :param end: canonical offset after the last one.
    :param left: points (1/72 inch) from the left edge of the page as it is shown (rotation applied).
    :param top: points from the upper edge, growing downwards; likewise `right` and `bottom`.
    """

    page: int
    start: int
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table cell, caption, quotation or note.

    :param ordinal: place among the document's blocks, from 0.
    :param level: 1–6 for a heading, nesting depth from 1 for a list item, row number from 1 for a table cell, else 0.
    :param language: BCP 47 tag, None where it could not be told.
    :param parent: ordinal of the block this one belongs under (a list item's parent item or the paragraph that opens
        its list, a cell's row head); None at the top.
    :param section: the heading path above the block, outermost first.
    :param paragraph: running number of the block among the document's body paragraphs and list items, from 1; None for
        headings, notes, cells and noise, which nobody cites by paragraph.
    :param number: the number printed before it as people cite it ("12", "3 (b)", "Article 12, paragraph 3"), or None.
    :param noise: name of the rule that found this block not to be the document speaking, or None.
    :param confidence: 0–1 of the text recognition where the words came from a picture, else None.
    :param hidden: the words are in the file but not visible on the page; never quoted as printed.
    """

    ordinal: int
    kind: BlockKind
    start: int
    end: int
    level: int = 0
    language: str | None = None
    parent: int | None = None
    section: tuple[str, ...] = ()
    paragraph: int | None = None
    number: str | None = None
    noise: str | None = None
    confidence: float | None = None
    hidden: bool = False
    boxes: tuple[Box, ...] = ()

    @property
    def span(self) -> Span:
        """The block's stretch of the canonical text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the source and the stretches of canonical text printed on it.

    :param index: the physical page, 1-based: what `#page=` opens.
    :param label: what is printed on the page, which people cite; the file's own label where nothing is printed; None
        where the page has neither.
    :param file_label: the label that the file gives itself, if it does.
    :param width: points (1/72 inch), as shown; `height` likewise.
    :param spans: in order; several because notes stand apart from the running text.
    :param recognized: mean confidence (0–1) when the words were read from a picture, else None.
    :param problem: why the page gave no text or a doubtful one, in words, or None.
    """

    index: int
    label: str | None
    file_label: str | None = None
    width: float = 0.0
    height: float = 0.0
    spans: tuple[Span, ...] = ()
    recognized: float | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote or endnote.

    :param ordinal: place among the document's notes, from 0.
    :param marker: as printed ("1", "*", "****").
    :param anchors: canonical offsets in the running text that its marker hung on (after which character); one note may
        be called several times; empty when its marker was not found.
    :param block: ordinal of the note's own first block, of kind `note`.
    """

    ordinal: int
    marker: str
    anchors: tuple[int, ...]
    block: int


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of the document that point to another document and, often, to a page of it.

    :param start: canonical span of the pointing words, such as "(pp. 74-75)"; `end` likewise.
    :param document: catalogue id of the document pointed to; None when it is not known which.
    :param pages: labels as written ("74-75"), or None.
    :param note: ordinal of the note that gave the document its name, if one did.
    """

    ordinal: int
    start: int
    end: int
    document: str | None
    pages: str | None
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its words: from its catalogue entry, or else from its file.

    :param id: a readable slug, `[a-z0-9-]+`.
    :param organization: who published it; empty when unknown.
    :param authors: persons ("Family, Given") or bodies named as authors, when they differ from the organization.
    :param kind: paper, statement, handbook, treaty, resolution, report, declaration, speech, web-page, chapter or
        document.
    :param date: ISO 8601 to the precision that is known ("2011", "2011-02", "2011-02-17"), or None.
    :param languages: BCP 47 tags.
    :param identifiers: such as `isbn`, `symbol` (United Nations), `doi`.
    :param url: where a reader finds it: the landing page, or the file.
    :param source_url: the file itself at its publisher, if known.
    :param licence: what the text may be used for, in words.
    :param event: the meeting it was written for, with `place`, where it has one.
    :param container: title of the whole that a chapter is part of; `container_pages` the pages it takes there ("1-20").
    :param editors: of that whole, or of the text; `translators` of the text. Persons are written "Family, Given".
    """

    id: str
    title: str
    organization: str = ""
    authors: tuple[str, ...] = ()
    kind: str = "document"
    date: str | None = None
    languages: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    source_url: str | None = None
    licence: str = ""
    event: str | None = None
    place: str | None = None
    publisher: str | None = None
    subtitle: str | None = None
    container: str | None = None
    container_pages: str | None = None
    editors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of `date`."""
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of a document: a citation names the edition it was made from."""

    source_sha256: str
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document as ingest made it: metadata, canonical text and structure.

    :param source_type: media type of the source, told by its content.
    :param source_name: file name it came under.
    :param source_sha256: hex digest of the source file; `text_sha256` that of the canonical text in UTF-8.
    :param problems: what a reader should know of the extraction ("page 3 gave no text"), one sentence each.
    """

    metadata: Metadata
    text: str
    source_type: str
    source_name: str
    source_sha256: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...] = ()
    notes: tuple[Note, ...] = ()
    references: tuple[Reference, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def text_sha256(self) -> str:
        """Hex digest of the canonical text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def edition(self) -> Edition:
        """The state that citations of this document name."""
        return Edition(self.source_sha256, self.text_sha256)

    def pages_of(self, start: int, end: int) -> tuple[Page, ...]:
        """The pages on which `[start, end)` is printed, in order; empty where the source has no pages."""
        return pages_of(self.pages, start, end)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded and ranked: one or more whole sentences of one block, or of a short run of sibling blocks.

    :param id: stable over re-ingest while its words stay; see `passage_id`.
    :param ordinal: place among the document's passages, from 0.
    :param text: equals `canonical[start:end]`.
    :param sentences: spans in order, inside `[start, end)`, that cover everything but white space.
    :param first_block: ordinal of the first block it touches; `last_block` of the last.
    :param paragraph: the number of its first block that has one.
    :param noise: the rule that marked its blocks as noise, or None.
    """

    id: str
    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    first_block: int
    last_block: int
    section: tuple[str, ...] = ()
    paragraph: int | None = None
    language: str | None = None
    noise: str | None = None


def pages_of(pages: Sequence[Page], start: int, end: int) -> tuple[Page, ...]:
    """The pages that `[start, end)` is printed on, in order of their index."""
    wanted = Span(start, end)
    return tuple(page for page in pages if any(span.overlaps(wanted) for span in page.spans))


def passage_id(document_id: str, text: str, occurrence: int) -> str:
    """An id that stays while the passage's words stay, wherever in the document they move.

    :param occurrence: how many passages with the same words stand before it in the document.
    :return: the document's id, a full stop, and 16 hexadecimal digits (BLAKE2b).
    """
    digest = hashlib.blake2b(f"{document_id}\0{occurrence}\0{text}".encode(), digest_size=8).hexdigest()
    return f"{document_id}.{digest}"
