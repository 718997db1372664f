"""One GET of a publisher's server, with every hop checked: the only place of Verbatim that speaks to the internet.

Each hop of a redirect must be http or https, carry no password, be allowed by the server's robots.txt and lead to a
public address. Proxies of the environment are not used, for behind one the address could not be checked.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from urllib.parse import urlsplit

import httpcore2
import httpx2

from ingest.fetch.address import CheckedBackend, Resolver, check_url, resolve
from ingest.fetch.clock import Clock, Deadline
from ingest.fetch.errors import FetchError, Refused, Transient
from ingest.fetch.robots import MAX_ROBOTS_BYTES, ROBOT_NAME, Robots

MAX_REDIRECTS = 10
TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How publishers are spoken to.

    :param contact: an e-mail or web address by which a publisher can reach whoever runs this; sent in User-Agent.
    :param allow_private: also speak to private, loopback and link-local addresses.
    :param connect_seconds: for one connection; `idle_seconds` between two pieces of an answer; `total_seconds` for a
        whole text with all its retries.
    :param attempts: tries in all for one address.
    :param retry_after_seconds: the longest wait that a server may ask for before it is given up.
    :param max_bytes: largest file taken, as decoded; `max_page_bytes` likewise for a landing page.
    """

    contact: str = ""
    allow_private: bool = False
    connect_seconds: float = 20.0
    idle_seconds: float = 60.0
    total_seconds: float = 1800.0
    attempts: int = 5
    retry_after_seconds: float = 120.0
    max_bytes: int = 200 * 2**20
    max_page_bytes: int = 5 * 2**20

    @property
    def user_agent(self) -> str:
        """Who asks, in which version, and whom to write to."""
        try:
            name = f"{ROBOT_NAME}/{version('verbatim')}"
        except PackageNotFoundError:  # run from its source without being installed
            name = ROBOT_NAME
        return f"{name} (+{self.contact})" if self.contact else name


class Client:
    """Speaks HTTP to publishers; close it, or use it as a context.

    :param clock: for tests; `resolver` likewise.
    """

    def __init__(self, options: FetchOptions, clock: Clock | None = None, resolver: Resolver = resolve) -> None:
        self.options = options
        self.clock = clock or Clock()
        self._deadline = Deadline.after(options.total_seconds, self.clock)
        self._robots = Robots(self._read_robots)
        self._last_request: dict[str, float] = {}
        self._http = httpx2.Client(
            transport=_CheckedTransport(
                CheckedBackend(lambda: self._deadline, allow_private=options.allow_private, resolver=resolver)
            ),
            timeout=httpx2.Timeout(options.idle_seconds, connect=options.connect_seconds),
            headers={"User-Agent": options.user_agent, "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def start_deadline(self) -> None:
        """Give the next text its whole time."""
        self._deadline = Deadline.after(self.options.total_seconds, self.clock)

    @contextmanager
    def get(self, url: str, headers: dict[str, str] | None = None) -> Iterator[httpx2.Response]:
        """Follow an address to its answer; the body is not yet read.

        :raises Refused: for an address that Verbatim will not take, also after redirects.
        :raises Transient: for a failure that may pass, also while the body is read inside the context.
        :raises FetchError: for any other answer than success, 304 or 416.
        """
        with _named_errors(url), self._follow(url, headers or {}) as response:
            if response.status_code in TRANSIENT_STATUSES:
                raise Transient(
                    f"{response.url} answers {response.status_code} {response.reason_phrase}",
                    "Try again later",
                    retry_after=retry_after(response.headers.get("Retry-After")),
                )
            if not response.is_success and response.status_code not in (304, 416):
                raise FetchError(
                    f"{response.url} answers {response.status_code} {response.reason_phrase}",
                    "Look for the text at its publisher, and mend `url` or `source_url` in the catalogue",
                )
            yield response

    @contextmanager
    def _follow(self, url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        seen: list[str] = []
        while True:
            check_url(url)
            if url in seen or len(seen) > MAX_REDIRECTS:
                raise Refused(f"The address {seen[0]} is redirected without end, last to {url}", "Try another address")
            seen.append(url)
            if not self._robots.allows(url):
                raise Refused(
                    f"The robots.txt of {urlsplit(url).netloc} asks programs not to fetch {url}",
                    "Download it yourself and run `verbatim add FILE --as ID`",
                )
            self._be_polite(url)
            with self._http.stream("GET", url, headers=headers) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                # Joined as text: the client's own URL type would not show us a scheme that it cannot speak.
                url = str(response.url.join(response.headers["Location"]))

    def _be_polite(self, url: str) -> None:
        host = urlsplit(url).netloc
        wait = self._last_request.get(host, float("-inf")) + self._robots.delay(url) - self.clock.now()
        if wait > 0:
            self.clock.sleep(wait)
        self._last_request[host] = self.clock.now()

    def _read_robots(self, url: str) -> tuple[int, str]:
        for _ in range(MAX_REDIRECTS):
            check_url(url)
            with self._http.stream("GET", url) as response:
                if response.has_redirect_location:
                    url = str(response.url.join(response.headers["Location"]))
                    continue
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) >= MAX_ROBOTS_BYTES:
                        break
                return response.status_code, body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace")
        return 404, ""


class _CheckedTransport(httpx2.HTTPTransport):
    """HTTPX's own transport with our way of opening connections, which its constructor does not take."""

    def __init__(self, backend: CheckedBackend) -> None:
        certificates = httpx2.create_ssl_context()
        super().__init__(verify=certificates, trust_env=False)
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(ssl_context=certificates, network_backend=backend)


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether a failed check of a certificate is among the causes."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks to wait (RFC 9110, 10.2.3), or None where it says nothing readable."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


@contextmanager
def _named_errors(url: str) -> Iterator[None]:
    try:
        yield
    except httpx2.ConnectError as error:
        if _is_untrusted(error):
            raise Refused(f"The certificate of {urlsplit(url).netloc} cannot be trusted: {error}") from error
        raise Transient(f"{url} failed: {error}", "Try again later") from error
    except (httpx2.TimeoutException, httpx2.NetworkError, httpx2.RemoteProtocolError) as error:
        raise Transient(f"{url} failed: {str(error) or type(error).__name__}", "Try again later") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise FetchError(f"{url} cannot be fetched: {error}", "Check the address") from error
