"""`verbatim documents`: what the library holds, and what is known of and not held."""

from __future__ import annotations

from typing import Annotated

import typer

from app.terminal import say, show, show_json
from app.verbs.options import JsonOption, LibraryOption


def documents(
    held: Annotated[bool | None, typer.Option("--held/--not-held", help="Only those held, or only those not.")] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """List what the library holds, what the catalogue knows besides, and what could not be read."""
    from app.opened import opened_service
    from app.settings import load_settings

    with opened_service(load_settings(library=library)) as service:
        answer = service.documents(held=held, limit=1_000_000)
    if json:
        show_json(answer)
        return
    for document in answer.documents:
        state = f"{document.passages} passages" if document.held else "not held"
        show(f"{document.id}  {document.title} ({document.organization}, {document.date or 'no date'}): {state}")
        if document.missing:
            show(f"    {document.missing}")
        for problem in document.problems:
            show(f"    {problem}")
    for failure in answer.failures:
        say(f"{failure.source_name}: {failure.reason}")
