"""Runs the server: takes the port before anything slow is done, makes a fresh library ready, and serves until told to
stop."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from app.server import create_app
from app.settings import Settings
from app.stocking import index_library, stock, why_unreadable
from app.terminal import Step, say
from corpus.errors import VerbatimError
from corpus.library import Library
from corpus.store import Store
from ingest.extract.limits import ExtractOptions

MAX_REQUEST_LINE_AND_HEADERS = 256 * 1024
"""Bytes: a query of 10,000 characters takes up to 120,000 in an address."""


class CannotListen(VerbatimError):
    """A port that is in use, or an address that is not this machine's."""


def bind(host: str, port: int) -> socket.socket:
    """Take the port.

    :raises CannotListen: when it is taken or may not be had.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise CannotListen(f"There is no address {host!r} to listen on", "Use 127.0.0.1, or 0.0.0.0 for all") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(256)
    except OSError as error:
        listening.close()
        raise CannotListen(
            f"Port {port} of {host} cannot be listened on: {(error.strerror or str(error)).lower()}",
            "Stop what uses it, or choose another with --port or VERBATIM_PORT",
        ) from error
    return listening


def make_ready(settings: Settings, step: Step, tell: Callable[[str], None]) -> None:
    """Fill and index a library that has no index yet, or one that this program cannot read; else do nothing.

    :raises VerbatimError: when that cannot be done.
    """
    library = Library(settings.library)
    reason = why_unreadable(library)
    if reason is None:
        return
    tell(f"{reason} Making one: this takes a minute, once.")
    if not _holds_documents(library):
        report = stock(settings, [], ExtractOptions(), step)
        tell(f"Read the bundled corpus: {', '.join(f'{count} {state}' for state, count in report.counts.items())}.")
    folder = index_library(settings, step)
    tell(f"Indexed: generation {folder.name} of {library.path}.")


def run(settings: Settings, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    log = logging.getLogger("verbatim")
    log.setLevel(settings.log_level.upper())
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s:     %(message)s"))
    log.addHandler(handler)
    config = server_config(create_app(settings), settings.log_level)
    server = uvicorn.Server(config)

    def end(*_: object) -> None:
        server.should_exit = True

    # uvicorn has its own handlers while it runs. Before that these end it as soon as it has started; and when it raises
    # the signal again after it has ended well, they take it: to end is what was asked, so that is no failure.
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, end)
    host, port = listening.getsockname()[:2]
    say(f"Verbatim answers at http://{f'[{host}]' if ':' in host else host}:{port}")
    server.run(sockets=[listening])


def server_config(app: FastAPI, log_level: str) -> uvicorn.Config:
    """How uvicorn serves the app."""
    return uvicorn.Config(
        app,
        log_level=log_level,
        access_log=log_level == "debug",
        server_header=False,
        h11_max_incomplete_event_size=MAX_REQUEST_LINE_AND_HEADERS,
        timeout_graceful_shutdown=30,
    )


def _holds_documents(library: Library) -> bool:
    if not library.database.is_file():
        return False
    with Store(library.database) as store:
        return bool(store.records())
