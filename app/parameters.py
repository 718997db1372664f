"""What callers may put into a request: the parameters of a search, checked, and cursors that lead to the next page.

Every way in shares these types, so that the same bad input gets the same words over HTTP, on the pages and on the
command line.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from app.bad_input import InvalidRequest
from corpus.catalogue import Kind

MAX_QUERY = 10_000
"""Code points: some two pages of a draft, more than any answer could speak to."""
MAX_DEPTH = 1_000
"""Results that one query can be paged through; whoever needs more needs another query."""

CitationFormat = Literal["text", "html", "bibtex", "ris", "csl-json"]
CITATION_FORMATS: tuple[CitationFormat, ...] = get_args(CitationFormat)

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zs", "Zl", "Zp"})


def clean_text(value: str) -> str:
    """The text with control characters and lone surrogates as spaces, and none at either end.

    :raises ValueError: when nothing visible is left.
    """
    cleaned = "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in value)
    if all(unicodedata.category(character) in _INVISIBLE for character in cleaned):
        raise ValueError("is blank: write a question, a claim or a few words")
    return cleaned.strip()


QueryText = Annotated[str, StringConstraints(max_length=MAX_QUERY), AfterValidator(clean_text)]
FilterText = Annotated[str, StringConstraints(min_length=1, max_length=300)]
LanguageTag = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35), AfterValidator(str.lower)
]
Year = Annotated[int, Field(ge=1, le=9999)]
CursorText = Annotated[str, StringConstraints(max_length=500)]


class SearchParameters(BaseModel):
    """The parameters of `GET /v1/search`, of the search page and of `verbatim search`."""

    model_config = ConfigDict(frozen=True)

    q: QueryText = Field(
        description="A question, a claim, a topic or a paragraph; a phrase in quotation marks is matched exactly.",
        examples=["pensions that move with the worker across borders"],
    )
    limit: Annotated[int, Field(ge=1, le=100)] = Field(10, description="Results on one page.")
    mode: Literal["hybrid", "semantic", "exact"] = Field(
        "hybrid",
        description="`semantic` ranks by meaning, `exact` finds a phrase whatever its case, accents, quote marks, "
        "dashes and white space, `hybrid` joins meaning and words.",
    )
    document: Annotated[list[FilterText], Field(max_length=100)] = Field(
        [], description="Only in this document, by id; repeat for several."
    )
    organization: Annotated[list[FilterText], Field(max_length=100)] = Field(
        [], description="Only published by this organization; repeat for several."
    )
    kind: Annotated[list[Kind], Field(max_length=20)] = Field(
        [], description="Only documents of this kind; repeat for several."
    )
    language: Annotated[list[LanguageTag], Field(max_length=100)] = Field(
        [], description="Only passages in this language, a BCP 47 tag; repeat for several."
    )
    year_from: Year | None = Field(None, description="Only documents of this year or later.")
    year_to: Year | None = Field(None, description="Only documents of this year or earlier.")
    per_document: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None, description="At most this many results from one document."
    )
    context: Annotated[int, Field(ge=0, le=20)] = Field(0, description="Blocks to give before and after each passage.")
    cursor: CursorText | None = Field(None, description="From `next` or the `Link` header of the page before.")

    @field_validator("year_to")
    @classmethod
    def _in_order(cls, value: int | None, info: ValidationInfo) -> int | None:
        first = info.data.get("year_from")
        if value is not None and first is not None and value < first:
            raise ValueError(f"is before year_from, {first}")
        return value

    def fingerprint(self) -> str:
        """Tells this query's cursors from those of any other."""
        asked = self.model_dump(exclude={"cursor", "limit", "context"})
        return hashlib.blake2b(json.dumps(asked, sort_keys=True).encode(), digest_size=6).hexdigest()


def make_cursor(offset: int, fingerprint: str) -> str:
    """An opaque name for "from `offset` on"."""
    return base64.urlsafe_b64encode(f"{offset}.{fingerprint}".encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, fingerprint: str, deepest: int = MAX_DEPTH) -> int:
    """The offset that a cursor names; 0 for None.

    :param deepest: the largest offset that there can be.
    :raises InvalidRequest: when it is not a cursor, or that of another query.
    """
    if cursor is None:
        return 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        offset, _, made_for = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition(".")
        number = int(offset)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise InvalidRequest("cursor", "Is not a cursor", "Leave it out to begin at the first page") from error
    if made_for != fingerprint or not 0 <= number <= deepest:
        raise InvalidRequest("cursor", "Is the cursor of another query", "Leave it out to begin at the first page")
    return number


def checked_parameters(given: Mapping[str, Any]) -> SearchParameters:
    """The parameters, from a form or the command line.

    :raises InvalidRequest: that names the first one that cannot be used.
    """
    try:
        return SearchParameters.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise InvalidRequest(str(fault["loc"][0]), fault["msg"].removeprefix("Value error, ")) from error


def checked_citation_format(given: str) -> CitationFormat:
    """The format of a citation, from the command line.

    :raises InvalidRequest: when there is no such format.
    """
    for known in CITATION_FORMATS:
        if given == known:
            return known
    raise InvalidRequest("format", f"There is no citation format {given!r}", f"Use {', '.join(CITATION_FORMATS)}")
