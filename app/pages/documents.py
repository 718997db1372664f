"""`/documents`: what the library holds, what is known but not held and how to get it, and what could not be read."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.models import CatalogueShape
from app.pages.rendering import render, service_of
from corpus.errors import VerbatimError

router = APIRouter()
_MOST = 10_000


@router.get("/documents")
def documents_page(request: Request) -> Response:
    """Every document of the library and the catalogue."""
    try:
        answer = service_of(request).documents(limit=_MOST)
    except VerbatimError as error:
        empty: tuple[CatalogueShape, ...] = ()
        context = {"held": empty, "known": empty, "failures": (), "generation": None, "problem": str(error)}
        return render(request, "documents.html", context, status=503)
    return render(
        request,
        "documents.html",
        {
            "held": [document for document in answer.documents if document.held],
            "known": [document for document in answer.documents if not document.held],
            "failures": answer.failures,
            "generation": answer.generation,
            "problem": None,
        },
    )
