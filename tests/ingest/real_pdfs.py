"""Readings of the shared PDFs, each made once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.extract.limits import ExtractOptions
from ingest.extract.pdf import Reading, read_pdf


@cache
def reading(path: Path) -> Reading:
    """The reading of a PDF, its scanned pages left alone."""
    return read_pdf(path, ExtractOptions(ocr=False))
