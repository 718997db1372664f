"""The store gives back what was put in, whole or not at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.documents import Document, Passage
from corpus.store import NotHeld, Store, StoreError
from tests.corpus.invented import invented_document


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "library.sqlite")


def test_a_document_comes_back_equal(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    assert store.document(document.metadata.id) == document
    assert tuple(store.passages()) == passages
    assert [store.passage(passage.id) for passage in passages] == list(passages)
    (record,) = store.records()
    assert record.metadata == document.metadata
    assert record.edition == document.edition
    assert (record.characters, record.pages, record.passages) == (len(document.text), 2, len(passages))


def test_a_document_without_boxes_lacks_nothing_else(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    bare = tuple(replace(block, boxes=()) for block in document.blocks)
    assert store.document_without_boxes(document.metadata.id) == replace(document, blocks=bare)


def test_an_origin_lives_as_long_as_its_document(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages, origin="/texts/a.md")
    store.put(document, passages, origin="/texts/b.md")
    assert store.origins() == {"/texts/b.md": document.metadata.id}
    store.remove(document.metadata.id)
    assert store.origins() == {}


def test_a_passage_is_found_by_an_offset_in_it(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    for passage in passages:
        assert store.passage_at(document.metadata.id, passage.start) == passage
        assert store.passage_at(document.metadata.id, passage.end - 1) == passage
        assert store.passage_at(document.metadata.id, passage.end) is None
    assert store.passage_at("no-such-thing", 0) is None


def test_a_changed_document_replaces_its_former_state(store: Store) -> None:
    store.put(*invented_document())
    changed, passages = invented_document(extra=" Without delay.")
    store.put(changed, passages)
    assert store.document(changed.metadata.id) == changed
    assert tuple(store.passages()) == passages


def test_a_withdrawn_document_leaves_nothing_behind(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    store.remove(document.metadata.id)
    assert store.records() == ()
    assert list(store.passages()) == []
    with sqlite3.connect(store.path) as connection:
        for table in ("blocks", "pages", "notes", '"references"', "passages"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608


def test_what_is_not_held_is_said_by_name(store: Store) -> None:
    for ask in (store.document, store.passage, store.remove):
        with pytest.raises(NotHeld, match="'no-such-thing'"):
            ask("no-such-thing")


def test_incoming_references_name_the_document_that_points(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    (incoming,) = store.incoming_references("example-handbook")
    assert incoming.document_id == document.metadata.id
    assert incoming.reference == document.references[0]


def test_a_failure_is_forgotten_once_the_file_is_read(store: Store) -> None:
    document, passages = invented_document()
    store.put_failure(document.source_name, None, "It is encrypted.", reader="1")
    assert [failure.reader for failure in store.failures()] == ["1"]
    assert [failure.reason for failure in store.failures()] == ["It is encrypted."]
    store.put(document, passages)
    assert store.failures() == ()


def test_embeddings_are_kept_by_model_and_text(store: Store) -> None:
    store.put_embeddings("a", [("1" * 64, b"one"), ("2" * 64, b"two")])
    assert store.embeddings("a", ["1" * 64, "3" * 64]) == {"1" * 64: b"one"}
    assert store.embeddings("b", ["1" * 64]) == {}


def test_a_snapshot_holds_all_but_embeddings_and_cannot_be_written(store: Store, tmp_path: Path) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    store.put_embeddings("a", [("1" * 64, b"one")])
    store.write_snapshot(tmp_path / "snapshot.sqlite")
    snapshot = Store(tmp_path / "snapshot.sqlite", read_only=True)
    assert snapshot.document(document.metadata.id) == document
    assert tuple(snapshot.passages()) == passages
    assert snapshot.embeddings("a", ["1" * 64]) == {}
    with pytest.raises(StoreError, match="readonly"):
        snapshot.put(document, passages)


def test_the_check_finds_a_changed_word(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    assert store.check() == ()
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE documents SET text = replace(text, 'keep', 'lose')")
    assert any("its text is not the one" in line for line in store.check())
    assert any(passages[0].id in line for line in store.check())


def test_a_full_disk_leaves_the_former_document(tmp_path: Path) -> None:
    store = Store(tmp_path / "library.sqlite")
    document, passages = invented_document()
    store.put(document, passages)
    with store._reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
    large, large_passages = invented_document(extra=" And so on." * 20_000)
    with pytest.raises(StoreError, match="disk is full"):
        store.put(large, large_passages)
    assert store.document(document.metadata.id) == document
    assert store.check() == ()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(b"not a database, but long enough to be taken for one" * 40)
    with pytest.raises(StoreError, match=r"library\.sqlite"):
        Store(path)


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="version 999"):
        Store(path)


def test_a_missing_database_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no library database"):
        Store(tmp_path / "library.sqlite", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_threads_read_while_another_writes(store: Store) -> None:
    document, passages = invented_document()
    store.put(document, passages)
    seen: list[tuple[Document, tuple[Passage, ...]]] = []
    readers = [
        threading.Thread(target=lambda: seen.append((store.document(document.metadata.id), tuple(store.passages()))))
        for _ in range(8)
    ]
    for reader in readers:
        reader.start()
    store.put(*invented_document("example-coalition-2021"))
    for reader in readers:
        reader.join()
    assert [found for found, _ in seen] == [document] * 8


def test_a_process_killed_while_it_writes_leaves_the_former_state(tmp_path: Path) -> None:
    """A child begins to replace the document and is killed before it commits."""
    path = tmp_path / "library.sqlite"
    store = Store(path)
    document, passages = invented_document()
    store.put(document, passages)
    store.close()
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, sys\n"
            "from pathlib import Path\n"
            "from corpus.store import Store\n"
            "store = Store(Path(sys.argv[1]))\n"
            "with store._writing() as connection:\n"
            "    connection.execute('DELETE FROM documents')\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n",
            str(path),
        ],
        check=False,
    )
    assert child.returncode == -9
    again = Store(path)
    assert again.document(document.metadata.id) == document
    assert again.check() == ()
