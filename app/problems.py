"""Everything that goes wrong over HTTP, as RFC 9457 `application/problem+json` that a person can act on.

One handler for each way to fail: bad input (422, naming each field), an unknown path or id (404), a wrong method (405),
no index yet (503), a failing library (503) and the unforeseen (500, whose cause goes to the log and never to the
reader).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from app.bad_input import InvalidRequest
from app.citation import CitationError, UnknownLocale, UnknownStyle
from corpus.errors import VerbatimError
from corpus.library import LibraryError
from corpus.store import NotHeld, StoreError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:verbatim:problem:"
_SHOWN = 80
_FIELDS: dict[type[CitationError], str] = {UnknownStyle: "style", UnknownLocale: "locale"}
_log = logging.getLogger("verbatim")


class FieldFault(BaseModel):
    """One field of a request that cannot be used."""

    field: str = Field(description="Name of the parameter, or the path of the field in the body.")
    place: str = Field(description="Where it stands: query, path, header or body.")
    message: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": f"{TYPE_PREFIX}invalid-request",
                    "title": "The request cannot be understood",
                    "status": 422,
                    "detail": "limit: input should be less than or equal to 100 (it is '1000').",
                    "instance": "/v1/search",
                    "field": "limit",
                    "errors": [
                        {
                            "field": "limit",
                            "place": "query",
                            "message": "input should be less than or equal to 100 (it is '1000')",
                        }
                    ],
                }
            ]
        }
    )

    type: str = Field(description="A name for this kind of problem, for programs.")
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do about it, for people.")
    instance: str = Field(description="The path that was asked for.")
    field: str | None = Field(None, description="The first field that cannot be used, for bad input.")
    errors: list[FieldFault] = Field([], description="Every field that cannot be used, for bad input.")


def install_problems(app: FastAPI) -> None:
    """Let every failure of the app answer with a problem."""
    app.exception_handler(RequestValidationError)(_invalid_fields)
    app.exception_handler(HTTPException)(_http)
    app.exception_handler(VerbatimError)(_verbatim)
    app.exception_handler(Exception)(_unforeseen)


def problem_response(
    path: str,
    status: int,
    name: str,
    title: str,
    detail: str,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem as a response."""
    problem = Problem(
        type=f"{TYPE_PREFIX}{name}",
        title=title,
        status=status,
        detail=detail,
        instance=path,
        field=faults[0].field if faults else None,
        errors=list(faults),
    )
    content = problem.model_dump(exclude=set() if faults else {"field", "errors"})
    return JSONResponse(content, status, headers=headers, media_type=MEDIA_TYPE)


def invalid(path: str, faults: Sequence[FieldFault]) -> JSONResponse:
    """422, naming every field."""
    detail = "; ".join(f"{fault.field}: {fault.message}" for fault in faults).rstrip(".") + "."
    return problem_response(path, 422, "invalid-request", "The request cannot be understood", detail, faults)


async def _invalid_fields(request: Request, error: RequestValidationError) -> JSONResponse:
    return invalid(_path(request), [_fault(fault) for fault in error.errors()])


def _fault(fault: Mapping[str, Any]) -> FieldFault:
    place, *rest = (str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    message = f"{message[:1].lower()}{message[1:]}"
    if fault["type"] == "json_invalid":
        return FieldFault(field="body", place="body", message=f"is not JSON: {fault['ctx']['error']}")
    given = fault.get("input")
    if isinstance(given, str | int | float) and fault["type"] != "missing":
        shown = repr(given)
        message += f" (it is {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '…'})"
    return FieldFault(field=".".join(rest) or place, place=place, message=message)


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    path = _path(request)
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {path}. See what there is at /docs."
        return problem_response(path, 404, "not-found", "There is nothing here", detail)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        detail = f"{path} does not take {request.method}. It takes {allowed or 'another method'}."
        return problem_response(
            path, 405, "method-not-allowed", "This method is not allowed here", detail, headers=error.headers
        )
    status = HTTPStatus(error.status_code)
    name = status.phrase.lower().replace(" ", "-")
    return problem_response(path, status, name, status.phrase, str(error.detail), headers=error.headers)


async def _verbatim(request: Request, error: VerbatimError) -> JSONResponse:
    path = _path(request)
    if isinstance(error, CitationError):
        error = InvalidRequest(_FIELDS.get(type(error), "format"), error.what, error.remedy)
    if isinstance(error, InvalidRequest):
        fault = FieldFault(field=error.field, place=error.place, message=f"{error.what[:1].lower()}{error.what[1:]}")
        title = "The request cannot be understood"
        return problem_response(path, 422, "invalid-request", title, str(error), [fault])
    if isinstance(error, NotHeld):
        return problem_response(path, 404, "not-held", "The library does not hold this", str(error))
    if isinstance(error, LibraryError):
        return problem_response(
            path, 503, "not-ready", "The library cannot be searched yet", str(error), headers={"Retry-After": "5"}
        )
    if isinstance(error, StoreError):
        _log.error("%s %s: %s", request.method, path, error)
        return problem_response(
            path, 503, "library-failed", "The library failed", str(error), headers={"Retry-After": "30"}
        )
    return problem_response(path, 422, "refused", "This cannot be done", str(error))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    _log.error("%s %s failed", request.method, _path(request), exc_info=error)
    detail = "The server met something it was not made for. Its log says what; please report it."
    return problem_response(_path(request), 500, "internal", "The server failed", detail)


def _path(request: Request) -> str:
    return request.url.path
