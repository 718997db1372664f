"""`verbatim check`: the quotations of a draft file, judged against the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.terminal import ANSWER_IS_NO, show, show_json
from app.verbs.options import JsonOption, LibraryOption

if TYPE_CHECKING:
    from app.quotes.models import CheckedShape

_WORDS = {"verbatim": "verbatim", "altered": "ALTERED", "misattributed": "MISATTRIBUTED", "not_found": "not found"}


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="DOCX, ODT, PDF, HTML, Markdown or text; - for input.")],
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Check the quotations of a draft. Exit code 3 when one of them is not verbatim."""
    from app.opened import opened_service
    from app.quotes.draft_text import read_draft, read_draft_bytes
    from app.settings import load_settings

    draft = read_draft_bytes(sys.stdin.buffer.read(), "the input") if str(file) == "-" else read_draft(file)
    with opened_service(load_settings(library=library)) as service:
        answer = service.check_quotes(draft)
    if json:
        show_json(answer)
    else:
        for checked in answer.quotes:
            _show(checked)
        show(
            ", ".join(f"{count} {_WORDS[verdict]}" for verdict, count in answer.counts.items() if count)
            or "no quotation"
        )
    if answer.counts["verbatim"] < len(answer.quotes):
        raise typer.Exit(ANSWER_IS_NO)


def _show(checked: CheckedShape) -> None:
    show(f"{_WORDS[checked.verdict]}: “{' '.join(checked.text.split())}”")
    show(f"   {checked.reason}.")
    for difference in checked.differences:
        quoted, true = difference.quoted or "(nothing)", difference.true or "(nothing)"
        show(f"   you have {quoted!r}, the document has {true!r} [{', '.join(difference.changes)}]")
    if checked.fix:
        show(f"   true words: “{checked.fix}”")
    for place in checked.places[:1]:
        show(f"   {place.citation.text}")
    if checked.nearest:
        show(f"   nearest: “{checked.nearest.quote.text}” {checked.nearest.citation.text}")
    show()
