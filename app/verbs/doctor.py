"""`verbatim doctor`: look the library over."""

from __future__ import annotations

import typer

from app.terminal import ANSWER_IS_NO, show, show_json
from app.verbs.options import JsonOption, LibraryOption

_SIGNS = {"well": "ok", "notice": "note", "fault": "FAULT"}


def doctor(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Look over store, sources, index, models and programs, and say what to do. Exit code 3 when there is a fault."""
    from dataclasses import asdict

    from app.checkup import check_up
    from app.settings import load_settings

    found = []
    for finding in check_up(load_settings(library=library)):
        found.append(finding)
        if not json:
            remedy = f". {finding.remedy}" if finding.remedy else ""
            show(f"{_SIGNS[finding.state]:<6}{finding.what:<11}{finding.detail}{remedy}")
    well = all(finding.state != "fault" for finding in found)
    if json:
        show_json({"well": well, "findings": [asdict(finding) for finding in found]})
    if not well:
        raise typer.Exit(ANSWER_IS_NO)
