"""Every result of many queries keeps the promise: exact words, at the offsets stated, found again by their selector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.models import SearchAnswer
from corpus.store import Store
from tests.app.conftest import HANDBOOK, PAPER, STATEMENT
from tests.evaluation.spans import read_queries

QUERIES_ON_THE_PAPER = Path(__file__).parents[1] / "evaluation" / "paper" / "queries.dev.jsonl"
QUERIES = (
    "open the doors of the school",
    "a guardian for children who arrive alone",
    "les enfants seuls",
    "جواز السفر",
    "welcome sign 👩🏽‍🌾",
    "who pays for the trip home",
    "lanterns",
    "social security that can be carried over the border",
    '"Open the doors of the school"',
    "a pension follows the person",
)


def search(client: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/v1/search", params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    SearchAnswer.model_validate(found)
    return found


def occurrences(text: str, words: str) -> int:
    """How often words stand in a text, overlapping themselves included."""
    count, at = 0, text.find(words)
    while at != -1:
        count, at = count + 1, text.find(words, at + 1)
    return count


def check_result(client: httpx.Client, store: Store, result: dict[str, Any]) -> None:
    document = store.document(result["document"]["id"])
    text = document.text
    passage, quote = result["passage"], result["quote"]
    assert passage["text"] == text[passage["start"] : passage["end"]]
    assert quote["text"] == text[quote["start"] : quote["end"]]
    if quote["text"] not in passage["section"]:  # a heading is quoted above the passage it stands over
        assert passage["start"] <= quote["start"] < quote["end"] <= passage["end"]
    stretch = client.get(f"/v1/documents/{document.metadata.id}/text", params=span_of(quote)).json()
    assert (stretch["text"], stretch["start"], stretch["end"]) == (quote["text"], quote["start"], quote["end"])
    words, position = quote["selector"]
    assert words["exact"] == quote["text"]
    assert occurrences(text, words["prefix"] + words["exact"] + words["suffix"]) == 1
    assert text.index(words["prefix"] + words["exact"] + words["suffix"]) + len(words["prefix"]) == quote["start"]
    assert (position["start"], position["end"]) == (quote["start"], quote["end"])
    for start, end in result["highlights"]:
        assert quote["start"] <= start < end <= quote["end"]
    edition = {"source_sha256": document.source_sha256, "text_sha256": document.text_sha256}
    assert result["citation"]["edition"] == edition
    assert result["citation"]["text"]
    json.dumps(result["citation"]["csl"])
    assert store.passage(passage["id"]).text == passage["text"]
    if document.pages:
        labels = [page.label for page in document.pages_of(passage["start"], passage["end"])]
        assert passage["pages"] == {"first": labels[0], "last": labels[-1]}
    else:
        assert passage["pages"] is None
    for reference in result["references"]:
        assert reference["words"] == text[reference["start"] : reference["end"]]
        assert reference["resolved"] == (reference["read"] is not None)
        assert reference["resolved"] == (reference["missing"] is None)
    assert client.get(result["links"]["self"]).status_code == 200
    assert client.get(result["links"]["read"]).status_code == 200


def span_of(quote: dict[str, Any]) -> dict[str, int]:
    return {"start": quote["start"], "end": quote["end"]}


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "exact"])
@pytest.mark.parametrize("query", QUERIES)
def test_every_result_keeps_the_promise(client: httpx.Client, store: Store, query: str, mode: str) -> None:
    answer = search(client, q=query, mode=mode, limit=20)
    for place, result in enumerate(answer["results"], start=1):
        assert result["rank"] == place
        check_result(client, store, result)


def test_queries_of_advocates_keep_the_promise(client: httpx.Client, store: Store) -> None:
    for query in read_queries(QUERIES_ON_THE_PAPER)[::8]:
        for result in search(client, q=query.text, limit=3)["results"]:
            check_result(client, store, result)


def test_a_sentence_that_stands_six_times_is_told_apart(client: httpx.Client) -> None:
    results = search(client, q="Open the doors of the school", mode="exact", document=STATEMENT)["results"]
    assert results
    selectors = {tuple(r["quote"]["selector"][0].values()) for r in results}
    assert len(selectors) == len(results)


def test_pages_have_labels_and_indexes_and_the_source_opens_at_the_page(client: httpx.Client) -> None:
    result = search(client, q="a second letter is answered as quickly as the first", document=HANDBOOK)["results"][0]
    assert result["passage"]["pages"] == {"first": "75", "last": "75"}
    assert result["passage"]["page_indexes"] == [3]
    assert "#page=3&search=" in result["links"]["source"]


def test_a_reference_is_resolved_once_its_document_and_page_are_held(client: httpx.Client) -> None:
    results = search(client, q="Seasonal workers keep the pension rights", document=STATEMENT)["results"]
    references = {r["words"]: r for result in results for r in result["references"]}
    held = references["(pp. 74-75)"]
    assert (held["document"], held["pages"], held["resolved"]) == (HANDBOOK, "74-75", True)
    page = client.get(held["read"])
    assert page.status_code == 200
    assert "A pension follows the person" in page.text


def test_the_papers_recommendation_names_what_is_missing_and_how_to_get_it(client: httpx.Client) -> None:
    result = search(client, q="portability of social security entitlements", mode="exact")["results"][0]
    assert result["document"]["id"] == PAPER
    assert result["passage"]["section"][-1] == "Strategies to Promote People-Centered Development"
    assert result["passage"]["paragraph"]
    assert result["passage"]["pages"] is None
    (note,) = result["notes"]
    assert (note["text"], note["reference"]["pages"]) == ("(pp. 74-75)", "74-75")
    assert note["reference"]["document"] == "gmg-handbook-2010"
    assert note["reference"]["resolved"] is False
    assert "verbatim fetch gmg-handbook-2010" in note["reference"]["missing"]
    assert "NGO Committee on Migration" in result["citation"]["text"]


def test_paging_gives_every_result_once(client: httpx.Client) -> None:
    whole = [r["passage"]["id"] for r in search(client, q="people who move", limit=100)["results"]]
    paged: list[str] = []
    address: str | None = "/v1/search?q=people+who+move&limit=7"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found = answer.json()
        paged += [r["passage"]["id"] for r in found["results"]]
        links = httpx.Response(200, headers=answer.headers).links
        assert links.get("next", {}).get("url") == found["next"]
        address = found["next"]
    assert paged[: len(whole)] == whole
    assert len(paged) == len(set(paged))


def test_filters_keep_only_what_they_say(client: httpx.Client) -> None:
    assert {r["document"]["id"] for r in search(client, q="letters", document=HANDBOOK)["results"]} == {HANDBOOK}
    by_two = search(client, q="letters", document=[HANDBOOK, STATEMENT], limit=50)["results"]
    assert {r["document"]["id"] for r in by_two} == {HANDBOOK, STATEMENT}
    assert {r["document"]["kind"] for r in search(client, q="letters", kind="handbook")["results"]} == {"handbook"}
    years = search(client, q="letters", year_from=2015, year_to=2020)["results"]
    assert {r["document"]["id"] for r in years} == {HANDBOOK}
    french = search(client, q="enfants", language="fr")["results"]
    assert {r["passage"]["language"] for r in french} == {"fr"}
    assert search(client, q="letters", language="nl")["results"] == []
    each = search(client, q="letters", per_document=1, limit=50)["results"]
    assert len({r["document"]["id"] for r in each}) == len(each)


def test_context_gives_the_blocks_around(client: httpx.Client, store: Store) -> None:
    (result,) = search(client, q="Employers pay for the journey home", mode="exact", context=2)["results"]
    text = store.document(STATEMENT).text
    blocks = [*result["context"]["before"], *result["context"]["after"]]
    assert [block["text"] for block in blocks] == [text[block["start"] : block["end"]] for block in blocks]
    assert all(block["end"] <= result["passage"]["start"] for block in result["context"]["before"])
    assert all(block["start"] >= result["passage"]["end"] for block in result["context"]["after"])
    assert len(result["context"]["before"]) == 2


def test_an_answer_names_its_query_generation_and_model(client: httpx.Client) -> None:
    answer = search(client, q="  letters\x00 ", kind=["handbook", "paper"], limit=3)
    assert answer["query"]["q"] == "letters"
    assert answer["query"]["kind"] == ["handbook", "paper"]
    assert answer["generation"]["number"] >= 1
    assert answer["generation"]["model"]
    assert answer["support"] in {"strong", "fair", "weak", "none"}
    assert set(answer["facets"]) == {"document", "organization", "kind", "language", "year"}
