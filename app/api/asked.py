"""What routes get from the app around them, and how a list says where its next page is."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Path, Query, Request, Response

from app.example import example
from app.parameters import CitationFormat
from app.service import Service

MEDIA_TYPES: dict[CitationFormat, str] = {
    "text": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "bibtex": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "csl-json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
"""Of citations, by their format."""


def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


Answers = Annotated[Service, Depends(_service)]
PassageId = Annotated[
    str,
    Path(max_length=200, description="Id of a passage, from a result.", openapi_examples={}),
]
DocumentId = Annotated[str, Path(max_length=200, description="Id of a document, from the catalogue.")]
StyleName = Annotated[
    str | None, Query(max_length=200, description="A CSL style by name, such as `apa`.", examples=["apa"])
]
CitationForm = Annotated[CitationFormat, Query(description="The form that it comes in.")]
CitationLocale = Annotated[
    str | None, Query(max_length=35, description="Language of its own words, such as `fr`.", examples=["fr"])
]


def problem_responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """The problems that a call may answer with, for `app.openapi` to describe."""
    names = {
        404: "The library does not hold this",
        422: "The request cannot be understood",
        413: "The request is too large",
        503: "The library cannot be searched yet",
    }
    return {status: {"description": names[status]} for status in (*statuses, 422, 503)}


def citation_responses() -> dict[int | str, dict[str, object]]:
    """What a call that cites may answer with."""
    cited: dict[int | str, dict[str, object]] = {
        200: {
            "content": {"text/plain": {"example": example("citation")}},
            "description": "The citation in the format asked for",
        }
    }
    return cited | problem_responses(404)


def link_next(request: Request, response: Response, cursor: str | None) -> str | None:
    """Add the RFC 8288 `Link` headers of a list, and give the address of its next page."""
    links = []
    following = None
    if cursor is not None:
        address = request.url.include_query_params(cursor=cursor)
        following = f"{address.path}?{address.query}"
        links.append(f'<{following}>; rel="next"')
    if "cursor" in request.query_params:
        first = request.url.remove_query_params("cursor")
        links.append(f'<{first.path}{"?" + first.query if first.query else ""}>; rel="first"')
    if links:
        response.headers["Link"] = ", ".join(links)
    return following
