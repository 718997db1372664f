"""One library for the tests of index/: the paper, and texts of invented organizations in three languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.documents import Metadata
from corpus.library import Library
from corpus.store import Store
from index.build import build
from index.encoder import ConfiguredEncoder
from index.profiles import PROFILES, open_encoders
from index.search import Searcher
from ingest.chunk import cut_passages, word_count
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions

PAPER = Path(__file__).parents[2] / "corpus" / "texts" / "ngo-committee-on-migration-2011.md"
TEXTS = Path(__file__).parent / "texts"
METADATA = {
    "example-coalition": Metadata(
        "example-coalition", "Report on seasonal work", "Example Coalition", kind="report", date="2015",
        languages=("en",),
    ),
    "example-network": Metadata(
        "example-network", "Addendum", "Example Network", kind="report", date="2019-05", languages=("en",)
    ),
    "reseau-exemple": Metadata(
        "reseau-exemple", "Déclaration", "Réseau Exemple", kind="statement", date="2012", languages=("fr",)
    ),
    "red-ejemplo": Metadata(
        "red-ejemplo", "Declaración", "Red Ejemplo", kind="statement", date="2018", languages=("es",)
    ),
}  # fmt: skip


def ingest(store: Store, path: Path, metadata: Metadata) -> None:
    """Put one file into a store."""
    document = read_document(path, metadata, ExtractOptions())
    store.put(document, cut_passages(document, word_count, 400))


def ingest_all(store: Store) -> None:
    """Put the paper and the invented texts into a store."""
    paper = Metadata(
        "paper", "Partnerships", "NGO Committee on Migration", kind="paper", date="2011", languages=("en",)
    )
    ingest(store, PAPER, paper)
    for name, metadata in METADATA.items():
        ingest(store, TEXTS / f"{name}.md", metadata)


@dataclass(frozen=True)
class Built:
    """A library with a generation, and what it was made with."""

    library: Library
    store: Store
    encoders: tuple[ConfiguredEncoder, ...]
    searcher: Searcher


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for converted models: the one the project keeps, so that a conversion happens once."""
    kept = Path(__file__).parents[2] / ".build" / "models"
    return kept if kept.is_dir() else tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def encoders(models: Path) -> tuple[ConfiguredEncoder, ...]:
    return open_encoders(PROFILES["default"], models)


@pytest.fixture(scope="session")
def light(models: Path) -> tuple[ConfiguredEncoder, ...]:
    return open_encoders(PROFILES["light"], models)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, encoders: tuple[ConfiguredEncoder, ...]) -> Iterator[Built]:
    library = Library(tmp_path_factory.mktemp("library"))
    with library.open_store() as store:
        ingest_all(store)
        searcher = Searcher.open(build(store, library, encoders), encoders)
        yield Built(library, store, encoders, searcher)
        searcher.close()
