"""An unAPI server (<http://unapi.info>), by which Zotero takes a list of documents or quotes from one page at once.

A page names the server in `<link rel="unapi-server" type="application/xml" title="unAPI" href="/unapi">` and each item
in `<abbr class="unapi-id" title="ID">`; `unapi_router` answers for the ids that `find` knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.citation.formats import FORMATS
from app.citation.locator import Locator
from corpus.documents import Edition, Metadata


@dataclass(frozen=True, slots=True)
class Citable:
    """What an id stands for: a document, or a place in one."""

    metadata: Metadata
    locator: Locator | None = None
    edition: Edition | None = None


def formats_xml(id_: str | None = None) -> str:
    """The formats on offer, for an id or in general."""
    of = f" id={quoteattr(id_)}" if id_ is not None else ""
    lines = (f'  <format name="{data.name}" type="{data.media_type}"/>\n' for data in FORMATS.values())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{of}>\n{"".join(lines)}</formats>\n'


def unapi_addresses(id_: str, path: str = "/unapi") -> dict[str, str]:
    """Where each format of an id is, by media type, for `Link` headers."""
    return {data.media_type: f"{path}?id={quote(id_, safe='')}&format={data.name}" for data in FORMATS.values()}


def unapi_router(find: Callable[[str], Citable | None], path: str = "/unapi") -> APIRouter:
    """The server's one route.

    Statuses as the specification asks: 300 with the formats of an id, 404 for an unknown id, 406 for an unknown format.

    :param find: what an id stands for, None where it is unknown.
    """
    router = APIRouter()

    @router.get(path, include_in_schema=False)
    def unapi(
        id_: Annotated[str | None, Query(alias="id", max_length=500)] = None,
        format_: Annotated[str | None, Query(alias="format", max_length=50)] = None,
    ) -> Response:
        if id_ is None:
            return Response(formats_xml(), media_type="application/xml")
        found = find(id_)
        if found is None:
            return Response(f"unAPI knows no {id_!r}\n", status_code=404, media_type="text/plain")
        if format_ is None:
            return Response(formats_xml(id_), status_code=300, media_type="application/xml")
        data = FORMATS.get(format_)
        if data is None:
            return Response(f"unAPI has no format {format_!r}\n", status_code=406, media_type="text/plain")
        return Response(data.emit(found.metadata, found.locator, found.edition), media_type=data.media_type)

    return router
