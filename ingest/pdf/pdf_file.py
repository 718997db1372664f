"""Opens a PDF and reads what the file says of its pages: labels, outline, whether it is locked, tagged, a form.

These are read by pdfium, which mends broken cross references, is bounded in time on cyclic trees, and is the one
reader that also gives the glyphs: one opinion of what the pages are. What the file states about itself in words is
pypdf's to read (`ingest.pdf.statements`). pdfium is not safe to call from two threads, so every caller holds `PDFIUM`
while it works.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.extract.draft import FileMetadata, SourceError

PDFIUM = RLock()
MAX_OUTLINE = 10_000

_REASONS = {
    raw.FPDF_ERR_FORMAT: ("is damaged beyond repair or is not a PDF", "Get the file again from its publisher"),
    raw.FPDF_ERR_SECURITY: ("is encrypted in a way that cannot be read here", "Ask its publisher for an open copy"),
    raw.FPDF_ERR_FILE: ("cannot be read from the disk", "Check that it exists and may be read"),
    raw.FPDF_ERR_PAGE: ("holds no page that can be read", "Get the file again from its publisher"),
}


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: its title, its depth from 1, and the page (1-based index) it opens, None where it opens none."""

    title: str
    level: int
    page: int | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the file says about itself.

    :param labels: one for each page; None where the file gives none.
    :param placeholder: the pages stand in for a form that other programs make (XFA).
    """

    labels: tuple[str | None, ...]
    outline: tuple[OutlineEntry, ...]
    metadata: FileMetadata
    attachments: int
    tagged: bool
    placeholder: bool


@contextmanager
def open_pdf(path: Path, password: str | None = None) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF for as long as the block lasts, holding pdfium.

    :raises SourceError: it is missing, empty, damaged, locked with another password, or has no page.
    """
    with PDFIUM:
        document = _opened(path, password)
        try:
            if len(document) == 0:
                raise SourceError(f"{path.name!r} has no pages", "Get the file again from its publisher")
            yield document
        finally:
            document.close()


def _opened(path: Path, password: str | None) -> pdfium.PdfDocument:
    try:
        return _unlocked(path, password)
    except FileNotFoundError as error:
        raise SourceError(f"{path.name!r} does not exist", "Check its name") from error
    except OSError as error:
        raise SourceError(f"{path.name!r} cannot be read: {error}", "Check that it may be read") from error
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            what = "needs a password" if password is None else "is locked with another password than the one given"
            raise SourceError(f"{path.name!r} is encrypted and {what}", "Give its password") from error
        what, remedy = _REASONS.get(code or 0, _REASONS[raw.FPDF_ERR_FORMAT])
        raise SourceError(f"{path.name!r} {what}", remedy) from error


def _unlocked(path: Path, password: str | None) -> pdfium.PdfDocument:
    """Open with the password as given, or else as SASLprep (RFC 4013) writes it, as PDF 2.0 asks for."""
    try:
        return pdfium.PdfDocument(path, password=password)
    except pdfium.PdfiumError:
        prepared = unicodedata.normalize("NFKC", (password or "").replace("\u00ad", "").replace("\u200b", ""))
        if not prepared or prepared == password:
            raise
        return pdfium.PdfDocument(path, password=prepared)


def read_facts(document: pdfium.PdfDocument) -> FileFacts:
    """What the file says about itself; parts that are damaged count as silent."""
    return FileFacts(
        labels=tuple(document.get_page_label(index) or None for index in range(len(document))),
        outline=_outline(document),
        metadata=_metadata(document),
        attachments=document.count_attachments(),
        tagged=bool(raw.FPDFCatalog_IsTagged(document.raw)),
        placeholder=document.get_formtype() == raw.FORMTYPE_XFA_FULL,
    )


def _outline(document: pdfium.PdfDocument) -> tuple[OutlineEntry, ...]:
    """The bookmarks in order, each visited once, so that a cycle ends."""
    entries: list[OutlineEntry] = []
    seen: set[int] = set()

    def visit(parent: object, level: int) -> None:
        mark = raw.FPDFBookmark_GetFirstChild(document.raw, parent)
        while mark:
            address = ctypes.cast(mark, ctypes.c_void_p).value or 0
            if address in seen or len(entries) >= MAX_OUTLINE or level > 12:
                return
            seen.add(address)
            bookmark = pdfium.PdfBookmark(mark, document, level)
            destination = bookmark.get_dest()
            index = destination.get_index() if destination else None
            title = " ".join(bookmark.get_title().split())
            entries.append(OutlineEntry(title, level, None if index is None else index + 1))
            visit(mark, level + 1)
            mark = raw.FPDFBookmark_GetNextSibling(document.raw, mark)

    visit(None, 1)
    return tuple(entry for entry in entries if entry.title)


def _metadata(document: pdfium.PdfDocument) -> FileMetadata:
    said = document.get_metadata_dict(skip_empty=True)
    title = " ".join(said.get("Title", "").replace("\x00", "").split()) or None
    authors = " ".join(said.get("Author", "").replace("\x00", "").split())
    return FileMetadata(
        title=title,
        authors=(authors,) if authors else (),
        date=_iso_date(said.get("CreationDate", "")),
        language=_language(document),
    )


def _iso_date(text: str) -> str | None:
    """`D:20110217…` as `2011-02-17` (PDF 1.7, 7.9.4)."""
    found = re.match(r"(?:D:)?((?:19|20)\d\d)(0[1-9]|1[0-2])?([0-2]\d|3[01])?", text)
    return "-".join(part for part in found.groups() if part) if found else None


def _language(document: pdfium.PdfDocument) -> str | None:
    buffer = (ctypes.c_ushort * 64)()
    size = raw.FPDFCatalog_GetLanguage(document.raw, buffer, ctypes.sizeof(buffer))
    text = bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "ignore").strip("\x00 ")
    return text if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text) else None
