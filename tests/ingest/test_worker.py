"""A hostile file kills its worker and nothing else: each task comes out once, as a reading or with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from corpus.documents import Metadata
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions
from ingest.reading import Answer, Task, pack, unpack
from ingest.sandbox import Confines
from ingest.worker import Finished, WorkerError, Workers
from tests.corpus.promise import check_document
from tests.ingest import hostile

TEXT = "# Letters\n\nAnswer them.\n\nAnswer all.\n\nEvery consulate should answer a letter within ten days.\n"
ROOMY = Confines(memory_bytes=1 << 30, cpu_seconds=60, wall_seconds=60)


def task(folder: Path, name: str = "letters.md", text: str = TEXT) -> Task:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return Task(path, None, ExtractOptions())


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with Workers(2, ROOMY, tmp_path_factory.mktemp("scratch"), hostile.read) as made:
        yield made


def only(results: Iterator[Finished]) -> Finished:
    (finished,) = results
    return finished


def test_a_worker_reads_what_this_process_would(workers: Workers, tmp_path: Path) -> None:
    asked = task(tmp_path)
    finished = only(workers.read([asked]))
    assert finished.reason is None
    assert finished.document == read_document(asked.path, None, ExtractOptions())


def test_the_catalogue_wins_over_the_file(workers: Workers, tmp_path: Path) -> None:
    metadata = Metadata("example-letters", "Of Letters", organization="Example Coalition")
    finished = only(workers.read([replace(task(tmp_path), metadata=metadata)]))
    assert finished.document is not None
    assert finished.document.metadata == metadata


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        ("crash", "crashed the process that read it (SIGSEGV)"),
        ("abort", "crashed the process that read it (SIGABRT)"),
        ("vanish", "left no readable answer"),
        ("eat_memory", "more than 1,073,741,824 bytes of memory"),
        ("call_home", "NetworkRefused: socket.connect"),
        ("ask_a_name", "NetworkRefused: socket.getaddrinfo"),
        ("fail", "failed with KeyError: 'no such glyph'. Please report"),
    ],
)
def test_a_hostile_file_harms_only_its_worker(workers: Workers, tmp_path: Path, behave: str, reason: str) -> None:
    results = {
        finished.task.path.stem: finished
        for finished in workers.read([task(tmp_path, "a.md"), task(tmp_path, "bad.md", behave), task(tmp_path, "c.md")])
    }
    assert results["a"].document is not None
    assert results["c"].document is not None
    assert results["bad"].document is None
    assert reason in (results["bad"].reason or "")


@pytest.mark.parametrize(
    ("behave", "confines", "reason"),
    [
        ("hang", Confines(1 << 30, 60, 0.3), "took more than 0 seconds"),
        ("spin", Confines(1 << 30, 1, 60), "more than 1 seconds of processor time"),
        ("eat_memory_slowly", Confines(200 << 20, 60, 60), "more than 209,715,200 bytes of memory"),
    ],
)
def test_a_worker_that_goes_over_its_confines_is_ended(
    tmp_path: Path, behave: str, confines: Confines, reason: str
) -> None:
    with Workers(2, confines, tmp_path, hostile.read) as workers:
        assert reason in (only(workers.read([task(tmp_path, "bad.md", behave)])).reason or "")


def test_programs_that_a_worker_started_end_with_it(tmp_path: Path) -> None:
    confines = Confines(1 << 30, 60, 0.5)
    with Workers(1, confines, tmp_path, hostile.read) as workers:
        finished = only(workers.read([task(tmp_path, "bad.md", "start_a_program_that_stays")]))
    assert "took more than" in (finished.reason or "")
    assert sleepers() == []


def test_no_worker_outlives_the_context(tmp_path: Path) -> None:
    with Workers(2, ROOMY, tmp_path, hostile.read) as workers:
        results = workers.read([task(tmp_path, "a.md"), task(tmp_path, "bad.md", "start_a_program_that_stays")])
        assert next(results).document is not None
    assert sleepers() == []
    assert list(tmp_path.glob("answers-*")) == []


def sleepers() -> list[psutil.Process]:
    """Programs that hostile files have started and that still run."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        if process.info["cmdline"] == ["sleep", str(hostile.PROGRAM_SECONDS)]:
            _, alive = psutil.wait_procs([process], timeout=5)
            found += alive
    return found


def test_what_a_library_prints_does_not_get_between_the_reports(workers: Workers, tmp_path: Path) -> None:
    results = list(workers.read([task(tmp_path, f"{name}.md", f"print_loudly {name}") for name in "abc"]))
    assert {finished.task.path.stem for finished in results if finished.document} == {"a", "b", "c"}


def test_each_task_comes_out_once(workers: Workers, tmp_path: Path) -> None:
    tasks = [task(tmp_path, f"d{number}.md", text=f"{TEXT}\nNumber {number}.\n") for number in range(40)]
    results = list(workers.read(tasks))
    assert sorted(finished.task.path for finished in results) == sorted(each.path for each in tasks)
    for finished in results:
        assert finished.document is not None
        check_document(finished.document)


def test_file_names_that_break_lines_and_lead_away(workers: Workers, tmp_path: Path) -> None:
    for name in ("new\nline.md", "..md", "quote\"'.md", "\u202eright.md", "-rf.md", "\udcff.md"):
        asked = task(tmp_path, name)
        finished = only(workers.read([asked]))
        assert finished.document is not None or finished.reason, name


def test_a_reason_stands_for_a_file_that_cannot_be_read(workers: Workers, tmp_path: Path) -> None:
    finished = only(workers.read([task(tmp_path, "empty.md", text="")]))
    assert "empty.md" in (finished.reason or "")


def test_a_nursery_that_is_killed_is_named(tmp_path: Path) -> None:
    with Workers(1, ROOMY, tmp_path, hostile.read) as workers:
        psutil.Process(workers._started.pid).kill()
        with pytest.raises(WorkerError, match="has stopped"):
            list(workers.read([task(tmp_path)]))


def test_answers_that_cannot_be_written_stop_the_run(tmp_path: Path) -> None:
    with Workers(1, ROOMY, tmp_path, hostile.read) as workers:
        Path(workers._folder.name).rmdir()
        with pytest.raises(WorkerError, match="cannot be written"):
            list(workers.read([task(tmp_path)]))
        Path(workers._folder.name).mkdir()


def test_an_answer_that_is_none_is_not_believed() -> None:
    for content in (b"", b"{}x", b'{"document": {"document": {}}}', b"\x80\x04."):
        with pytest.raises(ValueError, match="validation error"):
            unpack(content)
    assert unpack(pack(Answer(reason="why"))) == Answer(reason="why")
