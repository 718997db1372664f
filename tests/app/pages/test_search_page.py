"""The search page without JavaScript: every state of it is a readable page with the right status."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.parameters import checked_parameters
from app.service import Service
from tests.app.conftest import PAPER, RunningServer
from tests.app.pages.conftest import ANNEX, page_of, words_of


def test_the_first_page_has_one_field_and_what_the_library_holds(desk: httpx.Client) -> None:
    page = page_of(desk.get("/"))
    assert len(page.xpath("//form[@role='search']//textarea")) == 1
    held = {urlsplit(link).path for link in page.xpath("//ul[@class='held']//a/@href")}
    assert {f"/read/{PAPER}", f"/read/{ANNEX}"} <= held


def test_results_are_quotations_that_stand_in_their_documents(desk: httpx.Client, desk_service: Service) -> None:
    page = page_of(desk.get("/", params={"q": "children who arrive alone have a guardian"}))
    results = page.xpath("//article[@class='result']")
    assert results
    for result in results:
        document = urlsplit(result.get("data-read")).path.removeprefix("/read/")
        start, end = int(result.get("data-start")), int(result.get("data-end"))
        assert result.find("blockquote").text_content() == desk_service.text(document, start, end).text
        assert result.xpath(".//p[@class='citation']")[0].text_content().strip()
        assert result.xpath(".//p[@class='why']/strong")[0].text_content() in (
            "Strong match",
            "Fair match",
            "Weak match",
        )
        assert result.xpath(".//abbr[@class='unapi-id']/@title") == [result.get("data-passage")]


def test_matching_words_are_marked(desk: httpx.Client) -> None:
    page = page_of(desk.get("/", params={"q": "lanterns", "mode": "exact"}))
    assert {mark.casefold() for mark in page.xpath("//article//mark/text()")} == {"lanterns"}


def test_filters_count_and_keep_what_was_chosen(desk: httpx.Client) -> None:
    page = page_of(desk.get("/", params={"q": "lanterns"}))
    counts = {
        field.get("value"): int(field.getparent().xpath(".//*[@class='count']")[0].text)
        for field in page.xpath("//input[@name='document']")
    }
    assert len(counts) > 1
    assert all(counts.values())
    asked = {
        "q": "migrant workers",
        "document": [PAPER],
        "language": ["en"],
        "year_to": "2030",
        "mode": "semantic",
        "per_document": "2",
    }
    chosen = page_of(desk.get("/", params=asked))
    assert chosen.xpath("//input[@name='document'][@checked]/@value") == [PAPER]
    assert chosen.xpath("//input[@name='mode'][@checked]/@value") == ["semantic"]
    assert chosen.xpath("//input[@name='per_document']/@value") == ["2"]
    assert chosen.xpath("//details[contains(@class, 'filters')]/@open")
    read = chosen.xpath("//article/@data-read")
    assert 0 < len(read) <= 2
    assert {urlsplit(address).path for address in read} == {f"/read/{PAPER}"}


def test_empty_fields_of_the_form_are_no_filters(desk: httpx.Client) -> None:
    page = page_of(desk.get("/?q=lanterns&year_from=&year_to=&per_document=&style=&document="))
    assert page.xpath("//article")


def test_the_paging_link_goes_on_where_the_page_ended_and_keeps_the_state(desk: httpx.Client) -> None:
    asked = {"q": "migrants and their communities", "style": "apa", "lang": "fr", "limit": "5"}
    first = page_of(desk.get("/", params=asked))
    (link,) = first.xpath("//a[@rel='next']/@href")
    kept = parse_qs(urlsplit(link).query)
    assert {name: kept[name] for name in asked} == {name: [value] for name, value in asked.items()}
    second = page_of(desk.get(link))
    ranks = [first.xpath("//article/@id"), second.xpath("//article/@id")]
    assert ranks[0] == [f"result-{number}" for number in range(1, 6)]
    assert ranks[1][0] == "result-6"
    assert second.xpath("//ol[@class='results']/@start") == ["6"]
    shown = set(first.xpath("//article/@data-passage")) & set(second.xpath("//article/@data-passage"))
    assert shown == set()


def test_a_style_is_used_and_kept_in_links(desk: httpx.Client) -> None:
    asked = {"q": "lanterns cost less than a hearing"}
    plain, apa = (page_of(desk.get("/", params=asked | more)) for more in ({}, {"style": "apa"}))
    assert words_of(plain, "//p[@class='citation']") != words_of(apa, "//p[@class='citation']")
    assert all(parse_qs(urlsplit(address).query)["style"] == ["apa"] for address in apa.xpath("//article/@data-read"))


def test_no_result_says_what_to_do(desk: httpx.Client) -> None:
    page = page_of(desk.get("/", params={"q": '"zebra crossing of the moon"'}))
    assert words_of(page, "//h2[@id='found']") == "No passage fits"
    assert page.xpath("//section[@aria-labelledby='found']//a[@href='/documents']")
    assert not page.xpath("//article")


@pytest.mark.parametrize(
    ("support", "said"),
    [
        ("none", "Nothing in this library speaks to this"),
        ("weak", "The library speaks to this only weakly"),
        ("fair", "The library speaks to this"),
        ("strong", "The library speaks to this strongly"),
    ],
)
def test_the_support_is_said_above_the_results(
    desk: httpx.Client, desk_server: RunningServer, monkeypatch: pytest.MonkeyPatch, support: str, said: str
) -> None:
    """How far a library supports a query is judged, and tested, in the index; here it is given."""
    service: Service = desk_server.app.state.service
    answer = service.search(checked_parameters({"q": "lanterns"})).model_copy(update={"support": support})
    monkeypatch.setattr(service, "search", lambda _: answer)
    page = page_of(desk.get("/", params={"q": "lanterns"}))
    assert words_of(page, "//h2[@id='found']") == said
    assert bool(page.xpath("//section//p[contains(., 'they are not support')]")) is (support == "none")


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"style": "no-such-style"}, "no-such-style"),
        ({"limit": "1000"}, "limit"),
        ({"mode": "magic"}, "mode"),
        ({"year_from": "soon"}, "year_from"),
        ({"year_from": "2020", "year_to": "2010"}, "year_to"),
        ({"language": "not a language"}, "language"),
        ({"document": "no-such-document"}, "no-such-document"),
        ({"organization": "Nobody"}, "Nobody"),
        ({"cursor": "%%%"}, "cursor"),
        ({"q": "a" * 10_001}, "q"),
    ],
)
def test_what_cannot_be_asked_is_named_on_a_page_that_keeps_the_query(
    desk: httpx.Client, asked: dict[str, str], named: str
) -> None:
    page = page_of(desk.get("/", params={"q": "lanterns", **asked}), 422)
    assert named in words_of(page, "//p[@role='alert']")
    assert page.xpath("//textarea[@name='q']")[0].text_content().strip().startswith(asked.get("q", "lanterns")[:20])


@pytest.mark.parametrize("q", ["", "   ", "\u200b"])
def test_a_blank_query_is_no_failure(desk: httpx.Client, q: str) -> None:
    assert desk.get("/", params={"q": q}).status_code in (200, 422)
    page_of(desk.get("/", params={"q": q}), 422 if q else 200)


def test_markup_in_a_query_stays_words(desk: httpx.Client) -> None:
    hostile = '"><script>window.ran = 3</script><img src=x onerror=alert(1)>'
    page = page_of(desk.get("/", params={"q": hostile, "style": hostile}), 422)
    assert page.xpath("//textarea[@name='q']")[0].text_content() == hostile
    assert not page.xpath("//script[not(@src)]")
    assert not page.xpath("//img")


def test_an_empty_library_says_how_to_fill_it(empty_server: RunningServer) -> None:
    with httpx.Client(base_url=empty_server.url, timeout=60, headers={"Accept": "text/html"}) as client:
        page = page_of(client.get("/"))
        assert "verbatim ingest" in words_of(page, "//section[@class='empty']")
        assert page_of(client.get("/", params={"q": "lanterns"}), 503).xpath("//p[@role='alert']")
        for path in ("/read/anything", "/similar/anything", "/documents"):
            assert page_of(client.get(path), 503).xpath("//p[@role='alert']")
        assert page_of(client.post("/check", data={"text": "“lanterns burn”"}), 503).xpath("//p[@role='alert']")
        page_of(client.get("/check"))
        page_of(client.get("/tray"))


def test_similar_passages_begin_with_the_one_they_are_like(desk: httpx.Client) -> None:
    found = page_of(desk.get("/", params={"q": "lanterns"}))
    passage = found.xpath("//article/@data-passage")[0]
    page = page_of(desk.get(f"/similar/{passage}"))
    assert page.xpath("//blockquote[@class='origin']")
    assert passage not in page.xpath("//article/@data-passage")
    assert page_of(desk.get("/similar/no.such"), 404).xpath("//p[@class='problem']")


def test_the_interface_language_is_kept_in_every_link_of_this_server(desk: httpx.Client) -> None:
    page = page_of(desk.get("/", params={"q": "lanterns", "lang": "fr"}))
    assert page.get("lang") == "fr"
    own = [
        address
        for address in page.xpath("//a/@href")
        if address.startswith("/") and not address.startswith(("/v1/", "/openapi"))
    ]
    languages = page.xpath("//ul[@class='languages']//a/@href")
    assert len(languages) == 3
    assert [address for address in own if address not in languages and "lang=fr" not in address] == []


def test_the_browser_s_language_is_taken_where_none_is_asked_for(desk: httpx.Client) -> None:
    answer = desk.get("/", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert page_of(answer).get("lang") == "es"
    assert answer.headers["content-language"] == "es"
    assert "Accept-Language" in answer.headers["vary"]


def test_a_browser_can_search_from_its_bar(desk: httpx.Client, desk_server: RunningServer) -> None:
    page = page_of(desk.get("/"))
    (address,) = page.xpath("//link[@rel='search']/@href")
    answer = desk.get(address)
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    assert f'template="{desk_server.url}/?q={{searchTerms}}"' in answer.text
    assert page_of(desk.get("/?q=lanterns")).xpath("//article")


def test_reference_managers_find_the_ids_of_a_page(desk: httpx.Client) -> None:
    page = page_of(desk.get("/", params={"q": "lanterns"}))
    (server,) = page.xpath("//link[@rel='unapi-server']/@href")
    for id_ in page.xpath("//abbr[@class='unapi-id']/@title"):
        item = desk.get(server, params={"id": id_, "format": "csl-json"})
        assert item.status_code == 200
        assert json.loads(item.text)[0]["title"]
