"""Holds the generation that requests are answered from, and changes to a newer one without dropping a request.

A request leases the open generation; when `current` names another (one `stat` a request tells), that one is opened in
the background while the old one goes on answering, and the old one is closed when its last lease ends. A generation
that cannot be opened leaves the old one in place, and the reason is told by `/readyz` and the metrics.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import BinaryIO

from app.quotes.check import QuoteChecker
from corpus.documents import Document
from corpus.errors import VerbatimError
from corpus.library import Library, LibraryError
from corpus.store import DocumentRecord, NotHeld, Store
from index.encoder import ConfiguredEncoder
from index.generation import hold, read_manifest
from index.search import Searcher

CACHED_CHARACTERS = 20_000_000
"""Documents kept in memory with their structure: about as many as fill 400 MB."""
Encoders = Callable[[], tuple[ConfiguredEncoder, ...]]
_log = logging.getLogger("verbatim")


@dataclass(slots=True)
class OpenGeneration:
    """One generation, open for reading: its snapshot of the store and its searcher.

    :param searcher: answers queries (`index.search.Searcher`).
    :param records: the held documents by id.
    :param held: keeps the generation's files from being removed while it is open.
    :param quote_checker: kept from the first check of a draft on, by `app.quotes.answer`.
    """

    folder: Path
    store: Store
    searcher: Searcher
    records: dict[str, DocumentRecord]
    held: BinaryIO
    _documents: OrderedDict[str, Document] = field(default_factory=OrderedDict)
    _characters: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    leases: int = 0
    retired: bool = False
    quote_checker: QuoteChecker | None = None

    @classmethod
    def open(cls, folder: Path, encoders: Encoders) -> OpenGeneration:
        """Open the generation in this folder.

        :raises VerbatimError: when a file of it is missing or damaged, or it was made with other encoders.
        """
        held = hold(folder)
        try:
            # While only words are searchable, no model has to be loaded.
            searcher = Searcher(folder, () if read_manifest(folder).pending else encoders())
            records = {record.metadata.id: record for record in searcher.store.records()}
        except BaseException:
            held.close()
            raise
        return cls(folder, searcher.store, searcher, records, held)

    @property
    def number(self) -> int:
        """Its number: the name of its folder."""
        return int(self.folder.name)

    def document(self, document_id: str) -> Document:
        """A held document, without the boxes of its words; kept in memory while others do not crowd it out.

        :raises NotHeld: when this generation does not hold it.
        """
        with self._lock:
            if document_id in self._documents:
                self._documents.move_to_end(document_id)
                return self._documents[document_id]
        document = self.store.document_without_boxes(document_id)
        with self._lock:
            if document_id not in self._documents:
                self._documents[document_id] = document
                self._characters += len(document.text)
            while self._characters > CACHED_CHARACTERS and len(self._documents) > 1:
                _, dropped = self._documents.popitem(last=False)
                self._characters -= len(dropped.text)
        return document

    def record(self, document_id: str) -> DocumentRecord:
        """A held document's record.

        :raises NotHeld: when this generation does not hold it.
        """
        if document_id not in self.records:
            raise NotHeld(
                f"This library holds no document {document_id!r}", "See the documents it holds at /v1/documents"
            )
        return self.records[document_id]

    def close(self) -> None:
        """Let go of its files."""
        self.searcher.close()
        self.held.close()


class Serving:
    """The generation now served, for many threads.

    :param library: whose `current` file says which.
    :param encoders: opens the configured encoders; asked once, when a generation needs them.
    """

    def __init__(self, library: Library, encoders: Encoders) -> None:
        self.library = library
        self.encoders = cache(encoders)
        self.problem: str | None = None
        self.swaps = 0
        self._lock = threading.Lock()
        self._open: OpenGeneration | None = None
        self._seen: tuple[int, int] | None = None
        self._opening: threading.Thread | None = None

    def start(self) -> None:
        """Open the current generation now; a library without one is not an error here, but at the first request."""
        self._seen = self._signature()
        if self._seen is not None:
            self._change()

    def stop(self) -> None:
        """Close what is open, once a generation that is just being opened has been."""
        if self._opening is not None:
            self._opening.join()
        with self._lock:
            former, self._open = self._open, None
        if former is not None:
            self._retire(former)

    @contextmanager
    def lease(self) -> Iterator[OpenGeneration]:
        """The generation to answer one request from; it stays open for as long.

        :raises LibraryError: when there is none yet, or it cannot be opened.
        """
        self._notice()
        with self._lock:
            generation = self._open
            if generation is not None:
                generation.leases += 1
        if generation is None:
            raise LibraryError(
                self.problem or f"The library {self.library.path} has no index yet",
                "" if self.problem else "Run `verbatim ingest` and then `verbatim index`; the server will notice",
            )
        try:
            yield generation
        finally:
            with self._lock:
                generation.leases -= 1
                closing = generation.retired and generation.leases == 0
            if closing:
                generation.close()

    @property
    def served(self) -> OpenGeneration | None:
        """What is open now, for looking at its numbers only: whoever reads from it leases it."""
        return self._open

    def wait(self) -> None:
        """Return when a change that was noticed has been made."""
        if self._opening is not None:
            self._opening.join()

    def _notice(self) -> None:
        signature = self._signature()
        if signature == self._seen or signature is None:
            return
        with self._lock:
            if signature == self._seen or (self._opening is not None and self._opening.is_alive()):
                return
            self._seen = signature
            self._opening = threading.Thread(target=self._change, name="open-generation", daemon=True)
            self._opening.start()

    def _change(self) -> None:
        try:
            opened = OpenGeneration.open(self.library.current_generation(), self.encoders)
        except Exception as error:
            # Whatever is wrong with the new one, the old one still answers.
            reason = str(error).rstrip(".") if isinstance(error, VerbatimError) else type(error).__name__
            self.problem = f"The newest index of {self.library.path} cannot be opened: {reason}"
            _log.error("%s", self.problem, exc_info=None if isinstance(error, VerbatimError) else error)
            return
        with self._lock:
            former, self._open = self._open, opened
            self.problem = None
            self.swaps += former is not None
        _log.info("Serving generation %d", opened.number)
        if former is not None:
            self._retire(former)

    def _retire(self, generation: OpenGeneration) -> None:
        with self._lock:
            generation.retired = True
            closing = generation.leases == 0
        if closing:
            generation.close()

    def _signature(self) -> tuple[int, int] | None:
        try:
            status = (self.library.path / "current").stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns
