"""Answers every question of the API: one method a call, in and out of the shapes of `app.models`.

The HTTP routes, the pages and the command line all ask here, so that they say the same. Each method leases the served
generation for as long as it needs it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded

from app.bad_input import InvalidRequest
from app.citation import cite, to_bibtex, to_csl, to_ris
from app.citation.annotation import web_annotation
from app.citation.links import PDF, Words
from app.citation.unapi import Citable
from app.export import QuotedPassage
from app.export_routes import ExportItem
from app.languages import is_language
from app.models import (
    DocumentAnswer,
    DocumentsAnswer,
    FacetValue,
    FailureShape,
    IncomingShape,
    OutlineShape,
    PageShape,
    PassageAnswer,
    QueryShape,
    ReadingShape,
    ReadyAnswer,
    ReferencesAnswer,
    SearchAnswer,
    SimilarAnswer,
    TextAnswer,
)
from app.page_picture import page_picture
from app.parameters import MAX_DEPTH, CitationFormat, SearchParameters, make_cursor, read_cursor
from app.places import context_blocks, how_to_get, names_page, pages_labelled, place_of, reference_shapes
from app.quotes.answer import checks_answer, quote_checker
from app.quotes.draft_text import DraftText
from app.quotes.models import ChecksAnswer
from app.read_link import read_link
from app.serving import OpenGeneration, Serving
from app.settings import Settings
from app.shapes import Shapes, document_shape, edition_shape, links, passage_shape, source_link
from app.words import quote_shape, words
from corpus.catalogue import Catalogue
from corpus.documents import BlockKind, Document, Page, Passage, Span
from corpus.store import NotHeld
from index.errors import QueryError
from index.query import Facets, Filters, Mode, Query, Reading


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A kept source file, ready to be sent."""

    path: Path
    media_type: str
    name: str
    sha256: str


