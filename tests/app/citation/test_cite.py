"""Citations through the public door: places, styles by name, languages, and the ways to be wrong."""

import pytest

from app.citation import Locator, UnknownLocale, UnknownStyle, cite, styles, to_bibtex, to_csl, to_ris
from corpus.catalogue import load_catalogue

CATALOGUE = {entry.id: entry.metadata() for entry in load_catalogue().documents}
HANDBOOK = CATALOGUE["gmg-handbook-2010"]
PAPER = CATALOGUE["ngo-committee-on-migration-2011"]


def test_a_page_is_cited_by_its_printed_label() -> None:
    assert cite(HANDBOOK, Locator("74", "75", page_index=80)).endswith("2010), pp. 74–75.")
    assert cite(HANDBOOK, Locator("A-3", "A-3", page_index=80)).endswith("2010), p. A-3.")


def test_a_text_without_pages_is_cited_by_section_and_paragraph() -> None:
    cited = cite(PAPER, Locator(paragraph=7, section=("Recommendations", "Education")))
    assert "“Education”, para. 7" in cited
    assert "p. " not in cited


def test_an_unknown_style_names_its_neighbours() -> None:
    with pytest.raises(UnknownStyle, match="chicago-author-date"):
        cite(HANDBOOK, style="chicago-autor-date")


def test_an_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UnknownLocale, match="fr"):
        cite(HANDBOOK, locale="tlh")


@pytest.mark.parametrize("style", [style.name for style in styles()])
def test_every_usual_style_cites_every_entry_of_the_catalogue(style: str) -> None:
    for metadata in CATALOGUE.values():
        assert cite(metadata, Locator("74", "74"), style=style)


def test_data_carries_the_whole_corporate_author() -> None:
    assert to_csl(HANDBOOK)["author"] == [{"literal": "Global Migration Group"}]
    assert "author = {{Global Migration Group}}" in to_bibtex(HANDBOOK)
    assert "AU  - Global Migration Group\r\n" in to_ris(HANDBOOK)
