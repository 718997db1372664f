"""`GET /v1/search`: ranked quotes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.api.asked import Answers, link_next, problem_responses
from app.example import example
from app.models import SearchAnswer
from app.parameters import SearchParameters

router = APIRouter(tags=["search"])


@router.get(
    "/v1/search",
    summary="Search for words to quote",
    responses={200: {"content": {"application/json": {"example": example("search")}}}, **problem_responses()},
)
def search(
    parameters: Annotated[SearchParameters, Query()], answers: Answers, request: Request, response: Response
) -> SearchAnswer:
    """Ranked quotes for a question, a claim, a topic or a paragraph, each with its place, selector and citation.

    `support` says how far the library speaks to the query at all; at `none` the results are not to be read as answers.
    """
    answer = answers.search(parameters)
    return answer.model_copy(update={"next": link_next(request, response, answer.next)})
