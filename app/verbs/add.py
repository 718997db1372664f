"""`verbatim add`: take a copy of a catalogue's text that a person downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.terminal import ANSWER_IS_NO, progress, say, show, show_json
from app.verbs.options import JsonOption, LibraryOption

if TYPE_CHECKING:
    from app.fetching import FetchReport


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file that you downloaded.")],
    id_: Annotated[str, typer.Option("--as", metavar="ID", help="The text of the catalogue that it is.")],
    accept_changes: Annotated[
        bool, typer.Option("--accept-changes", help="Take a file that differs from the one first seen.")
    ] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Take a copy of a catalogue's text that you downloaded yourself.

    Run `verbatim index` afterwards to make it searchable. Exit code 3 when it could not be read.
    """
    from app.fetching import add as add_text
    from app.settings import load_settings

    settings = load_settings(library=library)
    with progress() as step:
        report = add_text(settings, file, id_, step, accept_changes=accept_changes)
    tell(report, json=json)


def tell(report: FetchReport, *, json: bool) -> None:
    """Print a report, and end with the exit code that it deserves."""
    if json:
        show_json(report.as_json())
    else:
        for one in report.fetched:
            show(f"{one.outcome.value:<10} {one.id}")
            if one.reason:
                say(f"  {one.id}: {one.reason}")
        for outcome in report.stocked.outcomes if report.stocked else ():
            if outcome.state in ("read", "failed", "skipped"):
                show(f"{outcome.state:<10} {outcome.document_id or outcome.source_name}")
                if outcome.reason:
                    say(f"  {outcome.source_name}: {outcome.reason}")
    if report.failed:
        raise typer.Exit(ANSWER_IS_NO)
