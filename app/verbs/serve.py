"""`verbatim serve`: answer over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from app.terminal import progress, say
from app.verbs.options import LibraryOption


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback when not given.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    library: LibraryOption = None,
) -> None:
    """Answer over HTTP: the pages, and the API under /v1.

    A library without an index is first filled with the bundled corpus and indexed.
    """
    from app.settings import load_settings

    settings = load_settings(host=host, port=port, library=library)
    from app.listening import bind, make_ready, run

    listening = bind(settings.host, settings.port)
    with progress() as step:
        make_ready(settings, step, say)
    run(settings, listening)
