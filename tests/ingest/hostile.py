"""A reader that behaves as a hostile file would make it: the file's first word names what happens."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.catalogue import KnownWork
from corpus.documents import Document, Metadata
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions

PROGRAM_SECONDS = 86_399


def crash() -> None:
    """Read through a null pointer."""
    ctypes.string_at(0)


def abort() -> None:
    """What a C library does that finds itself in disorder."""
    os.abort()


def vanish() -> None:
    """End at once, as if all were well."""
    os._exit(0)


def hang() -> None:
    """Wait for ever, and do nothing."""
    while True:
        signal.pause()


def spin() -> None:
    """Work for ever, and get nowhere."""
    while True:
        pass


def eat_memory() -> None:
    """Ask for far too much at once."""
    bytearray(1 << 40)


def eat_memory_slowly() -> None:
    """Take a little more and more, and keep it."""
    eaten = []
    while True:
        eaten.append(os.urandom(1 << 20))


def start_a_program_that_stays() -> None:
    """Start a program, and wait for it."""
    subprocess.run(["sleep", str(PROGRAM_SECONDS)], check=False)


def call_home() -> None:
    """Reach for the network."""
    with socket.socket() as connection:
        connection.connect(("127.0.0.1", 9))


def ask_a_name() -> None:
    """Reach for the name servers."""
    socket.getaddrinfo("example.org", 80)


def fail() -> None:
    """A fault in the code that reads."""
    raise KeyError("no such glyph")


def print_loudly() -> None:
    """Write where the reports go, or so it thinks."""
    print('{"ended": 0, "status": 0, "cpu_seconds": 0}', flush=True)
    os.write(1, b"\n{nonsense\n")


BEHAVIOURS: dict[str, Callable[[], None]] = {
    behave.__name__: behave
    for behave in (
        crash,
        abort,
        vanish,
        hang,
        spin,
        eat_memory,
        eat_memory_slowly,
        start_a_program_that_stays,
        call_home,
        ask_a_name,
        fail,
        print_loudly,
    )
}


def read(path: Path, metadata: Metadata | None, options: ExtractOptions, works: Sequence[KnownWork] = ()) -> Document:
    """Do what the file's first word says, if it says something of the kind, and then read it."""
    words = path.read_text(encoding="utf-8").split(maxsplit=1)
    first = words[0] if words else ""
    BEHAVIOURS.get(first, lambda: None)()
    if first == "change_the_file":
        document = read_document(path, metadata, options, works)
        path.write_text("other words", encoding="utf-8")
        return document
    if first == "remove_the_file":
        document = read_document(path, metadata, options, works)
        path.unlink()
        return document
    return read_document(path, metadata, options, works)
