"""A zipped folder gives its documents, and a hostile one gives nothing outside the folder it is unpacked into."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from ingest.archive import expand
from ingest.extract.draft import SourceError
from ingest.extract.limits import Limits
from tests.ingest.extract.packages import zipped


def test_members_are_unpacked_each_into_a_folder_of_its_own(tmp_path: Path) -> None:
    parts = {
        "a/report.txt": "One.",
        "b/report.txt": "Two.",
        "a/Report.txt": "Three.",
        "__MACOSX/._x": "no",
        ".git/config": "no",
        "empty.txt": "",
        "../../outside.txt": "Four.",
        "/etc/passwd": "Five.",
        "dir\\win.txt": "Six.",
        "line\nbreak.txt": "Seven.",
        "x" * 300 + ".txt": "Eight.",
    }
    path = zipped(tmp_path / "folder.zip", parts)
    folder = tmp_path / "out"
    members = expand(path, folder, Limits())
    texts = [member.path.read_text() for member in members]
    assert texts == ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight."]
    assert all(folder in member.path.resolve().parents for member in members)
    assert {child.name for child in tmp_path.iterdir()} == {"folder.zip", "out"}
    assert members[3].name == "../../outside.txt"


def test_links_are_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceError, match=r"links\.zip holds no files"):
        expand(path, tmp_path / "out", Limits())


def test_a_bomb_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {f"{place}.txt": b"0" * 2**20 for place in range(8)})
    with pytest.raises(SourceError, match=r"bomb\.zip unpacks to more"):
        expand(path, tmp_path / "out", Limits(unpacked_bytes=2**21))


def test_a_bomb_that_lies_about_its_size_is_stopped_too(tmp_path: Path) -> None:
    path = zipped(tmp_path / "liar.zip", {"a.txt": b"0" * 2**22})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"liar\.zip"):
        expand(path, tmp_path / "out", Limits(unpacked_bytes=2**21))


def test_a_damaged_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(SourceError, match=r"bad\.zip is a damaged archive"):
        expand(path, tmp_path / "out", Limits())
