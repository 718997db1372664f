"""The API's description is complete and true: its examples are real, and every call keeps to it, whatever is asked."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from app import models
from app.example import example
from app.problems import MEDIA_TYPE, Problem
from corpus.catalogue import bundled_text, load_catalogue
from corpus.documents import Document
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions
from tests.app.conftest import HANDBOOK, PAPER, STATEMENT, RunningServer
from tests.app.test_search_answer import occurrences

SHAPES: dict[str, type[BaseModel]] = {
    "search": models.SearchAnswer,
    "passage": models.PassageAnswer,
    "similar": models.SimilarAnswer,
    "documents": models.DocumentsAnswer,
    "document": models.DocumentAnswer,
    "references": models.ReferencesAnswer,
    "text": models.TextAnswer,
    "health": models.HealthAnswer,
    "ready": models.ReadyAnswer,
}
WITHOUT_EXAMPLE = {"/v1/documents/{id}/source", "/v1/documents/{id}/pages/{label}.png", "/v1/export"}
"""They answer with files."""


@pytest.fixture(scope="module")
def paper() -> Document:
    catalogue = load_catalogue()
    entry = catalogue.entry(PAPER)
    return read_document(bundled_text(entry), entry.metadata(), ExtractOptions(), catalogue.works())


@pytest.fixture(scope="module")
def description(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_an_example_has_its_shape(name: str) -> None:
    SHAPES[name].model_validate(example(name))
    assert set(example(name)) == set(SHAPES[name].model_fields)


def spans(value: Any) -> list[dict[str, Any]]:
    """Everything in an example that has words and offsets."""
    if isinstance(value, list):
        return [span for part in value for span in spans(part)]
    if not isinstance(value, dict):
        return []
    own = [value] if {"text", "start", "end"} <= set(value) else []
    return own + [span for part in value.values() for span in spans(part)]


@pytest.mark.parametrize("name", ["search", "passage", "text"])
def test_the_words_of_an_example_are_the_papers(name: str, paper: Document) -> None:
    found = spans(example(name))
    assert found
    for span in found:
        assert span["text"] == paper.text[span["start"] : span["end"]], "run scripts/make-examples"


def test_the_selector_of_the_example_is_found_once(paper: Document) -> None:
    (selector, _) = example("search")["results"][0]["quote"]["selector"]
    assert occurrences(paper.text, selector["prefix"] + selector["exact"] + selector["suffix"]) == 1


def test_every_call_has_an_example_and_describes_its_parameters(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            for parameter in operation.get("parameters", []):
                assert parameter.get("description"), f"{where}: {parameter['name']}"
            if path not in WITHOUT_EXAMPLE:
                content = operation["responses"]["200"]["content"]
                assert any("example" in kind or "examples" in kind for kind in content.values()), where
            for status, response in operation["responses"].items():
                if status[0] in "45":
                    assert set(response["content"]) == {MEDIA_TYPE}, f"{where} {status}"


def test_the_reference_page_shows_every_call(client: httpx.Client, description: dict[str, Any]) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    for path in description["paths"]:
        assert path in page.text


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["letters", "pension rights", '"the doors"', "0", "-1", "1e9", "nan", "null", "../..", "%00", "\x00"]
    ),
)
NUMBERS = st.one_of(st.integers(-2, 200), st.integers(), TEXTS)
KNOWN = {
    "document": st.sampled_from([PAPER, HANDBOOK, STATEMENT]),
    "kind": st.sampled_from(["paper", "handbook", "poem"]),
    "language": st.sampled_from(["en", "fr", "ar", "zz", "x"]),
    "mode": st.sampled_from(["hybrid", "semantic", "exact", "fuzzy"]),
    "format": st.sampled_from(["text", "html", "bibtex", "ris", "csl-json", "pdf"]),
    "style": st.sampled_from(["apa", "oscola", "no-such-style"]),
    "locale": st.sampled_from(["fr", "es", "xx"]),
    "highlight": st.sampled_from(["0-10", "5-5", "x"]),
}
PATH_VALUES = {
    "/v1/documents": st.sampled_from([PAPER, HANDBOOK, "gmg-handbook-2010", "nothing", "%2e%2e", "a%00b"]),
    "label": st.sampled_from(["74", "iv", "index:1", "index:0", "x%2Fy"]),
}


@st.composite
def requests(draw: st.DrawFn, operations: list[tuple[str, list[dict[str, Any]]]], passages: list[str]) -> httpx.URL:
    """An address of one of the calls, with parameters right and wrong."""
    path, parameters = draw(st.sampled_from(operations))
    query: dict[str, Any] = {}
    for parameter in parameters:
        name = parameter["name"]
        if parameter["in"] == "path":
            ids = st.sampled_from([*passages, "nothing"]) if "passages" in path else PATH_VALUES["/v1/documents"]
            path = path.replace(f"{{{name}}}", draw(PATH_VALUES.get(name, ids)))
        elif parameter.get("required") or draw(st.integers(0, 3)) == 0:
            whole = "integer" in json.dumps(parameter["schema"])
            values = st.one_of(KNOWN[name], TEXTS) if name in KNOWN else NUMBERS if whole else TEXTS
            query[name] = draw(values)
    if draw(st.integers(0, 9)) == 0:
        query[draw(st.text(min_size=1, max_size=5))] = "x"
    return httpx.URL(path, params={name: str(value).encode("utf-8", "replace") for name, value in query.items()})


def test_whatever_is_asked_the_answer_is_one_that_the_description_names(
    client: httpx.Client, description: dict[str, Any], server: RunningServer
) -> None:
    operations = [
        (path, methods["get"].get("parameters", []))
        for path, methods in description["paths"].items()
        if "get" in methods
    ]
    with server.app.state.service.serving.lease() as generation:
        passages = [passage.id for passage in generation.store.passages()][::10]

    @settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(operations, passages))
    def ask(address: httpx.URL) -> None:
        answer = client.get(address)
        assert answer.status_code in {200, 404, 422}, (address, answer.text)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == MEDIA_TYPE
            problem = Problem.model_validate(answer.json())
            assert problem.detail
            assert (problem.field is not None) == (answer.status_code == 422)

    ask()
