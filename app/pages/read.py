"""`/read/{document}`: the whole document, its notes and page labels, and in it the quote marked: exactly it or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.citation import cite, styles
from app.citation.annotation import quotation, script_safe
from app.citation.headers import link_header
from app.citation.highwire import highwire_tags
from app.citation.links import PDF, Words
from app.citation.unapi import unapi_addresses
from app.models import DocumentAnswer
from app.pages.marked_text import Group, ShownBlock, heading_levels, shown_groups, shown_notes
from app.pages.rendering import render, service_of
from app.places import place_of
from app.read_link import find_words
from app.selector import CONTEXT_CODE_POINTS
from app.settings import Settings
from corpus.documents import Document, Page, Span
from corpus.store import NotHeld
from index.fold import fold, phrase_pattern

router = APIRouter()
MOST_FOUND = 500


@router.get("/read/{document_id}")
def read_page(
    request: Request,
    document_id: str,
    start: Annotated[str, Query(max_length=12)] = "",
    end: Annotated[str, Query(max_length=12)] = "",
    begins: Annotated[str, Query(max_length=100)] = "",
    sha256: Annotated[str, Query(max_length=64)] = "",
    find: Annotated[str, Query(max_length=300)] = "",
    page: Annotated[str, Query(max_length=40)] = "",
    style: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A document whole; with `start` and `end` the words there marked; with `find` every place of a phrase."""
    service = service_of(request)
    with service.serving.lease() as generation:
        if document_id not in generation.records:
            return _missing(request, document_id)
        document = generation.document(document_id)
        asked_for = start.isdecimal() and end.isdecimal()
        quote, whereabouts = (
            find_words(document.text, int(start), int(end), begins, sha256) if asked_for else (None, None)
        )
        found = _found(document.text, find)
        picture = _pictured(document, quote, page)
        record = generation.records[document_id]
        references = service.references(document_id)
        groups, notes = shown_groups(document, quote, found), shown_notes(document, quote, found)
        means = {"start": start, "end": end, "begins": begins, "sha256": sha256} if quote else {}
        context: dict[str, Any] = {
            "asked": {name: value for name, value in {**means, "style": style}.items() if value},
            "document": document,
            "record": record,
            "quote": quote,
            "quote_words": document.text[quote.start : quote.end] if quote else "",
            "whereabouts": whereabouts,
            "find": find,
            "found": len(found),
            "picture": picture,
            "groups": groups,
            "notes": notes,
            "levels": heading_levels(document.blocks),
            "first_marked": min(_marked(groups, notes), default=None),
            "outline": [b for b in document.blocks if b.kind.value == "heading" and b.noise is None],
            "references": references,
            "styles": styles(),
            "style": style,
            "citation": _citation(document, quote, style, service.settings),
            "highwire": highwire_tags(document.metadata, page_url=str(request.url)),
            "quotation": script_safe(_quotation(document, quote, str(request.url))) if quote else "",
        }
    headers = {"Link": link_header(document.metadata, unapi_addresses(document_id))}
    return render(request, "read.html", context, status=410 if whereabouts == "gone" else 200, headers=headers)


def _marked(groups: Iterable[Group], notes: Mapping[int, Sequence[ShownBlock]]) -> Iterator[int]:
    """Where the marked pieces of the quote begin."""
    blocks = chain((one for group in groups for row in group.rows for one in row), *notes.values())
    return (piece.start for one in blocks for piece in one.pieces if piece.mark == "quote")


def _missing(request: Request, document_id: str) -> Response:
    try:
        answer: DocumentAnswer | None = service_of(request).document(document_id)
        problem = ""
    except NotHeld as error:
        answer, problem = None, str(error)
    return render(request, "gone.html", {"problem": problem, "known": answer}, status=404)


def _found(text: str, phrase: str) -> list[Span]:
    pattern = phrase_pattern(phrase) if phrase.strip() else None
    if pattern is None:
        return []
    return [Span(match.start(), match.end()) for match in islice(pattern.finditer(fold(text)), MOST_FOUND)]


def _pictured(document: Document, quote: Span | None, page: str) -> dict[str, Any] | None:
    """The page whose picture stands beside the text: the one asked for, or the first that the quote is printed on."""
    if document.source_type != PDF or not document.pages:
        return None
    chosen: Page | None = None
    if page:
        chosen = next((p for p in document.pages if page in (p.label, f"index:{p.index}")), None)
    elif quote is not None:
        chosen = next(iter(document.pages_of(quote.start, quote.end)), None)
    if chosen is None:
        return None
    place = document.pages.index(chosen)
    on_it = quote is not None and any(span.overlaps(quote) for span in chosen.spans)
    return {
        "page": chosen,
        "highlight": f"{quote.start}-{quote.end}" if quote and on_it else "",
        "before": document.pages[place - 1] if place else None,
        "after": document.pages[place + 1] if place + 1 < len(document.pages) else None,
    }


def _citation(document: Document, quote: Span | None, style: str, settings: Settings) -> str:
    locator = place_of(document, quote) if quote else None
    chosen = style or settings.citation_style
    return cite(document.metadata, locator, style=chosen, locale=settings.citation_locale, form="full")


def _quotation(document: Document, quote: Span, url: str) -> dict[str, Any]:
    text = document.text
    words = Words(
        text[quote.start : quote.end],
        text[max(0, quote.start - CONTEXT_CODE_POINTS) : quote.start],
        text[quote.end : quote.end + CONTEXT_CODE_POINTS],
    )
    return dict(quotation(document.metadata, words, place_of(document, quote), url=url))
