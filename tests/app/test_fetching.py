"""`verbatim fetch` and `verbatim add` bring a text of the catalogue in and read it under its entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import run
from corpus.library import Library
from tests.ingest.fetch.publisher import Publisher, publisher_server

CATALOGUE = """
[[documents]]
id = "example-letters"
title = "Of Letters and Answers"
organization = "Example Coalition"
kind = "handbook"
languages = ["en"]
source_url = "{url}"
licence = "invented"
held = false

[[documents]]
id = "example-nowhere"
title = "Of Nothing Much"
organization = "Example Coalition"
kind = "handbook"
languages = ["en"]
licence = "invented"
held = false
"""
PAGE = b"<!DOCTYPE html><html><head></head><body><h1>Letters</h1><p>Every consulate answers.</p></body></html>"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publisher_server() as server:
        yield server


@pytest.fixture
def library(tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> Library:
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(CATALOGUE.format(url=publisher.file("/letters", PAGE)), encoding="utf-8")
    monkeypatch.setenv("VERBATIM_CATALOGUE", str(catalogue))
    monkeypatch.setenv("VERBATIM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VERBATIM_PROFILE", "light")
    monkeypatch.setenv("VERBATIM_FETCH_CONTACT", "library@example.org")
    return Library(tmp_path / "library")


def documents(library: Library) -> dict[str, str]:
    with library.open_store() as store:
        return {record.metadata.id: record.metadata.title for record in store.records()}


def test_fetches_and_reads(
    library: Library, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VERBATIM_FETCH_ALLOW_PRIVATE", "true")
    assert run(["fetch", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(text["id"], text["outcome"]) for text in report["texts"]] == [("example-letters", "fetched")]
    assert report["ingested"]["counts"] == {"read": 1}
    assert documents(library) == {"example-letters": "Of Letters and Answers"}
    assert "library@example.org" in publisher.requests_of("/letters")[0]["User-Agent"]


def test_says_what_could_not_be_had_and_why(library: Library, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch", "example-letters", "example-nowhere"]) == 3
    said = capsys.readouterr()
    assert said.out.splitlines() == ["failed     example-letters", "failed     example-nowhere"]
    assert "not an address of the open internet" in said.err
    assert "verbatim add FILE --as example-nowhere" in said.err
    assert run(["fetch", "nobody"]) == 1
    assert "no entry 'nobody'" in capsys.readouterr().err
    assert not library.database.exists()


def test_adds_a_copy(library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy.html"
    copy.write_bytes(PAGE)
    assert run(["add", str(copy), "--as", "example-nowhere"]) == 0
    assert capsys.readouterr().out.splitlines() == ["fetched    example-nowhere", "read       example-nowhere"]
    assert documents(library) == {"example-nowhere": "Of Nothing Much"}
    copy.write_bytes(PAGE.replace(b"answers", b"listens"))
    assert run(["add", str(copy), "--as", "example-nowhere"]) == 1
    assert "--accept-changes" in capsys.readouterr().err
    assert run(["add", str(copy), "--as", "example-nowhere", "--accept-changes"]) == 0
    with library.open_store() as store:
        assert "listens" in store.document("example-nowhere").text
