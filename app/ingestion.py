"""Joins the rooms: files and catalogue entries become documents and passages in the store, each in one transaction.

Incremental: a source whose bytes, metadata and reader are unchanged costs a hash. A file that cannot be read is
recorded with the reason and what stood of it before stays; a file that has gone from a folder, or an entry that the
catalogue no longer holds, is withdrawn. The same command after a crash finishes the work.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from corpus.catalogue import Catalogue, bundled_text
from corpus.documents import Document, Metadata
from corpus.library import Library, LibraryError, sha256_of
from corpus.store import Store
from ingest.chunk import cut_passages
from ingest.document import read_document, slug
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions

State = Literal["read", "unchanged", "duplicate", "failed", "withdrawn"]
CATALOGUE_ORIGIN = "catalogue:"
Read = Callable[[Path, Metadata | None, ExtractOptions], Document]


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read.

    :param origin: names it over time: its absolute path, or "catalogue:" and an id.
    :param name: what people call it: its path from the folder that was given.
    :param metadata: from the catalogue; None takes what the file says of itself.
    """

    path: Path
    origin: str
    name: str
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What passages must fit into.

    :param count_tokens: tokens that the encoder makes of a text.
    :param max_tokens: tokens that it takes.
    :param fingerprint: tells two windows that cut differently apart.
    """

    count_tokens: Callable[[str], int]
    max_tokens: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source.

    :param reason: why it failed, or what a reader of the document should know; empty when all is well.
    """

    source_name: str
    state: State
    document_id: str | None
    passages: int = 0
    reason: str = ""


def catalogue_sources(catalogue: Catalogue) -> Iterator[Source]:
    """The bundled texts of the catalogue's held entries.

    :raises corpus.catalogue.CatalogueError: when a bundled text is missing.
    """
    for entry in catalogue.documents:
        if entry.held:
            path = bundled_text(entry)
            yield Source(path, f"{CATALOGUE_ORIGIN}{entry.id}", path.name, entry.metadata())


def path_sources(paths: Sequence[Path]) -> Iterator[Source]:
    """The files named, and those in the folders named, hidden ones and linked folders left out.

    :raises LibraryError: when a path does not exist; nothing has been read then.
    """
    for path in paths:
        if not path.exists():
            raise LibraryError(f"There is no file or folder {str(path)!r}", "Check its name")
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(name for name in names if not name.startswith(".")):
                    file = Path(folder, name)
                    yield Source(file, str(file.absolute()), file.relative_to(path).as_posix())
        else:
            yield Source(path, str(path.absolute()), path.name)


def ingest(
    library: Library,
    store: Store,
    sources: Iterable[Source],
    window: Window,
    options: ExtractOptions | None = None,
    *,
    read: Read = read_document,
) -> Iterator[Outcome]:
    """Bring sources into the store, one by one, telling what became of each.

    :param read: reads one file; another one may read in a process of its own.
    :raises LibraryError: when the library cannot be written.
    :raises corpus.store.StoreError: likewise; what was done before stands.
    """
    library.create()
    held = _Held(store.readings(), store.origins())
    for source in sources:
        yield _ingest_one(library, store, held, source, window, options or ExtractOptions(), read)


def withdraw_missing(store: Store, catalogue: Catalogue, paths: Sequence[Path]) -> Iterator[Outcome]:
    """Withdraw documents whose file has gone from the folders given, or whose entry the catalogue no longer holds."""
    folders = [f"{path.absolute()}{os.sep}" for path in paths if path.is_dir()]
    held = {f"{CATALOGUE_ORIGIN}{entry.id}" for entry in catalogue.documents if entry.held}
    for origin, document_id in store.origins().items():
        if origin.startswith(CATALOGUE_ORIGIN):
            gone = not paths and origin not in held
        else:
            gone = any(origin.startswith(folder) for folder in folders) and not Path(origin).exists()
        if gone:
            store.remove(document_id)
            yield Outcome(Path(origin).name, "withdrawn", document_id)


def counted(outcomes: Iterable[Outcome]) -> dict[State, int]:
    """How many sources came to each state."""
    return dict(Counter(outcome.state for outcome in outcomes))


@dataclass(frozen=True, slots=True)
class _Held:
    """What the store holds, kept up to date in memory over a run.

    :param readings: document id → (source_sha256, reader); `origins` origin → document id.
    """

    readings: dict[str, tuple[str, str]]
    origins: dict[str, str]

    def document_id(self, source: Source, digest: str) -> str:
        """The id of a source: by catalogue, by where it was read from before, or by its name."""
        if source.metadata is not None:
            return source.metadata.id
        if source.origin in self.origins:
            return self.origins[source.origin]
        id_ = slug(re.sub(r"\.[^./]*$", "", source.name))
        return id_ if id_ not in self.readings else f"{id_[:70].strip('-')}-{digest[:8]}"

    def twin(self, id_: str, digest: str) -> str | None:
        """Another document made from the same bytes."""
        return next((held for held, (sha256, _) in self.readings.items() if sha256 == digest and held != id_), None)


def _ingest_one(
    library: Library,
    store: Store,
    held: _Held,
    source: Source,
    window: Window,
    options: ExtractOptions,
    read: Read,
) -> Outcome:
    digest = None
    try:
        digest = _digest(source.path)
        id_ = held.document_id(source, digest)
        reader = f"{reader_version()} {window.fingerprint} {_metadata_version(source.metadata)}"
        if source.metadata is None and (twin := held.twin(id_, digest)) is not None:
            return Outcome(source.name, "duplicate", twin, reason=f"the same file as {twin}")
        if held.readings.get(id_) == (digest, reader):
            return Outcome(source.name, "unchanged", id_)
        library.keep_source(source.path)
        document = read(source.path, source.metadata, options)
        document = replace(document, metadata=replace(document.metadata, id=id_), source_name=source.name)
        if document.source_sha256 != digest:
            raise SourceError(f"{source.name!r} changed while it was read", "Read it again when it is complete")
        passages = cut_passages(document, window.count_tokens, window.max_tokens)
        store.put(document, passages, reader=reader, origin=source.origin)
        held.readings[id_], held.origins[source.origin] = (digest, reader), id_
        return Outcome(source.name, "read", id_, len(passages), "; ".join(document.problems))
    except SourceError as error:
        store.put_failure(source.name, digest, str(error))
        return Outcome(source.name, "failed", None, reason=str(error))


def _digest(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise SourceError(f"{str(path)!r} cannot be read: {error.strerror}", "Check that it is a file") from error


def _metadata_version(metadata: Metadata | None) -> str:
    return "file" if metadata is None else hashlib.sha256(repr(asdict(metadata)).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Digest of the code that reads: a document read by other code is read again."""
    digest = hashlib.sha256()
    room = Path(str(files("ingest")))
    for module in sorted(room.rglob("*.py")):
        digest.update(module.relative_to(room).as_posix().encode() + b"\0" + module.read_bytes())
    return digest.hexdigest()[:16]
