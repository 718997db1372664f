"""The pages labelled for noise are real pages, and about half of them are ordinary text."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pypdfium2

from tests.shared import require_shared

PAGES = Path(__file__).parent / "noise" / "pages.tsv"
NOISE = {"contents", "index", "references", "form", "list-of-abbreviations", "annex-table"}


def rows() -> list[tuple[str, int, str]]:
    with PAGES.open(encoding="utf-8", newline="") as file:
        return [(row["document"], int(row["page"]), row["label"]) for row in csv.DictReader(file, delimiter="\t")]


def test_labels_are_known_and_about_half_is_text() -> None:
    labels = Counter(label for _, _, label in rows())
    assert set(labels) <= NOISE | {"text"}
    assert 0.4 <= labels["text"] / labels.total() <= 0.6
    assert len({(document, page) for document, page, _ in rows()}) == labels.total() >= 40


def test_every_labelled_page_is_there_and_has_words() -> None:
    folder = require_shared("documents")
    for document, page, _ in rows():
        with pypdfium2.PdfDocument(folder / document) as pdf:
            assert 1 <= page <= len(pdf), f"{document} has {len(pdf)} pages, not {page}"
            assert len(pdf[page - 1].get_textpage().get_text_range().split()) >= 25, f"{document}, page {page}"
