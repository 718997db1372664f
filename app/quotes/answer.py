"""Makes the answer to a draft from what the checker found: every place with its words, its citation and its links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.models import ResultLinks
from app.places import page_labels
from app.quotes.attribution import Work, Works
from app.quotes.check import Checked, FoundPlace, QuoteChecker, Verdict
from app.quotes.models import (
    AttributionShape,
    CheckedShape,
    ChecksAnswer,
    DifferenceShape,
    PlaceShape,
    ShownShape,
)
from app.read_link import read_link
from app.serving import OpenGeneration
from app.shapes import Shapes, document_shape, links, source_link
from app.words import quote_shape
from corpus.catalogue import Catalogue
from corpus.documents import Document, Passage, Span
from index.concordance import Concordance
from index.query import Query

MOST_PLACES = 10
MOST_SEARCHES = 20
"""Quotations without any near words for which the nearest passage is looked up by meaning: each costs a search."""


def quote_checker(generation: OpenGeneration, catalogue: Catalogue) -> QuoteChecker:
    """The checker over one generation, opened once.

    :raises index.concordance.ConcordanceError: when its concordance cannot be read.
    """
    if generation.quote_checker is None:
        generation.quote_checker = QuoteChecker(
            Concordance.open(generation.folder / "concordance"),
            lambda id_: generation.document(id_).text,
            lambda id_: generation.document(id_).pages,
            known_works(generation, catalogue),
        )
    return generation.quote_checker


def known_works(generation: OpenGeneration, catalogue: Catalogue) -> Works:
    """The names of everything that a draft may name: what is held, and what the catalogue knows of."""
    names: dict[str, list[str]] = {}
    for record in generation.records.values():
        names[record.metadata.id] = [record.metadata.title, *(value for _, value in record.metadata.identifiers)]
    for entry in catalogue.documents:
        symbols = [value for _, value in entry.identifiers if value is not None]
        names.setdefault(entry.id, []).extend([entry.title, *entry.aliases, *symbols])
    return Works([Work(id_, tuple(dict.fromkeys(found))) for id_, found in names.items()])


def checks_answer(shapes: Shapes, checked: Sequence[Checked]) -> ChecksAnswer:
    """The answer for the quotations of one draft."""
    searches = iter(range(MOST_SEARCHES))
    quotes = []
    for one in checked:
        nearest = _place(shapes, one.nearest) if one.nearest else None
        if one.verdict is Verdict.NOT_FOUND and nearest is None and next(searches, None) is not None:
            nearest = _nearest_by_meaning(shapes, one.quotation.words)
        quotes.append(_checked_shape(shapes, one, nearest))
    return ChecksAnswer(
        quotes=quotes,
        counts={verdict.value: Counter(one.verdict for one in checked)[verdict] for verdict in Verdict},
        generation=shapes.generation_shape(),
    )


def _checked_shape(shapes: Shapes, one: Checked, nearest: PlaceShape | None) -> CheckedShape:
    altered = one.verdict is Verdict.ALTERED and len(one.places) == 1
    return CheckedShape(
        text=one.quotation.text,
        start=one.quotation.start,
        end=one.quotation.end,
        mark=one.quotation.opening,
        verdict=one.verdict.value,
        reason=one.reason,
        share=round(one.share, 3),
        places=[_place(shapes, place) for place in one.places[:MOST_PLACES]],
        places_total=len(one.places),
        differences=[
            DifferenceShape(quoted=d.quoted, true=d.true, changes=[c.value for c in d.changes], grave=d.grave)
            for d in one.differences
        ],
        shown=[ShownShape(kind=shown.kind.value, quoted=shown.quoted, true=shown.true) for shown in one.shown],
        attribution=AttributionShape(
            documents=list(one.attribution.documents) if one.attribution else [],
            pages=list(one.attribution.pages) if one.attribution else [],
        ),
        nearest=nearest,
        fix=one.places[0].true_words if altered else None,
    )


def _place(shapes: Shapes, place: FoundPlace) -> PlaceShape:
    passage = shapes.generation.store.passage_at(place.document_id, place.span.start)
    return _place_shape(shapes, place.document_id, place.span, passage)


def _nearest_by_meaning(shapes: Shapes, words: str) -> PlaceShape | None:
    answer = shapes.generation.searcher.search(Query(words.replace('"', " ")[:2_000], limit=1))
    if not answer.hits:
        return None
    hit = answer.hits[0]
    return _place_shape(shapes, hit.document_id, hit.quote, shapes.generation.store.passage(hit.passage_id))


def _place_shape(shapes: Shapes, document_id: str, span: Span, passage: Passage | None) -> PlaceShape:
    document = shapes.generation.document(document_id)
    block = next((block for block in document.blocks if block.span.overlaps(span)), None)
    return PlaceShape(
        document=document_shape(document.metadata),
        quote=quote_shape(document, span.start, span.end),
        passage=passage.id if passage else None,
        section=list(block.section) if block else [],
        paragraph=block.paragraph if block else None,
        pages=page_labels(document, span.start, span.end),
        citation=shapes.citation(document, span),
        links=links(document, passage, span) if passage else _links_of_span(document, span),
    )


def _links_of_span(document: Document, span: Span) -> ResultLinks:
    """Where to go from words that are in no passage, such as a heading's."""
    id_ = document.metadata.id
    return ResultLinks(
        self=f"/v1/documents/{id_}/text?start={span.start}&end={span.end}",
        read=read_link(document, span.start, span.end),
        source=source_link(document, span),
    )
