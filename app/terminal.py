"""How the command line speaks: results on standard output, everything else on standard error, one line an error.

Progress is drawn on a terminal only; a pipe or a log file gets plain lines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from corpus.errors import VerbatimError

if TYPE_CHECKING:
    from pydantic import BaseModel

DONE = 0
FAILED = 1
USAGE = 2
ANSWER_IS_NO = 3
"""Exit codes: all went well; an error, told on standard error; wrong usage; done, and the answer is no: nothing found,
a file that could not be read, a quotation that is not verbatim, a library that is not well."""


class Step(Protocol):
    """Tells of one step of long work."""

    def __call__(self, description: str, done: int, total: int | None) -> None: ...


def say(line: str) -> None:
    """A line for people, on standard error."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def show(line: str = "") -> None:
    """A line of the result, on standard output."""
    print(line)  # noqa: T201


def show_json(value: BaseModel | dict[str, Any] | list[Any]) -> None:
    """The result as JSON, on standard output."""
    data = value if isinstance(value, dict | list) else value.model_dump(mode="json")
    show(json.dumps(data, ensure_ascii=False, indent=2))


def one_line(error: VerbatimError) -> str:
    """An error as one line."""
    return " ".join(str(error).split())


@contextmanager
def progress() -> Iterator[Step]:
    """A progress bar with rate and time left; silent where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda description, done, total: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, rate="")

        def step(description: str, done: int, total: int | None) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.1f}/s" if speed else ""
            bar.update(task, description=description, completed=done, total=total, rate=rate)

        yield step