class Service:
    """Answers from one library.

    :param serving: the generation now served.
    :param catalogue: every text that is known of.
    """

    def __init__(self, serving: Serving, catalogue: Catalogue, settings: Settings) -> None:
        self.serving = serving
        self.catalogue = catalogue
        self.settings = settings

    def search(self, parameters: SearchParameters) -> SearchAnswer:
        """Ranked quotes.

        :raises InvalidRequest: when a filter names something that this library does not know, or the cursor is wrong.
        """
        offset = read_cursor(parameters.cursor, parameters.fingerprint())
        with self._shapes() as shapes:
            self._refuse_unknown_filters(shapes.generation, parameters)
            wanted = min(parameters.limit, MAX_DEPTH - offset)
            try:
                answer = shapes.generation.searcher.search(_query(parameters, offset, wanted))
            except QueryError as error:
                raise InvalidRequest(error.field, error.what, error.remedy) from error
            results = [
                shapes.result(hit, offset + place, parameters.context) for place, hit in enumerate(answer.hits, start=1)
            ]
            reached = offset + len(results)
            more = results and reached < min(answer.total, MAX_DEPTH)
            return SearchAnswer(
                query=_query_shape(parameters, answer.reading),
                support=answer.support.value,
                results=results,
                total=answer.total,
                facets=_facets(answer.facets),
                generation=shapes.generation_shape(),
                next=make_cursor(reached, parameters.fingerprint()) if more else None,
            )

    def passage(self, passage_id: str, context: int = 1) -> PassageAnswer:
        """One passage with its surroundings.

        :param context: blocks before and after.
        :raises NotHeld: when the library does not hold it.
        """
        with self._shapes() as shapes:
            passage, document = self._passage(shapes.generation, passage_id)
            span = Span(passage.start, passage.end)
            notes, references = shapes.notes(document, passage)
            return PassageAnswer(
                passage=passage_shape(document, passage),
                quote=quote_shape(document, passage.start, passage.end),
                document=document_shape(document.metadata),
                citation=shapes.citation(document, span),
                notes=notes,
                references=references,
                context=context_blocks(document, passage.start, passage.end, context),
                links=links(document, passage, span),
                generation=shapes.generation_shape(),
            )

    def similar(self, passage_id: str, limit: int = 10) -> SimilarAnswer:
        """Passages of the library that say the same, this one left out.

        :raises NotHeld: when the library does not hold it.
        """
        with self._shapes() as shapes:
            passage, _ = self._passage(shapes.generation, passage_id)
            hits = shapes.generation.searcher.similar(passage.id, limit=limit)
            return SimilarAnswer(
                passage=passage.id,
                results=[shapes.result(hit, rank, 0) for rank, hit in enumerate(hits, start=1)],
                generation=shapes.generation_shape(),
            )

    def citation(
        self,
        passage_id: str,
        *,
        style: str | None = None,
        locale: str | None = None,
        format_: CitationFormat = "text",
        start: int | None = None,
        end: int | None = None,
    ) -> str:
        """The citation of a passage, or of a span in it.

        :param start: canonical offset, inside the passage; None means its start. Likewise `end`.
        :raises NotHeld: when the library does not hold the passage.
        :raises InvalidRequest: when the span does not lie in it.
        """
        with self._shapes() as shapes:
            style, locale = style or self.settings.citation_style, locale or self.settings.citation_locale
            passage, document = self._passage(shapes.generation, passage_id)
            span = _span_in(passage, start, end, "start" if start is not None else "end")
            return _formatted(document, span, style, locale, format_)

    def cite(
        self,
        id_: str,
        *,
        style: str | None = None,
        locale: str | None = None,
        format_: CitationFormat = "text",
        start: int | None = None,
        end: int | None = None,
    ) -> str:
        """The citation of a passage, of a document, or of a span in either; ids of documents hold no full stop.

        :raises NotHeld: when the library does not hold it.
        :raises InvalidRequest: when the span does not lie in it.
        """
        ask = self.citation if "." in id_ else self.document_citation
        return ask(id_, style=style, locale=locale, format_=format_, start=start, end=end)

    def quoted(self, items: Sequence[ExportItem]) -> list[QuotedPassage]:
        """The passages of a quote pack, each with its place and edition, in the order asked for.

        :raises NotHeld: when one is not held; nothing is exported then.
        :raises InvalidRequest: when a span does not lie in its passage.
        """
        with self._shapes() as shapes:
            return [self._quoted(shapes.generation, item, place) for place, item in enumerate(items)]

    def _quoted(self, generation: OpenGeneration, item: ExportItem, place: int) -> QuotedPassage:
        passage, document = self._passage(generation, item.passage)
        span = _span_in(passage, item.start, item.end, f"passages.{place}", "body")
        return QuotedPassage(
            quote=words(document, span.start, span.end),
            metadata=document.metadata,
            locator=place_of(document, span),
            edition=document.edition,
            language=passage.language,
            source_link=source_link(document, span) if document.metadata.source_url else document.metadata.url,
            read_link=read_link(document, span.start, span.end),
            note=item.note,
        )

    def check_quotes(self, draft: DraftText) -> ChecksAnswer:
        """Every quotation of a draft with its verdict.

        :raises VerbatimError: when the draft is no text, or the generation's concordance cannot be read.
        """
        with self._shapes() as shapes:
            checker = quote_checker(shapes.generation, self.catalogue)
            return checks_answer(shapes, checker.check(draft.text, blocks=draft.blocks, notes=draft.notes))

    def document_citation(
        self,
        document_id: str,
        *,
        style: str | None = None,
        locale: str | None = None,
        format_: CitationFormat = "text",
        start: int | None = None,
        end: int | None = None,
    ) -> str:
        """The citation of a document, or of any span of its canonical text.

        :raises NotHeld: when the library does not hold it.
        :raises InvalidRequest: when the span does not lie in its text.
        """
        with self._shapes() as shapes:
            document = self._document(shapes.generation, document_id)
            style, locale = style or self.settings.citation_style, locale or self.settings.citation_locale
            if start is None and end is None:
                return _formatted(document, None, style, locale, format_)
            span = _span_of(document, start or 0, len(document.text) if end is None else end)
            return _formatted(document, span, style, locale, format_)

    def annotation(self, document_id: str, start: int, end: int, server: str) -> dict[str, Any]:
        """A span of a document's canonical text as a W3C Web Annotation.

        :param server: this server's own address, without a slash at its end.
        :raises NotHeld: when the library does not hold the document.
        :raises InvalidRequest: when the span does not lie in its text.
        """
        with self._shapes() as shapes:
            document = self._document(shapes.generation, document_id)
            span = _span_of(document, start, end)
            selector = quote_shape(document, start, end).selector[0].model_dump()
            return web_annotation(
                server + read_link(document, start, end),
                f"{server}/v1/documents/{percent_encoded(document_id, safe='')}/source",
                Words(selector["exact"], selector["prefix"], selector["suffix"]),
                start,
                end,
                citation=shapes.citation(document, span).text,
                edition=document.edition,
                source_type=document.source_type,
            )

    def titles(self) -> dict[str, str]:
        """The title of every held document, by id."""
        with self.serving.lease() as generation:
            return {id_: record.metadata.title for id_, record in generation.records.items()}

    def citable(self, id_: str) -> Citable | None:
        """What an id of a passage or a document stands for, for reference managers; None when it is not held."""
        with self.serving.lease() as generation:
            if id_ in generation.records:
                record = generation.records[id_]
                return Citable(record.metadata, None, record.edition)
            try:
                passage, document = self._passage(generation, id_)
            except NotHeld:
                return None
            locator = place_of(document, Span(passage.start, passage.end))
            return Citable(document.metadata, locator, document.edition)

    def documents(self, *, cursor: str | None = None, limit: int = 100, held: bool | None = None) -> DocumentsAnswer:
        """The catalogue and the library: what is held, what is not, and what could not be read.

        :param held: only those (not) held; None gives all.
        """
        with self._shapes() as shapes:
            records = shapes.generation.records
            known = {entry.id: entry.metadata() for entry in self.catalogue.documents}
            known |= {id_: record.metadata for id_, record in records.items()}
            ids = sorted(known)
            if held is not None:
                ids = [id_ for id_ in ids if (id_ in records) is held]
            offset = read_cursor(cursor, f"documents-{held}", deepest=len(ids))
            page = ids[offset : offset + limit]
            more = offset + limit < len(ids)
            return DocumentsAnswer(
                documents=[shapes.catalogue_shape(known[id_], records.get(id_)) for id_ in page],
                failures=[
                    FailureShape(source_name=failure.source_name, reason=failure.reason, failed_at=failure.failed_at)
                    for failure in shapes.generation.store.failures()
                ],
                generation=shapes.generation_shape(),
                next=make_cursor(offset + limit, f"documents-{held}") if more else None,
            )

    def document(self, document_id: str) -> DocumentAnswer:
        """One document of the library or the catalogue.

        :raises NotHeld: when neither knows it.
        """
        with self._shapes() as shapes:
            record = shapes.generation.records.get(document_id)
            entry = self.catalogue.get(document_id)
            metadata = record.metadata if record else entry.metadata() if entry else None
            if metadata is None:
                raise self._not_held(shapes.generation, document_id)
            document = shapes.generation.document(document_id) if record else None
            return DocumentAnswer(
                **dict(shapes.catalogue_shape(metadata, record)),
                outline=list(_outline(document)) if document else [],
                page_list=[_page_shape(document, page) for page in document.pages] if document else [],
                generation=shapes.generation_shape(),
            )

    def text(self, document_id: str, start: int | None = None, end: int | None = None) -> TextAnswer:
        """A stretch of a document's canonical text; all of it when no offsets are given.

        :raises NotHeld: when the library does not hold it.
        :raises InvalidRequest: when the offsets do not lie in the text.
        """
        with self._shapes() as shapes:
            document = self._document(shapes.generation, document_id)
            first, last = start or 0, len(document.text) if end is None else end
            if last > len(document.text):
                raise InvalidRequest("end", f"Is {last}, and the text has {len(document.text)} code points")
            if first >= last:
                raise InvalidRequest("start", f"Is {first}, and must lie before end, {last}")
            return TextAnswer(
                text=words(document, first, last),
                start=first,
                end=last,
                edition=edition_shape(document.edition),
                generation=shapes.generation_shape(),
            )

    def source(self, document_id: str) -> SourceFile:
        """The unchanged source file.

        :raises NotHeld: when the library does not hold it, or its source was taken away.
        """
        with self._shapes() as shapes:
            if document_id not in shapes.generation.records:
                raise self._not_held(shapes.generation, document_id)
            record = shapes.generation.records[document_id]
            path = self.serving.library.find_source(record.edition.source_sha256)
            if path is None:
                raise NotHeld(
                    f"The source file of {document_id!r} is not in {self.serving.library.sources}",
                    "Ingest it again with `verbatim ingest`",
                )
            return SourceFile(path, record.source_type, record.source_name, record.edition.source_sha256)

    def page_picture(self, document_id: str, label: str, highlight: Span | None = None) -> bytes:
        """The picture of a page (PNG), found by its printed label or by `index:N`; the first that bears the label.

        :param highlight: words to outline.
        :raises NotHeld: when the document is not held, has no such page, or its source has no pictures of pages.
        """
        source = self.source(document_id)
        with self._shapes() as shapes:
            document = self._document(shapes.generation, document_id)
            page = _page(document, label)
            if document.source_type != PDF:
                raise NotHeld(f"The source of {document_id!r} is {document.source_type}: its pages have no pictures")
            if highlight is not None:
                if highlight.start >= highlight.end or highlight.end > len(document.text):
                    given = f"{highlight.start}-{highlight.end}"
                    raise InvalidRequest("highlight", f"{given} is no span of the text of {len(document.text)}")
                document = shapes.generation.store.document(document_id)
            return page_picture(source.path, document, page, highlight)

    def references(self, document_id: str, page: str | None = None) -> ReferencesAnswer:
        """What a document points to, and who points to it.

        :param page: only incoming references to pages with this label.
        :raises NotHeld: when neither the library nor the catalogue knows the document.
        """
        with self._shapes() as shapes:
            generation = shapes.generation
            held = document_id in generation.records
            if not held and self.catalogue.get(document_id) is None:
                raise self._not_held(generation, document_id)
            out = reference_shapes(generation, self.catalogue, generation.document(document_id)) if held else []
            return ReferencesAnswer(
                document=document_id,
                out=out,
                incoming=list(_incoming(generation, document_id, page)),
                generation=shapes.generation_shape(),
            )

    def ready(self) -> ReadyAnswer:
        """Which generation is served.

        :raises LibraryError: when there is none.
        """
        with self._shapes() as shapes:
            return ReadyAnswer(generation=shapes.generation_shape(), problem=self.serving.problem)

    @contextmanager
    def _shapes(self) -> Iterator[Shapes]:
        with self.serving.lease() as generation:
            yield Shapes(generation, self.catalogue, self.settings)

    def _passage(self, generation: OpenGeneration, passage_id: str) -> tuple[Passage, Document]:
        passage = generation.store.passage(passage_id)
        return passage, generation.document(passage.document_id)

    def _document(self, generation: OpenGeneration, document_id: str) -> Document:
        if document_id not in generation.records:
            raise self._not_held(generation, document_id)
        return generation.document(document_id)

    def _not_held(self, generation: OpenGeneration, document_id: str) -> NotHeld:
        if self.catalogue.get(document_id) is not None:
            return NotHeld(how_to_get(self.catalogue, document_id))
        near = difflib.get_close_matches(document_id, generation.records, n=1)
        meant = f"Did you mean {near[0]!r}, or one of /v1/documents" if near else "See what it holds at /v1/documents"
        return NotHeld(f"This library holds no document {document_id!r}", meant)

    def _refuse_unknown_filters(self, generation: OpenGeneration, parameters: SearchParameters) -> None:
        for id_ in parameters.document:
            if id_ not in generation.records:
                error = self._not_held(generation, id_)
                raise InvalidRequest("document", error.what, error.remedy)
        organizations = {record.metadata.organization for record in generation.records.values()}
        for name in parameters.organization:
            if name not in organizations:
                near = difflib.get_close_matches(name, organizations, n=1)
                remedy = f"Did you mean {near[0]!r}" if near else "The facets of a search without filters list them"
                raise InvalidRequest("organization", f"The library holds nothing published by {name!r}", remedy)
        for tag in parameters.language:
            if not is_language(tag):
                raise InvalidRequest("language", f"There is no language {tag!r}", "Give a tag such as en, fr or pt-BR")


