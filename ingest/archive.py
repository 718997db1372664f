"""Unpacks a zipped folder of documents into files, each of which is then read as a document of its own.

Invariant: nothing is written outside the given folder, no link is followed, and no more than the limits allow is ever
unpacked, whatever the archive claims.
"""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.extract.draft import SourceError
from ingest.extract.limits import Limits
from ingest.extract.package import opened_package
from ingest.extract.source import shown

MOST_MEMBERS = 10_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: the name it has there, and where it now lies."""

    name: str
    path: Path


def expand(path: Path, folder: Path, limits: Limits) -> tuple[Member, ...]:
    """Unpack the files of a zip archive, hidden ones and those of operating systems left out.

    :param folder: an empty folder to write into.
    :raises SourceError: when the archive is damaged, encrypted, over a limit, or holds no file.
    """
    members: list[Member] = []
    with opened_package(path, limits) as package:
        wanted = [part for part in package.archive.infolist() if _is_document(part)]
        if len(wanted) > MOST_MEMBERS:
            raise SourceError(f"{shown(path)} holds {len(wanted):,} files, more than {MOST_MEMBERS:,}", "Split it")
        for place, part in enumerate(wanted):
            data = package.read(part.filename)
            if len(data) > limits.bytes:
                what = f"{part.filename!r} in {shown(path)} has {len(data):,} bytes, more than {limits.bytes:,}"
                raise SourceError(what, "Take it out, or raise the limit")
            # Each gets a folder of its own, so that names that differ only in case or path stay apart.
            home = folder / f"{place:05}"
            home.mkdir(parents=True)
            target = home / _safe_name(part.filename)
            target.write_bytes(data)
            members.append(Member(part.filename, target))
    if not members:
        raise SourceError(f"{shown(path)} holds no files", "Give an archive with documents in it")
    return tuple(members)


def _is_document(part: zipfile.ZipInfo) -> bool:
    steps = PurePosixPath(part.filename.replace("\\", "/")).parts
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    hidden = any(step.startswith(".") and step not in (".", "..") for step in steps)
    return not part.is_dir() and not is_link and not hidden and "__MACOSX" not in steps and bool(part.file_size)


def _safe_name(name: str) -> str:
    """The last step of a name, without characters that a file system or a terminal takes amiss."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        character if character.isprintable() and character not in '/\0:*?"<>|' else "_" for character in last
    )
    stem, dot, suffix = kept.rpartition(".")
    short = f"{stem[:LONGEST_NAME]}{dot}{suffix[:10]}" if dot else kept[:LONGEST_NAME]
    return short if short.strip(". ") else "document"
