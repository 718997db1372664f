"""Numbers are those that the document prints; where their sequence breaks, none is made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import BlockKind
from ingest.extract.draft import DraftBlock
from ingest.numbering import numbered


def heading(text: str, level: int = 2) -> DraftBlock:
    return DraftBlock(BlockKind.HEADING, text, level=level)


def numbers(*blocks: DraftBlock | str) -> list[str | None]:
    made = [DraftBlock(BlockKind.PARAGRAPH, block) if isinstance(block, str) else block for block in blocks]
    return [block.number for block in numbered(made)]


def test_a_treaty_is_cited_by_article_paragraph_and_letter() -> None:
    assert numbers(
        heading("Article 12"),
        "1. Everyone …:",
        "(a) first;",
        "(b) second.",
        "2. No one …",
        "(a) again:",
        "(i) one;",
        "(ii) two.",
        heading("Article 13"),
        "All are equal.",
        "IN WITNESS WHEREOF the undersigned …",
    ) == [
        "article 12",
        "article 12, paragraph 1",
        "article 12, paragraph 1 (a)",
        "article 12, paragraph 1 (b)",
        "article 12, paragraph 2",
        "article 12, paragraph 2 (a)",
        "article 12, paragraph 2 (a) (i)",
        "article 12, paragraph 2 (a) (ii)",
        "article 13",
        "article 13",
        None,
    ]


def test_a_report_counts_its_paragraphs_through_its_headings() -> None:
    assert numbers("11. One.", "(a) Two;", heading("III. Findings"), "12. Three.", "(a) Four.") == [
        "11",
        "11 (a)",
        None,
        "12",
        "12 (a)",
    ]


def test_letters_and_roman_numbers_are_told_apart_by_their_sequence() -> None:
    letters = [f"({letter}) words" for letter in "abcdefghij"]
    assert numbers("1. Head", *letters)[-2:] == ["1 (i)", "1 (j)"]
    assert numbers("1. Head", "(a) x", "(i) y", "(ii) z", "(b) w")[2:] == ["1 (a) (i)", "1 (a) (ii)", "1 (b)"]


@pytest.mark.parametrize(
    "text",
    [
        "2011. It was a year of change.",
        "Article 12 provides that all are equal before the law.",
        "i.e. what was said",
        "3.5 million people moved.",
        "1,200 people moved",
        "Section II",
    ],
)
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert numbers(text) == [None]


def test_a_count_that_begins_anew_without_reason_is_not_trusted() -> None:
    assert numbers(
        heading("Article 1"), "A. One", "(1) x", "(2) y", "(1) of a lost B", "(2) z", "C. Three", "(1) w"
    ) == [
        "article 1",
        "article 1 (A)",
        "article 1 (A) (1)",
        "article 1 (A) (2)",
        "article 1",
        "article 1",
        "article 1 (C)",
        "article 1 (C) (1)",
    ]


def test_a_statute_prints_its_sections_before_the_words() -> None:
    assert numbers("Sec. 4. Asylum at the Border. (a) The Secretary shall:", "(i) act;", "(b) Next.") == [
        "sec. 4 (a)",
        "sec. 4 (a) (i)",
        "sec. 4 (b)",
    ]


def test_other_languages_and_scripts() -> None:
    blocks = (
        heading("Article premier"),
        heading("Artículo 7"),
        heading("المادة 3"),
        heading("第十二条"),
        heading("Статья 5"),
    )
    assert numbers(*blocks) == ["article premier", "artículo 7", "المادة 3", "第十二条", "статья 5"]


def test_a_list_item_brings_its_own_number() -> None:
    item = DraftBlock(BlockKind.LIST_ITEM, "Everyone …", level=1, number="3")
    assert numbers(heading("Article 2"), item) == ["article 2", "article 2, paragraph 3"]


@given(
    st.lists(
        st.sampled_from(["1. a", "2. b", "(a) c", "(b) d", "(i) e", "(ii) f", "Article 2", "A. g", "h", "# Article 3"])
    )
)
def test_within_an_article_no_number_is_given_twice(texts: list[str]) -> None:
    blocks = [heading(text[2:]) if text.startswith("#") else DraftBlock(BlockKind.PARAGRAPH, text) for text in texts]
    seen: set[str] = set()
    for block, text in zip(numbered(blocks), texts, strict=True):
        if "Article" in text:
            seen = set()
        elif block.number and ("paragraph" in block.number or "(" in block.number) and "icle" in block.number:
            assert block.number not in seen
            seen.add(block.number)


def test_a_label_that_stands_alone_counts() -> None:
    assert numbers(heading("Article 8"), "2. No one.", "3.", "(a) shall;")[2:] == [
        "article 8, paragraph 3",
        "article 8, paragraph 3 (a)",
    ]


def test_what_stands_below_a_paragraph_that_lost_its_number_has_none() -> None:
    assert numbers("5. One:", "(a) x;", "The sixth lost its number:", "(a) y;", "(b) z.", "7. Seven:", "(a) w.") == [
        "5",
        "5 (a)",
        None,
        None,
        None,
        "7",
        "7 (a)",
    ]
    assert numbers("5. One.", "The sixth lost its number:", "(a) y;", "(b) z.", "7. Seven.") == [
        "5",
        None,
        None,
        None,
        "7",
    ]


def test_a_count_that_jumps_is_believed_only_when_it_goes_on() -> None:
    assert numbers("1. One.", "2. Two.", "45. A line of a table.", "3. Three?", "46. Next") == [
        "1",
        "2",
        None,
        "3",
        None,
    ]


def test_decimal_numbers_say_themselves_where_they_are() -> None:
    assert numbers("115.4 Ratify.", "115.18 Expedite.", "3.1 Begin.") == ["115.4", "115.18", "3.1"]
