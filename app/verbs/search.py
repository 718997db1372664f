"""`verbatim search`: words to quote, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.terminal import ANSWER_IS_NO, say, show, show_json
from app.verbs.options import JsonOption, LibraryOption

if TYPE_CHECKING:
    from app.models import ResultShape


def search(
    q: Annotated[str, typer.Argument(metavar="QUERY", help="A question, a claim, a topic or a paragraph.")],
    limit: Annotated[int, typer.Option(help="How many results.")] = 10,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or exact.")] = "hybrid",
    document: Annotated[list[str] | None, typer.Option(help="Only in this document; repeat for several.")] = None,
    organization: Annotated[list[str] | None, typer.Option(help="Only published by it; repeat for several.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; repeat for several.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only in this language; repeat for several.")] = None,
    year_from: Annotated[int | None, typer.Option(help="Only of this year or later.")] = None,
    year_to: Annotated[int | None, typer.Option(help="Only of this year or earlier.")] = None,
    per_document: Annotated[int | None, typer.Option(help="At most so many from one document.")] = None,
    context: Annotated[int, typer.Option(help="Blocks to give before and after each passage.")] = 0,
    cursor: Annotated[str | None, typer.Option(help="From `next` of the page before.")] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Search for words to quote. Exit code 3 when nothing in the library speaks to the query."""
    from app.opened import opened_service
    from app.parameters import checked_parameters
    from app.settings import load_settings

    parameters = checked_parameters(
        {
            "q": q,
            "limit": limit,
            "mode": mode,
            "document": document or [],
            "organization": organization or [],
            "kind": kind or [],
            "language": language or [],
            "year_from": year_from,
            "year_to": year_to,
            "per_document": per_document,
            "context": context,
            "cursor": cursor,
        }
    )
    with opened_service(load_settings(library=library)) as service:
        answer = service.search(parameters)
    if json:
        show_json(answer)
    else:
        for result in answer.results:
            _show_result(result)
        if answer.support == "none":
            nearest = "; what is shown is only the nearest" if answer.results else ""
            say(f"Nothing in the library speaks to this{nearest}.")
    if answer.support == "none" or not answer.results:
        raise typer.Exit(ANSWER_IS_NO)


def _show_result(result: ResultShape) -> None:
    show(f"{result.rank}. “{result.quote.text}”")
    show(f"   {result.citation.text}")
    if result.passage.section:
        paragraph = f", paragraph {result.passage.paragraph}" if result.passage.paragraph else ""
        show(f"   {' › '.join(result.passage.section)}{paragraph}")
    for note in result.notes:
        pages = note.reference and note.reference.pages
        show(f"   {note.marker or '→'} {note.text}{f' → pages {pages}' if pages else ''}")
        if note.reference and note.reference.missing:
            show(f"     {note.reference.missing}")
    show(f"   {result.passage.id}")
    show()
