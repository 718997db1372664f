"""An example of every answer for OpenAPI, made by `scripts/make-examples` from the bundled paper: real words."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def example(name: str) -> Any:
    """The example answer of this name, as JSON data."""
    return json.loads(files("app").joinpath("examples", f"{name}.json").read_text(encoding="utf-8"))
