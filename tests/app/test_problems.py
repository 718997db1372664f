"""Whatever is sent, the answer is a problem that a person can act on, and never a stack trace."""

from __future__ import annotations

import http.client
import json
import re
import socket
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from app.problems import MEDIA_TYPE, Problem
from tests.app.conftest import PAPER, RunningServer
from tests.shared import REPOSITORY


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    found: dict[str, Any] = answer.json()
    Problem.model_validate(found)
    assert found["status"] == status
    assert found["type"].startswith("urn:verbatim:problem:")
    assert found["detail"].endswith((".", "?"))
    assert "Traceback" not in answer.text
    return found


@pytest.mark.parametrize("q", ["", "   ", "\t\n", "\x00\x01\x02", "\u200b\u200e", "\u00a0"])
def test_a_blank_query_is_refused_by_name(client: httpx.Client, q: str) -> None:
    found = problem(client.get("/v1/search", params={"q": q}), 422)
    assert found["field"] == "q"


@pytest.mark.parametrize(
    "q",
    [
        "a" * 10_000,
        "word " * 2_000,
        "📜" * 5_000 + " scroll",
        "\x00pension\x00rights\x1b[31m",
        "حقوق العمال المهاجرين",
        "\u202eright to left override",
        "🧳 suitcase",
        '"',
        "NEAR(a b) OR * - ^ AND NOT",
        '"unbalanced',
        "'; DROP TABLE passages; --",
        "the of and",
        "ﬁ ligature ½ ①",
        "e\u0301" * 100,
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "semantic", "exact"])
def test_odd_queries_are_answered_or_refused_in_words(client: httpx.Client, q: str, mode: str) -> None:
    answer = client.get("/v1/search", params={"q": q, "mode": mode})
    if answer.status_code != 200:
        assert problem(answer, 422)["field"] == "q"


def test_a_query_over_the_limit_is_refused_with_the_limit(client: httpx.Client) -> None:
    found = problem(client.get("/v1/search", params={"q": "a" * 10_001}), 422)
    assert found["field"] == "q"
    assert "10000" in found["detail"].replace(",", "")


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1000000000"}, "limit"),
        ({"limit": "1e9"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"mode": "fuzzy"}, "mode"),
        ({"kind": "poem"}, "kind.0"),
        ({"language": "zz"}, "language"),
        ({"language": "english"}, "language.0"),
        ({"document": "no-such-document"}, "document"),
        ({"document": "gmg-handbook-2010"}, "document"),
        ({"organization": "Nobody at all"}, "organization"),
        ({"year_from": "0"}, "year_from"),
        ({"year_from": "99999"}, "year_from"),
        ({"year_from": "2012", "year_to": "2011"}, "year_to"),
        ({"per_document": "0"}, "per_document"),
        ({"context": "-1"}, "context"),
        ({"cursor": "not a cursor"}, "cursor"),
        ({"cursor": "OTk5OTk5LmFiYw"}, "cursor"),
        ({"limt": "3"}, "limt"),
        ({"unknown\x00": "1"}, "unknown\x00"),
    ],
)
def test_a_wrong_parameter_is_named(client: httpx.Client, parameters: dict[str, str], field: str) -> None:
    found = problem(client.get("/v1/search", params={"q": "letters", **parameters}), 422)
    assert found["field"] == field
    assert found["errors"][0]["field"] == field
    assert found["errors"][0]["place"] == "query"


def test_a_misspelt_parameter_gets_the_right_one(client: httpx.Client) -> None:
    found = problem(client.get("/v1/search", params={"q": "letters", "limti": "3"}), 422)
    assert "Did you mean 'limit'" in found["detail"]


def test_a_parameter_given_twice_is_refused(client: httpx.Client) -> None:
    assert problem(client.get("/v1/search?q=a&q=b"), 422)["field"] == "q"


