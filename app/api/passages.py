"""`/v1/passages/…`: one passage, what says the same, and how to cite it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.asked import (
    MEDIA_TYPES,
    Answers,
    CitationForm,
    CitationLocale,
    PassageId,
    StyleName,
    citation_responses,
    problem_responses,
)
from app.example import example
from app.models import PassageAnswer, SimilarAnswer

router = APIRouter(prefix="/v1/passages", tags=["passages"])


@router.get(
    "/{id}",
    summary="One passage",
    responses={200: {"content": {"application/json": {"example": example("passage")}}}, **problem_responses(404)},
)
def passage(
    id: PassageId,
    answers: Answers,
    context: Annotated[int, Query(ge=0, le=100, description="Blocks to give before and after it.")] = 1,
) -> PassageAnswer:
    """One passage with the blocks around it, its notes and references, and its citation."""
    return answers.passage(id, context)


@router.get(
    "/{id}/similar",
    summary="Passages elsewhere that say the same",
    responses={200: {"content": {"application/json": {"example": example("similar")}}}, **problem_responses(404)},
)
def similar(
    id: PassageId,
    answers: Answers,
    limit: Annotated[int, Query(ge=1, le=100, description="How many to give.")] = 10,
) -> SimilarAnswer:
    """Passages of this and other documents that say the same, best first."""
    return answers.similar(id, limit)


@router.get(
    "/{id}/citation",
    summary="The citation of a passage, or of a span in it",
    response_class=Response,
    responses=citation_responses(),
)
def citation(
    id: PassageId,
    answers: Answers,
    style: StyleName = None,
    format: CitationForm = "text",
    locale: CitationLocale = None,
    start: Annotated[int | None, Query(ge=0, description="Start of a span inside the passage.")] = None,
    end: Annotated[int | None, Query(ge=0, description="End of that span.")] = None,
) -> Response:
    """Where the words stand, in words (any CSL style) or as data; it names the edition that it was made from."""
    text = answers.citation(id, style=style, locale=locale, format_=format, start=start, end=end)
    return Response(text, media_type=MEDIA_TYPES[format])
