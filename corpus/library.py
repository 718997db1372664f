"""The library folder: everything that a deployment owns, in one place that can be copied as a backup.

library/
  library.sqlite          the store
  sources/<sha256>.<ext>  unchanged source files
  generations/<n>/        an index each, complete and immutable
  current                 names the generation served; replaced atomically
  scratch/                what is not finished yet; worthless once nobody writes
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import VerbatimError
from corpus.store import Store

_CHUNK_BYTES = 1 << 20


class LibraryError(VerbatimError):
    """The library folder is missing, unreadable or unwritable, or has no index yet."""


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A source file in the library.

    :param sha256: hex digest of its bytes.
    """

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Library:
    """The paths of one library folder, and the few operations that must be atomic on it."""

    path: Path

    @property
    def database(self) -> Path:
        """The store's file."""
        return self.path / "library.sqlite"

    @property
    def sources(self) -> Path:
        """Where unchanged source files lie."""
        return self.path / "sources"

    @property
    def generations(self) -> Path:
        """Where the indexes lie, one folder each, named by number."""
        return self.path / "generations"

    @property
    def scratch(self) -> Path:
        """Where files are made before they are moved to their place, on the same file system."""
        return self.path / "scratch"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one that brings documents in; what a killed run left in `scratch` is cleared away.

        :raises LibraryError: when another run is at it.
        """
        self.create()
        try:
            with FileLock(self.path / ".ingest.lock", timeout=0):
                for leftover in self.scratch.iterdir():
                    shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
                yield
        except Timeout as error:
            raise LibraryError(
                f"Another Verbatim is bringing documents into {self.path}",
                "Wait for it to end and run it again",
            ) from error

    def create(self) -> None:
        """Make the folder and those inside it, if they are missing.

        :raises LibraryError: when they cannot be made.
        """
        try:
            for folder in (self.path, self.sources, self.generations, self.scratch):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The library folder {self.path} cannot be made: {error.strerror}",
                "Choose a folder that you may write with VERBATIM_LIBRARY or --library",
            ) from error

    def open_store(self) -> Store:
        """The store, made new where there is none.

        :raises LibraryError: when the folder cannot be made.
        :raises corpus.store.StoreError: when the store cannot be opened.
        """
        self.create()
        return Store(self.database)

    def keep_source(self, source: Path, suffix: str | None = None) -> StoredSource:
        """Copy a file unchanged under its sha256; a file already kept is not copied again.

        :param suffix: to keep it under, such as ".pdf"; the file's own when None.
        :raises LibraryError: when it cannot be read or copied; nothing half-written is left.
        """
        digest = hashlib.sha256()
        temporary: Path | None = None
        try:
            with source.open("rb") as reading, tempfile.NamedTemporaryFile(dir=self.scratch, delete=False) as writing:
                temporary = Path(writing.name)
                while chunk := reading.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    writing.write(chunk)
                writing.flush()
                os.fsync(writing.fileno())
            kept = self.source(digest.hexdigest(), source.suffix if suffix is None else suffix)
            temporary.chmod(0o644)
            temporary.replace(kept)
        except OSError as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise LibraryError(
                f"The file {str(source)!r} cannot be kept in {self.sources}: {error.strerror}",
                "Check that it can be read and that the disk has room",
            ) from error
        return StoredSource(kept, digest.hexdigest())

    def source(self, sha256: str, suffix: str) -> Path:
        """Where the source with this digest lies or would lie."""
        extension = suffix.lower() if suffix.isascii() and suffix[1:].isalnum() else ""
        return self.sources / f"{sha256}{extension}"

    def find_source(self, sha256: str) -> Path | None:
        """The kept source with this digest, whatever its extension."""
        return next(iter(sorted(self.sources.glob(f"{sha256}*"))), None)

    def current_generation(self) -> Path:
        """The folder of the generation that is served.

        :raises LibraryError: when there is no index yet, or `current` names one that is not there.
        """
        try:
            name = (self.path / "current").read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise LibraryError(
                f"The library {self.path} has no index yet", "Run `verbatim ingest` and then `verbatim index`"
            ) from error
        folder = self.generations / name
        if not name.isdigit() or not folder.is_dir():
            raise LibraryError(
                f"The library {self.path} names generation {name!r}, which is not there",
                "Run `verbatim index` to build it anew",
            )
        return folder

    def switch_to(self, generation: Path) -> None:
        """Serve this generation from now on; atomic, and on the disk when it returns.

        :raises LibraryError: when `current` cannot be replaced; the former generation stays.
        """
        try:
            write_atomically(self.path / "current", f"{generation.name}\n".encode())
        except OSError as error:
            raise LibraryError(
                f"The library {self.path} cannot be switched to generation {generation.name}: {error.strerror}",
                "Check that the folder may be written and the disk has room",
            ) from error


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a reader, or a crash at any instant, finds the old bytes or the new ones.

    :raises OSError: when it cannot be written; the old file stands and nothing half-written is left.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
