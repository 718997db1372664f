"""Compares readers of PDFs on the same files by the same measures, and prints the table of docs/extraction.md.

`python -m tests.benchmarks.extraction` typesets the truth set, reads it with every reader, and then times each of them
on the shared documents, in a process of its own. Layout models are left out: they are another kind of machine.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from corpus.documents import BlockKind
from tests.ingest.typeset.measure import plain
from tests.ingest.typeset.truth import LAYOUTS, Truth, typeset
from tests.shared import SHARED

TIMED = (
    "un_upr/upr_c3_g1925890.pdf",
    "un_upr/upr_c2_g1413493.pdf",
    "pdf_hr/OHCHR-IPU-CEDAW-Handbook-revised-edition.pdf",
    "pdf_iom/Abridged_Evaluation_Report__Final.pdf",
)


def verbatim(path: Path) -> str:
    """This project's reader: its blocks, notes behind the text."""
    from ingest.extract.limits import ExtractOptions
    from ingest.extract.pdf import extract_pdf

    return "\n\n".join(block.text for block in extract_pdf(path, ExtractOptions(ocr=False)).blocks)


def pypdf_text(path: Path) -> str:
    """Plain pypdf."""
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def pdfium_text(path: Path) -> str:
    """The text that pypdfium2 gives by itself."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pdfminer_text(path: Path) -> str:
    """pdfminer.six with its layout analysis."""
    from pdfminer.high_level import extract_text

    return str(extract_text(path))


def pdfplumber_text(path: Path) -> str:
    """pdfplumber, on the characters that pdfminer.six finds."""
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


READERS: dict[str, Callable[[Path], str]] = {
    "Verbatim": verbatim,
    "pypdfium2": pdfium_text,
    "pypdf": pypdf_text,
    "pdfminer.six": pdfminer_text,
    "pdfplumber": pdfplumber_text,
}


@dataclass
class Fidelity:
    """Sums over the truth set."""

    pages: int = 0
    paragraphs: int = 0
    broken: int = 0
    likeness: float = 0.0
    splices: int = 0

    def add(self, text: str, truth: Truth) -> None:
        """Count how one document was read."""
        read = plain(text)
        self.pages += len(truth.labels)
        for kind, words in truth.blocks:
            if kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
                wanted = plain(words)
                self.paragraphs += 1
                whole = wanted in read
                self.broken += not whole
                self.likeness += 1.0 if whole else fuzz.partial_ratio(wanted, read) / 100
        for note in truth.notes:
            marker = rf"{re.escape(plain(note.before))} ?{note.marker}(?![\d.])"  # "2. Title" is a heading's number
            self.splices += re.search(marker, read) is not None


def fidelity() -> dict[str, Fidelity]:
    """Read the truth set with every reader."""
    found = {name: Fidelity() for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        for place, layout in enumerate(LAYOUTS):
            path = Path(folder) / f"{place}.pdf"
            truth = typeset(layout, path)
            for name, read in READERS.items():
                found[name].add(read(path), truth)
    return found


def timed(name: str) -> dict[str, float]:
    """Pages read in a second of processor time and the memory it took, in MiB, of one reader in this process."""
    import pypdfium2

    paths = [SHARED / "documents" / document for document in TIMED]
    pages = 0
    for path in paths:
        with pypdfium2.PdfDocument(path) as document:
            pages += len(document)
    READERS[name](paths[0])  # imports and word lists are loaded once, whatever is read
    start = time.process_time()
    for path in paths:
        READERS[name](path)
    seconds = time.process_time() - start
    # Of this process alone: ru_maxrss would also count what the process had that started it.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return {"pages/s": pages / seconds, "MiB": int(peak[1]) / 1024 if peak else 0.0}


def main() -> None:
    """Print the table."""
    if len(sys.argv) > 1:
        print(json.dumps(timed(sys.argv[1])))
        return
    print("| reader | likeness | broken paragraphs per 100 pages | note splices per 100 pages | pages/s | MiB |")
    print("|---|---|---|---|---|---|")
    for name, score in fidelity().items():
        command = [sys.executable, "-m", "tests.benchmarks.extraction", name]
        speed = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        print(
            f"| {name} | {score.likeness / score.paragraphs:.2%} | {100 * score.broken / score.pages:.0f} "
            f"| {100 * score.splices / score.pages:.0f} | {speed['pages/s']:.0f} | {speed['MiB']:.0f} |"
        )


if __name__ == "__main__":
    main()
