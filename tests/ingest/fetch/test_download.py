"""A file arrives whole or not at all, however its server misbehaves; a broken download goes on where it stopped."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ingest.fetch.client import Client
from ingest.fetch.download import Downloaded, Validators, download
from ingest.fetch.errors import FetchError, Refused, Transient
from tests.ingest.fetch.conftest import Hands
from tests.ingest.fetch.publisher import Publisher, Request

BODY = b"%PDF-1.4\n" + bytes(range(256)) * 500
LIMIT = 1 << 20


def fetched(client: Client, url: str, part: Path, held: Validators | None = None) -> bytes:
    found = download(client, url, part, max_bytes=LIMIT, held=held)
    assert isinstance(found, Downloaded)
    return found.path.read_bytes()


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "text.part"


def test_tries_again_with_longer_and_longer_waits(
    publisher: Publisher, client: Client, hands: Hands, part: Path
) -> None:
    fail = lambda request: request.answer(500)  # noqa: E731
    url = publisher.at("/a.pdf", fail, fail, fail, lambda request: request.answer(200, BODY))
    assert fetched(client, url, part) == BODY
    assert len(hands.slept) == 3
    assert 1 <= hands.slept[0] <= 2 <= hands.slept[1] <= 3 <= 4 <= hands.slept[2] <= 5


def test_gives_up_after_the_last_attempt(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", lambda request: request.answer(503))
    with pytest.raises(Transient, match="503"):
        fetched(client, url, part)
    assert len(publisher.requests_of("/a.pdf")) == client.options.attempts


def test_waits_as_long_as_the_server_asks(publisher: Publisher, client: Client, hands: Hands, part: Path) -> None:
    url = publisher.at(
        "/a.pdf", lambda request: request.answer(429, Retry_After="17"), lambda request: request.answer(200, BODY)
    )
    assert fetched(client, url, part) == BODY
    assert hands.slept == [17.0]


def test_does_not_wait_longer_than_the_ceiling(publisher: Publisher, client: Client, hands: Hands, part: Path) -> None:
    url = publisher.at("/a.pdf", lambda request: request.answer(429, Retry_After="86400"))
    with pytest.raises(FetchError, match="86400 seconds"):
        fetched(client, url, part)
    assert hands.slept == []


def cut_at(size: int, **headers: str) -> object:
    def answer(request: Request) -> None:
        request.head(200, Content_Length=str(len(BODY)), **headers)
        request.wfile.write(BODY[:size])
        request.hang_up()

    return answer


def rest_of(request: Request) -> None:
    start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
    content_range = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
    request.answer(206, BODY[start:], ETag='"one"', Content_Range=content_range)


def test_goes_on_where_a_broken_download_stopped(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", cut_at(70_000, ETag='"one"'), rest_of)  # type: ignore[arg-type]
    assert fetched(client, url, part) == BODY
    second = publisher.requests_of("/a.pdf")[1]
    assert second["Range"] == "bytes=70000-"
    assert second["If-Range"] == '"one"'


def test_goes_on_in_another_run(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", cut_at(70_000, ETag='"one"'), lambda request: request.answer(404))  # type: ignore[arg-type]
    with pytest.raises(FetchError, match="404"):
        fetched(client, url, part)
    publisher.at("/a.pdf", rest_of)
    assert fetched(client, url, part) == BODY


def test_begins_anew_when_the_file_changed_meanwhile(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", cut_at(70_000, ETag='"one"'), lambda r: r.answer(200, b"%PDF-new", ETag='"two"'))  # type: ignore[arg-type]
    assert fetched(client, url, part) == b"%PDF-new"


@pytest.mark.parametrize(
    "headers",
    [{}, {"ETag": 'W/"weak"'}, {"ETag": '"one"', "Content_Encoding": "identity"}],
    ids=["none", "weak", "encoded"],
)
def test_does_not_go_on_with_a_file_whose_state_has_no_sure_name(
    publisher: Publisher, client: Client, part: Path, headers: dict[str, str]
) -> None:
    url = publisher.at("/a.pdf", cut_at(70_000, **headers), lambda request: request.answer(200, BODY))  # type: ignore[arg-type]
    assert fetched(client, url, part) == BODY
    assert "Range" not in publisher.requests_of("/a.pdf")[1]


def test_a_server_that_goes_on_at_another_place_is_not_believed(
    publisher: Publisher, client: Client, part: Path
) -> None:
    def wrong(request: Request) -> None:
        request.answer(206, BODY[:10], Content_Range=f"bytes 0-9/{len(BODY)}")

    url = publisher.at("/a.pdf", cut_at(70_000, ETag='"one"'), wrong, lambda request: request.answer(200, BODY))  # type: ignore[arg-type]
    assert fetched(client, url, part) == BODY


def test_a_range_that_cannot_be_had_begins_anew(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at(
        "/a.pdf",
        cut_at(70_000, ETag='"one"'),  # type: ignore[arg-type]
        lambda request: request.answer(416),
        lambda request: request.answer(200, BODY),
    )
    assert fetched(client, url, part) == BODY


def test_a_wrong_length_is_noticed(publisher: Publisher, client: Client, part: Path) -> None:
    def short(request: Request) -> None:
        request.answer(206, BODY[70_000:-5], ETag='"one"', Content_Range=f"bytes 70000-{len(BODY) - 1}/{len(BODY)}")

    url = publisher.at("/a.pdf", cut_at(70_000, ETag='"one"'), short, rest_of)  # type: ignore[arg-type]
    assert fetched(client, url, part) == BODY


def test_a_file_announced_too_large_is_not_begun(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", lambda request: request.head(200, Content_Length=str(LIMIT + 1)))
    with pytest.raises(Refused, match="larger than"):
        fetched(client, url, part)
    assert not part.exists() or part.stat().st_size == 0


def test_an_endless_body_is_cut_at_the_limit(publisher: Publisher, client: Client, part: Path) -> None:
    def endless(request: Request) -> None:
        request.head(200, Transfer_Encoding="chunked")
        while True:
            request.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    with pytest.raises(Refused, match="larger than"):
        fetched(client, publisher.at("/a.pdf", endless), part)
    assert not part.exists()


def test_a_gzip_bomb_is_cut_at_the_limit(publisher: Publisher, client: Client, part: Path) -> None:
    bomb = gzip.compress(b"\0" * (200 * LIMIT))
    url = publisher.file("/a.pdf", bomb, Content_Encoding="gzip")
    with pytest.raises(Refused, match="larger than"):
        fetched(client, url, part)
    assert not part.exists()


def test_a_packed_answer_is_unpacked(publisher: Publisher, client: Client, part: Path) -> None:
    assert fetched(client, publisher.file("/a.pdf", gzip.compress(BODY), Content_Encoding="gzip"), part) == BODY


def test_a_damaged_packing_is_an_error(publisher: Publisher, client: Client, part: Path) -> None:
    with pytest.raises(FetchError, match="cannot be fetched"):
        fetched(client, publisher.file("/a.pdf", b"not gzip", Content_Encoding="gzip"), part)


def test_a_slow_drip_ends_at_the_deadline(publisher: Publisher, client: Client, hands: Hands, part: Path) -> None:
    """Each byte comes within the idle time-out, but the clock goes on ten seconds at each look."""

    def drip(request: Request) -> None:
        request.head(200, Content_Length=str(len(BODY)), ETag='"one"')
        for byte in BODY:
            request.wfile.write(bytes([byte]))

    hands.tick = 10.0
    client.start_deadline()
    with pytest.raises(FetchError, match="longer than 1800 seconds"):
        fetched(client, publisher.at("/a.pdf", drip), part)


def test_headers_that_drip_end_at_the_deadline_too(
    publisher: Publisher, client: Client, hands: Hands, part: Path
) -> None:
    def drip(request: Request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            request.wfile.write(b"X-Slow: 1\r\n")

    hands.tick = 30.0
    client.start_deadline()
    with pytest.raises(FetchError):
        fetched(client, publisher.at("/a.pdf", drip), part)


def test_a_copy_that_is_still_the_one_is_not_sent_again(publisher: Publisher, client: Client, part: Path) -> None:
    url = publisher.at("/a.pdf", lambda request: request.answer(304))
    held = Validators(etag='"one"', last_modified="Sun, 06 Nov 1994 08:49:37 GMT")
    assert download(client, url, part, max_bytes=LIMIT, held=held) is None
    (asked,) = publisher.requests_of("/a.pdf")
    assert asked["If-None-Match"] == '"one"'
    assert asked["If-Modified-Since"] == "Sun, 06 Nov 1994 08:49:37 GMT"


def test_a_full_disk_is_named(
    publisher: Publisher, client: Client, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(FetchError, match="No space left on device"):
        fetched(client, publisher.file("/a.pdf", BODY), part)
