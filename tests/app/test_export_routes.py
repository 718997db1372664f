"""`POST /v1/export` over HTTP, on a library that is a dictionary."""

from collections.abc import Sequence

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.export import EXPORT_FORMATS, QuotedPassage
from app.export_routes import ExportItem, export_router
from tests.app.export.invented import passage

HELD = {"example-report.1": passage("One."), "example-report.2": passage("Two.", "75")}


def quoted(items: Sequence[ExportItem]) -> list[QuotedPassage]:
    return [HELD[item.passage] for item in items]


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    app.include_router(export_router(quoted))
    return TestClient(app)


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_comes_as_a_file(client: TestClient, name: str) -> None:
    answer = client.post("/v1/export", json={"passages": ["example-report.1"], "format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == EXPORT_FORMATS[name].media_type
    assert answer.headers["content-disposition"] == f'attachment; filename="quotes.{EXPORT_FORMATS[name].suffix}"'
    assert answer.content


def test_order_is_the_collectors(client: TestClient) -> None:
    asked = {"passages": [{"passage": "example-report.2", "note": "first"}, "example-report.1"], "format": "csv"}
    text = client.post("/v1/export", json=asked).text
    assert text.index("“Two.”") < text.index("“One.”")


@pytest.mark.parametrize(
    "wrong",
    [
        {"passages": [], "format": "csv"},
        {"passages": ["a"] * 2001, "format": "csv"},
        {"passages": [""], "format": "csv"},
        {"format": "csv"},
        {"passages": ["a"]},
        {"passages": [{"passage": "a", "start": -1}], "format": "csv"},
        {"passages": ["a"], "format": "csv", "unknown": 1},
    ],
)
def test_what_cannot_be_understood_is_refused(client: TestClient, wrong: dict[str, object]) -> None:
    assert client.post("/v1/export", json=wrong).status_code == 422
