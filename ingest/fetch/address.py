"""Decides which addresses may be spoken to, and connects to no other.

The check is made on the address that a connection is opened to, after the name is resolved and by the code that opens
it, so that neither a redirect nor a name that resolves differently the second time (DNS rebinding) can pass it. The
name stays in the Host header and in TLS, so certificates are checked as usual.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from ingest.fetch.clock import Deadline
from ingest.fetch.errors import FetchError, Refused, Transient

NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""

Resolver = Callable[[str, int], list[str]]


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet: not private, loopback, link-local, multicast, reserved.

    An IPv4 address wrapped in an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged by what it wraps.
    """
    ip = ip_address(address)
    if ip in NAT64:
        return _is_public(IPv4Address(int(ip) & 0xFFFFFFFF))
    if isinstance(ip, IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and all(map(_is_public, _wrapped(ip)))


def _is_public(ip: IPv4Address) -> bool:
    return is_public(str(ip))


def _wrapped(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(ip, IPv4Address):
        return []
    return [each for each in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if each is not None]


def check_url(url: str) -> None:
    """Refuse an address by its form, before any name is resolved.

    :raises Refused: when it is not http or https, names no host, or carries a user name or password.
    """
    parts = urlsplit(url)
    shown = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    if parts.scheme not in ("http", "https"):
        raise Refused(f"The address {shown!r} is not http or https", "Give the publisher's web address")
    if not parts.hostname:
        raise Refused(f"The address {shown!r} names no host", "Give the publisher's web address")
    if parts.username is not None or parts.password is not None:
        raise Refused(f"The address {shown!r} carries a user name or password", "Give it without them")


def resolve(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, in the order in which the system would try them.

    :raises OSError: when the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore2.NetworkBackend):
    """Opens connections for an HTTP client, to public addresses only, and ends them when the time is up.

    :param deadline: gives the deadline of the download under way.
    :param allow_private: True speaks to any address; for libraries whose publishers stand in the same network.
    """

    def __init__(self, deadline: Callable[[], Deadline], *, allow_private: bool, resolver: Resolver = resolve) -> None:
        self._backend = httpcore2.SyncBackend()
        self._deadline = deadline
        self._allow_private = allow_private
        self._resolve = resolver

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolve once, check every address found, and connect to the first that answers.

        :raises Refused: when the name leads to an address that is not public.
        """
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            passing = getattr(error, "errno", None) == socket.EAI_AGAIN
            kind = Transient if passing else FetchError
            raise kind(f"The host {host!r} is not known: {error}", "Check the connection and the address") from error
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise Refused(
                        f"The host {host!r} leads to {address}, which is not an address of the open internet",
                        "If it is a publisher in your own network, allow it with VERBATIM_FETCH_ALLOW_PRIVATE=true",
                    )
        failure: Exception = Transient(f"The host {host!r} has no address")
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(
                    address, port, self._deadline().at_most(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore2.NetworkStream):
    """A connection on which every read and write also ends at the deadline: a slow drip cannot outlast it."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Callable[[], Deadline]) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline().at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline().at_most(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline().at_most(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
