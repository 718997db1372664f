"""Reads a source file whole, within the limits, or says by name why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from ingest.extract.draft import SourceError
from ingest.extract.limits import Limits


def read_bytes(path: Path, limits: Limits) -> bytes:
    """The file's bytes.

    :raises SourceError: when it is no file, cannot be read, is empty, or is larger than the limit.
    """
    with _opened(path, limits) as file:
        return file.read(limits.bytes)


def check_source(path: Path, limits: Limits) -> None:
    """Raise as `read_bytes` does, without reading the file."""
    with _opened(path, limits):
        pass


def source_sha256(path: Path, limits: Limits) -> str:
    """Hex digest of the file's bytes; raises as `read_bytes` does."""
    with _opened(path, limits) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[BufferedReader]:
    try:
        if not path.is_file():
            raise SourceError(f"{shown(path)} is not a file" if path.exists() else f"{shown(path)} does not exist")
        size = path.stat().st_size
        if not size:
            raise SourceError(f"{shown(path)} is empty", "Give a file that has text in it")
        if size > limits.bytes:
            raise SourceError(
                f"{shown(path)} has {size:,} bytes, more than the limit of {limits.bytes:,}",
                "Split it, or raise the limit",
            )
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{shown(path)} cannot be read: {reason}", "Check the file and its permissions") from error


def shown(path: Path) -> str:
    """The file's name as a message may show it: on one line, whatever characters are in it."""
    return "".join(character if character.isprintable() else "\ufffd" for character in path.name)
