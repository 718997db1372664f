"""`/`: one field, filters that count, and results as quotations; `/similar/{passage}`: passages that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request, Response

from app.bad_input import InvalidRequest
from app.citation import CitationError, styles
from app.models import ResultShape, SearchAnswer
from app.pages.rendering import render, service_of
from app.parameters import SearchParameters, checked_parameters
from app.service import Service
from corpus.errors import VerbatimError
from corpus.store import NotHeld

router = APIRouter()
_REPEATED = frozenset({"document", "organization", "kind", "language"})
_CONTEXT_BLOCKS = 1
_STRONG, _FAIR = 0.75, 0.5


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result as the page shows it.

    :param pieces: the quote cut at the words that made the match: (words, whether they did).
    :param citation: in the style that the reader chose.
    :param strength: "strong", "fair" or "weak".
    :param words: the matching words, each once.
    """

    result: ResultShape
    pieces: tuple[tuple[str, bool], ...]
    citation: str
    strength: str
    words: tuple[str, ...]


@router.get("/")
def search_page(request: Request) -> Response:
    """The search field and, with `q`, its results. The address holds the whole state."""
    service = service_of(request)
    asked = _asked(request)
    style = request.query_params.get("style", "")
    context: dict[str, Any] = {
        "asked": dict.fromkeys(SearchParameters.model_fields) | asked,
        "style": style,
        "styles": styles(),
        "answer": None,
        "results": (),
        "problem": None,
        "facets": [],
        "following": None,
        "library": service.serving.served,
    }
    if "q" not in asked:
        return render(request, "search.html", context)
    try:
        parameters = checked_parameters({"context": _CONTEXT_BLOCKS, **asked})
        answer = service.search(parameters)
        results = [shown(service, result, style) for result in answer.results]
    except VerbatimError as error:
        status = 422 if isinstance(error, InvalidRequest | CitationError) else 503
        return render(request, "search.html", {**context, "problem": str(error)}, status=status)
    facets = _facets(service, answer, parameters)
    following = {**asked, "cursor": _cursor(answer)} if answer.next else None
    return render(
        request,
        "search.html",
        {**context, "answer": answer, "results": results, "facets": facets, "following": following},
    )


@router.get("/similar/{passage_id}")
def similar_page(request: Request, passage_id: str) -> Response:
    """Passages elsewhere that say the same as this one."""
    service = service_of(request)
    style = request.query_params.get("style", "")
    try:
        origin = service.passage(passage_id)
        answer = service.similar(passage_id)
        results = [shown(service, result, style) for result in answer.results]
    except NotHeld as error:
        return render(request, "gone.html", {"problem": str(error)}, status=404)
    return render(request, "similar.html", {"origin": origin, "results": results, "style": style})


def shown(service: Service, result: ResultShape, style: str) -> ShownResult:
    """A result made ready for the page.

    :raises CitationError: when there is no such style.
    """
    quote = result.quote
    pieces: list[tuple[str, bool]] = []
    place = quote.start
    for start, end in sorted(result.highlights):
        first, last = max(place, start), min(end, quote.end)
        if first >= last:
            continue
        if place < first:
            pieces.append((quote.text[place - quote.start : first - quote.start], False))
        pieces.append((quote.text[first - quote.start : last - quote.start], True))
        place = last
    if place < quote.end:
        pieces.append((quote.text[place - quote.start :], False))
    citation = result.citation.text
    if style:
        citation = service.citation(result.passage.id, style=style, start=quote.start, end=quote.end)
    strength = "strong" if result.score >= _STRONG else "fair" if result.score >= _FAIR else "weak"
    words = dict.fromkeys(words.casefold() for words, matched in pieces if matched)
    return ShownResult(result, tuple(pieces), citation, strength, tuple(words))


def _asked(request: Request) -> dict[str, Any]:
    """The search parameters of the address; empty ones are fields of the form that were left empty."""
    given = request.query_params
    asked: dict[str, Any] = {}
    for name in SearchParameters.model_fields:
        if name in _REPEATED:
            if values := [value for value in given.getlist(name) if value]:
                asked[name] = values
        elif given.get(name):
            asked[name] = given[name]
    return asked


def _cursor(answer: SearchAnswer) -> str:
    following = answer.next or ""
    return parse_qs(urlsplit(following).query)["cursor"][0] if "cursor=" in following else following


def _facets(service: Service, answer: SearchAnswer, parameters: SearchParameters) -> list[dict[str, Any]]:
    """The filters with their counts; what was chosen stays to be unchosen, even where nothing is left of it."""
    titles = service.titles()
    found = []
    for name in ("document", "organization", "kind", "language"):
        counted = {str(facet.value): facet.count for facet in answer.facets.get(name, ())}
        chosen = list(getattr(parameters, name))
        values = [*counted, *(value for value in chosen if value not in counted)]
        if len(values) > 1 or chosen:
            choices = [(value, titles.get(value, value), counted.get(value, 0), value in chosen) for value in values]
            found.append({"name": name, "choices": choices})
    return found
