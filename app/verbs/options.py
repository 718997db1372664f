"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library folder; VERBATIM_LIBRARY when not given.", metavar="FOLDER"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
