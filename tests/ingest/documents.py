"""Documents for the tests of ingest: made from text in a temporary file, or read from the repository and beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from corpus.documents import Document, Passage
from ingest.chunk import cut_passages
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions
from tests.shared import REPOSITORY

PAPER = REPOSITORY / "corpus" / "texts" / "ngo-committee-on-migration-2011.md"
MAX_TOKENS = 256


def count_tokens(text: str) -> int:
    """Stands in for a model's tokenizer: no more than one token for four characters, as most make of English."""
    return len(text) // 4 + 2


@cache
def read(path: Path) -> Document:
    """The document of a file that does not change while the tests run."""
    return read_document(path, None, ExtractOptions())


def read_text(folder: Path, name: str, content: str | bytes) -> Document:
    """The document of a file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_document(path, None, ExtractOptions())


def passages_of(document: Document) -> tuple[Passage, ...]:
    return cut_passages(document, count_tokens, MAX_TOKENS)


def words(document: Document) -> list[str]:
    """The words of each block, in order."""
    return [document.text[block.start : block.end] for block in document.blocks]
