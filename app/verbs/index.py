"""`verbatim index`: make what the library holds searchable."""

from __future__ import annotations

from typing import Annotated

import typer

from app.terminal import progress, show, show_json
from app.verbs.options import JsonOption, LibraryOption


def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build even when nothing has changed.")] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Make what the library holds searchable.

    Builds a new generation beside the old one and switches to it; a running server notices. Only what is new is
    embedded.
    """
    from app.settings import load_settings
    from app.stocking import index_library
    from index.generation import read_manifest

    settings = load_settings(library=library)
    with progress() as step:
        folder = index_library(settings, step, rebuild=rebuild)
    manifest = read_manifest(folder)
    encoders = [encoder.name for encoder in manifest.encoders]
    if json:
        made = {"generation": manifest.number, "documents": manifest.documents, "passages": manifest.passages}
        show_json({**made, "encoders": encoders, "made_at": manifest.made_at})
    else:
        show(
            f"Generation {manifest.number}: {manifest.documents} documents, {manifest.passages} passages, "
            f"by {' + '.join(encoders)}"
        )
