"""`/v1/documents/…`: the catalogue, and what is in each document: text, source, page pictures, references."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import StringConstraints

from app.api.asked import (
    MEDIA_TYPES,
    Answers,
    CitationForm,
    CitationLocale,
    DocumentId,
    StyleName,
    citation_responses,
    link_next,
    problem_responses,
)
from app.citation.annotation import ANNOTATION_TYPE
from app.example import example
from app.models import DocumentAnswer, DocumentsAnswer, ReferencesAnswer, TextAnswer
from app.parameters import CursorText
from corpus.documents import Span

router = APIRouter(prefix="/v1/documents", tags=["documents"])
# A source is somebody else's file: it may show itself and do nothing.
_SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}


@router.get(
    "",
    summary="The catalogue and the library",
    responses={200: {"content": {"application/json": {"example": example("documents")}}}, **problem_responses()},
)
def documents(
    answers: Answers,
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000, description="Documents on one page.")] = 100,
    held: Annotated[bool | None, Query(description="Only those held, or only those not held.")] = None,
    cursor: Annotated[CursorText | None, Query(description="From `next` of the page before.")] = None,
) -> DocumentsAnswer:
    """Every document that is held or known of, and the files that could not be read, with the reason."""
    answer = answers.documents(cursor=cursor, limit=limit, held=held)
    return answer.model_copy(update={"next": link_next(request, response, answer.next)})


@router.get(
    "/{id}",
    summary="One document",
    responses={200: {"content": {"application/json": {"example": example("document")}}}, **problem_responses(404)},
)
def document(id: DocumentId, answers: Answers) -> DocumentAnswer:
    """What is known of a document, with its outline and pages; also of one that is not held, with how to get it."""
    return answers.document(id)


@router.get(
    "/{id}/text",
    summary="The canonical text, or a stretch of it",
    responses={200: {"content": {"application/json": {"example": example("text")}}}, **problem_responses(404)},
)
def text(
    id: DocumentId,
    answers: Answers,
    start: Annotated[int | None, Query(ge=0, description="First code point.")] = None,
    end: Annotated[int | None, Query(ge=0, description="After the last code point.")] = None,
) -> TextAnswer:
    """The words that every offset of this document refers to."""
    return answers.text(id, start, end)


@router.get(
    "/{id}/source",
    summary="The source file, unchanged",
    response_class=FileResponse,
    responses={
        200: {"description": "The file as it came", "content": {"application/octet-stream": {}}},
        **problem_responses(404),
    },
)
def source(id: DocumentId, answers: Answers) -> FileResponse:
    """The file that the document was read from, byte for byte."""
    file = answers.source(id)
    return FileResponse(
        file.path,
        media_type=file.media_type,
        filename=file.name,
        content_disposition_type="inline",
        headers={"ETag": f'"{file.sha256}"', **({} if file.media_type == "application/pdf" else _SANDBOX)},
    )


@router.get(
    "/{id}/citation",
    summary="The citation of a document, or of any span of its text",
    response_class=Response,
    responses=citation_responses(),
)
def citation(
    id: DocumentId,
    answers: Answers,
    style: StyleName = None,
    format: CitationForm = "text",
    locale: CitationLocale = None,
    start: Annotated[int | None, Query(ge=0, description="Start of a span of the canonical text.")] = None,
    end: Annotated[int | None, Query(ge=0, description="End of that span.")] = None,
) -> Response:
    """Where words that a reader selected stand, which need not be those of one passage."""
    text = answers.document_citation(id, style=style, locale=locale, format_=format, start=start, end=end)
    return Response(text, media_type=MEDIA_TYPES[format])


@router.get(
    "/{id}/annotation",
    summary="A span of a document as a W3C Web Annotation",
    response_class=Response,
    responses={
        200: {
            "content": {ANNOTATION_TYPE: {"example": example("annotation")}},
            "description": "The annotation",
        },
        **problem_responses(404),
    },
)
def annotation(
    id: DocumentId,
    request: Request,
    answers: Answers,
    start: Annotated[int, Query(ge=0, description="Start of a span of the canonical text.")],
    end: Annotated[int, Query(ge=0, description="End of that span.")],
) -> Response:
    """For programs that keep or mark quotes. Offsets count code points; JavaScript counts UTF-16 units."""
    made = answers.annotation(id, start, end, str(request.base_url).rstrip("/"))
    return Response(json.dumps(made, ensure_ascii=False), media_type=ANNOTATION_TYPE)


@router.get(
    "/{id}/references",
    summary="What a document points to, and who points to it",
    responses={200: {"content": {"application/json": {"example": example("references")}}}, **problem_responses(404)},
)
def references(
    id: DocumentId,
    answers: Answers,
    page: Annotated[
        str | None, Query(max_length=50, description="Only words that point to the page with this label.")
    ] = None,
) -> ReferencesAnswer:
    """References out of a document and into it; also into one that is not held."""
    return answers.references(id, page)


@router.get(
    "/{id}/pages/{label:path}.png",
    summary="The picture of a page",
    response_class=Response,
    responses={200: {"description": "A picture", "content": {"image/png": {}}}, **problem_responses(404)},
)
def page_picture(
    id: DocumentId,
    label: Annotated[str, Path(max_length=100, description="The label printed on it, or `index:N`.")],
    answers: Answers,
    highlight: Annotated[
        str | None,
        StringConstraints(pattern=r"^\d{1,9}-\d{1,9}$"),
        Query(description="A span of the canonical text to outline, `start-end`.", examples=["1203-1391"]),
    ] = None,
) -> Response:
    """The page with this printed label (or `index:N`, the physical page), with the words of a span outlined."""
    span = Span(*map(int, highlight.split("-"))) if highlight else None
    return Response(answers.page_picture(id, label, span), media_type="image/png")
