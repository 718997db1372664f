"""Serves the pages' style sheet and modules under an address that names their contents, so that browsers keep them.

`/static/<digest>/desk.css`: a new version has another address, and modules import each other by relative ones. The same
files stand under `/static/` too, to be asked for again each time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
_YEAR_SECONDS = 365 * 24 * 3600


def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


STATIC = f"/static/{_digest()}"


class KeptFiles(StaticFiles):
    """Files that a browser may keep.

    :param control: their `Cache-Control`.
    """

    def __init__(self, control: str) -> None:
        super().__init__(directory=FOLDER)
        self._control = control

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self._control
        return response


def mount_static(app: FastAPI) -> None:
    """Let the app serve them."""
    app.mount(STATIC, KeptFiles(f"public, max-age={_YEAR_SECONDS}, immutable"), name="kept")
    app.mount("/static", KeptFiles("no-cache"), name="static")
