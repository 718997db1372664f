"""`verbatim fetch`: bring texts of the catalogue from their publishers."""

from __future__ import annotations

from typing import Annotated

import typer

from app.terminal import progress
from app.verbs.options import JsonOption, LibraryOption


def fetch(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID…", help="Texts of the catalogue; all that have an address when none is given."),
    ] = None,
    accept_changes: Annotated[
        bool, typer.Option("--accept-changes", help="Take files that have changed since they were first seen.")
    ] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Bring texts of the catalogue from their publishers into the library.

    A file that has changed since it was first seen is refused unless told otherwise. Run `verbatim index` afterwards to
    make the texts searchable. Exit code 3 when one could not be had.
    """
    from app.fetching import fetch as fetch_texts
    from app.settings import load_settings
    from app.verbs.add import tell

    settings = load_settings(library=library)
    with progress() as step:
        report = fetch_texts(settings, ids or [], step, accept_changes=accept_changes)
    tell(report, json=json)
