"""What is in the files is in the store, once each, whatever the files are called, hold or do meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.ingestion import IngestOptions, Outcome, Window, ingest, withdraw_missing
from app.sources import Source, catalogue_sources, path_sources
from corpus.catalogue import Catalogue, Entry, KnownWork, load_catalogue
from corpus.library import Library, LibraryError, sha256_of
from corpus.store import Store
from ingest.extract.limits import ExtractOptions
from ingest.fetch import add_source
from ingest.sandbox import Confines
from ingest.worker import Workers
from tests.ingest import hostile

TEXT = (
    "# Of letters\n\nEvery consulate of {name} should answer a letter within ten days (Handbook of Letters, p. 12).\n"
)
WINDOW = Window(lambda text: len(text.split()), 200, "words")
WORKS = (KnownWork("handbook-of-letters", "Handbook of Letters"),)
OPTIONS = IngestOptions(WINDOW, ExtractOptions(), WORKS)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library")
    made.create()
    return made


@pytest.fixture
def store(library: Library) -> Iterator[Store]:
    with library.open_store() as opened:
        yield opened
        assert opened.check() == ()


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    with Workers(2, Confines(1 << 30, 60, 60), tmp_path_factory.mktemp("scratch"), hostile.read) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "texts"
    made.mkdir()
    return made


def write(path: Path, name: str = "Exampland") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(name=name), encoding="utf-8")
    return path


def run(
    library: Library, store: Store, workers: Workers, *paths: Path, options: IngestOptions = OPTIONS
) -> dict[str, Outcome]:
    return {outcome.source_name: outcome for outcome in ingest(library, store, path_sources(paths), options, workers)}


def test_a_file_becomes_a_document_with_its_source_passages_and_references(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    path = write(folder / "2010" / "Of Letters.md")
    outcomes = run(library, store, workers, folder)
    assert outcomes == {"2010/Of Letters.md": Outcome("2010/Of Letters.md", "read", "2010-of-letters", 1)}
    document = store.document("2010-of-letters")
    assert document.source_name == "2010/Of Letters.md"
    assert document.source_sha256 == sha256_of(path)
    assert [(reference.document, reference.pages) for reference in document.references] == [
        ("handbook-of-letters", "12")
    ]
    kept = library.find_source(document.source_sha256)
    assert kept is not None
    assert kept.read_bytes() == path.read_bytes()
    assert [passage.document_id for passage in store.passages()] == ["2010-of-letters"]


def test_what_has_not_changed_is_not_read_again(library: Library, store: Store, workers: Workers, folder: Path) -> None:
    write(folder / "a.md")
    run(library, store, workers, folder)
    begun = workers._begun
    assert run(library, store, workers, folder)["a.md"].state == "unchanged"
    assert workers._begun == begun


def test_what_has_changed_replaces_its_document(library: Library, store: Store, workers: Workers, folder: Path) -> None:
    write(folder / "a.md")
    run(library, store, workers, folder)
    write(folder / "a.md", "Otherland")
    assert run(library, store, workers, folder)["a.md"].state == "read"
    (record,) = store.records()
    assert "Otherland" in store.document(record.metadata.id).text


def test_another_catalogue_changes_the_references_without_reading_again(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md")
    run(library, store, workers, folder, options=replace(OPTIONS, works=()))
    assert [reference.document for reference in store.document("a").references] == [None]
    begun = workers._begun
    assert run(library, store, workers, folder)["a.md"].state == "unchanged"
    assert [reference.document for reference in store.document("a").references] == ["handbook-of-letters"]
    assert len(tuple(store.passages("a"))) == 1
    assert workers._begun == begun


def test_one_file_under_two_names_is_one_document(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md")
    write(folder / "b.md")
    for _ in range(2):
        outcomes = run(library, store, workers, folder)
        assert outcomes["b.md"] == Outcome("b.md", "duplicate", "a", reason="the same file as a")
        assert [record.metadata.id for record in store.records()] == ["a"]


def test_a_path_named_twice_is_read_once(library: Library, store: Store, workers: Workers, folder: Path) -> None:
    path = write(folder / "a.md")
    assert len(list(ingest(library, store, path_sources([folder, path, folder]), OPTIONS, workers))) == 1


def test_names_that_come_to_one_id_are_told_apart_for_good(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    for name in ("a b.md", "a-b.md", "handbook-of-letters.md"):
        write(folder / name, name)
    first = {name: outcome.document_id for name, outcome in run(library, store, workers, folder).items()}
    assert first["a b.md"] == "a-b"
    assert str(first["a-b.md"]).startswith("a-b-")
    assert first["handbook-of-letters.md"] != "handbook-of-letters", "a work of the catalogue, which this file is not"
    again = {name: outcome.document_id for name, outcome in run(library, store, workers, folder).items()}
    assert again == first


@pytest.mark.parametrize(
    "name",
    [
        "new\nline.md",
        "a..b..md",
        "a\\..\\b.md",
        "\u202eright.md",
        "-rf.md",
        "quote\"'`.md",
        os.fsdecode(b"\xff\xfe.md"),
    ],
)
def test_any_file_name_can_be_read_and_is_known_again(
    library: Library, store: Store, workers: Workers, folder: Path, name: str
) -> None:
    write(folder / name)
    (outcome,) = run(library, store, workers, folder).values()
    assert outcome.state == "read"
    assert outcome.source_name.isprintable()
    assert run(library, store, workers, folder)[outcome.source_name].state == "unchanged"
    assert list(withdraw_missing(store, Catalogue(), library, [folder])) == []


def test_links_that_lead_in_circles_pipes_and_broken_links(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md")
    (folder / "circle").symlink_to(folder)
    (folder / "self.md").symlink_to(folder / "self.md")
    (folder / "gone.md").symlink_to(folder / "nowhere.md")
    os.mkfifo(folder / "pipe.md")
    outcomes = run(library, store, workers, folder)
    assert {name: outcome.state for name, outcome in outcomes.items()} == {
        "a.md": "read",
        "self.md": "failed",
        "gone.md": "failed",
        "pipe.md": "failed",
    }
    assert "not a file" in outcomes["pipe.md"].reason


def test_hidden_files_and_folders_are_left_out(library: Library, store: Store, workers: Workers, folder: Path) -> None:
    write(folder / ".git" / "a.md")
    write(folder / ".hidden.md")
    assert run(library, store, workers, folder) == {}


def test_a_path_that_is_not_there_stops_before_anything_is_read(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md")
    with pytest.raises(LibraryError, match="absent"):
        run(library, store, workers, folder, folder / "absent")
    assert store.records() == ()


def test_a_file_that_cannot_be_read_waits_until_it_changes_or_is_asked_for(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    (folder / "bad.md").write_text("fail", encoding="utf-8")
    write(folder / "good.md")
    outcomes = run(library, store, workers, folder)
    assert (outcomes["bad.md"].state, outcomes["good.md"].state) == ("failed", "read")
    (failure,) = store.failures()
    assert (failure.source_name, failure.source_sha256) == ("bad.md", sha256_of(folder / "bad.md"))
    skipped = run(library, store, workers, folder)["bad.md"]
    assert skipped.state == "skipped"
    assert "no such glyph" in skipped.reason
    assert "--retry" in skipped.reason
    assert run(library, store, workers, folder, options=replace(OPTIONS, retry=True))["bad.md"].state == "failed"
    password = replace(OPTIONS, extract=ExtractOptions(password="open"))  # noqa: S106
    assert run(library, store, workers, folder, options=password)["bad.md"].state == "failed"
    write(folder / "bad.md", "Betterland")
    assert run(library, store, workers, folder)["bad.md"].state == "read"
    assert store.failures() == ()


def test_a_failed_reading_leaves_what_stood_before(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md")
    run(library, store, workers, folder)
    (folder / "a.md").write_text("crash", encoding="utf-8")
    assert run(library, store, workers, folder)["a.md"].state == "failed"
    assert "Exampland" in store.document("a").text
    write(folder / "a.md")
    assert run(library, store, workers, folder)["a.md"].state == "unchanged"
    assert store.failures() == ()


def test_a_file_that_changes_while_it_is_read_is_not_believed(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    (folder / "a.md").write_text("change_the_file first\n", encoding="utf-8")
    assert "changed while it was read" in run(library, store, workers, folder)["a.md"].reason
    (folder / "b.md").write_text("remove_the_file first\n", encoding="utf-8")
    assert run(library, store, workers, folder / "b.md")["b.md"].state == "failed"
    assert store.records() == ()


def test_a_file_that_has_gone_from_its_folder_is_withdrawn(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    write(folder / "a.md", "A")
    write(folder / "b.md", "B")
    run(library, store, workers, folder)
    (folder / "a.md").unlink()
    assert [outcome.document_id for outcome in withdraw_missing(store, Catalogue(), library, [folder])] == ["a"]
    assert [record.metadata.id for record in store.records()] == ["b"]
    (folder / "b.md").unlink()
    assert list(withdraw_missing(store, Catalogue(), library, [folder.parent / "elsewhere"])) == []


def test_a_text_that_a_person_added_is_read_under_its_entry(
    library: Library, store: Store, workers: Workers, folder: Path
) -> None:
    entry = Entry.model_validate(
        {
            "id": "example-letters",
            "title": "Of Letters and Answers",
            "organization": "Example Coalition",
            "kind": "handbook",
            "languages": ["en"],
            "licence": "invented",
            "held": False,
        }
    )
    catalogue = Catalogue(documents=(entry,))
    assert list(catalogue_sources(catalogue, library)) == []
    add_source(write(folder / "download.md"), entry, library)
    outcomes = list(ingest(library, store, catalogue_sources(catalogue, library), OPTIONS, workers))
    assert [(outcome.state, outcome.document_id) for outcome in outcomes] == [("read", "example-letters")]
    assert store.document("example-letters").metadata == entry.metadata()
    assert list(withdraw_missing(store, catalogue, library, [])) == []
    for source in library.sources.iterdir():
        source.unlink()
    assert list(withdraw_missing(store, catalogue, library, [])) == [], "a lost source is no reason to drop the text"
    assert [gone.document_id for gone in withdraw_missing(store, Catalogue(), library, [])] == ["example-letters"]


def test_the_bundled_corpus_is_read(library: Library, store: Store, workers: Workers) -> None:
    catalogue = load_catalogue()
    outcomes = list(ingest(library, store, catalogue_sources(catalogue, library), OPTIONS, workers))
    assert [(outcome.state, outcome.document_id) for outcome in outcomes] == [
        ("read", "ngo-committee-on-migration-2011")
    ]


def test_a_full_disk_stops_the_run_and_the_next_one_finishes_it(
    library: Library, store: Store, workers: Workers, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "a.md", "A")
    write(folder / "b.md", "B")
    with monkeypatch.context() as full:
        full.setattr("os.fsync", _disk_full)
        with pytest.raises(LibraryError, match="No space left on device"):
            run(library, store, workers, folder)
    while workers.busy:
        workers.finished()
    assert store.records() == ()
    assert list(library.scratch.iterdir()) == []
    assert {outcome.state for outcome in run(library, store, workers, folder).values()} == {"read"}


def _disk_full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_sources_keep_their_order(folder: Path) -> None:
    for name in ("b.md", "a.md", "c/a.md"):
        write(folder / name, name)
    sources = list(path_sources([folder]))
    assert [source.name for source in sources] == ["a.md", "b.md", "c/a.md"]
    assert isinstance(sources[0], Source)
    assert sources[0].origin == (folder / "a.md").as_uri()


def test_only_one_run_at_a_time(library: Library) -> None:
    (library.scratch / "left by a killed run").mkdir()
    with library.writing():
        assert list(library.scratch.iterdir()) == []
        with pytest.raises(LibraryError, match="Another Verbatim"), Library(library.path).writing():
            pass
