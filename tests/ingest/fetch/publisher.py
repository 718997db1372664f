"""A publisher's server on the loopback address that does what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request, with ways to answer it badly."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        """Hand the request to what the test has put at its path."""
        publisher = self.server.publisher
        publisher.asked.append((self.path, dict(self.headers.items())))
        answers = publisher.answers.get(self.path)
        if answers is None:
            self.answer(404, b"not here")
            return
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole, well-formed answer."""
        self.head(status, **{"Content-Length": str(len(body)), **_named(headers)})
        self.wfile.write(body)

    def head(self, status: int, **headers: str) -> None:
        """Status and headers only; what follows is the test's business."""
        self.send_response(status)
        for name, value in _named(headers).items():
            self.send_header(name, value)
        self.end_headers()

    def hang_up(self) -> None:
        """Close the connection, whatever was promised."""
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class _Server(ThreadingHTTPServer):
    publisher: Publisher
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is part of the test."""


@dataclass(slots=True)
class Publisher:
    """A server's address, its pages, and what it was asked for.

    :param answers: path → what to do at each request in turn; the last one goes on for ever.
    """

    url: str
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def at(self, path: str, *answers: Answer) -> str:
        """Put answers at a path; its whole address."""
        self.answers[path] = list(answers)
        return self.url + path

    def file(self, path: str, body: bytes, **headers: str) -> str:
        """Put a well-behaved file at a path; its whole address."""
        return self.at(path, lambda request: request.answer(200, body, **headers))

    def requests_of(self, path: str) -> list[dict[str, str]]:
        """Headers of each request for a path."""
        return [headers for asked, headers in self.asked if asked == path]


@contextmanager
def publisher_server(tls: ssl.SSLContext | None = None) -> Iterator[Publisher]:
    """Run a publisher until the context ends.

    :param tls: to answer with https.
    """
    server = _Server(("127.0.0.1", 0), Request)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.publisher = Publisher(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
