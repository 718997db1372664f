"""A draft ready to be checked: its words, and what its file knows of block quotations and notes.

A Markdown or plain text file is taken as it is, so that offsets are those of the file; of every other kind of file the
words are read as ingest reads them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from app.quotes.models import MAX_DRAFT_CHARACTERS
from corpus.documents import BlockKind, Document
from corpus.errors import VerbatimError
from ingest import detect
from ingest.extract.encoding import decode_text
from ingest.extract.limits import ExtractOptions, Limits
from ingest.extract.source import read_bytes
from ingest.reading import Task
from ingest.sandbox import Confines
from ingest.worker import Workers

MAX_DRAFT_BYTES = 50 * 2**20
_OPTIONS = ExtractOptions(
    ocr=False, limits=Limits(bytes=MAX_DRAFT_BYTES, unpacked_bytes=200 * 2**20, characters=MAX_DRAFT_CHARACTERS)
)
_CONFINES = Confines(memory_bytes=2**30, cpu_seconds=60, wall_seconds=120)
_AS_IT_IS = frozenset({detect.MARKDOWN, detect.PLAIN})


class DraftUnreadable(VerbatimError):
    """A draft file that cannot be read."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """The words of a draft.

    :param blocks: spans that the file marks as block quotations.
    :param notes: (offset that the note hangs on, its text).
    """

    text: str
    blocks: tuple[tuple[int, int], ...] = ()
    notes: tuple[tuple[int, str], ...] = ()


def read_draft(path: Path) -> DraftText:
    """The draft in a file: DOCX, ODT, PDF, HTML, EPUB, Markdown or plain text, told by its content.

    Files that are more than text are opened in a process of their own, as `ingest` opens a stranger's files.

    :raises VerbatimError: when it cannot be read, or is too long.
    """
    if detect.media_type(path) in _AS_IT_IS:
        text = decode_text(read_bytes(path, _OPTIONS.limits), path.name).text
        if len(text) > MAX_DRAFT_CHARACTERS:
            raise DraftUnreadable(
                f"The draft has {len(text):,} characters, and at most {MAX_DRAFT_CHARACTERS:,} are checked at once",
                "Check it in parts",
            )
        return DraftText(text)
    with tempfile.TemporaryDirectory() as scratch, Workers(1, _CONFINES, Path(scratch)) as workers:
        (finished,) = workers.read([Task(path, None, _OPTIONS)])
    if finished.document is None:
        raise DraftUnreadable(finished.reason or "The draft cannot be read")
    return _of_document(finished.document)


def read_draft_bytes(content: bytes, name: str) -> DraftText:
    """The draft in an uploaded file.

    :param name: the file's name, for messages only.
    :raises VerbatimError: as `read_draft`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft"
        path.write_bytes(content)
        try:
            return read_draft(path)
        except VerbatimError as error:
            raise DraftUnreadable(error.what.replace(str(path), name), error.remedy) from error


def _of_document(document: Document) -> DraftText:
    quoted = tuple((b.start, b.end) for b in document.blocks if b.kind is BlockKind.QUOTATION)
    notes = []
    for note in document.notes:
        block = document.blocks[note.block]
        notes += [(anchor, document.text[block.start : block.end]) for anchor in note.anchors]
    return replace(DraftText(document.text), blocks=quoted, notes=tuple(notes))
