"""A publisher is asked honestly, as its robots.txt allows, and its redirects are followed to an end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.fetch.client import Client, retry_after
from ingest.fetch.errors import FetchError, Refused, Transient
from tests.ingest.fetch.conftest import Hands
from tests.ingest.fetch.publisher import Publisher


def test_says_who_asks_and_whom_to_write_to(publisher: Publisher, client: Client) -> None:
    with client.get(publisher.file("/a.txt", b"words")):
        pass
    for _, headers in publisher.asked:
        assert headers["User-Agent"].startswith("Verbatim")
        assert headers["User-Agent"].endswith("(+library@example.org)")


def test_follows_redirects(publisher: Publisher, client: Client) -> None:
    publisher.file("/files/a.txt", b"words")
    publisher.at("/b", lambda request: request.answer(301, Location="files/a.txt"))
    url = publisher.at("/a", lambda request: request.answer(307, Location="/b"))
    with client.get(url) as response:
        assert response.read() == b"words"
        assert str(response.url) == f"{publisher.url}/files/a.txt"


def test_a_redirect_loop_ends(publisher: Publisher, client: Client) -> None:
    publisher.at("/b", lambda request: request.answer(302, Location="/a"))
    url = publisher.at("/a", lambda request: request.answer(302, Location="/b"))
    with pytest.raises(Refused, match="without end"), client.get(url):
        pass


def test_a_redirect_that_goes_on_for_ever_ends(publisher: Publisher, client: Client) -> None:
    for number in range(50):
        publisher.at(f"/{number}", lambda request, n=number: request.answer(302, Location=f"/{n + 1}"))  # type: ignore[misc]
    with pytest.raises(Refused, match="without end"), client.get(f"{publisher.url}/0"):
        pass
    assert len(publisher.asked) < 15


def test_robots_are_obeyed_also_behind_a_redirect(publisher: Publisher, client: Client) -> None:
    publisher.file("/robots.txt", b"User-agent: *\nDisallow: /private/\nAllow: /\n")
    publisher.file("/private/a.pdf", b"%PDF-1.4")
    url = publisher.at("/open", lambda request: request.answer(302, Location="/private/a.pdf"))
    with pytest.raises(Refused, match=r"robots\.txt.*private/a\.pdf.*verbatim add"), client.get(url):
        pass
    assert publisher.requests_of("/private/a.pdf") == []


def test_robots_that_name_us_win_over_those_for_all(publisher: Publisher, client: Client) -> None:
    publisher.file("/robots.txt", b"User-agent: *\nDisallow: /\n\nUser-agent: verbatim\nDisallow: /no\n")
    with client.get(publisher.file("/yes", b"words")) as response:
        assert response.is_success


def test_robots_that_fail_forbid_all_and_none_at_all_forbid_nothing(publisher: Publisher, client: Client) -> None:
    url = publisher.file("/a.txt", b"words")
    publisher.at("/robots.txt", lambda request: request.answer(503))
    with pytest.raises(Refused, match=r"robots\.txt"), client.get(url):
        pass


def test_waits_between_requests_as_robots_ask_but_not_for_ever(
    publisher: Publisher, client: Client, hands: Hands
) -> None:
    publisher.file("/robots.txt", b"User-agent: *\nCrawl-delay: 600\n")
    url = publisher.file("/a.txt", b"words")
    for _ in range(2):
        with client.get(url):
            pass
    assert hands.slept == [30.0]


def test_endless_robots_are_cut(publisher: Publisher, client: Client) -> None:
    publisher.file("/robots.txt", b"# nothing\n" * 200_000 + b"User-agent: *\nDisallow: /\n")
    with client.get(publisher.file("/a.txt", b"words")) as response:
        assert response.is_success


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_an_answer_that_will_stay_is_not_worth_another_try(publisher: Publisher, client: Client, status: int) -> None:
    url = publisher.at("/a.pdf", lambda request: request.answer(status))
    with pytest.raises(FetchError, match=f"answers {status}") as failed, client.get(url):
        pass
    assert not isinstance(failed.value, Transient)


def test_nobody_listening_may_pass(client: Client) -> None:
    with pytest.raises(Transient), client.get("http://127.0.0.1:1/a.pdf"):
        pass


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 37.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, now=datetime(1994, 11, 6, 8, 49, tzinfo=UTC)) == seconds
