"""The library folder keeps sources unchanged and switches generations at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from corpus.library import Library, LibraryError, write_atomically


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = Library(tmp_path / "library")
    library.create()
    return library


def test_a_source_is_kept_unchanged_under_its_digest(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "Letter.MD"
    source.write_bytes(b"Dear consul,\r\n")
    kept = library.keep_source(source)
    assert kept.path.read_bytes() == source.read_bytes()
    assert kept.path.name == hashlib.sha256(source.read_bytes()).hexdigest() + ".md"
    assert library.find_source(kept.sha256) == kept.path
    assert library.keep_source(source) == kept
    assert list(library.sources.iterdir()) == [kept.path]


def test_an_unreadable_source_leaves_nothing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"missing\.md"):
        library.keep_source(tmp_path / "missing.md")
    assert list(library.sources.iterdir()) == []


def test_a_strange_suffix_stays_out_of_the_library(library: Library, tmp_path: Path) -> None:
    source = tmp_path / "letter.x\n y"
    source.write_text("Dear consul")
    assert library.keep_source(source).path.name == hashlib.sha256(b"Dear consul").hexdigest()


def test_without_an_index_it_says_what_to_run(library: Library) -> None:
    with pytest.raises(LibraryError, match="verbatim index"):
        library.current_generation()


@pytest.mark.parametrize("name", ["7", "../..", ""])
def test_a_generation_that_is_not_there_is_said(library: Library, name: str) -> None:
    (library.path / "current").write_text(name)
    with pytest.raises(LibraryError, match="not there"):
        library.current_generation()


def test_the_switch_names_the_new_generation(library: Library) -> None:
    for number in ("1", "2"):
        (library.generations / number).mkdir()
        library.switch_to(library.generations / number)
        assert library.current_generation() == library.generations / number


def test_an_interrupted_write_leaves_the_old_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "current"
    write_atomically(path, b"1\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corpus.library.os.fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"2\n")
    assert path.read_bytes() == b"1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match="cannot be made"):
        Library(tmp_path / "file" / "library").create()
