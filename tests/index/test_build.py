"""Building: atomic, resumable, incremental; a generation is whole or refused; the former one is never lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library, LibraryError
from corpus.store import Store
from index import build as building
from index.build import KEPT_GENERATIONS, Progress, build
from index.encoder import ConfiguredEncoder, EncoderSpec
from index.errors import IndexDamaged
from index.generation import MANIFEST, check_generation, read_manifest
from index.profiles import PROFILES
from index.query import Query
from index.search import Searcher
from index.support import FOREIGN
from tests.index.conftest import METADATA, TEXTS, Built, ingest


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture
def store(library: Library) -> Store:
    store = library.open_store()
    ingest(store, TEXTS / "example-coalition.md", METADATA["example-coalition"])
    return store


Encoders = tuple[ConfiguredEncoder, ...]


class Counting:
    """Lets an encoder work and counts the texts it embeds, but for the calibration's questions."""

    def __init__(self, light: Encoders, monkeypatch: pytest.MonkeyPatch) -> None:
        self.texts: list[str] = []
        real = type(light[0].encoder).embed_passages

        def counted(encoder: Any, texts: Any) -> Any:
            self.texts.extend(set(texts) - set(FOREIGN))
            return real(encoder, texts)

        monkeypatch.setattr(type(light[0].encoder), "embed_passages", counted)


def test_a_rebuild_embeds_only_what_is_new_and_an_unchanged_library_is_left_alone(
    store: Store, library: Library, light: Encoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(light, monkeypatch)
    first = build(store, library, light)
    embedded = set(counting.texts)
    assert build(store, library, light) == first
    counting.texts.clear()
    ingest(store, TEXTS / "example-network.md", METADATA["example-network"])
    second = build(store, library, light)
    assert second != first
    assert counting.texts
    assert not embedded.intersection(counting.texts)
    assert library.current_generation() == second
    counting.texts.clear()
    assert build(store, library, light, rebuild=True) != second
    assert counting.texts == []


def test_a_withdrawn_document_is_gone_from_the_next_generation(store: Store, library: Library, light: Encoders) -> None:
    ingest(store, TEXTS / "example-network.md", METADATA["example-network"])
    build(store, library, light)
    store.remove("example-network")
    searcher = Searcher.open(build(store, library, light), light)
    assert searcher.table.documents == ("example-coalition",)
    assert {hit.document_id for hit in searcher.search(Query("recruitment")).hits} == {"example-coalition"}
    searcher.close()


def test_words_are_searchable_while_vectors_are_made(store: Store, library: Library, light: Encoders) -> None:
    seen = []

    def look(progress: Progress) -> None:
        if progress.stage != "words":
            searcher = Searcher.open(library.current_generation(), light)
            assert searcher.manifest.pending == ("use-multilingual-v3",)
            seen.append(searcher.search(Query("housing dormitories")).hits[0].document_id)
            searcher.close()

    finished = build(store, library, light, look)
    assert set(seen) == {"example-coalition"}
    assert read_manifest(finished).pending == ()


class Killed(BaseException):
    """As a kill: nothing catches it."""


@pytest.mark.parametrize(
    "step", ["write_lexical", "write_phrases", "write_vectors", "digests", "_fsync", "calibrate", "collect_garbage"]
)
def test_a_build_that_dies_leaves_what_was_served_and_the_next_one_finishes(
    store: Store, library: Library, light: Encoders, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(store, library, light)
    ingest(store, TEXTS / "example-network.md", METADATA["example-network"])

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(building, step, die)
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed process tidies nothing
        with pytest.raises(Killed):
            build(store, library, light)
    assert check_generation(library.current_generation()) == ()
    assert check_generation(before) == ()
    after = build(store, library, light)
    assert check_generation(after) == ()
    assert read_manifest(after).documents == 2
    assert library.current_generation() == after


def test_a_full_disk_is_told_and_the_former_generation_stays(
    store: Store, library: Library, light: Encoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(store, library, light)
    ingest(store, TEXTS / "example-network.md", METADATA["example-network"])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(building, "write_vectors", full)
    with pytest.raises(LibraryError, match="No space left on device"):
        build(store, library, light)
    assert check_generation(before) == ()
    assert not list(library.generations.glob(".building-*"))


def test_old_generations_are_removed_and_the_served_one_never(store: Store, library: Library, light: Encoders) -> None:
    for _ in range(4):
        build(store, library, light, rebuild=True)
    numbers = [path.name for path in library.generations.iterdir()]
    assert len(numbers) == KEPT_GENERATIONS
    assert library.current_generation().name in numbers


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / MANIFEST).unlink(), "has no manifest"),
        (lambda folder: (folder / MANIFEST).write_text("{"), "is not JSON"),
        (lambda folder: (folder / MANIFEST).write_text('{"format": 0}'), "format 0"),
        (lambda folder: (folder / "words" / "scores.npy").unlink(), "lacks words/scores.npy"),
        (lambda folder: (folder / "vectors" / "use-multilingual-v3-sentence.faiss").write_bytes(b"x"), "FAISS"),
        (lambda folder: (folder / "passages" / "start.npy").write_bytes(b"x"), "cannot be read"),
    ],
)
def test_a_damaged_generation_is_refused_by_name_and_found_by_the_check(
    store: Store, library: Library, light: Encoders, spoil: Callable[[Path], None], message: str
) -> None:
    folder = build(store, library, light)
    spoil(folder)
    assert check_generation(folder)
    with pytest.raises(IndexDamaged, match=message):
        Searcher.open(folder, light)


def test_a_generation_of_other_models_is_refused_with_both_names(built: Built, light: Encoders) -> None:
    with pytest.raises(IndexDamaged, match=r"multilingual-e5-small-passage.*use-multilingual-v3-sentence"):
        Searcher.open(built.searcher.folder, light)


def test_the_manifest_names_the_models_and_every_file(built: Built) -> None:
    folder = built.searcher.folder
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert [one["name"] for one in manifest["encoders"]] == ["multilingual-e5-small", "use-multilingual-v3"]
    assert all(len(one["weights_sha256"]) == 64 for one in manifest["encoders"])
    assert manifest["encoders"][0]["query_prompt"] == "query: "
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == files - {MANIFEST}
    assert check_generation(folder) == ()


def test_profiles_name_encoders_that_are_there() -> None:
    assert set(PROFILES) >= {"default", "light"}
    assert all(isinstance(spec, EncoderSpec) for specs in PROFILES.values() for spec in specs)


def test_an_empty_library_can_be_built_and_asked(tmp_path: Path, light: Encoders) -> None:
    library = Library(tmp_path / "empty")
    with library.open_store() as store:
        searcher = Searcher.open(build(store, library, light), light)
    answer = searcher.search(Query("anything"))
    assert (answer.hits, answer.total, answer.support.value) == ((), 0, "none")
    searcher.close()
