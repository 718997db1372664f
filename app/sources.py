"""Finds the files that ingest is to read: bundled texts, texts fetched or added, and files and folders that are named.

Invariant: a source has the same origin and name in every run over the same files, whatever characters its name has.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

from corpus.catalogue import Catalogue, bundled_text
from corpus.documents import Metadata
from corpus.library import Library, LibraryError
from ingest.archive import expand
from ingest.detect import ZIP, media_type
from ingest.extract.draft import SourceError
from ingest.extract.limits import Limits
from ingest.fetch.lockfile import read_lock

CATALOGUE_ORIGIN = "catalogue:"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read.

    :param origin: names it over time: the URI of its absolute path, or "catalogue:" and an id.
    :param name: what people call it: its path from the folder that was given, on one line.
    :param metadata: from the catalogue; None takes what the file says of itself.
    """

    path: Path
    origin: str
    name: str
    metadata: Metadata | None = None


def catalogue_sources(catalogue: Catalogue, library: Library) -> Iterator[Source]:
    """The texts of the catalogue that are here: bundled, or brought by `verbatim fetch` and `verbatim add`.

    :raises corpus.catalogue.CatalogueError: when a bundled text is missing.
    :raises ingest.fetch.FetchError: when the lock file cannot be read.
    """
    locked = read_lock(library).sources
    for entry in catalogue.documents:
        origin = f"{CATALOGUE_ORIGIN}{entry.id}"
        if entry.id in locked:
            path = library.find_source(locked[entry.id].sha256)
            if path is not None:
                yield Source(path, origin, f"{entry.id}{path.suffix}", entry.metadata())
        elif entry.held:
            path = bundled_text(entry)
            yield Source(path, origin, path.name, entry.metadata())


def held_origins(catalogue: Catalogue, library: Library) -> set[str]:
    """The origins of the catalogue's texts that are bundled or were brought, even if a source file was lost since."""
    locked = read_lock(library).sources
    return {f"{CATALOGUE_ORIGIN}{entry.id}" for entry in catalogue.documents if entry.held or entry.id in locked}


def path_sources(paths: Sequence[Path]) -> Iterator[Source]:
    """The files named, and those in the folders named, in order of their names.

    Hidden files and folders are left out, and links to folders are not followed.

    :raises LibraryError: when a path does not exist; nothing has been read then.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise LibraryError(f"There is no file or folder {str(path)!r}", "Check its name")
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(name for name in names if not name.startswith(".")):
                    file = Path(folder, name)
                    yield Source(file, origin_of(file), _shown(file.relative_to(path).as_posix()))
        else:
            yield Source(path, origin_of(path), _shown(path.name))


def unpacked(sources: Iterable[Source], folder: Path, limits: Limits) -> Iterator[Source]:
    """The same sources, with the files of a zipped folder in its place.

    An archive that cannot be unpacked stays a source, so that reading it tells why.

    :param folder: where members are written; they must stay there until they have been read.
    """
    for place, source in enumerate(sources):
        yield from _members(source, folder / str(place), limits) or (source,)


def _members(source: Source, folder: Path, limits: Limits) -> list[Source]:
    try:
        # A pipe would be waited for without end.
        if not source.path.is_file() or media_type(source.path) != ZIP:
            return []
        members = expand(source.path, folder, limits)
    except (SourceError, OSError):
        return []
    return [
        Source(member.path, f"{source.origin}#{quote(member.name)}", f"{source.name}/{_shown(member.name)}")
        for member in members
    ]


def origin_of(path: Path) -> str:
    """The URI of a path as it is named, links not followed; any bytes that a file name may have are kept."""
    return Path(os.path.normpath(path.absolute())).as_uri()


def path_of(origin: str) -> Path:
    """The inverse of `origin_of`."""
    return Path(os.fsdecode(unquote_to_bytes(urlsplit(origin).path)))


def _shown(name: str) -> str:
    """A name as a message, a page or a database may hold it: on one line, printable."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name)