def _query(parameters: SearchParameters, offset: int, limit: int) -> Query:
    return Query(
        text=parameters.q,
        mode=Mode(parameters.mode),
        limit=limit,
        offset=offset,
        filters=Filters(
            document=frozenset(parameters.document),
            organization=frozenset(parameters.organization),
            kind=frozenset(parameters.kind),
            language=frozenset(parameters.language),
            year_from=parameters.year_from,
            year_to=parameters.year_to,
        ),
        per_document=parameters.per_document,
    )


def _span_in(passage: Passage, start: int | None, end: int | None, field: str, place: str = "query") -> Span:
    """A span inside a passage, whose ends stand in for those that are not given."""
    span = Span(passage.start if start is None else start, passage.end if end is None else end)
    if span.start >= span.end or not Span(passage.start, passage.end).holds(span):
        raise InvalidRequest(
            field,
            f"The span {span.start}-{span.end} does not lie in the passage",
            f"The passage is {passage.start}-{passage.end}",
            place=place,
        )
    return span


def _span_of(document: Document, start: int, end: int) -> Span:
    if not 0 <= start < end <= len(document.text):
        raise InvalidRequest(
            "start", f"{start}-{end} is no span of the text", f"It has {len(document.text)} code points"
        )
    return Span(start, end)


