"""Reads the documentation's examples, and writes anew what the code itself says: help texts and the settings table.

An example is a block of ```` ```console ````: lines that begin with `$ ` are run by bash at the root of the project,
the lines below are what they print, with `…` for anything. `python -m tests.documented` (`make docs`) rewrites what the
examples that end in `--help` print, the table of settings in the README and that of the calls in docs/api.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.server import create_app
from app.settings import load_settings, settings_table
from tests.shared import REPOSITORY

PAGES = [REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((REPOSITORY / "docs").rglob("*.md"))
MODELS = "VERBATIM_MODELS"
"""The one setting that examples take over: where a converted model lies already."""

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = r"(?:^\|.*\n)+"
_SETTINGS = re.compile(r"^\| variable \| default \|.*\n" + _TABLE, re.MULTILINE)
_CALLS = re.compile(r"^\| call \| gives \|.*\n" + _TABLE, re.MULTILINE)


class Example(NamedTuple):
    """One command of a page and what the page says that it prints."""

    page: str
    command: str
    printed: str


def texts() -> dict[str, str]:
    """Every page of the documentation by its path in the project."""
    return {str(path.relative_to(REPOSITORY)): path.read_text(encoding="utf-8") for path in PAGES}


def examples() -> Iterator[Example]:
    """Every example, page by page."""
    for page, text in texts().items():
        for block in _BLOCK.findall(text):
            for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                yield Example(page, *_split(session))


def environment(folder: Path) -> dict[str, str]:
    """What examples run in: `verbatim` on the path, an own library, lines of 100 columns.

    :param folder: an empty folder, for the program and the library.
    """
    program = folder / "verbatim"
    program.write_text(f"#!{sys.executable}\nfrom app.cli import main\n\nmain()\n")
    program.chmod(0o755)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_") or name == MODELS},
        "PATH": f"{folder}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "VERBATIM_LIBRARY": str(folder / "library"),
        "COLUMNS": "100",
        "TERMINAL_WIDTH": "100",
    }


def run(command: str, environment: dict[str, str]) -> str:
    """What a command prints, errors behind the rest; white space at the end of lines and of all is taken off."""
    command = command.replace(".venv/bin/", "")
    outcome = subprocess.run(
        ["bash", "-c", command], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    return re.sub(r"[ \t]+$", "", outcome.stdout + outcome.stderr, flags=re.MULTILINE).strip("\n")


def calls_table(folder: Path) -> str:
    """The calls of the API as a Markdown table.

    :param folder: an empty folder.
    """
    rows = ["| call | gives |", "|---|---|"]
    for path, operations in create_app(load_settings(library=folder)).openapi()["paths"].items():
        rows += [f"| `{method.upper()} {path}` | {about['summary']} |" for method, about in operations.items()]
    return "\n".join(rows) + "\n"


def refresh(folder: Path) -> None:
    """Write help texts and both tables into the pages.

    :param folder: an empty folder.
    """
    variables = environment(folder)

    def with_help(block: re.Match[str]) -> str:
        sessions = re.split(r"^\$ ", block[1], flags=re.MULTILINE)
        for place, session in enumerate(sessions[1:], start=1):
            command, _ = _split(session)
            if command.endswith("--help"):
                sessions[place] = f"{command}\n{run(command, variables)}\n"
        return "```console\n" + "$ ".join(sessions) + "```"

    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        text = _BLOCK.sub(with_help, text)
        text = _SETTINGS.sub(lambda _: settings_table(), text)
        text = _CALLS.sub(lambda _: calls_table(folder), text)
        path.write_text(text, encoding="utf-8")


def _split(session: str) -> tuple[str, str]:
    match = re.fullmatch(r"((?:[^\n]*\\\n)*[^\n]*)\n?(.*)", session, re.DOTALL)
    assert match is not None
    return match[1], match[2]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        refresh(Path(made))
