"""Page labels as people write them lead to the pages that carry them, and to no other."""

from __future__ import annotations

import pytest

from app.places import names_page, pages_labelled
from corpus.documents import Page

LABELS = (None, "i", "ii", "iii", "iv", "v", "vi", "1", "2", "3", "9", "10", "A-1", "A-2", "A-3", None)
PAGES = tuple(Page(index, label) for index, label in enumerate(LABELS, start=1))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2", ["2"]),
        ("2-3", ["2", "3"]),
        ("9–10", ["9", "10"]),
        ("3, 9 and 10", ["3", "9", "10"]),
        ("1 et 3", ["1", "3"]),
        ("iv", ["iv"]),
        ("IV", ["iv"]),
        ("iv-vi", ["iv", "v", "vi"]),
        ("ii, iv – v", ["ii", "iv", "v"]),
        ("vi-1", ["vi", "1"]),
        ("A-2", ["A-2"]),
        ("A-1–A-3", ["A-1", "A-2", "A-3"]),
        ("vi-iv", []),
        ("4", []),
        ("xii", []),
        ("", []),
        ("-", []),
    ],
)
def test_labels_lead_to_their_pages(written: str, wanted: list[str]) -> None:
    assert [page.label for page in pages_labelled(PAGES, written)] == wanted


def test_an_elided_number_is_made_whole() -> None:
    assert names_page("186-7", "187")
    assert not names_page("186-7", "7")
