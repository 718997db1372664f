"""`/docs`: the API's reference as one page of HTML, made from its OpenAPI description, without scripts."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from app.pages.rendering import render

router = APIRouter(include_in_schema=False)


@router.get("/docs")
def reference(request: Request) -> Response:
    """Every call with its parameters and an example."""
    description = request.app.openapi()
    calls = [
        _call(path, method, operation)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]
    return render(request, "docs.html", {"about": description["info"], "calls": calls})


def _call(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"].get("200", {}).get("content", {})
    example = next((kind["example"] for kind in content.values() if "example" in kind), None)
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            {"name": p["name"], "in": p["in"], "required": p.get("required"), "about": p.get("description", "")}
            for p in operation.get("parameters", [])
        ],
        "example": None if example is None else _shown(example),
    }


def _shown(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
