"""What is asked of the index and what it answers: the types that cross to app/.

Every span is in code points of the document's canonical text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.documents import Span

MAX_QUERY_CHARACTERS = 100_000
MAX_LIMIT = 1000


class Mode(StrEnum):
    """How passages are found: by meaning and words, by meaning alone, or by the very words."""

    HYBRID = "hybrid"
    SEMANTIC = "semantic"
    EXACT = "exact"


class Support(StrEnum):
    """How well the library speaks to a query."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What results are restricted to; an empty set or None restricts nothing. Values of one field are alternatives.

    :param language: BCP 47 tags of the passage; a primary subtag ("fr") takes its regions too ("fr-CA").
    """

    document: frozenset[str] = frozenset()
    organization: frozenset[str] = frozenset()
    kind: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    year_from: int | None = None
    year_to: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    :param offset: how many results to pass over.
    :param per_document: at most so many results of one document; None for no bound.
    """

    text: str
    mode: Mode = Mode.HYBRID
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    offset: int = 0
    per_document: int | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """The parts of a hit's score; None where a part was not used.

    :param semantic: cosine of the query with the passage or its best sentence, by the first encoder.
    :param lexical: bm25.
    :param rerank: late interaction: mean over the query's tokens of the best cosine with the passage's.
    """

    semantic: float | None = None
    lexical: float | None = None
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One result.

    :param score: 0–1, comparable between queries: see `index.support`.
    :param quote: whole sentences that answer.
    :param highlights: the words of the quote that made the match, in order.
    :param also_in: ids of passages elsewhere with the same words, best source first.
    :param why: which parts found it: "meaning", "words", "phrase".
    """

    passage_id: str
    document_id: str
    score: float
    scores: Scores
    quote: Span
    highlights: tuple[Span, ...] = ()
    also_in: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facets:
    """How many results there are by value, over all pages, most first."""

    document: tuple[tuple[str, int], ...] = ()
    organization: tuple[tuple[str, int], ...] = ()
    kind: tuple[tuple[str, int], ...] = ()
    language: tuple[tuple[str, int], ...] = ()
    year: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query was understood.

    :param language: guessed from its function words, None where they do not tell.
    :param phrases: what stood in quotation marks: every result holds them.
    :param parts: which parts ranked: names of encoders, "words", "phrase".
    :param coverage: 0–1: the share of its topic words that the library knows.
    """

    text: str
    mode: Mode
    language: str | None = None
    phrases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    coverage: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gives.

    :param total: how many results there are over all pages.
    """

    support: Support
    hits: tuple[Hit, ...]
    facets: Facets
    total: int
    reading: Reading
