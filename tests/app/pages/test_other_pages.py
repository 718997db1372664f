"""Documents, the tray, the API's reference, what browsers and programs ask for, and what is not there."""

from __future__ import annotations

import gzip
from urllib.parse import urljoin

import httpx
import pytest

from app.citation import styles
from app.export import EXPORT_FORMATS
from tests.app.conftest import PAPER, RunningServer
from tests.app.pages.conftest import ARABIC, HOSTILE_NAME, page_of, words_of

PAGES = ["/", "/?q=lanterns", "/check", "/documents", "/tray", "/docs", f"/read/{PAPER}"]


def test_documents_says_what_is_held_what_is_known_and_what_failed(desk: httpx.Client) -> None:
    page = page_of(desk.get("/documents"))
    assert page.xpath(f"//li[@id='{PAPER}']//a[@href='/read/{PAPER}']")
    assert "verbatim fetch example-missing-2001" in words_of(page, "//li[@id='example-missing-2001']")
    failed = page.xpath("//section[@aria-labelledby='failed']//b")
    assert [name.text_content() for name in failed] == [HOSTILE_NAME]
    assert "Arabic" in words_of(page, f"//li[@id='{ARABIC}']")
    french = page_of(desk.get("/documents?lang=fr"))
    assert "arabe" in words_of(french, f"//li[@id='{ARABIC}']")


def test_the_tray_offers_every_format_and_style(desk: httpx.Client) -> None:
    page = page_of(desk.get("/tray"))
    assert page.xpath("//button[@name='format']/@value") == list(EXPORT_FORMATS)
    assert page.xpath("//select[@name='style']/option/@value") == [style.name for style in styles()]
    assert page.xpath("//p[contains(@class, 'without-script')]")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_page_is_whole_in_every_language(desk: httpx.Client, path: str, language: str) -> None:
    page = page_of(desk.get(path, params={"lang": language, **({"q": "lanterns"} if "?q" in path else {})}))
    assert page.get("lang") == language
    assert page.xpath("//main[@id='main']")
    assert page.xpath("//a[@class='skip'][@href='#main']")
    for control in page.xpath("//input[not(@type='hidden')] | //textarea | //select"):
        labelled = control.get("id") and page.xpath(f"//label[@for='{control.get('id')}']")
        assert labelled or control.xpath("ancestor::label"), control.get("name")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_comes_from_elsewhere_and_nothing_runs_inline(desk: httpx.Client, path: str) -> None:
    answer = desk.get(path)
    page = page_of(answer)
    loaded = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //img/@src")
    assert loaded
    assert all(address.startswith("/") and not address.startswith("//") for address in loaded)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers


def test_static_files_are_kept_for_good_under_an_address_that_names_their_contents(desk: httpx.Client) -> None:
    page = page_of(desk.get("/"))
    addresses = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
    for address in [*addresses, *(urljoin(addresses[0], name) for name in ("tray_store.js", "read.js"))]:
        answer = desk.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["etag"]
        assert desk.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert desk.get("/static/desk.css").headers["cache-control"] == "no-cache"


def test_answers_are_compressed_for_whoever_takes_it(desk_server: RunningServer) -> None:
    for path in ("/", "/static/desk.css", "/v1/search?q=lanterns"):
        with httpx.stream("GET", desk_server.url + path, headers={"Accept-Encoding": "gzip"}, timeout=60) as answer:
            packed = b"".join(answer.iter_raw())
        plain = httpx.get(desk_server.url + path, headers={"Accept-Encoding": "identity"}, timeout=60)
        assert answer.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert len(packed) < len(plain.content) / 2
        assert gzip.decompress(packed)


def test_a_page_before_results_weighs_less_than_60_kilobytes(desk_server: RunningServer) -> None:
    with httpx.Client(base_url=desk_server.url, timeout=60) as client:
        page = page_of(client.get("/"))
        addresses = page.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        modules = [urljoin(addresses[0], "tray_store.js")]
        weight = 0
        for address in ["/", *addresses, *modules]:
            with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
                weight += sum(map(len, answer.iter_raw()))
    assert weight < 60_000


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/read/", 404), ("/check/again", 404), ("/similar/", 404)]
)
def test_a_person_gets_a_page_where_a_program_gets_a_problem(desk: httpx.Client, path: str, status: int) -> None:
    page = page_of(desk.get(path), status)
    assert words_of(page, "//h1") == "There is nothing here"
    assert words_of(page_of(desk.get(path, params={"lang": "es"}), status), "//h1") == "Aquí no hay nada"
    for accept in ("application/json", "*/*", "text/html, application/json"):
        assert desk.get(path, headers={"Accept": accept}).headers["content-type"] == "application/problem+json"
    assert desk.get("/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_a_wrong_method_is_a_page_too(desk: httpx.Client) -> None:
    page_of(desk.post("/documents"), 405)


@pytest.mark.parametrize("path", PAGES)
def test_head_is_answered_as_get_is(desk: httpx.Client, path: str) -> None:
    answer = desk.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
