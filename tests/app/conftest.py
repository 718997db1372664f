"""One library for the tests of app/: the bundled paper and texts of invented organizations, indexed once, and a real
server over it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import typst
import uvicorn

from app.encoders import configured_encoders
from app.listening import server_config
from app.opened import opened_service
from app.server import create_app
from app.service import Service
from app.settings import Settings, load_settings
from corpus.catalogue import Catalogue, bundled_text, load_catalogue
from corpus.documents import Metadata
from corpus.library import Library
from corpus.store import Store
from index.build import build
from ingest.chunk import cut_passages, word_count
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions

TEXTS = Path(__file__).parent / "texts"
PAPER = "ngo-committee-on-migration-2011"
STATEMENT = "example-coalition-statement"
HANDBOOK = "example-handbook"
PAGE = "example-network-page"

INVENTED_ENTRIES = """
[[documents]]
id = "example-handbook"
title = "Handbook of Letters"
organization = "Example Coalition"
kind = "handbook"
date = "2019"
languages = ["en"]
licence = "invented for tests"
aliases = ["Example Handbook of Letters"]
url = "https://example.org/handbook"
held = false

[[documents]]
id = "example-missing-2001"
title = "A Book That Is Not Here"
organization = "Example Coalition"
kind = "report"
date = "2001"
languages = ["en"]
licence = "invented for tests"
url = "https://example.org/missing"
held = false
"""


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for converted models: the one the project keeps, so that a conversion happens once."""
    kept = Path(__file__).parents[2] / ".build" / "models"
    return kept if kept.is_dir() else tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def catalogue_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled catalogue with invented entries behind it."""
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.toml"
    bundled = Path(__file__).parents[2] / "corpus" / "catalogue.toml"
    path.write_text(bundled.read_text(encoding="utf-8") + INVENTED_ENTRIES, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def handbook_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF of three pages labelled iv, 74 and 75."""
    path = tmp_path_factory.mktemp("handbook") / "example-handbook.pdf"
    path.write_bytes(typst.compile(TEXTS / "example-handbook.typ"))
    return path


@pytest.fixture(scope="session")
def settings(
    tmp_path_factory: pytest.TempPathFactory, models: Path, catalogue_file: Path, handbook_pdf: Path
) -> Settings:
    """Settings that name a filled and indexed library; the light profile, since ranking is tested elsewhere."""
    made = load_settings(
        library=tmp_path_factory.mktemp("app") / "library", models=models, catalogue=catalogue_file, profile="light"
    )
    catalogue = load_catalogue(catalogue_file)
    library = Library(made.library)
    with library.open_store() as store:
        put(library, store, catalogue, bundled_text(catalogue.entry(PAPER)), catalogue.entry(PAPER).metadata())
        put(library, store, catalogue, handbook_pdf, catalogue.entry(HANDBOOK).metadata())
        for name in (STATEMENT, PAGE):
            put(library, store, catalogue, next(TEXTS.glob(f"{name}.*")), None)
        store.put_failure("broken.pdf", None, "'broken.pdf' is damaged. Ask for another copy.")
        build(store, library, configured_encoders(made))
    return made


def put(library: Library, store: Store, catalogue: Catalogue, path: Path, metadata: Metadata | None) -> None:
    """Read one file into a store, as ingest does."""
    document = read_document(path, metadata, ExtractOptions(), catalogue.works())
    library.keep_source(path)
    store.put(document, cut_passages(document, word_count, 400))


@pytest.fixture(scope="session")
def service(settings: Settings) -> Iterator[Service]:
    """The service over the library."""
    with opened_service(settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def store(settings: Settings) -> Iterator[Store]:
    """The library's store."""
    with Store(Library(settings.library).database) as opened:
        yield opened


class RunningServer:
    """A real server on a free port, in a thread of this process."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.app = create_app(settings)
        self._server = uvicorn.Server(server_config(self.app, "critical"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})

    def __enter__(self) -> RunningServer:
        self._thread.start()
        # The socket listens already: the first request waits until the app has started.
        httpx.get(f"{self.url}/healthz", timeout=60)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)
        self._socket.close()


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[RunningServer]:
    """A server over the library."""
    with RunningServer(settings) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of that server."""
    with httpx.Client(base_url=server.url, timeout=60) as made:
        yield made
