"""Pages of real documents that were compared by eye with their picture are still read as they were then.

`pages/pages.tsv` holds no word of theirs: for each block its kind, how many letters it has, and a hash of them. After a
change that reads them better, look at the pages and run `python -m tests.ingest.test_pdf_pages` to write it anew.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from ingest.extract.draft import DraftBlock
from tests.ingest.real_pdfs import reading
from tests.shared import require_shared

PAGES = Path(__file__).parent / "pages" / "pages.tsv"
FIELDS = ("document", "page", "kind", "letters", "anchors", "sha256")


def fingerprint(block: DraftBlock) -> tuple[str, int, int, str]:
    """Kind, letters, notes called, and the hash of the words with single spaces."""
    words = " ".join(unicodedata.normalize("NFC", block.text).split())
    digest = hashlib.sha256(words.encode()).hexdigest()[:16]
    return block.kind.value, sum(c.isalpha() for c in words), len(block.anchors), digest


def blocks_of(document: str, page: int) -> list[DraftBlock]:
    """The blocks that stand on a page, wholly or in part."""
    blocks = reading(require_shared("documents") / document).draft.blocks
    return [block for block in blocks if any(part.page == page for part in block.page_breaks)]


def recorded() -> dict[tuple[str, int], list[tuple[str, int, int, str]]]:
    """The fingerprints of each page's blocks, in reading order."""
    pages: dict[tuple[str, int], list[tuple[str, int, int, str]]] = defaultdict(list)
    with PAGES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            place = row["document"], int(row["page"])
            pages[place].append((row["kind"], int(row["letters"]), int(row["anchors"]), row["sha256"]))
    return dict(pages)


@pytest.mark.parametrize(("document", "page"), sorted(recorded()))
def test_page_is_read_as_when_it_was_looked_at(document: str, page: int) -> None:
    found = [fingerprint(block) for block in blocks_of(document, page)]
    wanted = recorded()[document, page]
    changed = [
        f"{block.kind.value}: {block.text[:80]!r}"
        for block in blocks_of(document, page)
        if fingerprint(block) not in wanted
    ]
    assert found == wanted, "now read otherwise:\n" + "\n".join(changed)


if __name__ == "__main__":
    places = sorted(recorded())
    with PAGES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(FIELDS)
        for document, page in places:
            writer.writerows((document, page, *fingerprint(block)) for block in blocks_of(document, page))
