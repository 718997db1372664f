"""Joins the rooms: sources become documents and passages in the store, each in one transaction.

Files are read in workers, several at once, and written by this process alone. Incremental: a source whose bytes,
metadata and reader are unchanged costs a hash. A file that cannot be read is recorded with the reason, is not tried
again until it or the code that reads has changed, and what stood of it before stays; a file that has gone from a
folder, or an entry that the catalogue no longer holds, is withdrawn. The same command after a crash finishes the work,
and the store then holds what it would have held without the crash, whichever file was finished first.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Literal

from app.sources import CATALOGUE_ORIGIN, Source, held_origins, origin_of, path_of
from corpus.catalogue import Catalogue, KnownWork
from corpus.documents import Metadata
from corpus.library import Library, LibraryError, sha256_of
from corpus.store import Failure, Store
from ingest.chunk import cut_passages
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions
from ingest.own_metadata import slug
from ingest.reading import Task
from ingest.references import with_references
from ingest.worker import Finished, Workers

State = Literal["read", "unchanged", "duplicate", "failed", "skipped", "withdrawn"]

_LIBRARIES_THAT_READ = (
    "charset-normalizer",
    "lingua-language-detector",
    "lxml",
    "markdown-it-py",
    "mdit-py-plugins",
    "pypdf",
    "pypdfium2",
    "sentencex",
)


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

    :param reason: why it failed or was skipped, or what a reader of the document should know; empty when all is well.
    """

    source_name: str
    state: State
    document_id: str | None
    passages: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How a run reads.

    :param works: what references may be resolved to.
    :param retry: also try files again that could not be read before.
    """

    window: Window
    extract: ExtractOptions
    works: tuple[KnownWork, ...]
    retry: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a reading depends on besides the bytes; kept with the document, so that a change of it is noticed."""

    code: str
    window: str
    metadata: str
    works: str

    def __str__(self) -> str:
        return f"{self.code} {self.window} {self.metadata} {self.works}"

    def read_the_same(self, kept: str) -> bool:
        """Whether only the works differ, which change nothing but the references."""
        return kept.rpartition(" ")[0] == str(self).rpartition(" ")[0]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A source that is being read."""

    source: Source
    sha256: str
    document_id: str
    reader: _Reader


def ingest(
    library: Library, store: Store, sources: Iterable[Source], options: IngestOptions, workers: Workers
) -> Iterator[Outcome]:
    """Bring sources into the store, telling what became of each as it is done.

    :raises corpus.library.LibraryError: when the library cannot be written; what was done before stands.
    :raises corpus.store.StoreError: likewise.
    :raises ingest.worker.WorkerError: when no file can be read any more; likewise.
    """
    run = _Run(library, store, options, _Known(store, options.works))
    reading: dict[int, _Planned] = {}
    seen: set[str] = set()
    for source in sources:
        if source.origin in seen:
            continue
        seen.add(source.origin)
        planned = run.plan(source)
        if isinstance(planned, Outcome):
            yield planned
            continue
        while not workers.free:
            yield from (run.write(finished, reading.pop(finished.number)) for finished in workers.finished())
        task = Task(source.path, source.metadata, options.extract, options.works)
        reading[workers.begin(task)] = planned
    while workers.busy:
        yield from (run.write(finished, reading.pop(finished.number)) for finished in workers.finished())


def withdraw_missing(store: Store, catalogue: Catalogue, library: Library, paths: Sequence[Path]) -> Iterator[Outcome]:
    """Withdraw documents whose file has gone from the folders given, or whose entry the catalogue no longer holds."""
    folders = tuple(f"{origin_of(path)}/" for path in paths if path.is_dir())
    held = held_origins(catalogue, library)
    for origin, document_id in store.origins().items():
        if origin.startswith(CATALOGUE_ORIGIN):
            gone = not paths and origin not in held
        else:
            gone = origin.startswith(folders) and not path_of(origin).exists()
        if gone:
            store.remove(document_id)
            yield Outcome(document_id, "withdrawn", document_id)


def counted(outcomes: Iterable[Outcome]) -> dict[State, int]:
    """How many sources came to each state."""
    return dict(Counter(outcome.state for outcome in outcomes))


@dataclass(slots=True)
class _Known:
    """What the store holds and this run has planned: tells which document a source is.

    An id is settled when its source is planned, in the order of the sources, so that it does not depend on which file
    is read first.
    """

    store: Store
    works: Sequence[KnownWork]
    readings: dict[str, tuple[str, str]] = field(init=False)
    origins: dict[str, str] = field(init=False)
    failures: dict[str, Failure] = field(init=False)
    by_sha256: dict[str, str] = field(init=False)
    taken: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.readings, self.origins = self.store.readings(), self.store.origins()
        self.failures = {failure.source_name: failure for failure in self.store.failures()}
        self.by_sha256 = {sha256: id_ for id_, (sha256, _) in sorted(self.readings.items(), reverse=True)}
        self.taken = {*self.readings, *(work.id for work in self.works)}

    def document_id(self, source: Source, sha256: str) -> str:
        """The id of a source: by the catalogue, by where it was read from before, or by its name."""
        if source.metadata is not None:
            return source.metadata.id
        if source.origin in self.origins:
            return self.origins[source.origin]
        id_ = slug(re.sub(r"\.[^./]*$", "", source.name))
        return id_ if id_ not in self.taken else f"{id_[:70].strip('-')}-{sha256[:8]}"

    def twin(self, source: Source, sha256: str) -> str | None:
        """Another document made of the same bytes."""
        return None if source.metadata is not None or source.origin in self.origins else self.by_sha256.get(sha256)

    def settle(self, planned: _Planned) -> None:
        """From now on the source has this id."""
        self.taken.add(planned.document_id)
        self.origins[planned.source.origin] = planned.document_id
        self.by_sha256.setdefault(planned.sha256, planned.document_id)


@dataclass(frozen=True, slots=True)
class _Run:
    library: Library
    store: Store
    options: IngestOptions
    known: _Known

    def plan(self, source: Source) -> Outcome | _Planned:
        """What is to be done with a source: nothing more, or to read it."""
        try:
            sha256 = _sha256(source)
        except SourceError as error:
            return self._failed(source, None, "", str(error))
        done = self._done_already(source, sha256)
        if isinstance(done, Outcome):
            if source.name in self.known.failures:
                self.store.forget_failure(source.name)
            return done
        failure = self.known.failures.get(source.name)
        retry = self.options.retry or self.options.extract.password is not None
        if failure and not retry and (failure.source_sha256, failure.reader) == (sha256, done.reader.code):
            reason = f"{failure.reason} It is not tried again until it changes, or with --retry."
            return Outcome(source.name, "skipped", None, reason=reason)
        return done

    def _done_already(self, source: Source, sha256: str) -> Outcome | _Planned:
        known = self.known
        twin = known.twin(source, sha256)
        if twin is not None:
            return Outcome(source.name, "duplicate", twin, reason=f"the same file as {twin}")
        planned = _Planned(source, sha256, known.document_id(source, sha256), self._reader(source.metadata))
        known.settle(planned)
        kept_sha256, kept_reader = known.readings.get(planned.document_id, ("", ""))
        if kept_sha256 == sha256 and kept_reader == str(planned.reader):
            return Outcome(source.name, "unchanged", planned.document_id)
        if kept_sha256 == sha256 and planned.reader.read_the_same(kept_reader):
            return self._referred_anew(planned)
        return planned

    def write(self, finished: Finished, planned: _Planned) -> Outcome:
        """Put what was read into the store, or the reason why it could not be read."""
        source = planned.source
        if finished.document is None:
            return self._failed(source, planned.sha256, planned.reader.code, finished.reason or "")
        try:
            kept = self.library.keep_source(source.path)
        except LibraryError as error:
            if source.path.is_file():
                raise
            return self._failed(source, None, "", str(error))
        if not kept.sha256 == finished.document.source_sha256 == planned.sha256:
            reason = f"{source.name!r} changed while it was read. Read it again when it is complete."
            return self._failed(source, None, "", reason)
        document = replace(
            finished.document,
            metadata=replace(finished.document.metadata, id=planned.document_id),
            source_name=source.name,
        )
        window = self.options.window
        passages = cut_passages(document, window.count_tokens, window.max_tokens)
        self.store.put(document, passages, reader=str(planned.reader), origin=source.origin)
        return Outcome(source.name, "read", planned.document_id, len(passages), "; ".join(document.problems))

    def _referred_anew(self, planned: _Planned) -> Outcome:
        """The catalogue names other works now: only the references are found again."""
        document = with_references(self.store.document(planned.document_id), self.options.works)
        passages = tuple(self.store.passages(planned.document_id))
        self.store.put(document, passages, reader=str(planned.reader), origin=planned.source.origin)
        return Outcome(planned.source.name, "unchanged", planned.document_id)

    def _failed(self, source: Source, sha256: str | None, code: str, reason: str) -> Outcome:
        self.store.put_failure(source.name, sha256, reason, reader=code)
        return Outcome(source.name, "failed", None, reason=reason)

    def _reader(self, metadata: Metadata | None) -> _Reader:
        options = self.options
        return _Reader(
            f"{reader_version()}-{_digest(replace(options.extract, password=None))}",
            _digest(options.window.fingerprint),
            "file" if metadata is None else _digest(asdict(metadata)),
            _digest(options.works),
        )


def _sha256(source: Source) -> str:
    """Digest of a file; pipes and devices, which may never end, are refused by what they are."""
    try:
        if not stat.S_ISREG(source.path.stat().st_mode):
            raise SourceError(f"{source.name!r} is not a file", "Give a file or a folder of files")
        return sha256_of(source.path)
    except OSError as error:
        raise SourceError(f"{source.name!r} cannot be read: {error.strerror}", "Check that it is a file") from error


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def reader_version() -> str:
    """Digest of the code that reads and of the libraries it uses: a document read by others is read again."""
    digest = hashlib.sha256()
    room = Path(str(files("ingest")))
    for module in sorted(room.rglob("*.py")):
        digest.update(module.relative_to(room).as_posix().encode() + b"\0" + module.read_bytes())
    for name in _LIBRARIES_THAT_READ:
        try:
            digest.update(f"{name} {version(name)}\n".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()[:16]
