"""A zipped folder is ingested as the documents in it, and costs a hash when nothing has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.sources import path_of, path_sources, unpacked
from ingest.extract.limits import Limits
from tests.ingest.extract.packages import docx, paragraph, zipped


def names(path: Path, folder: Path, limits: Limits | None = None) -> list[str]:
    return [source.name for source in unpacked(path_sources([path]), folder, limits or Limits())]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def test_members_stand_in_the_place_of_the_archive(tmp_path: Path, scratch: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("Plain.")
    archive = zipped(texts / "b.zip", {"one/x.txt": "One.", "two/x y.md": "Two."})
    docx(texts / "c.docx", paragraph("A Word file is a zip archive too."))
    sources = list(unpacked(path_sources([texts]), scratch, Limits()))
    assert [source.name for source in sources] == ["a.txt", "b.zip/one/x.txt", "b.zip/two/x y.md", "c.docx"]
    assert [source.path.read_text() for source in sources[:3]] == ["Plain.", "One.", "Two."]
    # What is in an archive is withdrawn when the archive is gone, and keeps its origin from run to run.
    assert path_of(sources[1].origin) == archive
    again = unpacked(path_sources([texts]), tmp_path / "again", Limits())
    assert [source.origin for source in again] == [source.origin for source in sources]


def test_an_archive_that_cannot_be_unpacked_stays_a_source(tmp_path: Path, scratch: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"x.txt": b"0" * 2**20})
    assert names(bomb, scratch, Limits(unpacked_bytes=1000)) == ["bomb.zip"]
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04")
    assert names(broken, scratch) == ["broken.zip"]
    assert names(zipped(tmp_path / "empty.zip", {}), scratch) == ["empty.zip"]
