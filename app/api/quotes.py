"""`POST /v1/quotes/check`: the quotations of a draft, judged against the library."""

from __future__ import annotations

from fastapi import APIRouter

from app.api.asked import Answers, problem_responses
from app.example import example
from app.quotes.draft_text import DraftText
from app.quotes.models import CheckRequest, ChecksAnswer

router = APIRouter(prefix="/v1", tags=["quotes"])


@router.post(
    "/quotes/check",
    summary="Check the quotations of a draft",
    responses={200: {"content": {"application/json": {"example": example("check")}}}, **problem_responses(413)},
)
def check(request: CheckRequest, answers: Answers) -> ChecksAnswer:
    """Every quotation of the draft, in order: verbatim, altered, misattributed or not found, with its place and a fix.

    Verbatim means that no letter differs but for printers' choices (the shape of quotation marks and dashes, white
    space, ligatures, the first letter's case) and changes shown by ellipses and brackets. Not found says nothing about
    documents that this library does not hold.
    """
    return answers.check_quotes(DraftText(request.text))
