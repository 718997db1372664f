"""Makes the parts of an answer from what one open generation holds: documents, passages, quotes, links, citations.

For `app.service`, which joins them into whole answers. Every word comes through `app.words`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from app.citation import cite, to_csl
from app.citation.links import HTML, PDF, Words, pdf_fragment, text_fragment
from app.models import (
    CatalogueShape,
    CitationShape,
    DocumentShape,
    EditionShape,
    GenerationShape,
    NoteShape,
    PassageShape,
    Place,
    ReferenceShape,
    ResultLinks,
    ResultShape,
    Scores,
)
from app.places import context_blocks, how_to_get, notes_and_references, page_labels, place_of
from app.read_link import read_link
from app.selector import CONTEXT_CODE_POINTS, stands_once
from app.serving import OpenGeneration
from app.settings import Settings
from app.words import passage_words, quote_shape
from corpus.catalogue import Catalogue
from corpus.documents import Block, Document, Edition, Metadata, Passage, Span
from corpus.store import DocumentRecord
from index.query import Hit

MAX_HTML_FRAGMENT = 300


@dataclass(frozen=True, slots=True)
class Shapes:
    """Makes shapes of what one generation holds.

    :param catalogue: what references may lead to, held or not.
    """

    generation: OpenGeneration
    catalogue: Catalogue
    settings: Settings

    def generation_shape(self) -> GenerationShape:
        """The generation that the answer comes from."""
        manifest = self.generation.searcher.manifest
        return GenerationShape(
            number=self.generation.number,
            model=" + ".join(encoder.name for encoder in manifest.encoders) or "words",
            pending=list(manifest.pending),
            built_at=manifest.made_at,
            documents=len(self.generation.records),
            passages=manifest.passages,
        )

    def result(self, hit: Hit, rank: int, context: int) -> ResultShape:
        """A hit with its words, where they stand, and how to cite them."""
        document = self.generation.document(hit.document_id)
        passage = self.generation.store.passage(hit.passage_id)
        quote = _quote_of(document, passage, hit.quote)
        notes, references = self.notes(document, passage)
        return ResultShape(
            rank=rank,
            score=hit.score,
            scores=Scores(semantic=hit.scores.semantic, lexical=hit.scores.lexical, rerank=hit.scores.rerank),
            why=list(hit.why),
            passage=passage_shape(document, passage),
            quote=quote_shape(document, quote.start, quote.end),
            highlights=[(span.start, span.end) for span in hit.highlights],
            document=document_shape(document.metadata),
            citation=self.citation(document, quote),
            notes=notes,
            references=references,
            also_in=[self.place(self.generation.store.passage(other)) for other in hit.also_in],
            context=context_blocks(document, passage.start, passage.end, context) if context else None,
            links=links(document, passage, quote),
        )

    def notes(self, document: Document, passage: Passage) -> tuple[list[NoteShape], list[ReferenceShape]]:
        """Notes and references of a passage."""
        span = Span(passage.start, passage.end)
        return notes_and_references(self.generation, self.catalogue, document, span)

    def place(self, passage: Passage) -> Place:
        """Another place of the same words."""
        document = self.generation.document(passage.document_id)
        span = Span(passage.start, passage.end)
        return Place(
            passage=passage.id,
            document=document_shape(document.metadata),
            start=passage.start,
            end=passage.end,
            pages=page_labels(document, passage.start, passage.end),
            links=links(document, passage, span),
        )

    def citation(self, document: Document, span: Span) -> CitationShape:
        """The citation of a span in the style that the settings name."""
        locator = place_of(document, span)
        style, locale = self.settings.citation_style, self.settings.citation_locale
        return CitationShape(
            text=cite(document.metadata, locator, style=style, locale=locale, form="full"),
            csl=dict(to_csl(document.metadata, locator, document.edition)),
            edition=edition_shape(document.edition),
        )

    def catalogue_shape(self, metadata: Metadata, record: DocumentRecord | None) -> CatalogueShape:
        """A document as the catalogue lists it; `record` is None where it is not held."""
        id_ = metadata.id
        links = {"self": f"/v1/documents/{id_}"}
        if record:
            links |= {name: f"/v1/documents/{id_}/{name}" for name in ("text", "source", "references")}
            links["read"] = f"/read/{id_}"
        return CatalogueShape(
            id=id_,
            title=metadata.title,
            subtitle=metadata.subtitle,
            organization=metadata.organization,
            authors=list(metadata.authors),
            kind=metadata.kind,
            date=metadata.date,
            languages=list(metadata.languages),
            identifiers=dict(metadata.identifiers),
            url=metadata.url,
            source_url=metadata.source_url,
            licence=metadata.licence,
            held=record is not None,
            missing=None if record else how_to_get(self.catalogue, id_),
            edition=edition_shape(record.edition) if record else None,
            source_type=record.source_type if record else None,
            characters=record.characters if record else None,
            pages=record.pages if record else None,
            recognized_pages=record.recognized_pages if record else None,
            passages=record.passages if record else None,
            problems=list(record.problems) if record else [],
            ingested_at=record.ingested_at if record else None,
            links=links,
        )


def passage_shape(document: Document, passage: Passage) -> PassageShape:
    """A passage and where it stands."""
    pages = document.pages_of(passage.start, passage.end)
    blocks = document.blocks[passage.first_block : passage.last_block + 1]
    confidences = [block.confidence for block in blocks if block.confidence is not None]
    return PassageShape(
        id=passage.id,
        text=passage_words(document, passage),
        start=passage.start,
        end=passage.end,
        language=passage.language,
        section=list(passage.section),
        paragraph=passage.paragraph,
        number=_first_number(blocks),
        pages=page_labels(document, passage.start, passage.end),
        page_indexes=[page.index for page in pages],
        noise=passage.noise,
        recognized=min(confidences) if confidences else None,
    )


def document_shape(metadata: Metadata) -> DocumentShape:
    """What names a document."""
    return DocumentShape(
        id=metadata.id,
        title=metadata.title,
        organization=metadata.organization,
        kind=metadata.kind,
        date=metadata.date,
        language=metadata.languages[0] if metadata.languages else None,
        url=metadata.url,
    )


def edition_shape(edition: Edition) -> EditionShape:
    """The digests of an edition."""
    return EditionShape(source_sha256=edition.source_sha256, text_sha256=edition.text_sha256)


def links(document: Document, passage: Passage, quote: Span) -> ResultLinks:
    """Where to go from a passage: itself, the reading page on the quote, the source at its page."""
    return ResultLinks(
        self=f"/v1/passages/{percent_encoded(passage.id, safe='')}",
        read=read_link(document, quote.start, quote.end),
        source=source_link(document, quote),
    )


def source_link(document: Document, quote: Span) -> str:
    """The source file, at its publisher where that is known, else our copy; opened on the words as its kind allows."""
    source = document.metadata.source_url or f"/v1/documents/{document.metadata.id}/source"
    exact = document.text[quote.start : quote.end]
    pages = document.pages_of(quote.start, quote.end)
    if document.source_type == PDF and pages:
        return source.partition("#")[0] + pdf_fragment(pages[0].index, exact)
    if document.source_type in HTML:
        before = document.text[max(0, quote.start - CONTEXT_CODE_POINTS) : quote.start]
        after = document.text[quote.end : quote.end + CONTEXT_CODE_POINTS]
        repeated = not stands_once(document.text, quote.start, quote.end)
        return source.partition("#")[0] + text_fragment(Words(exact, before, after, repeated))
    return source


def _quote_of(document: Document, passage: Passage, quote: Span) -> Span:
    """The quote; words found in a heading, which stands above its passage, are quoted as that whole heading."""
    if Span(passage.start, passage.end).holds(quote):
        return quote
    place = bisect_right(document.blocks, quote.start, key=lambda block: block.start) - 1
    return document.blocks[place].span


def _first_number(blocks: Sequence[Block]) -> str | None:
    return next((block.number for block in blocks if block.number is not None), None)
