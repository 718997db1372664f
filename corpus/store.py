"""The store: one SQLite file that holds the documents, their structure and their passages.

Written by ingest (one transaction a document, so that a crash leaves the old state or the new one), read by the index
when it builds, and copied whole into each generation, where the server reads the copy. A `Store` may be used from
several threads: each gets its own connection.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Self

from corpus.documents import Document, Passage
from corpus.errors import VerbatimError
from corpus.rows import (
    DocumentRecord,
    Failure,
    IncomingReference,
    as_json,
    block_of,
    metadata_of,
    note_of,
    pack_boxes,
    page_of,
    passage_of,
    record_of,
    reference_of,
)

__all__ = ["DocumentRecord", "Failure", "IncomingReference", "NotHeld", "Store", "StoreError"]

BUSY_TIMEOUT_SECONDS = 30.0
_SNAPSHOT_TABLES = ("documents", "blocks", "pages", "notes", "references", "passages", "failures")
_BLOCK_COLUMNS_WITHOUT_BOXES = (
    'document_id, ordinal, kind, start, "end", level, language, parent, section, paragraph, number, noise, confidence, '
    "hidden, x'' AS boxes"
)
_PASSAGE_COLUMNS = (
    'id, document_id, ordinal, start, "end", text, sentences, first_block, last_block, section, paragraph, '
    "language, noise"
)


class StoreError(VerbatimError):
    """The library's database is missing, damaged, locked, full, or of another version."""


class NotHeld(VerbatimError):
    """An id that this library does not hold."""


