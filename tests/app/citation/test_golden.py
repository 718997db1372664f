"""Citations against strings written by hand from each style's manual: ten styles, eight kinds of document."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app.citation import Locator, cite, styles
from corpus.catalogue import load_catalogue
from corpus.documents import Metadata

GOLDEN = tomllib.loads(Path(__file__).with_name("golden.toml").read_text(encoding="utf-8"))
CATALOGUE = load_catalogue()
PLACE = ("pages", "article", "number", "section", "paragraph")
CASES = [(style, case) for style, cases in GOLDEN.items() if style != "documents" for case in cases]


def document(name: str) -> tuple[Metadata, Locator]:
    """A document of the file, and the place cited in it."""
    given: dict[str, Any] = GOLDEN["documents"][name]
    first, last = given.get("pages", (None, None))
    place = Locator(
        first_page=first,
        last_page=last,
        article=given.get("article"),
        number=given.get("number"),
        paragraph=given.get("paragraph"),
        section=tuple(given.get("section", ())),
    )
    if "catalogue" in given:
        return CATALOGUE.entry(given["catalogue"]).metadata(), place
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in given.items() if key not in PLACE
    }
    return Metadata(languages=("en",), **fields), place


@pytest.mark.parametrize(
    ("style", "case"),
    [pytest.param(style, case, id=f"{style}-{case['document']}-{case['form']}") for style, case in CASES],
)
def test_citation_is_the_manuals(style: str, case: dict[str, Any]) -> None:
    metadata, place = document(case["document"])
    cited = cite(
        metadata,
        place,
        style=style,
        form=case["form"],
        output="html",
        number=case.get("number"),
        first_note=case.get("first_note"),
        accessed=case.get("accessed"),
    )
    cited = cited.replace('<span style="font-variant:small-caps">', "<sc>").replace("</span>", "</sc>")
    assert cited == case.get("ours", case["text"])
    assert ("ours" in case) == ("why" in case)
    assert case.get("ours") != case["text"]


def test_every_style_of_the_menu_has_every_kind() -> None:
    covered = {(style, case["document"]) for style, case in CASES}
    assert covered == {(style.name, name) for style in styles() for name in GOLDEN["documents"]}


def test_most_citations_are_the_manuals() -> None:
    """Three in four or more, so that differences stay the exception."""
    counts = Counter("ours" in case for _, case in CASES)
    assert counts[False] >= 3 * counts[True]
