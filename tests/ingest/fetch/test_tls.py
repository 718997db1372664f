"""Over https the name stays in TLS though the connection goes to an address that was checked: certificates count."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from ingest.fetch.client import Client
from ingest.fetch.clock import Clock
from ingest.fetch.errors import Refused
from tests.ingest.fetch.conftest import OPTIONS, Hands
from tests.ingest.fetch.publisher import publisher_server

NAME = "publisher.example"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that this machine trusts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def https(authority: trustme.CA, name: str, names_asked: list[str | None]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    context.sni_callback = lambda _socket, asked, _context: names_asked.append(asked)
    return context


def client(hands: Hands) -> Client:
    return Client(OPTIONS, Clock(hands.now, hands.sleep), resolver=lambda _host, _port: ["127.0.0.1"])


def test_the_name_is_asked_for_and_its_certificate_believed(authority: trustme.CA, hands: Hands) -> None:
    asked: list[str | None] = []
    with publisher_server(https(authority, NAME, asked)) as publisher, client(hands) as made:
        publisher.file("/a.txt", b"words")
        port = publisher.url.rpartition(":")[2]
        with made.get(f"https://{NAME}:{port}/a.txt") as response:
            assert response.read() == b"words"
        assert publisher.requests_of("/a.txt")[0]["Host"] == f"{NAME}:{port}"
    assert set(asked) == {NAME}


def test_a_certificate_of_another_name_is_not(authority: trustme.CA, hands: Hands) -> None:
    with publisher_server(https(authority, "other.example", [])) as publisher, client(hands) as made:
        port = publisher.url.rpartition(":")[2]
        with pytest.raises(Refused, match="certificate"), made.get(f"https://{NAME}:{port}/a.txt"):
            pass
        assert publisher.asked == []


def test_a_certificate_of_an_unknown_authority_is_not(hands: Hands) -> None:
    with publisher_server(https(trustme.CA(), NAME, [])) as publisher, client(hands) as made:
        port = publisher.url.rpartition(":")[2]
        with pytest.raises(Refused, match="certificate"), made.get(f"https://{NAME}:{port}/a.txt"):
            pass
    assert hands.slept == []
