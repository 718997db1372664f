"""`/check`: a draft's quotations judged, the draft shown with each of them marked by its verdict."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response, UploadFile

from app.pages.rendering import render, service_of
from app.quotes.draft_text import MAX_DRAFT_BYTES, DraftText, read_draft_bytes
from app.quotes.models import MAX_DRAFT_CHARACTERS, ChecksAnswer
from corpus.errors import VerbatimError
from corpus.library import LibraryError

router = APIRouter()


@router.get("/check")
def check_form(request: Request) -> Response:
    """The empty form."""
    return render(request, "check.html", _context("", None, None))


@router.post("/check")
def check_draft(request: Request, text: Annotated[str, Form()] = "", file: UploadFile | None = None) -> Response:
    """The verdicts on a pasted draft, or on a file."""
    draft = DraftText(text.replace("\r\n", "\n"))
    try:
        if file is not None and file.filename:
            draft = read_draft_bytes(file.file.read(MAX_DRAFT_BYTES + 1), file.filename)
        if len(draft.text) > MAX_DRAFT_CHARACTERS:
            return render(request, "check.html", {**_context("", None, None), "too_long": True}, status=413)
        if not draft.text.strip():
            return render(request, "check.html", {**_context("", None, None), "empty": True}, status=422)
        answer = service_of(request).check_quotes(draft)
    except VerbatimError as error:
        status = 503 if isinstance(error, LibraryError) else 422
        return render(request, "check.html", _context(draft.text, None, str(error)), status=status)
    return render(request, "check.html", _context(draft.text, answer, None))


def _context(text: str, answer: ChecksAnswer | None, problem: str | None) -> dict[str, Any]:
    pieces: list[tuple[str, int]] = []
    place = 0
    for number, quote in enumerate(answer.quotes if answer else (), start=1):
        pieces += [(text[place : quote.start], 0), (text[quote.start : quote.end], number)]
        place = quote.end
    pieces.append((text[place:], 0))
    return {
        "text": text,
        "answer": answer,
        "pieces": pieces,
        "problem": problem,
        "empty": False,
        "too_long": False,
        "most": MAX_DRAFT_CHARACTERS,
    }
