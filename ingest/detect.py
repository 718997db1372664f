"""Tells what a file is by its content, never by its name: the media type decides which extractor reads it.

Invariant: a name may only break a tie between kinds of text that look alike (Markdown and plain text).
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ingest.extract.draft import SourceError
from ingest.extract.source import shown

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
EPUB = "application/epub+zip"
ZIP = "application/zip"
HTML = "text/html"
MARKDOWN = "text/markdown"
PLAIN = "text/plain"
DOC = "application/msword"
RTF = "application/rtf"

HEAD_BYTES = 2**16
PDF_HEADER_BYTES = 1024
"""Readers accept the PDF header anywhere in the first so many bytes (Adobe's implementation note 13)."""

_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_BLOCKS = re.compile(rb"<(?:p|div|h[1-6]|table|ul|ol|article|section)\b[^>]*>", re.I)
_MARKDOWN = re.compile(
    r"^(?:#{1,6}\s*\S|---\s*$|```|\s*[-*+] \S|\s*\d{1,3}\. \S|> \S|\|.*\|\s*$|\[\^\w+\]:)"
    r"|\*\*\S[^*\n]*\S\*\*|\]\(\S+\)|<sup>",
    re.MULTILINE,
)
_MARKDOWN_FEWEST = 2
_UNREADABLE = {
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\0", b"MM\0*"),
    "application/x-rar": (b"Rar!",),
    "application/x-7z-compressed": (b"7z\xbc\xaf",),
    "application/gzip": (b"\x1f\x8b",),
    "an executable": (b"MZ", b"\x7fELF"),
}


def media_type(path: Path) -> str:
    """The media type of a file.

    :raises SourceError: when it cannot be read, is empty, or is of a kind that no extractor reads.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{shown(path)} cannot be read: {reason}", "Check the path and its permissions") from error
    if not head:
        raise SourceError(f"{shown(path)} is empty", "Give a file that has text in it")
    if b"%PDF-" in head[:PDF_HEADER_BYTES]:
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_type(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return DOC
    if head.lstrip().startswith(b"{\\rtf"):
        return RTF
    for kind, marks in _UNREADABLE.items():
        if head.startswith(marks):
            raise SourceError(
                f"{shown(path)} is {kind}, not a document with text",
                "Save it as PDF (a picture of a page is then read by text recognition) or unpack it",
            )
    return _text_type(path, head)


def _zip_type(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            stated = _stated_type(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise SourceError(f"{shown(path)} is a damaged zip file: {error}", "Download it again") from error
    if stated in (ODT, EPUB):
        return stated
    if "META-INF/container.xml" in names:
        return EPUB
    if "word/document.xml" in names or any(name.startswith("word/document") for name in names):
        return DOCX
    if "[Content_Types].xml" in names or stated.startswith("application/vnd.oasis"):
        raise SourceError(f"{shown(path)} is a spreadsheet or slides, not a text", "Save it as PDF")
    return ZIP


def _stated_type(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument or EPUB package says it is, of which no more is unpacked than that may take."""
    with archive.open("mimetype") as member:
        return member.read(100).strip().decode("ascii", "replace")


def _text_type(path: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="replace").encode()
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _HTML_START.match(head):
        return HTML
    text = head.decode("utf-8", errors="replace")
    marks = len(_MARKDOWN.findall(text))
    name = path.suffix.lower()
    if name in (".md", ".markdown") or (marks >= _MARKDOWN_FEWEST and name != ".txt" and _mostly_prose(marks, text)):
        return MARKDOWN
    if name in (".html", ".htm", ".xhtml") or (len(_HTML_BLOCKS.findall(head)) >= 3 and b"</" in head):
        return HTML
    return PLAIN


def _mostly_prose(marks: int, text: str) -> bool:
    """Plain text has lists too: headings, bold words or links must be among what looks like Markdown."""
    strong = re.search(r"^#{1,6} \S|\*\*\S|\]\(\S+\)|<sup>|\[\^", text, re.MULTILINE)
    return strong is not None and marks >= _MARKDOWN_FEWEST
