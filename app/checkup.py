"""Looks a library over: store, sources, index, models, programs, settings; and says of each fault what to do.

For `verbatim doctor`. Nothing is changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from app.encoders import configured_encoders
from app.settings import Settings, unknown_variables
from app.stocking import SNAPSHOT
from corpus.catalogue import bundled_text, load_catalogue
from corpus.errors import VerbatimError
from corpus.library import Library, sha256_of
from corpus.store import Store
from index.generation import check_generation, read_manifest

State = Literal["well", "notice", "fault"]
_PROGRAMS = (
    (("tesseract",), "--version", "reads scanned pages", "apt-get install tesseract-ocr"),
    (("soffice", "libreoffice"), "--version", "converts old Word files", "apt-get install libreoffice-writer-nogui"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    :param state: `notice` is worth knowing and no fault.
    :param remedy: what to do about it; empty when all is well.
    """

    what: str
    state: State
    detail: str
    remedy: str = ""


def check_up(settings: Settings) -> Iterator[Finding]:
    """Look at everything, one finding after the other."""
    library = Library(settings.library)
    for name in unknown_variables():
        yield Finding("settings", "notice", f"{name} is no setting", "Compare it with the table in the README")
    yield from _guarded("catalogue", lambda: _catalogue(settings))
    yield _folder(library)
    if library.database.is_file():
        yield from _guarded("store", lambda: _store(library))
        yield from _guarded("sources", lambda: _sources(library))
    else:
        yield Finding("store", "fault", f"there is no {library.database}", "Run `verbatim ingest`")
    yield from _guarded("models", lambda: _models(settings))
    yield from _guarded("index", lambda: _index(library, settings))
    yield from _programs()


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except VerbatimError as error:
        yield Finding(what, "fault", error.what, error.remedy)
    except OSError as error:
        yield Finding(what, "fault", f"{error.filename or ''} {error.strerror or error}".strip(), "Check the disk")


def _catalogue(settings: Settings) -> Iterator[Finding]:
    catalogue = load_catalogue(settings.catalogue)
    held = [entry for entry in catalogue.documents if entry.held]
    for entry in held:
        bundled_text(entry)
    yield Finding("catalogue", "well", f"{len(catalogue.documents)} texts, {len(held)} of them bundled")


def _folder(library: Library) -> Finding:
    if not library.path.is_dir():
        return Finding("folder", "fault", f"there is no folder {library.path}", "Run `verbatim ingest`")
    if not os.access(library.path, os.W_OK):
        return Finding("folder", "notice", f"{library.path} is read-only", "It can be served and not be changed")
    free = shutil.disk_usage(library.path).free
    return Finding("folder", "well", f"{library.path.absolute()}, {free / 2**30:.1f} GB free")


def _store(library: Library) -> Iterator[Finding]:
    with Store(library.database, read_only=not os.access(library.database, os.W_OK)) as store:
        faults = store.check()
        for fault in faults:
            yield Finding("store", "fault", fault, "Restore a backup, or move the library away and ingest again")
        for failure in store.failures():
            reason = f"{failure.source_name!r} could not be read: {failure.reason}"
            yield Finding("store", "notice", reason, "Mend or remove the file and ingest again")
        if not faults:
            records = store.records()
            passages = sum(record.passages for record in records)
            yield Finding("store", "well", f"{len(records)} documents, {passages} passages, every quote in place")


def _sources(library: Library) -> Iterator[Finding]:
    with Store(library.database, read_only=not os.access(library.database, os.W_OK)) as store:
        records = store.records()
    wrong = 0
    for record in records:
        path = library.find_source(record.edition.source_sha256)
        if path is None or sha256_of(path) != record.edition.source_sha256:
            wrong += 1
            state = "is missing" if path is None else "has changed"
            yield Finding("sources", "fault", f"the source file of {record.metadata.id!r} {state}", "Ingest it again")
    if not wrong:
        yield Finding("sources", "well", f"{len(records)} files, unchanged")


def _models(settings: Settings) -> Iterator[Finding]:
    for one in configured_encoders(settings):
        encoder = one.encoder
        about = f"{encoder.name}, {encoder.dims} dimensions, sha256 {encoder.weights_sha256[:16]}…"
        yield Finding("models", "well", about)


def _index(library: Library, settings: Settings) -> Iterator[Finding]:
    folder = library.current_generation()
    faults = check_generation(folder)
    for fault in faults:
        yield Finding("index", "fault", fault, "Run `verbatim index --rebuild`")
    if faults:
        return
    manifest = read_manifest(folder)
    if manifest.pending:
        waiting = ", ".join(manifest.pending)
        yield Finding("index", "notice", f"the vectors of {waiting} are still to be made", "Run `verbatim index`")
    else:
        made = {record.key: record.fingerprint for record in manifest.encoders}
        configured = {one.key: one.encoder.fingerprint for one in configured_encoders(settings)}
        if made != configured:
            yield Finding(
                "index",
                "fault",
                f"it was made with {', '.join(made)}, and the settings name {', '.join(configured)}",
                "Run `verbatim index`, or set the encoders that it was made with",
            )
    if library.database.is_file():
        with (
            Store(library.database, read_only=not os.access(library.database, os.W_OK)) as store,
            Store(folder / SNAPSHOT, read_only=True) as snapshot,
        ):
            if store.records() != snapshot.records():
                yield Finding(
                    "index", "notice", "the library holds what is not yet in the index", "Run `verbatim index`"
                )
    yield Finding("index", "well", f"generation {manifest.number}, {manifest.passages} passages, every file unchanged")


def _programs() -> Iterator[Finding]:
    for names, flag, purpose, remedy in _PROGRAMS:
        program = next(filter(None, map(shutil.which, names)), None)
        if program is None:
            yield Finding("programs", "notice", f"{names[0]}, which {purpose}, is not installed", remedy)
            continue
        ran = subprocess.run([program, flag], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
        version = (ran.stdout or ran.stderr).strip().splitlines()
        yield Finding("programs", "well", f"{names[0]}, which {purpose}: {version[0] if version else program}")
