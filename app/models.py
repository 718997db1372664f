"""The shapes of every answer of the HTTP API: one model a shape, in the words of the contract, each with an example.

Offsets are Unicode code points of a document's canonical text, end exclusive.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["hybrid", "semantic", "exact"]
Support = Literal["strong", "fair", "weak", "none"]


class Answer(BaseModel):
    """A part of an answer; immutable."""

    model_config = ConfigDict(frozen=True)


class GenerationShape(Answer):
    """The index that an answer came from."""

    number: int = Field(description="Number of the generation, growing with every rebuild.")
    model: str = Field(description="The encoders that gave the vectors, joined by ' + '; 'words' while there are none.")
    pending: list[str] = Field([], description="Encoders whose vectors are still being made.")
    built_at: str = Field(description="When it was built, ISO 8601.")
    documents: int
    passages: int


class EditionShape(Answer):
    """One state of a document: the digests of its source file and of its canonical text."""

    source_sha256: str
    text_sha256: str


class DocumentShape(Answer):
    """What names a document beside a result."""

    id: str
    title: str
    organization: str
    kind: str
    date: str | None
    language: str | None = Field(description="Its first language, a BCP 47 tag.")
    url: str | None


class PageLabels(Answer):
    """The labels printed on the first and last page of a span: what people cite."""

    first: str | None
    last: str | None


class PassageShape(Answer):
    """What was ranked: whole sentences of a document."""

    id: str
    text: str
    start: int
    end: int
    language: str | None
    section: list[str] = Field(description="The headings above it, outermost first.")
    paragraph: int | None = Field(description="Its place among the document's paragraphs and list items, from 1.")
    number: str | None = Field(None, description="The number printed before it, such as '3 (b)'.")
    pages: PageLabels | None = Field(description="Null where the source has no pages.")
    page_indexes: list[int] = Field([], description="The physical pages, 1-based: what `#page=` opens.")
    noise: str | None = Field(None, description="The rule that found it to be no running text.")
    recognized: float | None = Field(
        None, description="Confidence (0-1) where the words were read from a picture of the page, else null."
    )


class TextQuoteSelector(Answer):
    """W3C Web Annotation: `prefix + exact + suffix` stands once in the canonical text."""

    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"
    exact: str
    prefix: str
    suffix: str


class TextPositionSelector(Answer):
    """W3C Web Annotation: the span itself."""

    type: Literal["TextPositionSelector"] = "TextPositionSelector"
    start: int
    end: int


class QuoteShape(Answer):
    """The sentences that answer: `text` is the canonical text from `start` to `end`."""

    text: str
    start: int
    end: int
    selector: list[TextQuoteSelector | TextPositionSelector]


class ReferenceShape(Answer):
    """Words that point to another document, and where they lead."""

    document: str | None = Field(description="Id in the catalogue; null where it is not known which is meant.")
    title: str | None = None
    pages: str | None = Field(description="Page labels as written, such as '74-75'.")
    resolved: bool = Field(description="Whether the library holds that document, and the page if one is named.")
    words: str | None = Field(None, description="The pointing words, such as '(pp. 74-75)'.")
    start: int | None = None
    end: int | None = None
    read: str | None = Field(None, description="Where to read it, when resolved.")
    missing: str | None = Field(None, description="What is missing and how to get it, when not resolved.")


class NoteShape(Answer):
    """A footnote or endnote that hangs on the passage, or a reference in its running text."""

    marker: str = Field(description="As printed; empty for a reference in the running text, whose words are the text.")
    text: str
    reference: ReferenceShape | None


class CitationShape(Answer):
    """Where the words stand, in words and as CSL-JSON, and the edition they were read in."""

    text: str
    csl: dict[str, Any]
    edition: EditionShape


class ResultLinks(Answer):
    """Where to go from a result."""

    self: str
    read: str
    source: str | None


class Scores(Answer):
    """What each part of the ranking gave; null where that part had no say."""

    semantic: float | None = None
    lexical: float | None = None
    rerank: float | None = None


class BlockShape(Answer):
    """A block of a document."""

    kind: str
    text: str
    start: int
    end: int
    language: str | None
    level: int


class ContextShape(Answer):
    """The blocks before and after a passage, in order."""

    before: list[BlockShape]
    after: list[BlockShape]


class Place(Answer):
    """Another place where the same words stand."""

    passage: str = Field(description="Id of the passage there.")
    document: DocumentShape
    start: int
    end: int
    pages: PageLabels | None
    links: ResultLinks


class ResultShape(Answer):
    """One search result."""

    rank: int
    score: float
    scores: Scores
    why: list[str] = Field(description="Which parts found it: meaning, words, phrase.")
    passage: PassageShape
    quote: QuoteShape
    highlights: list[tuple[int, int]] = Field(description="Spans inside the quote or passage that made the match.")
    document: DocumentShape
    citation: CitationShape
    notes: list[NoteShape]
    references: list[ReferenceShape]
    also_in: list[Place]
    context: ContextShape | None = Field(None, description="Given when `context` is above 0.")
    links: ResultLinks


class ReadingShape(Answer):
    """How the query was understood."""

    language: str | None = Field(description="Guessed from its words; null where they do not tell.")
    phrases: list[str] = Field(description="What stood in quotation marks: every result holds it.")
    parts: list[str] = Field(description="Which parts ranked the results.")
    coverage: float = Field(description="Share (0-1) of its topic words that the library knows.")


class QueryShape(Answer):
    """The query as it was asked, and how it was understood."""

    q: str
    mode: Mode
    limit: int
    document: list[str] = []
    organization: list[str] = []
    kind: list[str] = []
    language: list[str] = []
    year_from: int | None = None
    year_to: int | None = None
    per_document: int | None = None
    context: int = 0
    reading: ReadingShape


class FacetValue(Answer):
    """A value that a filter takes, and how many of the results have it."""

    value: str | int
    count: int


class SearchAnswer(Answer):
    """Ranked quotes, and how far the library speaks to the query at all."""

    query: QueryShape
    support: Support
    results: list[ResultShape]
    total: int = Field(description="Results over all pages.")
    facets: dict[str, list[FacetValue]]
    generation: GenerationShape
    next: str | None = Field(description="The next page of results, as in the `Link` header.")


class PassageAnswer(Answer):
    """One passage with its surroundings, notes and references."""

    passage: PassageShape
    quote: QuoteShape
    document: DocumentShape
    citation: CitationShape
    notes: list[NoteShape]
    references: list[ReferenceShape]
    context: ContextShape
    links: ResultLinks
    generation: GenerationShape


class SimilarAnswer(Answer):
    """Passages elsewhere that say the same."""

    passage: str
    results: list[ResultShape]
    generation: GenerationShape


class CatalogueShape(Answer):
    """A document of the catalogue or the library."""

    id: str
    title: str
    subtitle: str | None = None
    organization: str
    authors: list[str] = []
    kind: str
    date: str | None
    languages: list[str]
    identifiers: dict[str, str] = {}
    url: str | None
    source_url: str | None = None
    licence: str | None = None
    held: bool = Field(description="Whether the library holds its text.")
    missing: str | None = Field(None, description="How to get it, where it is not held.")
    edition: EditionShape | None = None
    source_type: str | None = None
    characters: int | None = None
    pages: int | None = None
    recognized_pages: int | None = Field(None, description="Pages whose words were read from a picture.")
    passages: int | None = None
    problems: list[str] = []
    ingested_at: str | None = None
    links: dict[str, str]


class FailureShape(Answer):
    """A file that could not be read, and why."""

    source_name: str
    reason: str
    failed_at: str


class DocumentsAnswer(Answer):
    """The catalogue: what is held, what is known but not held, and what could not be read."""

    documents: list[CatalogueShape]
    failures: list[FailureShape]
    generation: GenerationShape | None
    next: str | None


class PageShape(Answer):
    """A page of a document. `index` is physical, `label` is printed; they are never mixed."""

    index: int
    label: str | None
    recognized: float | None = None
    problem: str | None = None
    spans: list[tuple[int, int]]
    picture: str | None = None


class OutlineShape(Answer):
    """A heading of a document."""

    text: str
    level: int
    start: int


class DocumentAnswer(CatalogueShape):
    """One document: its metadata, outline and pages."""

    outline: list[OutlineShape] = []
    page_list: list[PageShape] = []
    generation: GenerationShape | None = None


class TextAnswer(Answer):
    """A stretch of a document's canonical text."""

    text: str
    start: int
    end: int
    edition: EditionShape
    generation: GenerationShape


class IncomingShape(Answer):
    """Another document's words that point here."""

    document: DocumentShape
    words: str
    pages: str | None
    start: int
    end: int
    read: str


class ReferencesAnswer(Answer):
    """What a document points to, and who points to it."""

    document: str
    out: list[ReferenceShape]
    incoming: list[IncomingShape]
    generation: GenerationShape


class HealthAnswer(Answer):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadyAnswer(Answer):
    """The library can be searched."""

    status: Literal["ready"] = "ready"
    generation: GenerationShape
    problem: str | None = Field(None, description="Why a newer generation could not be opened, if one could not.")
