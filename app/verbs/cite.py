"""`verbatim cite`: the citation of a passage or a document."""

from __future__ import annotations

from typing import Annotated

import typer

from app.terminal import show, show_json
from app.verbs.options import JsonOption, LibraryOption


def cite(
    id: Annotated[str, typer.Argument(metavar="ID", help="Id of a passage or a document.")],
    style: Annotated[str | None, typer.Option(help="A CSL style by name, such as apa.")] = None,
    format: Annotated[str, typer.Option(help="text, html, bibtex, ris or csl-json.")] = "text",
    locale: Annotated[str | None, typer.Option(help="Language of its own words, such as fr.")] = None,
    start: Annotated[int | None, typer.Option(help="Start of a span: a code point of the text.")] = None,
    end: Annotated[int | None, typer.Option(help="End of that span.")] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Cite a passage, a span of it, or a document."""
    from app.opened import opened_service
    from app.parameters import checked_citation_format
    from app.settings import load_settings

    checked = checked_citation_format(format)
    with opened_service(load_settings(library=library)) as service:
        text = service.cite(id, style=style, locale=locale, format_=checked, start=start, end=end)
    if json:
        show_json({"id": id, "format": checked, "text": text})
    else:
        show(text.rstrip("\n"))
