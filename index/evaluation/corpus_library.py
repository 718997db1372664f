"""Turns a test set's corpus into a library of its own, through the product's own cutting and building.

Each item is one document. The library is kept in a cache by what the corpus holds, so that a second run embeds nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from corpus.documents import Block, BlockKind, Document, Metadata, Passage
from corpus.library import Library
from index.build import Report, build
from index.encoder import ConfiguredEncoder
from index.evaluation.beir import BeirSet, Item
from index.search import Searcher
from index.stop_words import guess_language
from index.words import words_of

_LAYOUT = 2
"""Raised when items become other documents, so that no old cache is used."""
_TITLE_WORD = re.compile(r"[^\W\d_]{2,}")
_TELLING_WORDS = 4

Cut = Callable[[Document], tuple[Passage, ...]]
"""Cuts a document into passages, as ingest does."""


def corpus_searcher(
    beir: BeirSet, encoders: tuple[ConfiguredEncoder, ...], cut: Cut, cache: Path, report: Report
) -> tuple[Searcher, tuple[str, ...]]:
    """A searcher over a set's corpus.

    :param cache: a folder for libraries of test sets.
    :return: the searcher, and for each of its document numbers the item's id.
    :raises corpus.errors.VerbatimError: when the cache cannot be written or a model fails.
    """
    digest = hashlib.sha256()
    for item in beir.items:
        digest.update(repr((_LAYOUT, item.id, item.title, item.text, item.language)).encode())
    library = Library(cache / f"{beir.name}-{digest.hexdigest()[:16]}")
    with library.open_store() as store:
        held = store.readings()
        for number, item in enumerate(beir.items):
            id_ = document_id(number)
            if id_ not in held and item.text.strip():
                document = document_of(item, id_)
                store.put(document, cut(document))
        searcher = Searcher.open(build(store, library, encoders, report), encoders)
    ids = tuple(beir.items[int(document.rsplit("-", 1)[1])].id for document in searcher.table.documents)
    return searcher, ids


def document_id(number: int) -> str:
    """The id of the document that an item becomes; sorts as the items stand."""
    return f"item-{number:08d}"


def document_of(item: Item, id_: str) -> Document:
    """The document that an item becomes: one paragraph of canonical text.

    A title that says something (four words or more, not a file's name or a number) opens it.
    """
    title = unicodedata.normalize("NFC", item.title).strip()
    text = unicodedata.normalize("NFC", item.text).strip()
    if len(_TITLE_WORD.findall(title)) >= _TELLING_WORDS:
        text = f"{title}{'' if title[-1] in '.!?…' else '.'} {text}"
    language = item.language or guess_language(words_of(text[:2000]))
    digest = hashlib.sha256(item.text.encode()).hexdigest()
    block = Block(0, BlockKind.PARAGRAPH, 0, len(text), language=language, paragraph=1)
    metadata = Metadata(id_, item.title or item.id, languages=(language,) if language else ())
    return Document(metadata, text, "text/plain", item.id, digest, (block,))
