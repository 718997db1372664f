"""Places: what is printed is cited, what is not is never invented, and words are the style's and the language's."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.citation import Form, Locator, cite, locate, style_names, styles
from app.citation.render import page_range
from corpus.documents import Block, BlockKind, Metadata, Page, Span

REPORT = Metadata(id="r", title="Far from Home", organization="Example Coalition", kind="report", date="2018")


def block(ordinal: int, start: int, end: int, **fields: object) -> Block:
    return Block(ordinal=ordinal, kind=BlockKind.PARAGRAPH, start=start, end=end, **fields)  # type: ignore[arg-type]


def test_pages_are_labels_and_never_indexes() -> None:
    pages = [
        Page(9, "iv", spans=(Span(0, 10),)),
        Page(10, None, spans=(Span(10, 20),)),
        Page(11, "1", spans=(Span(20, 30),)),
    ]
    assert locate([block(0, 0, 30)], pages, 2, 5).pages == "iv"
    assert locate([block(0, 0, 30)], pages, 12, 15) == Locator(page_index=10)
    assert locate([block(0, 0, 30)], pages, 2, 12).pages is None
    assert locate([block(0, 0, 30)], [pages[0], pages[2]], 2, 25).pages == "iv–1"


def test_a_numbered_paragraph_is_cited_by_its_number_and_a_list_item_is_not() -> None:
    numbered = block(0, 0, 10, number="12", paragraph=3)
    assert locate([numbered], [], 0, 5).number == "12"
    item = Block(ordinal=1, kind=BlockKind.LIST_ITEM, start=12, end=20, number="2", paragraph=3)
    assert locate([numbered, item], [], 12, 15) == Locator(paragraph=3)
    below = Block(ordinal=1, kind=BlockKind.LIST_ITEM, start=12, end=20, number="12 (a)", paragraph=3)
    assert locate([block(0, 0, 10, number="12"), below], [], 12, 15).number == "12 (a)"


@pytest.mark.parametrize(
    ("number", "section", "article", "paragraph"),
    [
        ("article 12, paragraph 3", (), "12", "3"),
        ("article 40, paragraph 2 (b) (iii)", ("Article 40",), "40", "2 (b) (iii)"),
        ("article 45 (b)", (), "45", "(b)"),
        ("artikel 7 bis", (), "7 bis", None),
        ("artículo 5", (), "5", None),
        ("article premier", (), "premier", None),
        ("المادة 23, paragraph 1", ("المادة 23",), "23", "1"),
        ("第3条", (), "3", None),
        ("3", ("Part II", "Article 12. Freedom of thought"), "12", "3"),
        ("3 (b)", ("Article 16",), "16", "3 (b)"),
        ("(b)", ("Article 16",), "16", "(b)"),
        (None, ("Article 2",), "2", None),
        ("(a)", ("Recommendations",), None, None),
        ("57 (c) (ii)", ("Recommendations",), None, "57 (c) (ii)"),
        ("5.12", (), None, "5.12"),
    ],
)
def test_articles_are_found_in_numbers_and_headings(
    number: str | None, section: tuple[str, ...], article: str | None, paragraph: str | None
) -> None:
    found = locate([block(0, 0, 10, number=number, section=section)], [], 0, 5)
    assert (found.article, found.number) == (article, paragraph)
    assert found.division is None


def test_other_numbered_parts_are_cited_in_their_own_words() -> None:
    found = locate([block(0, 0, 10, number="objective 6, paragraph 22 (d)")], [], 0, 5)
    assert (found.division, found.number) == ("objective 6", "22 (d)")
    assert cite(REPORT, found).endswith(", objective 6, para. 22 (d).")
    assert cite(REPORT, found, style="oscola").endswith("objective 6, para 22 (d).")
    assert cite(REPORT, Locator(division="principle 3", number="(a)")).endswith(", principle 3 (a).")


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("united-nations", "art. 40, para. 2 (b) (iii)."),
        ("oscola", "art 40(2)(b)(iii)."),
        ("bluebook-law-review", "art. 40(2)(b)(iii) (2018)."),
    ],
)
def test_paragraphs_of_articles_are_written_as_the_style_does(style: str, words: str) -> None:
    assert cite(REPORT, Locator(article="40", number="2 (b) (iii)"), style=style).endswith(words)
    letters = cite(REPORT, Locator(article="45", number="(b)"), style=style)
    assert ("45 (b)" if style == "united-nations" else "45(b)") in letters


@pytest.mark.parametrize(
    ("locale", "place", "words"),
    [
        ("en", Locator("74", "75"), "pp. 74–75"),
        ("fr", Locator("74", "74"), "p. 74"),
        ("es", Locator("74", "75"), "págs. 74–75"),
        ("fr", Locator(number="5"), "par. 5"),
        ("es", Locator(number="5"), "párr. 5"),
        ("fr", Locator(paragraph=7, section=("Éducation",)), "sect. « Éducation », par. 7"),
        ("es", Locator(paragraph=7, section=("Educación",)), "secc. «Educación», párr. 7"),
        ("fr", Locator(article="12", number="3"), "art. 12, par. 3"),
        ("ru", Locator(article="12", number="3"), "ст. 12, п. 3"),
        ("ru", Locator("74", "75"), "стр. 74–75"),
        ("ar", Locator(article="12", number="3"), "المادة 12، الفقرة 3"),
        ("ar", Locator("74", "74"), "الصفحة 74"),
        ("zh", Locator("74", "74"), "74"),
    ],
)
def test_the_words_of_a_place_are_those_of_the_language(locale: str, place: Locator, words: str) -> None:
    assert words in cite(REPORT, place, locale=locale).replace("\u00a0", " ").replace("\u202f", " ")


def test_a_long_heading_is_cut_between_words() -> None:
    heading = "Recommendations " * 20
    cited = cite(REPORT, Locator(section=(heading,)))
    assert "Recommendations…”" in cited
    assert len(cited) < 300


@pytest.mark.parametrize("label", ["A-3", "3-4", "iv", "74 bis", "ا", "p&q", "1,000"])
def test_a_page_label_is_printed_as_it_is_and_is_one_page(label: str) -> None:
    for style in ("united-nations", "apa", "chicago-notes-bibliography", "ieee"):
        cited = cite(REPORT, Locator(label, label), style=style)
        assert label in cited
        assert "pp." not in cited


@pytest.mark.parametrize(
    ("first", "last", "style_format", "joined"),
    [
        ("74", "75", "chicago", "74–75"),
        ("100", "104", "chicago", "100–104"),
        ("104", "105", "chicago", "104–5"),
        ("321", "328", "chicago", "321–28"),
        ("1496", "1504", "chicago", "1496–504"),
        ("104", "105", "minimal-two", "104–05"),
        ("321", "328", "minimal", "321–8"),
        ("104", "105", None, "104–105"),
        ("99", "101", "minimal", "99–101"),
        ("iv", "x", "minimal", "iv–x"),
        ("A-3", "A-5", "chicago", "A-3–A-5"),
    ],
)
def test_page_ranges_are_shortened_as_the_style_asks(
    first: str, last: str, style_format: str | None, joined: str
) -> None:
    assert page_range(first, last, style_format) == joined


@settings(deadline=None, max_examples=200)
@given(
    section=st.lists(st.text("xyz –-é", max_size=30), max_size=3).map(tuple),
    paragraph=st.none() | st.integers(1, 999),
    number=st.none() | st.sampled_from(("5", "57 (c)")),
    style=st.sampled_from([style.name for style in styles()]),
    form=st.sampled_from(("note", "short", "bibliography", "full")),
)
def test_a_text_without_page_labels_is_never_cited_by_page(
    section: tuple[str, ...], paragraph: int | None, number: str | None, style: str, form: Form
) -> None:
    place = Locator(page_index=7, number=number, paragraph=paragraph, section=section)
    assert not re.search(r"\b(?:pp?|pages?)\b\.?\s?\d", cite(REPORT, place, style=style, form=form))


def test_there_are_all_the_styles_of_the_repository() -> None:
    assert len(style_names()) > 10_800
