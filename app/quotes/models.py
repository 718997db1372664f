"""The shapes of `POST /v1/quotes/check`: what is asked and what is answered.

Offsets of quotations count code points of the draft; offsets of places those of a document's canonical text.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models import Answer, CitationShape, DocumentShape, GenerationShape, PageLabels, QuoteShape, ResultLinks

MAX_DRAFT_CHARACTERS = 5_000_000

Verdict = Literal["verbatim", "altered", "misattributed", "not_found"]


class CheckRequest(BaseModel):
    """A draft whose quotations are to be checked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"text": "The Committee asks for “access to health services” (NGO Committee paper)."}]
        },
    )

    text: str = Field(
        max_length=MAX_DRAFT_CHARACTERS,
        description="The draft: plain text or Markdown. Lines that begin with '>' are block quotations.",
    )


class DifferenceShape(Answer):
    """Words that the draft has otherwise than the document."""

    quoted: str = Field(description="The draft's words; empty where it left some out.")
    true: str = Field(description="The document's words; empty where the draft added some.")
    changes: list[str] = Field(
        description="What it touches: negation, number, modal, name, word, accent, case, punctuation."
    )
    grave: bool = Field(description="Whether the meaning could turn with it.")


class ShownShape(Answer):
    """A change that the draft shows: what stands in the document at an ellipsis or a bracket."""

    kind: Literal["ellipsis", "bracket"]
    quoted: str
    true: str


class PlaceShape(Answer):
    """Where the words stand."""

    document: DocumentShape
    quote: QuoteShape
    passage: str | None = Field(description="Id of the passage that the words begin in.")
    section: list[str]
    paragraph: int | None
    pages: PageLabels | None
    citation: CitationShape
    links: ResultLinks


class AttributionShape(Answer):
    """What the draft says of where the quotation stands."""

    documents: list[str] = Field(description="Ids of the works that it names beside the quotation.")
    pages: list[str] = Field(description="Page labels that it names, a range by both ends.")


class CheckedShape(Answer):
    """A quotation of the draft and its verdict."""

    text: str = Field(description="The quotation inside its marks: the draft from `start` to `end`.")
    start: int
    end: int
    mark: str = Field(description="The mark that opens it; '>' for a block quotation.")
    verdict: Verdict
    reason: str
    share: float = Field(description="How much of the quotation's information stands at the first place, 0-1.")
    places: list[PlaceShape] = Field(description="The place that fits best first, at most ten.")
    places_total: int
    differences: list[DifferenceShape] = Field(description="For `altered`: word by word against the first place.")
    shown: list[ShownShape] = Field(description="Ellipses and brackets, with the document's words there.")
    attribution: AttributionShape
    nearest: PlaceShape | None = Field(description="For `not_found`: the place that comes nearest, if any does.")
    fix: str | None = Field(description="Words to put between the marks instead, where the draft's are not true.")


class ChecksAnswer(Answer):
    """Every quotation of a draft, in order."""

    quotes: list[CheckedShape]
    counts: dict[str, int] = Field(description="How many quotations got each verdict.")
    generation: GenerationShape
