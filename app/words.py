"""The one place where words leave a document: every text in an answer is cut from the canonical text here.

Invariant: `words(document, start, end) == document.text[start:end]`, and it is what was ranked, or nothing leaves.
"""

from __future__ import annotations

from app.models import QuoteShape
from app.selector import selectors
from corpus.documents import Document, Passage
from corpus.errors import VerbatimError


class BrokenPromise(VerbatimError):
    """An index and a document that disagree on the words at an offset: nothing is quoted from them."""


def words(document: Document, start: int, end: int) -> str:
    """The words of a span.

    :raises BrokenPromise: when the span is empty or does not lie in the text.
    """
    if not 0 <= start < end <= len(document.text):
        raise BrokenPromise(
            f"[{start}, {end}) is no span of {document.metadata.id!r}, whose text has {len(document.text)} code points",
            "Run `verbatim doctor`, and `verbatim index` to build the index anew",
        )
    return document.text[start:end]


def passage_words(document: Document, passage: Passage) -> str:
    """The words of a passage, cut from its document.

    :raises BrokenPromise: when they are not the words that the passage was ranked by.
    """
    found = words(document, passage.start, passage.end)
    if found != passage.text or passage.document_id != document.metadata.id:
        raise BrokenPromise(
            f"The passage {passage.id!r} is not the words of its document at {passage.start}-{passage.end}",
            "Run `verbatim doctor`, and `verbatim index` to build the index anew",
        )
    return found


def quote_shape(document: Document, start: int, end: int) -> QuoteShape:
    """A span as a quote with its selectors."""
    return QuoteShape(
        text=words(document, start, end), start=start, end=end, selector=selectors(document.text, start, end)
    )
