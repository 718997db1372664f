"""Brings texts of the catalogue into the library and reads them, as `fetch` and `add` do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import Settings
from app.stocking import StockReport, stock
from app.terminal import Step
from corpus.catalogue import load_catalogue
from corpus.library import Library
from ingest.extract.limits import ExtractOptions
from ingest.fetch import Client, Fetched, FetchOptions, Outcome, add_source, fetch_sources, wanted_entries


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What became of each text that was asked for, and of the library after it.

    :param stocked: None when nothing new came.
    """

    fetched: tuple[Fetched, ...]
    stocked: StockReport | None

    @property
    def failed(self) -> bool:
        """Whether a text could not be had, or not be read."""
        unread = self.stocked.counts if self.stocked else {}
        return any(one.outcome is Outcome.FAILED for one in self.fetched) or bool(unread.get("failed"))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        texts = [
            {"id": one.id, "outcome": one.outcome.value, "sha256": one.sha256, "reason": one.reason}
            for one in self.fetched
        ]
        return {"texts": texts, "ingested": self.stocked.as_json() if self.stocked else None}


def fetch(settings: Settings, ids: Sequence[str], step: Step, *, accept_changes: bool) -> FetchReport:
    """Fetch texts from their publishers and read those that came.

    :param ids: of the catalogue; all that have an address when empty.
    :param accept_changes: take files that differ from what the lock says.
    :raises corpus.errors.VerbatimError: when the catalogue has no such id or the library cannot be written; a text that
        cannot be had is told in the report.
    """
    entries = wanted_entries(load_catalogue(settings.catalogue), ids)
    options = FetchOptions(
        contact=settings.fetch_contact or "",
        allow_private=settings.fetch_allow_private,
        max_bytes=settings.fetch_max_bytes,
    )
    fetched = []
    with Client(options) as client:
        library = Library(settings.library)
        for done, one in enumerate(fetch_sources(entries, library, client, accept_changes=accept_changes), start=1):
            fetched.append(one)
            step("Fetching", done, len(entries))
    return _report(settings, tuple(fetched), step)


def add(settings: Settings, file: Path, id_: str, step: Step, *, accept_changes: bool) -> FetchReport:
    """Take a copy of a catalogue's text that a person downloaded, and read it.

    :raises corpus.errors.VerbatimError: when it is not a text, not the one in the lock, or not of the catalogue.
    """
    entry = load_catalogue(settings.catalogue).entry(id_)
    added = add_source(file, entry, Library(settings.library), accept_changes=accept_changes)
    return _report(settings, (added,), step)


def _report(settings: Settings, fetched: tuple[Fetched, ...], step: Step) -> FetchReport:
    here = any(one.outcome is not Outcome.FAILED for one in fetched)
    return FetchReport(fetched, stock(settings, [], ExtractOptions(), step) if here else None)
