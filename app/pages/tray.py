"""`/tray`: the quotes that a reader has collected, kept in the browser alone; ordered, noted and exported there."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.citation import styles
from app.export import EXPORT_FORMATS
from app.pages.rendering import render, service_of

router = APIRouter()


@router.get("/tray")
def tray_page(request: Request) -> Response:
    """The empty tray, which the browser fills."""
    style = service_of(request).settings.citation_style
    return render(request, "tray.html", {"styles": styles(), "style": style, "formats": EXPORT_FORMATS})