class Store:
    """A library's database.

    :param path: the SQLite file.
    :param read_only: open an existing file and refuse to write; a generation's snapshot is opened so.
    :raises StoreError: when the file is missing (read-only), cannot be written, or is not a store of this version.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        if read_only and not path.is_file():
            raise StoreError(f"There is no library database at {path}", "Run `verbatim ingest` to make one")
        if read_only:
            with self._reading() as connection:
                self._refuse_other_version(connection)
        else:
            self._migrate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every thread's connection; the store cannot be used afterwards."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    # -- writing ------------------------------------------------------------------------------------------------

    def put(
        self, document: Document, passages: Sequence[Passage], *, reader: str = "", origin: str | None = None
    ) -> None:
        """Add a document, or replace the one of the same id, in one transaction.

        :param reader: version of the code that read it; `readings` tells which need another reading.
        :param origin: where it was read from: an absolute path, or "catalogue:" and an id.
        :raises StoreError: when it cannot be written; the former state stands.
        """
        metadata, id_ = document.metadata, document.metadata.id
        with self._writing() as connection:
            connection.execute("DELETE FROM documents WHERE id = ?", (id_,))
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id_,
                    as_json(asdict(metadata)),
                    metadata.organization,
                    metadata.kind,
                    metadata.year,
                    document.source_type,
                    document.source_name,
                    document.source_sha256,
                    document.text_sha256,
                    document.text,
                    as_json(document.problems),
                    reader,
                    _now(),
                ),
            )
            connection.executemany(
                "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        id_,
                        block.ordinal,
                        block.kind.value,
                        block.start,
                        block.end,
                        block.level,
                        block.language,
                        block.parent,
                        as_json(block.section),
                        block.paragraph,
                        block.number,
                        block.noise,
                        block.confidence,
                        int(block.hidden),
                        pack_boxes(block.boxes),
                    )
                    for block in document.blocks
                ),
            )
            connection.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        id_,
                        page.index,
                        page.label,
                        page.file_label,
                        page.width,
                        page.height,
                        as_json([[span.start, span.end] for span in page.spans]),
                        page.recognized,
                        page.problem,
                    )
                    for page in document.pages
                ),
            )
            connection.executemany(
                "INSERT INTO notes VALUES (?, ?, ?, ?, ?)",
                ((id_, note.ordinal, note.marker, as_json(note.anchors), note.block) for note in document.notes),
            )
            connection.executemany(
                'INSERT INTO "references" VALUES (?, ?, ?, ?, ?, ?, ?)',
                ((id_, r.ordinal, r.start, r.end, r.document, r.pages, r.note) for r in document.references),
            )
            connection.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        passage.id,
                        id_,
                        passage.ordinal,
                        passage.start,
                        passage.end,
                        passage.text,
                        as_json([[span.start, span.end] for span in passage.sentences]),
                        passage.first_block,
                        passage.last_block,
                        as_json(passage.section),
                        passage.paragraph,
                        passage.language,
                        passage.noise,
                    )
                    for passage in passages
                ),
            )
            connection.execute("DELETE FROM failures WHERE source_name = ?", (document.source_name,))
            if origin is not None:
                connection.execute("INSERT OR REPLACE INTO origins VALUES (?, ?)", (origin, id_))

    def remove(self, document_id: str) -> None:
        """Withdraw a document; it disappears from the next generation.

        :raises NotHeld: when the library does not hold it.
        """
        with self._writing() as connection:
            if connection.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount == 0:
                raise _not_held("document", document_id)

    def put_failure(self, source_name: str, source_sha256: str | None, reason: str, *, reader: str = "") -> None:
        """Remember that a file could not be read, by which code, and why; the newest reason stands."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)",
                (source_name, source_sha256, reason, _now(), reader),
            )

    def forget_failure(self, source_name: str) -> None:
        """The file can be read after all, or is no longer there."""
        with self._writing() as connection:
            connection.execute("DELETE FROM failures WHERE source_name = ?", (source_name,))

    def put_embeddings(self, model: str, vectors: Iterable[tuple[str, bytes]]) -> None:
        """Keep vectors by the sha256 of the text that was embedded.

        :param vectors: (text_sha256, bytes) pairs.
        """
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)", ((model, key, vector) for key, vector in vectors)
            )

    def write_snapshot(self, path: Path) -> None:
        """Copy everything but embeddings into a new store at `path`, for a generation to keep.

        :raises StoreError: when it cannot be written; nothing is left at `path`.
        """
        copied = False
        try:
            with Store(path) as target:
                target._copy_from(self.path)
            copied = True
        finally:
            if not copied:
                for leftover in path.parent.glob(path.name + "*"):
                    leftover.unlink()

    # -- reading ------------------------------------------------------------------------------------------------

    def records(self) -> tuple[DocumentRecord, ...]:
        """Every held document without its words, by id."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT metadata, source_sha256, text_sha256, source_type, source_name, problems, ingested_at,"
                " length(text), (SELECT count(*) FROM pages WHERE document_id = d.id),"
                " (SELECT count(*) FROM passages WHERE document_id = d.id),"
                " (SELECT count(*) FROM pages WHERE document_id = d.id AND recognized IS NOT NULL)"
                " FROM documents d ORDER BY id"
            ).fetchall()
        return tuple(record_of(row) for row in rows)

    def document(self, document_id: str) -> Document:
        """A document whole, with its boxes.

        :raises NotHeld: when the library does not hold it.
        """
        return self._document(document_id, "*")

    def document_without_boxes(self, document_id: str) -> Document:
        """A document whole but for where its words stand on the page, which is most of its bytes.

        :raises NotHeld: when the library does not hold it.
        """
        return self._document(document_id, _BLOCK_COLUMNS_WITHOUT_BOXES)

    def _document(self, document_id: str, block_columns: str) -> Document:
        with self._reading() as connection:
            row = connection.execute(
                "SELECT metadata, text, source_type, source_name, source_sha256, problems FROM documents WHERE id = ?",
                (document_id,),
            ).fetchone()
            if row is None:
                raise _not_held("document", document_id)
            metadata, text, source_type, source_name, source_sha256, problems = row
            return Document(
                metadata=metadata_of(metadata),
                text=text,
                source_type=source_type,
                source_name=source_name,
                source_sha256=source_sha256,
                blocks=tuple(
                    block_of(r) for r in connection.execute(_select("blocks", "ordinal", block_columns), (document_id,))
                ),
                pages=tuple(page_of(r) for r in connection.execute(_select("pages", "page_index"), (document_id,))),
                notes=tuple(note_of(r) for r in connection.execute(_select("notes", "ordinal"), (document_id,))),
                references=tuple(
                    reference_of(r) for r in connection.execute(_select("references", "ordinal"), (document_id,))
                ),
                problems=tuple(json.loads(problems)),
            )

    def passage(self, passage_id: str) -> Passage:
        """One passage.

        :raises NotHeld: when the library does not hold it.
        """
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE id = ?",  # noqa: S608
                (passage_id,),
            ).fetchone()
        if row is None:
            raise _not_held("passage", passage_id)
        return passage_of(row)

    def passage_at(self, document_id: str, offset: int) -> Passage | None:
        """The passage of a document that holds the character at this canonical offset; None where none does."""
        with self._reading() as connection:
            row = connection.execute(
                f"SELECT {_PASSAGE_COLUMNS} FROM passages"  # noqa: S608
                ' WHERE document_id = ? AND start <= ? AND "end" > ? ORDER BY start DESC LIMIT 1',
                (document_id, offset, offset),
            ).fetchone()
        return None if row is None else passage_of(row)

    def passages(self, document_id: str | None = None) -> Iterator[Passage]:
        """The passages of one document, or of all, in order of document and place."""
        condition, values = ("WHERE document_id = ?", (document_id,)) if document_id is not None else ("", ())
        with self._reading() as connection:
            for row in connection.execute(
                f"SELECT {_PASSAGE_COLUMNS} FROM passages {condition} ORDER BY document_id, ordinal",  # noqa: S608
                values,
            ):
                yield passage_of(row)

    def incoming_references(self, document_id: str) -> tuple[IncomingReference, ...]:
        """Who points to this document, held or not."""
        with self._reading() as connection:
            rows = connection.execute(
                'SELECT * FROM "references" WHERE target = ? ORDER BY document_id, ordinal', (document_id,)
            ).fetchall()
        return tuple(IncomingReference(row[0], reference_of(row)) for row in rows)

    def failures(self) -> tuple[Failure, ...]:
        """The files that could not be read, by name."""
        with self._reading() as connection:
            return tuple(Failure(*row) for row in connection.execute("SELECT * FROM failures ORDER BY source_name"))

    def readings(self) -> dict[str, tuple[str, str]]:
        """What was read by which code: document id → (source_sha256, reader)."""
        with self._reading() as connection:
            return {
                row[0]: (row[1], row[2])
                for row in connection.execute("SELECT id, source_sha256, reader FROM documents")
            }

    def origins(self) -> dict[str, str]:
        """Where documents were read from: origin → document id."""
        with self._reading() as connection:
            return dict(connection.execute("SELECT origin, document_id FROM origins ORDER BY origin").fetchall())

    def embeddings(self, model: str, text_sha256s: Iterable[str]) -> dict[str, bytes]:
        """The kept vectors of these texts; those not yet embedded are left out."""
        found: dict[str, bytes] = {}
        with self._reading() as connection:
            for key in text_sha256s:
                row = connection.execute(
                    "SELECT vector FROM embeddings WHERE model = ? AND text_sha256 = ?", (model, key)
                ).fetchone()
                if row is not None:
                    found[key] = row[0]
        return found

    def check(self) -> tuple[str, ...]:
        """What is wrong with the file, one sentence each; empty when all is well.

        Looks at SQLite's own integrity and foreign keys, and at the promise: every passage and block is the stretch
        of text that it says, and every text has the digest that citations name.
        """
        with self._reading() as connection:
            found = [f"SQLite: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            found += [
                f"Table {row[0]}, row {row[1]}: its {row[2]} is missing"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
            ids = [row[0] for row in connection.execute("SELECT id FROM documents ORDER BY id")]
        for id_ in ids:
            document = self.document(id_)
            with self._reading() as connection:
                (digest,) = connection.execute("SELECT text_sha256 FROM documents WHERE id = ?", (id_,)).fetchone()
            if digest != document.text_sha256:
                found.append(f"Document {id_}: its text is not the one its digest names")
            found += [
                f"Document {id_}: block {block.ordinal} lies outside the text"
                for block in document.blocks
                if not 0 <= block.start < block.end <= len(document.text)
            ]
            found += [
                f"Passage {passage.id}: its words are not those of the document at {passage.start}-{passage.end}"
                for passage in self.passages(id_)
                if passage.text != document.text[passage.start : passage.end]
            ]
        return tuple(found)

    # -- connections --------------------------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            uri = f"{self.path.absolute().as_uri()}{'?mode=ro' if self.read_only else ''}"
            connection = sqlite3.connect(
                uri, uri=True, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._local.connection = connection
            self._connections.append(connection)
            connection.execute("PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._named_errors():
            yield self._connect()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._named_errors():
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"The library database {self.path} failed: {error}", _remedy(error)) from error

    def _migrate(self) -> None:
        with self._named_errors():
            connection = self._connect()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        with self._writing() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            self._refuse_newer_version(version)
            for number, script in enumerate(_migrations()[version:], start=version + 1):
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def _refuse_newer_version(self, version: int) -> None:
        newest = len(_migrations())
        if version > newest:
            raise StoreError(
                f"The library database {self.path} has version {version}, and this program knows up to {newest}",
                "Use the Verbatim that made it, or a newer one",
            )

    def _refuse_other_version(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        self._refuse_newer_version(version)
        if version < len(_migrations()):
            raise StoreError(
                f"The library database {self.path} has version {version}, older than this program's",
                "Run `verbatim index` to bring it up to date",
            )

    def _copy_from(self, source: Path) -> None:
        with self._named_errors():
            connection = self._connect()
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("ATTACH DATABASE ? AS source", (f"{source.absolute().as_uri()}?mode=ro",))
        with self._writing() as connection:
            for table in _SNAPSHOT_TABLES:
                connection.execute(f'INSERT INTO main."{table}" SELECT * FROM source."{table}"')  # noqa: S608
        with self._named_errors():
            connection.execute("DETACH DATABASE source")
            connection.execute("PRAGMA optimize")


def _select(table: str, order: str, columns: str = "*") -> str:
    return f'SELECT {columns} FROM "{table}" WHERE document_id = ? ORDER BY {order}'  # noqa: S608


def _migrations() -> list[str]:
    folder = files("corpus").joinpath("migrations")
    scripts = sorted((item for item in folder.iterdir() if item.name.endswith(".sql")), key=lambda item: item.name)
    return [script.read_text(encoding="utf-8") for script in scripts]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the transaction around them."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _remedy(error: sqlite3.Error) -> str:
    text = str(error)
    if "disk is full" in text or "disk I/O" in text:
        return "Make room on the disk and run the command again; what stood before is unharmed"
    if "readonly" in text or "unable to open" in text:
        return "Check that the folder exists and may be written, or choose another with VERBATIM_LIBRARY"
    if "locked" in text:
        return "Another Verbatim is writing to it; wait for it to end and run the command again"
    return "Run `verbatim doctor` to see what is wrong"


def _not_held(what: str, id_: str) -> NotHeld:
    return NotHeld(f"This library holds no {what} {id_!r}", "See the documents it holds with `verbatim documents`")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
