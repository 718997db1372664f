"""`POST /v1/export`: a quote pack of chosen passages as a file.

The routes know nothing of the library: `quoted` gives the frozen passages for what was asked, and raises `NotHeld` for
a passage that is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.citation import DEFAULT_STYLE
from app.export import EXPORT_FORMATS, QuotedPassage, export

MOST_QUOTES = 2_000
LONGEST_NOTE = 10_000


class ExportItem(BaseModel):
    """One quote of a pack: a passage, or a span in it, and what the collector wrote beside it."""

    model_config = ConfigDict(extra="forbid")

    passage: str = Field(description="Id of the passage.", min_length=1, max_length=200)
    start: int | None = Field(default=None, ge=0, description="Canonical offset in the passage; null for its start.")
    end: int | None = Field(default=None, ge=0, description="Canonical offset, exclusive; null for its end.")
    note: str = Field(default="", max_length=LONGEST_NOTE, description="The collector's own words.")


class ExportRequest(BaseModel):
    """What to export, as what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "passages": [
                        "ngo-committee-on-migration-2011.0123456789abcdef",
                        {"passage": "ngo-committee-on-migration-2011.fedcba9876543210", "note": "For the opening"},
                    ],
                    "format": "docx",
                    "style": DEFAULT_STYLE,
                }
            ]
        },
    )

    passages: list[Annotated[str, Field(min_length=1, max_length=200)] | ExportItem] = Field(
        min_length=1, max_length=MOST_QUOTES, description="Passage ids, or spans in passages with notes, in order."
    )
    format: str = Field(description=f"One of {', '.join(EXPORT_FORMATS)}.", max_length=50)
    style: str = Field(default=DEFAULT_STYLE, description="Name of a citation style.", max_length=200)
    locale: str | None = Field(default=None, description="Language of the citations, such as fr.", max_length=35)
    title: str = Field(default="", description="Heading of the pack.", max_length=300)

    @property
    def items(self) -> list[ExportItem]:
        """Every quote in the long form."""
        return [ExportItem(passage=item) if isinstance(item, str) else item for item in self.passages]


Quoted = Callable[[Sequence[ExportItem]], Sequence[QuotedPassage]]


def export_router(quoted: Quoted) -> APIRouter:
    """The route.

    :param quoted: the passages asked for, in order; raises what the application answers as "not found".
    """
    router = APIRouter()

    @router.post(
        "/v1/export",
        response_class=Response,
        summary="Export quotes with their citations",
        responses={200: {"content": {kind.media_type.split(";")[0]: {} for kind in EXPORT_FORMATS.values()}}},
    )
    def export_quotes(request: ExportRequest) -> Response:
        """A file of quotes: DOCX and ODT with real footnotes, Markdown, CSV, or data for reference managers."""
        made = export(
            quoted(request.items),
            format=request.format,
            style=request.style,
            locale=request.locale,
            title=request.title,
        )
        return Response(
            made.content,
            media_type=made.media_type,
            headers={"Content-Disposition": f'attachment; filename="{made.file_name}"'},
        )

    return router
