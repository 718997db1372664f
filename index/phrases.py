"""Finds a phrase exactly as written, apart from case, accents, quote marks, dashes and white space.

SQLite FTS5 says which documents hold the phrase's words in order; the place is then found in the document's folded
text (`index.fold`), so a hit is proven, and its offsets are those of the canonical text.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexDamaged
from index.fold import bare, fold, is_unspaced, phrase_pattern


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a phrase stands.

    :param document: the document's number in the generation.
    :param start: canonical offset; `end` likewise.
    """

    document: int
    start: int
    end: int


def write_phrases(path: Path, texts: Iterable[str]) -> None:
    """Index the canonical texts of documents, in the order of their numbers, into the SQLite file `path`."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("CREATE TABLE folded (document INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        for number, text in enumerate(texts):
            connection.execute("INSERT INTO folded VALUES (?, ?)", (number, fold(text)))
            connection.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, bare(text)))
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.commit()
    finally:
        connection.close()


class Phrases:
    """An index that `write_phrases` wrote; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._path = path

    def find(self, phrase: str) -> list[Occurrence]:
        """Every place of the phrase, by document and offset; none for a phrase without letters or digits.

        :raises IndexDamaged: when the file cannot be read.
        """
        pattern = phrase_pattern(phrase)
        if pattern is None:
            return []
        folded = bare(phrase)
        try:
            connection = self._connection()
            if is_unspaced(folded):
                rows = connection.execute("SELECT document, text FROM folded ORDER BY document")
            else:
                words = '"' + folded.replace('"', " ") + '"'
                rows = connection.execute(
                    "SELECT document, text FROM folded WHERE document IN (SELECT rowid FROM words WHERE words MATCH ?)"
                    " ORDER BY document",
                    (words,),
                )
            return [
                Occurrence(document, found.start(), found.end())
                for document, text in rows
                for found in pattern.finditer(text)
            ]
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(f"{self._path} cannot be read: {error}", "Run `verbatim index --rebuild`") from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._uri, uri=True, check_same_thread=False)
            self._local.connection = connection
        return connection
