"""`/opensearch.xml`: the OpenSearch description, by which a browser can search from its bar."""

from __future__ import annotations

from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from app.pages.rendering import language_of

router = APIRouter()


@router.get("/opensearch.xml")
def opensearch(request: Request) -> Response:
    """The description (OpenSearch 1.1)."""
    base = escape(str(request.base_url))
    description = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "  <ShortName>Verbatim</ShortName>\n"
        "  <Description>Exact, citable quotes from migration texts</Description>\n"
        "  <InputEncoding>UTF-8</InputEncoding>\n"
        f"  <Language>{language_of(request)}</Language>\n"
        f'  <Url type="text/html" template="{base}?q={{searchTerms}}"/>\n'
        f'  <Url type="application/json" template="{base}v1/search?q={{searchTerms}}"/>\n'
        "</OpenSearchDescription>\n"
    )
    return Response(description, media_type="application/opensearchdescription+xml")
