"""`verbatim ingest`: bring files, or the bundled corpus, into the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.terminal import ANSWER_IS_NO, progress, say, show, show_json
from app.verbs.options import JsonOption, LibraryOption


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH…", help="Files and folders; the bundled corpus when none is given."),
    ] = None,
    password: Annotated[str | None, typer.Option(help="For encrypted PDF files.")] = None,
    ocr: Annotated[bool, typer.Option(help="Read pages that are only pictures.")] = True,
    retry: Annotated[bool, typer.Option("--retry", help="Try files again that could not be read before.")] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Bring files, or the bundled corpus, into the library.

    What has not changed costs a hash; a file gone from a folder is withdrawn. Run `verbatim index` afterwards to make
    it searchable. Exit code 3 when a file could not be read.
    """
    from app.settings import load_settings
    from app.stocking import stock
    from ingest.extract.limits import ExtractOptions

    settings = load_settings(library=library)
    with progress() as step:
        report = stock(settings, paths or [], ExtractOptions(password=password, ocr=ocr), step, retry=retry)
    if json:
        show_json(report.as_json())
    else:
        for outcome in report.outcomes:
            about = f" ({outcome.passages} passages)" if outcome.state == "read" else ""
            show(f"{outcome.state:<10} {outcome.document_id or outcome.source_name}{about}")
            if outcome.reason and outcome.state != "duplicate":
                say(f"  {outcome.source_name}: {outcome.reason}")
        show(", ".join(f"{count} {state}" for state, count in report.counts.items()) or "nothing to do")
    if report.counts.get("failed") or report.counts.get("skipped"):
        raise typer.Exit(ANSWER_IS_NO)
