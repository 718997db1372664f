"""Fills the library and builds its index, as `ingest`, `index` and a first `serve` do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.encoders import configured_encoders, passage_window
from app.ingestion import IngestOptions, Outcome, State, counted, ingest, withdraw_missing
from app.settings import Settings
from app.sources import Source, catalogue_sources, path_sources, unpacked
from app.terminal import Step
from corpus.catalogue import load_catalogue
from corpus.errors import VerbatimError
from corpus.library import Library
from corpus.store import Store
from index.build import Progress, build
from index.generation import read_manifest
from ingest.extract.limits import ExtractOptions
from ingest.sandbox import Confines
from ingest.worker import Workers

SNAPSHOT = "snapshot.sqlite"


@dataclass(frozen=True, slots=True)
class StockReport:
    """What a run of ingest did."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[State, int]:
        """How many sources came to each state."""
        return counted(self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {"sources": [asdict(outcome) for outcome in self.outcomes], "counts": dict(self.counts)}


def stock(
    settings: Settings, paths: Sequence[Path], extract: ExtractOptions, step: Step, *, retry: bool = False
) -> StockReport:
    """Bring the files and folders into the library; the texts of the catalogue that are here when none is given.

    :param retry: also try files again that could not be read before.
    :raises corpus.errors.VerbatimError: when the catalogue is wrong, a path is missing or the disk fails.
    """
    catalogue = load_catalogue(settings.catalogue)
    library = Library(settings.library)
    sources = list(path_sources(paths) if paths else catalogue_sources(catalogue, library))
    with library.writing(), library.open_store() as store:
        withdrawn = tuple(withdraw_missing(store, catalogue, library, paths))
        window = passage_window(configured_encoders(settings))
        options = IngestOptions(window, extract, catalogue.works(), retry)
        return StockReport(withdrawn + tuple(_ingested(settings, library, store, sources, options, step)))


def _ingested(
    settings: Settings, library: Library, store: Store, sources: Sequence[Source], options: IngestOptions, step: Step
) -> Iterator[Outcome]:
    confines = Confines(settings.read_memory_bytes, settings.read_seconds, 2.0 * settings.read_seconds)
    processes = settings.read_processes or os.cpu_count() or 1
    with (
        TemporaryDirectory(dir=library.scratch, prefix="unpacked-") as folder,
        Workers(processes, confines, library.scratch) as workers,
    ):
        found = list(unpacked(sources, Path(folder), options.extract.limits))
        for done, outcome in enumerate(ingest(library, store, found, options, workers), start=1):
            step("Reading", done, len(found))
            yield outcome


def index_library(settings: Settings, step: Step, *, rebuild: bool = False) -> Path:
    """Build a generation of what the library holds and serve it.

    :return: its folder; the one served already when nothing has changed.
    :raises corpus.errors.VerbatimError: when a model cannot be had or the library cannot be written.
    """

    def report(progress: Progress) -> None:
        step(f"Indexing {progress.stage}", progress.done, progress.total)

    library = Library(settings.library)
    encoders = configured_encoders(settings)
    with library.open_store() as store:
        return build(store, library, encoders, report, rebuild=rebuild or why_unreadable(library) is not None)


def why_unreadable(library: Library) -> str | None:
    """Why this program cannot read the served index, one sentence; None when it can."""
    try:
        folder = library.current_generation()
        read_manifest(folder)
        Store(folder / SNAPSHOT, read_only=True).close()
    except VerbatimError as error:
        return f"{error.what}."
    return None
