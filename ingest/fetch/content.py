"""Tells which downloaded files Verbatim takes: by their content, whatever their name or their server says."""

from __future__ import annotations

from pathlib import Path

from ingest import detect
from ingest.extract.draft import SourceError

SUFFIXES = {
    detect.PDF: ".pdf",
    detect.HTML: ".html",
    detect.DOCX: ".docx",
    detect.ODT: ".odt",
    detect.EPUB: ".epub",
    detect.MARKDOWN: ".md",
    detect.PLAIN: ".txt",
}
"""The types that a text may come in, and the suffix under which each is kept."""

LOOSE_TYPES = frozenset({detect.HTML, detect.MARKDOWN, detect.PLAIN})
"""Types whose suffix promises nothing: an address ending in .html may well give a PDF."""


def content_type(path: Path) -> str | None:
    """Media type of a file, one of `SUFFIXES`; None where it is nothing that can hold a text."""
    try:
        found = detect.media_type(path)
    except SourceError:
        return None
    if found in LOOSE_TYPES:
        with path.open("rb") as file:
            head = file.read(detect.HEAD_BYTES)
        if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return None
    return found if found in SUFFIXES else None
