"""Quotations are found in every form that printers give them, and stray marks swallow nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quotes.find import DraftError, find_quotations


@pytest.mark.parametrize(
    ("draft", "quoted"),
    [
        ("He said “we agree” twice.", ["we agree"]),
        ('She said "we agree," and "we do".', ["we agree,", "we do"]),
        ("They wrote ‘we agree’ and 'we don’t'.", ["we agree", "we don’t"]),
        ("Sie sagte „wir sind dafür“ und »wir auch«.", ["wir sind dafür", "wir auch"]),
        ("Elle a dit « nous sommes d’accord » et ‹ nous aussi ›.", ["nous sommes d’accord", "nous aussi"]),
        ("Dijo: «estamos “todos” de acuerdo».", ["estamos “todos” de acuerdo"]),
        ("他说“我们同意”，又说「我们也是」。", ["我们同意", "我们也是"]),
        ("قال «نحن موافقون» ثم “نعم”.", ["نحن موافقون", "نعم"]),
        ("L'Organisation << fondée sur l'égalité >> agit.", ["fondée sur l'égalité"]),
        ("Nested “one ‘two “three” two’ one” end.", ["one ‘two “three” two’ one"]),
        ("‘the migrant workers’ rights are kept’ it says", ["the migrant workers’ rights are kept"]),
        ("the workers' union and the people's will", []),
        ("A stray “ mark, and then “a true one”.", ["a true one"]),
        ('An odd " mark here.\n\nThen "a true one" there.', ["a true one"]),
        (
            "“First paragraph of a long quotation.\n\n“Its second paragraph.” End.",
            ["First paragraph of a long quotation.\n\n“Its second paragraph."],
        ),
        (
            "Intro:\n\n> Words that stand\n> in a block.\n>\n> — Example Coalition\n\nEnd.",
            ["Words that stand\n> in a block."],
        ),
        ("> “Words in marks in a block.”\n", ["Words in marks in a block."]),
        ("no quotation at all", []),
        ("“”", []),
        ("", []),
    ],
)
def test_quotations_are_found(draft: str, quoted: list[str]) -> None:
    found = find_quotations(draft)
    assert [quotation.text for quotation in found] == quoted
    for quotation in found:
        assert draft[quotation.start : quotation.end] == quotation.text


def test_a_block_that_the_file_marks_is_a_quotation() -> None:
    draft = "Intro.\n\nWords of another.\n\nEnd."
    (quotation,) = find_quotations(draft, ((8, 25),))
    assert (quotation.text, quotation.opening) == ("Words of another.", ">")


@given(st.text(alphabet="ab s“”‘’'\"«»„>\n.", max_size=60))
def test_whatever_the_marks_quotations_are_spans_in_order(draft: str) -> None:
    place = 0
    for quotation in find_quotations(draft):
        assert place <= quotation.start < quotation.end <= len(draft)
        assert draft[quotation.start : quotation.end] == quotation.text
        place = quotation.end


@pytest.mark.parametrize("mark", ["“", "„", "«", "'"])
def test_a_heap_of_marks_is_refused_and_not_searched_for_ever(mark: str) -> None:
    with pytest.raises(DraftError, match="nothing closes"):
        find_quotations(f" {mark}x" * 20_000)
