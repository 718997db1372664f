"""The one door for a file: documents that keep the promise, or errors that name the file and the way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.documents import Metadata
from ingest.document import read_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions, Limits
from ingest.numbering import numbered
from tests.ingest.documents import PAPER, passages_of, read, read_text
from tests.ingest.extract.packages import docx, paragraph, zipped


def test_the_same_file_gives_the_same_document_and_ids() -> None:
    again = read_document(PAPER, None, ExtractOptions())
    assert again == read(PAPER)
    assert passages_of(again) == passages_of(read(PAPER))


def test_the_catalogue_wins_over_the_file() -> None:
    given = Metadata("given", "Given", languages=("fr",))
    assert read_document(PAPER, given, ExtractOptions()).metadata == given


# Bad input, at this door.


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\r\n", "holds no words"),
        ("nuls.txt", b"\0" * 4096, "is not text"),
        ("random.bin", bytes(range(256)) * 64, "is not text"),
        ("dashes.md", b"---\n\n***\n", "holds no words"),
        ("fake.pdf", b"%PDF-1.7\nnothing", "fake.pdf"),
    ],
)
def test_files_without_words_are_refused_by_name(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as raised:
        read_text(tmp_path, name, content)
    assert name in str(raised.value)


def test_a_few_nuls_in_a_text_are_dropped(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.txt", b"Some words" + b"\0" + b" and more of them.")
    assert document.text == "Some words and more of them."


def test_names_with_line_breaks_do_not_break_messages(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as raised:
        read_text(tmp_path, "two\nlines\x1b[31m.txt", "")
    assert str(raised.value).isprintable()


def test_missing_folders_and_unreadable_files(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    for path, message in ((tmp_path / "no.txt", "does not exist"), (tmp_path, "not a file"), (loop, "loop.txt")):
        with pytest.raises(SourceError, match=message):
            read_document(path, None, ExtractOptions())
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    with pytest.raises(SourceError, match="not a file"):
        read_document(pipe, None, ExtractOptions())


def test_limits_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="more than the limit of 10"):
        read_document(PAPER, None, ExtractOptions(limits=Limits(bytes=10)))
    with pytest.raises(SourceError, match="characters, more than the limit of 100"):
        read_document(PAPER, None, ExtractOptions(limits=Limits(characters=100)))
    with pytest.raises(SourceError, match="a zipped folder"):
        read_document(zipped(tmp_path / "x.zip", {"a.txt": "x"}), None, ExtractOptions())


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.txt"
    path.write_text("First words.")

    def meddle(blocks: object) -> object:
        path.write_text("Other words.")
        return numbered(blocks)  # type: ignore[arg-type]

    monkeypatch.setattr("ingest.document.numbered", meddle)
    with pytest.raises(SourceError, match="changed while it was read"):
        read_document(path, None, ExtractOptions())


def test_without_libreoffice_the_message_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="libreoffice-writer-nogui"):
        read_text(tmp_path, "x.rtf", "{\\rtf1 words}")


def test_a_word_file_under_another_name_is_read_as_what_it_is(tmp_path: Path) -> None:
    path = docx(tmp_path / "x.pdf", paragraph("Words of the file."))
    assert read_document(path, None, ExtractOptions()).text == "Words of the file."
