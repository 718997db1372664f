"""Reads the older formats of word processors (DOC, RTF) by having LibreOffice convert them to DOCX first.

Invariant: without LibreOffice the answer is a message that says how to go on, never a half-read file.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.extract.docx import extract_docx
from ingest.extract.draft import Draft, SourceError
from ingest.extract.limits import ExtractOptions
from ingest.extract.source import check_source, shown

SECONDS = 120
"""How long LibreOffice may take for one file: it starts in about 3 s and converts 100 pages in about 5."""
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def extract_legacy(path: Path, options: ExtractOptions) -> Draft:
    """Read a DOC or RTF file.

    :raises SourceError: when LibreOffice is not installed, cannot read the file, or takes too long.
    """
    check_source(path, options.limits)
    with path.open("rb") as file:
        if _ENCRYPTED_PACKAGE in file.read(2**16):
            raise SourceError(f"{shown(path)} is encrypted", "Save it without a password")
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise SourceError(
            f"{shown(path)} is in an older format that LibreOffice must convert, which is not installed",
            "Install it (`apt-get install libreoffice-writer-nogui`), or save the file as DOCX or PDF",
        )
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        # A plain name, since LibreOffice takes some characters of a name for options.
        source = Path(folder) / f"source{path.suffix.lower() if path.suffix.lower() in ('.doc', '.rtf') else '.doc'}"
        shutil.copyfile(path, source)
        command = [
            *(program, "--headless", "--norestore", "--nolockcheck"),
            f"-env:UserInstallation=file://{folder}/profile",
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", f"{folder}/out", str(source)),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)  # noqa: S603
        except (subprocess.SubprocessError, OSError) as error:
            raise SourceError(
                f"{shown(path)} could not be converted by LibreOffice", "Save it as DOCX or PDF"
            ) from error
        converted = Path(folder) / "out" / "source.docx"
        if not converted.is_file():
            raise SourceError(f"{shown(path)} could not be converted by LibreOffice", "Save it as DOCX or PDF")
        draft = extract_docx(converted, options)
    title = None if draft.metadata.title == "source" else draft.metadata.title
    return replace(draft, metadata=replace(draft.metadata, title=title))
