"""The rules for noise agree with the pages that were labelled by eye."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.ingest.real_pdfs import reading
from tests.shared import REPOSITORY, require_shared

LABELS = REPOSITORY / "tests" / "evaluation" / "noise" / "pages.tsv"
LONGEST = 100
"""Pages of the longest document read here; `python -m tests.ingest.test_pdf_noise` measures on all."""


def is_noise(path: Path, page: int) -> bool:
    """Whether most characters of the blocks that begin on a page are marked."""
    blocks = [b for b in reading(path).draft.blocks if b.page_breaks and b.page_breaks[0].page == page]
    return sum(len(b.text) for b in blocks if b.noise) > 0.5 * sum(len(b.text) for b in blocks)


def outcomes(longest: int) -> list[tuple[bool, bool, str]]:
    """For each labelled page: whether it is noise, whether the rules say so, and which page it is."""
    documents = require_shared("documents")
    with (documents / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        pages = {row["file"]: int(row["pages"] or 0) for row in csv.DictReader(index, delimiter="\t")}
    with LABELS.open(encoding="utf-8", newline="") as labels:
        rows = list(csv.DictReader(labels, delimiter="\t"))
    return [
        (
            row["label"] != "text",
            is_noise(documents / row["document"], int(row["page"])),
            f"{row['document']} {row['page']}",
        )
        for row in rows
        if pages[row["document"]] <= longest
    ]


def test_rules_find_most_noise_and_hardly_any_text() -> None:
    found = outcomes(LONGEST)
    right = sum(label and said for label, said, _ in found)
    wrong = [page for label, said, page in found if said and not label]
    missed = [page for label, said, page in found if label and not said]
    assert right / (right + len(wrong)) >= 0.95, wrong
    assert right / (right + len(missed)) >= 0.8, missed


if __name__ == "__main__":
    for label, said, page in outcomes(10_000):
        if label != said:
            print("missed" if label else "wrong", page)
