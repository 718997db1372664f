"""Runs `verbatim ingest` over many small invented files, kills it at random moments, and compares what the store holds.

What is compared: every row of every table of the store, in the order of the primary key, byte for byte, but for the two
columns that hold the time of the run (`documents.ingested_at`, `failures.failed_at`); and the names and bytes of the
kept source files. How rows lie in the file of SQLite is not compared: that depends on which worker is done first.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from app.ingestion import IngestOptions, Window, ingest
from app.sources import path_sources
from corpus.catalogue import KnownWork
from corpus.library import Library, sha256_of
from ingest.extract.limits import ExtractOptions
from ingest.sandbox import Confines
from ingest.worker import Workers
from tests.ingest import hostile
from tests.shared import REPOSITORY

TIMES = {"documents": "ingested_at", "failures": "failed_at"}
WORDS = ("letters", "answers", "consulates", "workers", "pensions", "rights", "families", "borders", "schools")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a library holds, to be compared."""

    tables: dict[str, list[tuple[object, ...]]]
    sources: dict[str, str]

    def differences(self, other: Contents) -> list[str]:
        """The first row of each table that differs, and the source files that only one of the two has."""
        found = [
            f"{table}: {mine!r} and {theirs!r}"
            for table in sorted({*self.tables, *other.tables})
            for mine, theirs in islice(_unequal(self.tables.get(table, []), other.tables.get(table, [])), 1)
        ]
        return found + [f"source {name}" for name, _ in sorted(set(self.sources.items()) ^ set(other.sources.items()))]


def _unequal(mine: Iterable[object], theirs: Iterable[object]) -> Iterator[tuple[object, object]]:
    return ((one, other) for one, other in zip_longest(mine, theirs) if one != other)


def make_files(folder: Path, count: int, seed: int) -> None:
    """Invented texts of a few paragraphs: some twice, some that crash their worker, some in folders of one name."""
    chance = random.Random(seed)  # noqa: S311
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number % 7}" / f"text {number:03}.md"
        path.parent.mkdir(exist_ok=True)
        paragraphs = [f"# Text {number}"]
        for _ in range(chance.randint(1, 6)):
            paragraphs.append(" ".join(chance.choices(WORDS, k=30)).capitalize() + " (Handbook of Letters, p. 12).")
        text = "\n\n".join(paragraphs)
        if number % 20 == 9:
            text = f"{chance.choice(['crash', 'vanish', 'fail'])}\n\n{text}"
        path.write_text(text, encoding="utf-8")
        if number % 20 == 3:
            (folder / f"twin of {number:03}.md").write_text(text, encoding="utf-8")


def run(library: Library, folder: Path) -> None:
    """One run over the folder, as `verbatim ingest` does it, with three workers and a reader that can crash."""
    options = IngestOptions(
        Window(lambda text: len(text.split()), 60, "words"),
        ExtractOptions(),
        (KnownWork("handbook-of-letters", "Handbook of Letters"),),
    )
    confines = Confines(1 << 30, 60, 60)
    with (
        library.writing(),
        library.open_store() as store,
        Workers(3, confines, library.scratch, hostile.read) as workers,
    ):
        for _ in ingest(library, store, path_sources([folder]), options, workers):
            pass


def run_and_kill(library: Library, folder: Path, seconds: float) -> bool:
    """Start a run in another process and kill it, with SIGKILL, after so many seconds.

    :return: whether the kill came before the run's end.
    """
    process = start(library, folder)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def start(library: Library, folder: Path, largest_file: int | None = None) -> subprocess.Popen[bytes]:
    """A run in another process.

    :param largest_file: bytes beyond which no file may grow there, as on a disk that is full.
    """
    limit = [] if largest_file is None else [str(largest_file)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.app.killed_runs", library.path, folder, *limit], cwd=REPOSITORY
    )


def contents(library: Library) -> Contents:
    """All rows and source files of a library."""
    connection = sqlite3.connect(library.database)
    tables: dict[str, list[tuple[object, ...]]] = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        kept = ", ".join(f'"{column[1]}"' for column in columns if column[1] != TIMES.get(table))
        order = ", ".join(f'"{column[1]}"' for column in sorted(columns, key=lambda column: column[5]) if column[5])
        tables[table] = connection.execute(f'SELECT {kept} FROM "{table}" ORDER BY {order}').fetchall()  # noqa: S608
    connection.close()
    return Contents(tables, {path.name: sha256_of(path) for path in sorted(library.sources.iterdir())})


def faults(library: Library) -> tuple[str, ...]:
    """What the store's own check, SQLite's integrity check and its foreign keys find wrong."""
    if not library.database.exists():
        return ()
    with library.open_store() as store:
        return store.check()


def kill_often(folder: Path, work: Path, kills: int, seed: int) -> tuple[int, float]:
    """Kill runs at random moments, checking the store after each; the last run is left to finish.

    A new library is begun whenever one is finished, so that kills fall on every stage.

    :return: how many kills came before their run's end, and the seconds that a whole run takes.
    :raises AssertionError: when a store is inconsistent, or a finished one differs from one that was not disturbed.
    """
    chance = random.Random(seed)  # noqa: S311
    undisturbed = Library(work / "undisturbed")
    started = time.monotonic()
    assert start(undisturbed, folder).wait() == 0
    whole = time.monotonic() - started
    expected = contents(undisturbed)
    killed = 0
    round_ = 0
    while killed < kills:
        library = Library(work / f"killed-{round_}")
        round_ += 1
        for _ in range(min(5, kills - killed)):
            if not run_and_kill(library, folder, chance.uniform(0, whole)):
                break
            killed += 1
            assert faults(library) == (), f"seed {seed}, kill {killed}"
        assert start(library, folder).wait() == 0
        assert faults(library) == (), f"seed {seed}, after kill {killed}"
        differences = contents(library).differences(expected)
        assert differences == [], f"seed {seed}, after kill {killed}: {differences}"
        assert list(library.scratch.iterdir()) == []
    return killed, whole


if __name__ == "__main__":
    for size in map(int, sys.argv[3:]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    run(Library(Path(sys.argv[1])), Path(sys.argv[2]))
