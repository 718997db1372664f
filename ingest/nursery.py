"""The process that worker processes are born from: it loads what reading needs once, then forks a worker a document.

Run as `python -m ingest.nursery` by `ingest.worker`, which alone speaks to it: a length and a pickled `Order` come in
by standard input, one line of JSON goes out when a worker begins and one when it has ended. It has a single thread, so
that forking is safe, and ends, with all its workers, when its standard input does.
"""

from __future__ import annotations

import json
import os
import pickle
import selectors
import signal
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from corpus.errors import VerbatimError
from ingest.reading import Answer, Read, Task, pack
from ingest.sandbox import Confines, shut_in

LENGTH = struct.Struct("<I")
ONE_SENTENCE_A_SCRIPT = (
    "All human beings are born free and equal in dignity and rights.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق.",
    "人人生而自由，在尊严和权利上一律平等。",
)
"""Article 1 of the Universal Declaration of Human Rights; each makes the models of its script be loaded."""
CANNOT_WRITE = 74
"""Exit status of a worker that could not write its answer (EX_IOERR of sysexits.h): no fault of the file's."""


@dataclass(frozen=True, slots=True)
class Order:
    """A task, the function that does it, where to write its answer, and what it may cost."""

    number: int
    task: Task
    read: Read
    answer: Path
    confines: Confines


@dataclass(frozen=True, slots=True)
class Born:
    """A worker has begun.

    :param pid: its process, which leads a process group of the same number.
    """

    number: int
    pid: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker has ended.

    :param status: exit status, or minus the signal that killed it.
    :param cpu_seconds: processor time that it and its programs took.
    """

    number: int
    status: int
    cpu_seconds: float


def main() -> None:
    """Fork workers until standard input ends."""
    orders, reports = sys.stdin.fileno(), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not get between the reports
    _load_what_reading_needs()
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what ends
    workers: dict[int, int] = {}
    try:
        with suppress(BrokenPipeError):  # the parent has died: so do its workers, below
            _serve(orders, wake, reports, workers)
    finally:
        for pid in workers:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _serve(orders: int, wake: int, reports: TextIO, workers: dict[int, int]) -> None:
    """Fork a worker an order, and report its end, until there are no more orders."""
    with selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == orders:
                    order = _next_order(orders)
                    if order is None:
                        return
                    pid = _bear(order)
                    workers[pid] = order.number
                    _report(reports, {"born": order.number, "pid": pid})
                else:
                    os.read(wake, 4096)
                    _reap(workers, reports)


def parse_report(line: bytes) -> Born | Ended:
    """What a line of the nursery says."""
    said = json.loads(line)
    if "born" in said:
        return Born(int(said["born"]), int(said["pid"]))
    return Ended(int(said["ended"]), int(said["status"]), float(said["cpu_seconds"]))


def _load_what_reading_needs() -> None:
    """Import the readers and load the language models, so that workers are born with them."""
    import ingest.document
    import ingest.extract.html
    import ingest.extract.markdown
    import ingest.extract.pdf
    import ingest.extract.text  # noqa: F401
    from ingest.language import language_of

    for sample in ONE_SENTENCE_A_SCRIPT:
        language_of(sample, None, None)


def _next_order(orders: int) -> Order | None:
    """The next order; None when the parent has closed the pipe or died."""
    length = _read_exactly(orders, LENGTH.size)
    content = _read_exactly(orders, *LENGTH.unpack(length)) if length else b""
    order: Order | None = pickle.loads(content) if content else None  # noqa: S301 - our own parent's, by our own pipe
    return order


def _read_exactly(descriptor: int, size: int) -> bytes:
    """So many bytes, unbuffered so that `select` knows of every order; none when the pipe has ended."""
    content = b""
    while len(content) < size:
        piece = os.read(descriptor, size - len(content))
        if not piece:
            return b""
        content += piece
    return content


def _bear(order: Order) -> int:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 0)
            shut_in(order.confines)
            status = _answer(order)
        finally:
            os._exit(status)
    with suppress(OSError):  # the child does the same: whoever is first, the group is there before anyone kills it
        os.setpgid(pid, pid)
    return pid


def _answer(order: Order) -> int:
    """Read, and write the answer where the parent looks for it; returns the exit status."""
    try:
        task = order.task
        content = pack(Answer(document=order.read(task.path, task.metadata, task.options, task.works)))
    except VerbatimError as error:
        content = pack(Answer(reason=str(error)))
    except MemoryError:
        content = pack(Answer(reason=f"It needs more than {order.confines.memory_bytes:,} bytes of memory to be read."))
    except Exception as error:  # a fault of ours or of a library: named, and the next file is read
        fault = f"{type(error).__name__}: {error}".encode("utf-8", "replace").decode()
        content = pack(Answer(reason=f"Reading it failed with {fault}. Please report this fault."))
    try:
        order.answer.write_bytes(content)
    except OSError:
        return CANNOT_WRITE
    return 0


def _reap(workers: dict[int, int], reports: TextIO) -> None:
    while workers:
        try:
            pid, status, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        number = workers.pop(pid, None)
        if number is not None:
            code = os.waitstatus_to_exitcode(status)
            _report(reports, {"ended": number, "status": code, "cpu_seconds": used.ru_utime + used.ru_stime})


def _report(reports: TextIO, said: dict[str, object]) -> None:
    reports.write(json.dumps(said) + "\n")
    reports.flush()


if __name__ == "__main__":
    main()
