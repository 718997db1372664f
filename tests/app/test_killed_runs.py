"""A run that is killed at any moment leaves a sound store, and run again it ends as one that was never disturbed."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.library import Library
from corpus.store import Store, StoreError
from tests.app.killed_runs import contents, faults, kill_often, make_files, run, start
from tests.corpus.invented import invented_document

FULL = os.environ.get("VERBATIM_KILLS")
"""How many kills instead of a few: `VERBATIM_KILLS=50 make test` runs what the documentation states."""


def test_killed_at_random_moments(tmp_path: Path) -> None:
    seed = random.randrange(2**32)  # noqa: S311
    print(f"seed {seed}")
    make_files(tmp_path / "files", 200 if FULL else 40, seed=7)
    killed, _ = kill_often(tmp_path / "files", tmp_path, int(FULL or 5), seed)
    assert killed == int(FULL or 5)


def test_interrupted_by_a_person(tmp_path: Path) -> None:
    make_files(tmp_path / "files", 20, seed=7)
    library = Library(tmp_path / "library")
    process = start(library, tmp_path / "files")
    while not library.database.exists() and process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    process.send_signal(signal.SIGINT)
    process.wait()
    assert faults(library) == ()
    run(library, tmp_path / "files")
    undisturbed = Library(tmp_path / "undisturbed")
    run(undisturbed, tmp_path / "files")
    assert contents(library).differences(contents(undisturbed)) == []


@pytest.mark.parametrize("kilobytes", [0, 4, 16, 64, 100, 150, 250])
def test_a_disk_that_fills_at_any_size_leaves_what_stood(tmp_path: Path, kilobytes: int) -> None:
    """No file may grow beyond so much, as on a disk that is full; the system answers a write with an error."""
    library = Library(tmp_path)
    with library.open_store() as store:
        store.put(*invented_document("stands"))
    child = os.fork()
    if child == 0:
        _fill(library, kilobytes << 10)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert faults(library) == ()
    with library.open_store() as store:
        held = {record.metadata.id for record in store.records()}
        assert "stands" in held
        store.put(*invented_document("after"))
    assert faults(library) == ()


def test_a_disk_that_fills_stops_the_run_and_the_next_one_finishes_it(tmp_path: Path) -> None:
    make_files(tmp_path / "files", 12, seed=7)
    undisturbed = Library(tmp_path / "undisturbed")
    run(undisturbed, tmp_path / "files")
    whole = undisturbed.database.stat().st_size
    library = Library(tmp_path / "library")
    for size in (256, 2048, whole // 4, whole // 2):
        assert start(library, tmp_path / "files", size).wait() != 0, size
        assert faults(library) == (), size
    run(library, tmp_path / "files")
    assert contents(library).differences(contents(undisturbed)) == []
    assert list(library.scratch.iterdir()) == []


def _fill(library: Library, size: int) -> None:
    """Put documents until a file may not grow; end with 0 when that was told as a full disk."""
    status = 1
    try:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with Store(library.database) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            try:
                for number in range(200):
                    store.put(*invented_document(f"more-{number}", extra="words " * 500))
            except StoreError:
                status = 0
    finally:
        os._exit(status)
