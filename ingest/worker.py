"""Reads many files at once, each in a process of its own that a hostile file may kill without harm to the run.

The parent watches memory and time and kills what goes over; a worker's answer counts only if it ended well. Invariant:
every task that goes in comes out once, as a document or with the reason why there is none, and no worker outlives the
context.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self, cast

import psutil

from corpus.documents import Document
from corpus.errors import VerbatimError
from ingest.document import read_document
from ingest.nursery import CANNOT_WRITE, LENGTH, Born, Ended, Order, parse_report
from ingest.reading import Read, Task, unpack
from ingest.sandbox import Confines

ANSWERS_PREFIX = "answers-"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Many processes are the parallelism here; and the nursery must have no second thread when it forks."""
WATCH_SECONDS = 0.2
"""How often the time and memory of workers is looked at. Where the system keeps the bound on address space, as Linux
does, that one has stopped a worker, or a program that it started, before."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A task that has been worked on.

    :param number: what `Workers.begin` gave.
    :param document: None when there is none, and then `reason` says why in words.
    :param seconds: by the clock.
    """

    number: int
    task: Task
    document: Document | None
    reason: str | None
    seconds: float


class WorkerError(VerbatimError):
    """The workers themselves cannot go on; no file is to blame."""


@dataclass(slots=True)
class _Job:
    order: Order
    started: float
    pid: int | None = None
    killed_for: str | None = None


@dataclass(slots=True)
class Workers:
    """A nursery and the workers that it has borne; use it as a context.

    :param processes: how many files are read at once.
    :param scratch: an existing folder for answers on their way.
    :param read_file: a function of a module, which the worker finds there by its name.
    """

    processes: int
    confines: Confines
    scratch: Path
    read_file: Read = read_document
    _nursery: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _jobs: dict[int, _Job] = field(init=False, default_factory=dict)
    _begun: int = field(init=False, default=0)
    _folder: tempfile.TemporaryDirectory[str] = field(init=False)
    _unfinished_line: bytes = field(init=False, default=b"")

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(dir=self.scratch, prefix=ANSWERS_PREFIX)
        return self

    def __exit__(self, *_: object) -> None:
        if self._nursery is not None:
            with self._nursery:  # closes both pipes, on which the nursery ends, and waits for it
                pass
        self._folder.cleanup()

    @property
    def free(self) -> bool:
        """Whether another task can begin now."""
        return len(self._jobs) < self.processes

    @property
    def busy(self) -> bool:
        """Whether a task is being worked on."""
        return bool(self._jobs)

    def begin(self, task: Task) -> int:
        """Begin a task; the first one also starts the nursery.

        :return: its number, which `Finished` repeats.
        :raises WorkerError: when the nursery has stopped.
        """
        number = self._begun
        self._begun += 1
        order = Order(number, task, self.read_file, Path(self._folder.name, str(number)), self.confines)
        content = pickle.dumps(order)
        try:
            self._orders.write(LENGTH.pack(len(content)) + content)
            self._orders.flush()
        except BrokenPipeError as error:
            raise self._stopped() from error
        self._jobs[number] = _Job(order, time.monotonic())
        return number

    def finished(self) -> list[Finished]:
        """What has ended within `WATCH_SECONDS`, perhaps nothing; workers over their confines are killed.

        :raises WorkerError: when the nursery stops, or answers cannot be written; what has come back stands.
        """
        done = []
        for report in self._reports():
            if isinstance(report, Born):
                self._jobs[report.number].pid = report.pid
            else:
                done.append(self._finish(self._jobs.pop(report.number), report))
        for job in self._jobs.values():
            self._watch(job)
        return done

    def read(self, tasks: Iterable[Task]) -> Iterator[Finished]:
        """Work on every task, `processes` at a time; they come back as they finish."""
        for task in tasks:
            while not self.free:
                yield from self.finished()
            self.begin(task)
        while self.busy:
            yield from self.finished()

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._nursery is None:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "ingest.nursery"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={
                    **os.environ,
                    **ONE_THREAD,
                    "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
                },
            )
        return self._nursery

    @property
    def _orders(self) -> IO[bytes]:
        return cast(IO[bytes], self._started.stdin)

    @property
    def _said(self) -> IO[bytes]:
        return cast(IO[bytes], self._started.stdout)

    def _reports(self) -> Iterator[Born | Ended]:
        """What the nursery says within `WATCH_SECONDS`."""
        if select.select([self._said], [], [], WATCH_SECONDS)[0]:
            said = os.read(self._said.fileno(), 1 << 16)
            if not said:
                raise self._stopped()
            *lines, self._unfinished_line = (self._unfinished_line + said).split(b"\n")
            yield from map(parse_report, lines)

    def _watch(self, job: _Job) -> None:
        """Kill a worker that goes over its confines, with all the programs that it started."""
        if job.pid is None or job.killed_for:
            return
        if time.monotonic() - job.started > self.confines.wall_seconds:
            job.killed_for = f"Reading it took more than {self.confines.wall_seconds:,.0f} seconds."
        elif _resident_bytes(job.pid) - _resident_bytes(self._started.pid) > self.confines.memory_bytes:
            job.killed_for = f"It needs more than {self.confines.memory_bytes:,} bytes of memory to be read."
        if job.killed_for:
            with suppress(ProcessLookupError):
                os.killpg(job.pid, signal.SIGKILL)

    def _finish(self, job: _Job, ended: Ended) -> Finished:
        task, path = job.order.task, job.order.answer
        seconds = time.monotonic() - job.started
        if ended.status == CANNOT_WRITE:
            raise WorkerError(
                f"What was read cannot be written in {self._folder.name}", "Check that the disk has room and run again"
            )
        if job.killed_for or ended.status != 0:
            path.unlink(missing_ok=True)
            return Finished(job.order.number, task, None, job.killed_for or self._death(ended), seconds)
        try:
            answer = unpack(path.read_bytes())
        except (FileNotFoundError, ValueError):
            reason = "The process that read it ended as if all were well, and left no readable answer."
            return Finished(job.order.number, task, None, reason, seconds)
        finally:
            path.unlink(missing_ok=True)
        return Finished(job.order.number, task, answer.document, answer.reason, seconds)

    def _death(self, ended: Ended) -> str:
        if ended.status == -signal.SIGXCPU or ended.cpu_seconds > self.confines.cpu_seconds:
            return f"Reading it took more than {self.confines.cpu_seconds:,} seconds of processor time."
        if ended.status == -signal.SIGKILL:
            return "The system killed the process that read it (SIGKILL), as it does when memory runs out."
        if ended.status < 0:
            return f"It crashed the process that read it ({signal.Signals(-ended.status).name})."
        return f"The process that read it ended without an answer (exit status {ended.status})."

    def _stopped(self) -> WorkerError:
        return WorkerError(
            f"The process that reads files has stopped (exit status {self._started.wait()})",
            "Run the command again: it goes on where it stopped",
        )


def _resident_bytes(pid: int) -> int:
    """Memory that a process holds now; one that has ended meanwhile holds none."""
    with suppress(psutil.NoSuchProcess):
        resident: int = psutil.Process(pid).memory_info().rss
        return resident
    return 0
