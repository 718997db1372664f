"""The pages for people: `/` to search and `/read/{document}` to read, as HTML that works without JavaScript.

They ask `app.service` as the API does; the templates hold no logic beyond loops and choices.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from app.bad_input import InvalidRequest
from app.parameters import SearchParameters, checked_parameters
from app.service import Service
from corpus.documents import Block, BlockKind, Document, Span
from corpus.errors import VerbatimError

router = APIRouter(include_in_schema=False)
templates = Jinja2Templates(Path(__file__).parent / "templates")
_LISTS = frozenset({"document", "organization", "kind", "language"})


@router.get("/")
def search_page(request: Request) -> Response:
    """The search box and, with `q`, its results."""
    service: Service = request.app.state.service
    asked = {
        name: request.query_params.getlist(name) if name in _LISTS else value
        for name, value in request.query_params.items()
        if name in SearchParameters.model_fields and value != ""
    }
    context: dict[str, Any] = {"asked": asked, "answer": None, "problem": None}
    status = 200
    if "q" in asked:
        try:
            context["answer"] = service.search(checked_parameters(asked))
        except VerbatimError as error:
            context["problem"], status = str(error), 422 if isinstance(error, InvalidRequest) else 503
    return templates.TemplateResponse(request, "search.html", context, status_code=status)


@router.get("/read/{document_id}")
def read_page(request: Request, document_id: str, start: int | None = None, end: int | None = None) -> Response:
    """A document whole, with the span `start`-`end` marked in place."""
    service: Service = request.app.state.service
    with service.serving.lease() as generation:
        if document_id not in generation.records:
            answer = service.document(document_id)
            return templates.TemplateResponse(request, "missing.html", {"document": answer}, status_code=404)
        document = generation.document(document_id)
        marked = Span(start, end) if start is not None and end is not None and start < end else None
        pieces = [_block_pieces(document, block, marked) for block in document.blocks]
        rows = [list(group) for _, group in groupby(pieces, key=lambda piece: piece.list_kind)]
        context = {"document": document, "rows": rows, "marked": marked}
        return templates.TemplateResponse(request, "read.html", context)


@dataclass(frozen=True, slots=True)
class BlockPieces:
    """A block cut at the ends of the marked span and at page starts."""

    block: Block
    page: str | None
    pieces: list[tuple[str, bool]]
    first_marked: bool

    @property
    def list_kind(self) -> bool:
        """Whether it belongs into a list."""
        return self.block.kind is BlockKind.LIST_ITEM


def _block_pieces(document: Document, block: Block, marked: Span | None) -> BlockPieces:
    page = next(
        (
            page.label or f"[{page.index}]"
            for page in document.pages
            if any(block.start <= span.start < block.end for span in page.spans)
        ),
        None,
    )
    if marked is None or not block.span.overlaps(marked):
        return BlockPieces(block, page, [(document.text[block.start : block.end], False)], False)
    start, end = max(block.start, marked.start), min(block.end, marked.end)
    cut = [(block.start, start, False), (start, end, True), (end, block.end, False)]
    pieces = [(document.text[first:last], inside) for first, last, inside in cut if first < last]
    return BlockPieces(block, page, pieces, block.start <= marked.start)
