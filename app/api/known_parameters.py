"""Refuses a query parameter that a call does not take, by name: one that is ignored would mislead."""

from __future__ import annotations

import difflib

from fastapi import Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from app.bad_input import InvalidRequest


def refuse_unknown_parameters(request: Request) -> None:
    """A dependency of every call: a parameter that the call does not take is refused by name, not ignored.

    :raises InvalidRequest: that names the parameter, and the one that was likely meant.
    """
    takes = _query_parameters(request.scope["route"].dependant)
    repeatable = {name for name, repeats in takes.items() if repeats}
    given = [name for name, _ in request.query_params.multi_items()]
    for name in given:
        if name not in takes:
            near = difflib.get_close_matches(name, takes, n=1)
            takes_text = f"This call takes {', '.join(takes)}" if takes else "This call takes none"
            remedy = f"Did you mean {near[0]!r}" if near else takes_text
            raise InvalidRequest(name, "Is not a parameter of this call", remedy)
        if given.count(name) > 1 and name not in repeatable:
            raise InvalidRequest(name, "Is given more than once", "Give it once")


def _query_parameters(dependant: Dependant) -> dict[str, bool]:
    """Names of the query parameters of a route, and whether each may repeat."""
    found: dict[str, bool] = {}
    for parameter in dependant.query_params:
        annotation = parameter.field_info.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            for name, field in annotation.model_fields.items():
                found[field.alias or name] = "list" in str(field.annotation)
        else:
            found[parameter.alias] = "list" in str(annotation)
    for dependency in dependant.dependencies:
        found |= _query_parameters(dependency)
    return found
