"""Reads what a PDF states about itself in words, by pypdf: title, authors, date, language, and the files it carries.

pypdf sees what pdfium does not give: the XMP packet, which newer files fill instead of the old information dictionary,
and the names of attachments. A damaged file may defeat it where pdfium still reads the pages; then it has stated
nothing, and that is no fault of the document.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader
from pypdf.xmp import XmpInformation

from ingest.extract.draft import FileMetadata

MAX_ATTACHMENTS = 100
MAX_WORDS = 500
"""Code points of a title or a name: a longer one is no title."""
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_log = logging.getLogger("pypdf")


@dataclass(frozen=True, slots=True)
class Statements:
    """What a file states.

    :param attachments: names of the files that it carries, which are not read.
    """

    metadata: FileMetadata = field(default_factory=FileMetadata)
    attachments: tuple[str, ...] = ()


def read_statements(path: Path, password: str | None = None) -> Statements:
    """What the file states; nothing where pypdf cannot read it."""
    former, _log.level = _log.level, logging.CRITICAL  # its complaints of damage are pdfium's to tell
    try:
        with PdfReader(path, strict=False, password=password) as reader:
            return Statements(_metadata(reader), _attachments(reader))
    except Exception:  # whatever a hostile file makes of it: see above
        return Statements()
    finally:
        _log.level = former


def _metadata(reader: PdfReader) -> FileMetadata:
    said, packet = reader.metadata, reader.xmp_metadata
    title = _words(said.title if said else None) or _of_packet(packet)
    author = _words(said.author if said else None)
    authors = (author,) if author else tuple(filter(None, map(_words, (packet.dc_creator or []) if packet else [])))
    created = said.creation_date if said else None
    tag = str(reader.root_object.get("/Lang", ""))
    return FileMetadata(
        title=title,
        authors=authors,
        date=created.date().isoformat() if created and 1900 < created.year < 2100 else None,
        language=tag if _TAG.fullmatch(tag) else None,
    )


def _of_packet(packet: XmpInformation | None) -> str | None:
    titles: dict[str, str] = (packet.dc_title or {}) if packet else {}
    return _words(titles.get("x-default")) or next(filter(None, map(_words, titles.values())), None)


def _attachments(reader: PdfReader) -> tuple[str, ...]:
    names: Iterable[str] = (attachment.name for attachment in reader.attachment_list)
    return tuple(name for name, _ in zip(map(_words, names), range(MAX_ATTACHMENTS), strict=False) if name)


def _words(value: object) -> str | None:
    text = " ".join(str(value or "").replace("\x00", "").split())
    return text if 0 < len(text) <= MAX_WORDS and text.isprintable() else None
