"""No address but a public one is ever connected to, whatever name, redirect or resolver leads there."""

from __future__ import annotations

import socket
from typing import Any

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch.address import check_url, is_public
from ingest.fetch.client import Client, FetchOptions
from ingest.fetch.clock import Clock
from ingest.fetch.errors import FetchError, Refused, Transient
from tests.ingest.fetch.conftest import OPTIONS, Hands
from tests.ingest.fetch.publisher import Publisher

NOT_PUBLIC = (
    "0.0.0.0",  # noqa: S104
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.9.9.9",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fe80::1",
    "fe80::1%1",
    "ff02::1",
    "fec0::1",
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_open_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.194.138.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_is_not(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_change_the_verdict(ip: Any) -> None:
    number = int(ip)
    assert is_public(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}") == is_public(str(ip))
    assert not is_public(f"::ffff:{ip}") or is_public(str(ip))
    assert not is_public(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1") or is_public(str(ip))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "not http"),
        ("ftp://publisher.example/a.pdf", "not http"),
        ("//publisher.example/a.pdf", "not http"),
        ("javascript:alert(1)", "not http"),
        ("http:///a.pdf", "no host"),
        ("https://reader:secret@publisher.example/a.pdf", "user name or password"),
        ("https://reader@publisher.example/a.pdf", "user name or password"),
    ],
)
def test_an_address_is_refused_by_its_form(url: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        check_url(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_under_each_of_its_names(publisher: Publisher, host: str) -> None:
    port = publisher.url.rpartition(":")[2]
    with (
        Client(FetchOptions()) as client,
        pytest.raises(Refused, match="open internet"),
        client.get(f"http://{host}:{port}/a"),
    ):
        pass
    assert publisher.asked == []


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, hands: Hands
) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    connected: list[str] = []

    def connect(_: object, host: str, *_more: object) -> httpcore2.NetworkStream:
        connected.append(host)
        raise httpcore2.ConnectError("no network in tests")

    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    with (
        Client(FetchOptions(), Clock(hands.now, hands.sleep), resolver=lambda _host, _port: answers.pop(0)) as client,
        pytest.raises(FetchError),
        client.get("http://rebinding.example/a.pdf"),
    ):
        pass
    assert connected == ["93.184.216.34"]
    with (
        Client(FetchOptions(), Clock(hands.now, hands.sleep), resolver=lambda _host, _port: answers.pop(0)) as client,
        pytest.raises(Refused),
        client.get("http://rebinding.example/a.pdf"),
    ):
        pass
    assert connected == ["93.184.216.34"]


def test_a_name_with_one_private_address_among_public_ones_is_refused(hands: Hands) -> None:
    with (
        Client(FetchOptions(), Clock(hands.now, hands.sleep), resolver=lambda *_: ["8.8.8.8", "10.0.0.1"]) as client,
        pytest.raises(Refused, match=r"10\.0\.0\.1"),
        client.get("https://mixed.example/a.pdf"),
    ):
        pass


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://metadata.example/", "http://[fe80::1]/"]
)
def test_a_redirect_to_a_private_address_is_refused(publisher: Publisher, hands: Hands, target: str) -> None:
    """The publisher stands at a name that the test's resolver calls public, and connects to the loopback server."""
    publisher.at("/a.pdf", lambda request: request.answer(302, Location=target))
    port = publisher.url.rpartition(":")[2]

    def resolver(host: str, _port: int) -> list[str]:
        return {"metadata.example": ["10.0.0.1"], "publisher.example": ["8.8.8.8"]}.get(host, [host])

    client = Client(FetchOptions(), Clock(hands.now, hands.sleep), resolver=resolver)
    backend = client._http._transport._pool._network_backend  # type: ignore[attr-defined]
    real = backend._backend.connect_tcp
    connected: list[str] = []

    def connect(host: str, *more: Any) -> httpcore2.NetworkStream:
        connected.append(host)
        stream: httpcore2.NetworkStream = real("127.0.0.1", *more)
        return stream

    backend._backend.connect_tcp = connect
    with client, pytest.raises(Refused, match="open internet"), client.get(f"http://publisher.example:{port}/a.pdf"):
        pass
    assert set(connected) == {"8.8.8.8"}


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://publisher.example/a.pdf", "http://user:secret@publisher.example/a.pdf"]
)
def test_a_redirect_is_checked_like_the_first_address(publisher: Publisher, client: Client, target: str) -> None:
    url = publisher.at("/a.pdf", lambda request: request.answer(302, Location=target))
    with pytest.raises(Refused), client.get(url):
        pass


def test_proxies_of_the_environment_are_not_used(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    url = publisher.file("/a.txt", b"words")
    with Client(OPTIONS) as made, made.get(url) as response:
        assert response.read() == b"words"


@pytest.mark.parametrize(("errno", "passes"), [(socket.EAI_NONAME, False), (socket.EAI_AGAIN, True)])
def test_a_name_that_does_not_exist_is_not_asked_for_again(hands: Hands, errno: int, passes: bool) -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(errno, "not known")

    with (
        Client(FetchOptions(), Clock(hands.now, hands.sleep), resolver=resolver) as client,
        pytest.raises(FetchError, match=r"nowhere\.example") as failed,
        client.get("https://nowhere.example/a.pdf"),
    ):
        pass
    assert isinstance(failed.value, Transient) == passes
