"""Nothing is lost and nothing comes twice: the letters of a file are those of its blocks, markers and furniture."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from corpus.documents import BlockKind
from ingest.pdf.characters import clean
from tests.ingest.real_pdfs import reading
from tests.shared import require_shared

DOCUMENTS = require_shared("documents")


BULLET_LETTERS = "oÌÂ"
"""Letters whose glyph is a hollow bullet or an arrow: that of office programs, and two of Wingdings in these files."""


def letters(text: str) -> Counter[str]:
    """Letters and digits, compatibility forms opened."""
    return Counter(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def letters_of_file(path: Path) -> Counter[str]:
    """What pdfium alone reads, private-use glyphs told as the project tells them."""
    found: Counter[str] = Counter()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            found += letters(clean(page.get_textpage().get_text_range()))
    return found


LARGEST = 1_000_000
"""Bytes of the largest file that this test reads on every run; set VERBATIM_ALL_PDFS=1 to read them all."""


def paths() -> list[Path]:
    largest = 1e12 if os.environ.get("VERBATIM_ALL_PDFS") == "1" else LARGEST
    return [path for path in sorted(DOCUMENTS.glob("*/*.pdf")) if path.stat().st_size <= largest]


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name)
def test_every_letter_is_in_one_block_or_in_the_furniture(path: Path) -> None:
    found: Counter[str] = Counter()
    for block in reading(path).draft.blocks:
        found += letters(block.text)
        found += letters(" ".join(anchor.marker for anchor in block.anchors))
    notes = {block.note: block.marker or "" for block in reading(path).draft.blocks if block.note}
    found += letters(" ".join(notes.values()))
    for page in reading(path).furniture + reading(path).overprinted:
        found += letters(" ".join(page))
    wanted = letters_of_file(path)
    lost, doubled = wanted - found, found - wanted
    items = sum(block.kind is BlockKind.LIST_ITEM for block in reading(path).draft.blocks)
    for bullet in BULLET_LETTERS:
        lost[bullet] = max(0, lost[bullet] - items)
    assert lost.total() + doubled.total() == 0, f"lost {lost.most_common(9)}, doubled {doubled.most_common(9)}"
