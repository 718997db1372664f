"""A library for the pages, and a server over it: the texts of the API's tests, a right-to-left document, and one with
deep headings, astral letters, a table, and markup where words should be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html

from app.encoders import configured_encoders
from app.opened import opened_service
from app.service import Service
from app.settings import Settings
from corpus.catalogue import bundled_text, load_catalogue
from corpus.library import Library
from index.build import build
from tests.app.conftest import HANDBOOK, PAPER, TEXTS, RunningServer, put

ANNEX = "example-annex"
ARABIC = "example-arabic"
HOSTILE_NAME = '<img src=x onerror="window.ran = 2">.pdf'


@pytest.fixture(scope="session")
def desk_settings(
    tmp_path_factory: pytest.TempPathFactory, models: Path, catalogue_file: Path, handbook_pdf: Path
) -> Settings:
    """Settings that name that library; the light profile, since ranking is tested elsewhere."""
    made = Settings(
        library=tmp_path_factory.mktemp("desk") / "library", models=models, catalogue=catalogue_file, profile="light"
    )
    catalogue = load_catalogue(catalogue_file)
    library = Library(made.library)
    with library.open_store() as store:
        put(library, store, catalogue, bundled_text(catalogue.entry(PAPER)), catalogue.entry(PAPER).metadata())
        put(library, store, catalogue, handbook_pdf, catalogue.entry(HANDBOOK).metadata())
        for path in sorted([*TEXTS.glob("*.md"), *TEXTS.glob("*.html"), *(Path(__file__).parent / "texts").iterdir()]):
            put(library, store, catalogue, path, None)
        store.put_failure(HOSTILE_NAME, None, "It is damaged. Ask for another copy.")
        build(store, library, configured_encoders(made))
    return made


@pytest.fixture(scope="session")
def desk_service(desk_settings: Settings) -> Iterator[Service]:
    """The service over that library."""
    with opened_service(desk_settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def desk_server(desk_settings: Settings) -> Iterator[RunningServer]:
    """A server over that library."""
    with RunningServer(desk_settings) as running:
        yield running


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[RunningServer]:
    """A server over a library that has nothing in it."""
    with RunningServer(Settings(library=tmp_path_factory.mktemp("nothing") / "library", models=models)) as running:
        yield running


@pytest.fixture(scope="session")
def desk(desk_server: RunningServer) -> Iterator[httpx.Client]:
    """A client that asks as a browser does."""
    with httpx.Client(base_url=desk_server.url, timeout=60, headers={"Accept": "text/html,*/*;q=0.8"}) as made:
        yield made


def page_of(answer: httpx.Response, status: int = 200) -> html.HtmlElement:
    """An answer as the page it must be: UTF-8 HTML with one heading, a title and a language."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = html.document_fromstring(answer.text)
    assert len(page.findall(".//h1")) == 1
    assert page.findtext(".//title")
    assert page.get("lang") in ("en", "fr", "es")
    return page


def words_of(page: html.HtmlElement, xpath: str) -> str:
    """The text of the first element that fits, white space as one space."""
    found = page.xpath(xpath)
    assert found, xpath
    return " ".join(found[0].text_content().split())
