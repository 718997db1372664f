"""What an extractor makes of a source file: a draft, before its blocks are joined into one canonical text.

Every format comes to this one shape; `ingest.canonical` turns it into a `corpus.documents.Document`. Offsets in a
draft count code points of the one block's own `text` and are named `block_start` … so that they are never mistaken
for canonical offsets.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import BlockKind
from corpus.errors import VerbatimError


class SourceError(VerbatimError):
    """A file that cannot be read as a document: damaged, encrypted, empty, of an unknown type, or over a limit."""


@dataclass(frozen=True, slots=True)
class DraftBox:
    """Where `text[block_start:block_end]` of a block stands on a page; points, origin at the upper left as shown."""

    page: int
    block_start: int
    block_end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class DraftAnchor:
    """A note's marker taken out of a block's text, and the offset in that text where it stood.

    :param note: key of the note it calls: the `note` of the block that holds the note's text.
    """

    block_start: int
    marker: str
    note: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """From `block_start` on, the block's text stands on this page (1-based index); each block begins with one."""

    block_start: int
    page: int


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """One block as read, in reading order (notes may stand anywhere; they are moved behind the running text).

    :param text: words with layout noise, markers and line breaks already taken out; a hard line break that the
        author made is `\\n`, all other white space is one space; need not be NFC.
    :param level: as in `corpus.documents.Block`.
    :param parent: place in the draft's `blocks` of the block this one belongs under.
    :param note: for a block of kind `note`, its key (unique in the draft), with its `marker` as printed; further
        blocks of the same note repeat the key.
    :param page_breaks: empty where the source has no pages.
    """

    kind: BlockKind
    text: str
    level: int = 0
    parent: int | None = None
    number: str | None = None
    note: str | None = None
    marker: str | None = None
    anchors: tuple[DraftAnchor, ...] = ()
    page_breaks: tuple[PageBreak, ...] = ()
    boxes: tuple[DraftBox, ...] = ()
    noise: str | None = None
    confidence: float | None = None
    hidden: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page of the source; fields as in `corpus.documents.Page`."""

    index: int
    label: str | None
    file_label: str | None = None
    width: float = 0.0
    height: float = 0.0
    recognized: float | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """What the file says about itself; None or empty where it is silent. A catalogue entry wins over it."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A source file as read: its blocks in reading order, its pages, and what went wrong, in words."""

    blocks: tuple[DraftBlock, ...]
    pages: tuple[DraftPage, ...] = ()
    metadata: FileMetadata = FileMetadata()
    problems: tuple[str, ...] = ()