def test_the_cursor_of_another_query_is_refused(client: httpx.Client) -> None:
    cursor = httpx.URL(client.get("/v1/search?q=people+who+move&limit=2").json()["next"]).params["cursor"]
    assert problem(client.get("/v1/search", params={"q": "letters", "cursor": cursor}), 422)["field"] == "cursor"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing-here", 404),
        ("/v1", 404),
        ("/v1/searches", 404),
        ("/v1/passages/no-such-passage", 404),
        ("/v1/passages/%00", 404),
        ("/v1/passages/no-such-passage/similar", 404),
        ("/v1/passages/no-such-passage/citation", 404),
        ("/v1/documents/no-such-document", 404),
        ("/v1/documents/..%2f..%2fetc%2fpasswd", 404),
        ("/v1/documents/%F0%9F%93%9C/text", 404),
        ("/v1/documents/gmg-handbook-2010/text", 404),
        ("/v1/documents/gmg-handbook-2010/source", 404),
        (f"/v1/documents/{PAPER}/pages/1.png", 404),
        (f"/v1/documents/{PAPER}/text?start=5&end=5", 422),
        (f"/v1/documents/{PAPER}/text?start=9&end=3", 422),
        (f"/v1/documents/{PAPER}/text?start=-1", 422),
        (f"/v1/documents/{PAPER}/text?end=99999999999999999999999", 422),
        (f"/v1/documents/{PAPER}/text?strat=3", 422),
        (f"/v1/documents/{'x' * 300}", 422),
        ("/v1/documents?limit=0", 422),
        ("/v1/documents?held=maybe", 422),
        ("/v1/documents?cursor=x", 422),
        ("/healthz?x=1", 422),
        ("/static/../server.py", 404),
        ("/static/nothing.css", 404),
    ],
)
def test_every_door_answers_with_a_problem(client: httpx.Client, path: str, status: int) -> None:
    problem(client.get(path), status)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_says_which_are_right(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/v1/search?q=letters")
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


def test_a_document_that_is_known_and_not_held_says_how_to_get_it(client: httpx.Client) -> None:
    found = problem(client.get("/v1/documents/gmg-handbook-2010/text"), 404)
    assert "verbatim fetch gmg-handbook-2010" in found["detail"]


@pytest.mark.parametrize(
    ("asked", "field"), [("style=no-such-style", "style"), ("locale=xx-nowhere", "locale"), ("format=pdf", "format")]
)
def test_a_citation_that_cannot_be_made_names_the_parameter(client: httpx.Client, asked: str, field: str) -> None:
    passage = client.get("/v1/search?q=letters&limit=1").json()["results"][0]["passage"]["id"]
    found = problem(client.get(f"/v1/passages/{passage}/citation?{asked}"), 422)
    assert found["field"] == field


def test_a_body_over_the_limit_is_refused_before_it_is_read(server: RunningServer) -> None:
    limit = server.app.state.service.settings.max_body_bytes
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
    connection.putrequest("POST", "/v1/export")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(limit + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert json.loads(answer.read())["title"] == "The request is too large"
    connection.close()


def test_a_body_that_does_not_say_its_length_is_stopped_at_the_limit(
    client: httpx.Client, server: RunningServer
) -> None:
    limit = server.app.state.service.settings.max_body_bytes
    pieces = (b" " * 2**20 for _ in range(limit // 2**20 + 2))
    problem(client.post("/v1/export", content=pieces, headers={"content-type": "application/json"}), 413)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"\\ud800"', b'{"passages": "x"}', b"\xff\xfe"])
def test_a_body_that_is_not_what_it_should_be_is_refused(client: httpx.Client, body: bytes) -> None:
    problem(client.post("/v1/export", content=body, headers={"content-type": "application/json"}), 422)


@pytest.mark.parametrize(
    "request_line",
    [b"GET /v1/search?q=%zz%ff%fe HTTP/1.1", b"GET /v1/search?q=\xff HTTP/1.1", b"GET /%ff%fe HTTP/1.1", b"NONSENSE"],
)
def test_bytes_that_are_no_request_do_not_hurt_the_server(server: RunningServer, request_line: bytes) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 ")
    assert b"Traceback" not in answer
    assert int(answer.split()[1]) < 500


def test_a_failure_inside_is_told_without_its_cause(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr(server.app.state.service, "document", fail)
    answer = httpx.get(f"{server.url}/v1/documents/{quote(PAPER)}", timeout=30)
    problem(answer, 500)
    assert "secret" not in answer.text


def test_every_answer_has_the_security_headers(client: httpx.Client) -> None:
    for path in ("/", "/v1/search?q=letters", "/nothing", f"/read/{PAPER}", "/docs", "/static/verbatim.css"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "server" not in headers


def test_head_is_answered_as_get_without_the_body(client: httpx.Client) -> None:
    answer = client.head("/v1/search?q=letters")
    assert (answer.status_code, answer.content) == (200, b"")
    assert client.head("/nothing").status_code == 404


def test_every_kind_of_problem_is_documented() -> None:
    code = "".join((REPOSITORY / "app" / name).read_text(encoding="utf-8") for name in ("problems.py", "guards.py"))
    kinds = set(
        re.findall(r'problem_response\(\s*(?:path|_path\(request\)|scope\["path"\]),\s*\d+,\s*"([a-z-]+)"', code)
    )
    documented = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
    assert len(kinds) >= 8
    assert {kind for kind in kinds if f"| `{kind}` |" not in documented} == set()