def _query_shape(parameters: SearchParameters, reading: Reading) -> QueryShape:
    understood = ReadingShape(
        language=reading.language,
        phrases=list(reading.phrases),
        parts=list(reading.parts),
        coverage=reading.coverage,
    )
    return QueryShape(**parameters.model_dump(exclude={"cursor"}), reading=understood)


def _facets(facets: Facets) -> dict[str, list[FacetValue]]:
    return {
        column.name: [FacetValue(value=value, count=count) for value, count in getattr(facets, column.name)]
        for column in fields(facets)
    }


def _formatted(document: Document, span: Span | None, style: str, locale: str | None, format_: CitationFormat) -> str:
    metadata, edition = document.metadata, document.edition
    locator = place_of(document, span) if span else None
    match format_:
        case "text" | "html":
            return cite(metadata, locator, style=style, locale=locale, form="full", output=format_)
        case "bibtex":
            return to_bibtex(metadata, locator, edition)
        case "ris":
            return to_ris(metadata, locator, edition)
        case "csl-json":
            return json.dumps([to_csl(metadata, locator, edition)], ensure_ascii=False, indent=2)


def _page(document: Document, label: str) -> Page:
    if label.startswith("index:"):
        found = [page for page in document.pages if f"index:{page.index}" == label]
    else:
        found = [page for page in document.pages if page.label == label] or pages_labelled(document.pages, label)
    if not found:
        has = f"It has {len(document.pages)} pages" if document.pages else "Its source has no pages"
        raise NotHeld(f"The document {document.metadata.id!r} has no page labelled {label!r}", has)
    return found[0]


def _outline(document: Document) -> Iterator[OutlineShape]:
    for block in document.blocks:
        if block.kind is BlockKind.HEADING and block.noise is None:
            yield OutlineShape(text=words(document, block.start, block.end), level=block.level, start=block.start)


def _page_shape(document: Document, page: Page) -> PageShape:
    return PageShape(
        index=page.index,
        label=page.label,
        recognized=page.recognized,
        problem=page.problem,
        spans=[(span.start, span.end) for span in page.spans],
        picture=f"/v1/documents/{document.metadata.id}/pages/index:{page.index}.png",
    )


def _incoming(generation: OpenGeneration, document_id: str, page: str | None) -> Iterator[IncomingShape]:
    for incoming in generation.store.incoming_references(document_id):
        reference = incoming.reference
        if page is not None and not (reference.pages and names_page(reference.pages, page)):
            continue
        source = generation.document(incoming.document_id)
        yield IncomingShape(
            document=document_shape(source.metadata),
            words=words(source, reference.start, reference.end),
            pages=reference.pages,
            start=reference.start,
            end=reference.end,
            read=read_link(source, reference.start, reference.end),
        )
