"""The lock file of a library: which bytes each fetched text had when it was first seen, and where they came from.

A text is what its lock says: a publisher's file that has changed is refused until a person accepts the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.library import Library, write_atomically
from ingest.fetch.download import Validators
from ingest.fetch.errors import FetchError

LOCK_NAME = "fetch.lock.json"


class LockedSource(BaseModel):
    """A text as it was first seen, or last accepted.

    :param url: the file's address, before redirects; None for a copy that a person added.
    :param validators: how the publisher's server names this state.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    media_type: str
    bytes: int
    url: str | None = None
    validators: Validators = Validators()


class Lock(BaseModel):
    """The whole lock file, by catalogue id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: dict[str, LockedSource] = {}


def read_lock(library: Library) -> Lock:
    """What the library has seen so far; empty where nothing was fetched yet.

    :raises FetchError: when the lock file cannot be read.
    """
    path = library.path / LOCK_NAME
    try:
        return Lock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Lock()
    except (OSError, ValidationError) as error:
        raise FetchError(f"The lock file {path} cannot be read: {error}", "Restore it from a backup") from error


def write_locked(library: Library, id_: str, source: LockedSource) -> None:
    """Put one text into the lock file, beside what others put there meanwhile.

    :raises FetchError: when it cannot be written; the former file stands.
    """
    path = library.path / LOCK_NAME
    try:
        with FileLock(path.with_name(f".{LOCK_NAME}.lock")):
            sources = dict(sorted({**read_lock(library).sources, id_: source}.items()))
            content = Lock(sources=sources).model_dump_json(indent=2, exclude_none=True)
            write_atomically(path, f"{content}\n".encode())
    except OSError as error:
        raise FetchError(f"The lock file {path} cannot be written: {error}", "Check that the disk has room") from error


@contextmanager
def fetching(library: Library, id_: str) -> Iterator[Path]:
    """The place of a text's partial file, for one program at a time."""
    folder = library.path / "fetching"
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / f".{id_}.lock"):
            yield folder / f"{id_}.part"
    except OSError as error:
        raise FetchError(f"Nothing can be written in {folder}: {error}", "Check the folder and the disk") from error
