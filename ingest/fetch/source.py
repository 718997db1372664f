"""Brings the file of a catalogue entry into the library: from its publisher, or from a copy that a person has.

Either way the bytes are checked against the lock file, and kept under their sha256 before the lock names them: a kill
between the two costs a download, never a lock that names what is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.catalogue import Catalogue, Entry
from corpus.errors import VerbatimError
from corpus.library import Library
from ingest.detect import HTML
from ingest.fetch.client import Client
from ingest.fetch.content import LOOSE_TYPES, SUFFIXES, content_type
from ingest.fetch.download import Downloaded, Validators, discard, download
from ingest.fetch.errors import FetchError, Refused
from ingest.fetch.landing import file_links
from ingest.fetch.lockfile import LockedSource, fetching, read_lock, write_locked


class Outcome(StrEnum):
    """What became of a text that was asked for."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One line of a fetch's report.

    :param path: the source in the library; None when it failed.
    :param reason: why it failed, with what to do about it.
    """

    id: str
    outcome: Outcome
    path: Path | None = None
    sha256: str | None = None
    reason: str | None = None


def fetch_sources(
    entries: Iterable[Entry], library: Library, client: Client, *, accept_changes: bool = False
) -> Iterator[Fetched]:
    """Fetch one entry after the other; one that fails does not stop the rest."""
    for entry in entries:
        try:
            yield fetch_source(entry, library, client, accept_changes=accept_changes)
        except VerbatimError as error:
            yield Fetched(entry.id, Outcome.FAILED, reason=str(error))


def wanted_entries(catalogue: Catalogue, ids: Iterable[str]) -> tuple[Entry, ...]:
    """The entries of these ids, or, where none is given, all that are not bundled and have an address.

    :raises corpus.catalogue.CatalogueError: for an id that the catalogue does not list.
    """
    chosen = tuple(catalogue.entry(id_) for id_ in ids)
    return chosen or tuple(entry for entry in catalogue.documents if not entry.held and (entry.source_url or entry.url))


def fetch_source(entry: Entry, library: Library, client: Client, *, accept_changes: bool = False) -> Fetched:
    """Bring an entry's file from its publisher.

    :param accept_changes: take a file that differs from the one in the lock, and lock it instead.
    :raises FetchError: when it cannot be had, or has changed.
    """
    start = entry.source_url or entry.url
    if start is None:
        raise FetchError(
            f"The catalogue knows no address for {entry.id!r}",
            f"Find a copy and run `verbatim add FILE --as {entry.id}`",
        )
    library.create()
    client.start_deadline()
    locked = read_lock(library).sources.get(entry.id)
    kept = library.find_source(locked.sha256) if locked else None
    held = _Held(locked.url, locked.validators) if locked and locked.url and kept else None
    with fetching(library, entry.id) as part:
        found = _from_publisher(entry, str(start), client, part, held)
        if found is None:
            return Fetched(entry.id, Outcome.UNCHANGED, kept, locked.sha256 if locked else None)
        source = _keep(entry, library, found, accept_changes)
        discard(part)
    return source


def add_source(file: Path, entry: Entry, library: Library, *, accept_changes: bool = False) -> Fetched:
    """Take a copy of an entry's file that a person downloaded.

    :raises FetchError: when it is not a text, or not the one in the lock.
    """
    if not file.is_file():
        raise FetchError(f"There is no file {str(file)!r}", "Give the path of the file that you downloaded")
    library.create()
    try:
        return _keep(entry, library, _Found(file, None, Validators()), accept_changes)
    except OSError as error:
        raise FetchError(f"The file {str(file)!r} cannot be read: {error.strerror}", "Check its permissions") from error


@dataclass(frozen=True, slots=True)
class _Held:
    """The address and state of the copy that the library has."""

    url: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class _Found:
    """A whole file before it is kept."""

    path: Path
    url: str | None
    validators: Validators


def _from_publisher(entry: Entry, start: str, client: Client, part: Path, held: _Held | None) -> _Found | None:
    """The file at the entry's address, or at the one that the page there names; None when the held copy is current."""
    options = client.options
    is_page = entry.source_url is None and entry.kind != "web-page"
    first = download(client, start, part, max_bytes=options.max_bytes, held=_validators(held, start))
    if first is None:
        return None
    media_type = _checked_type(first, start)
    if media_type != HTML:
        return _Found(first.path, start, first.validators)
    links = _links(first, entry, options.max_page_bytes)
    if not links and not is_page:
        return _Found(first.path, start, first.validators)
    discard(part)
    if not links:
        raise FetchError(
            f"The page {first.url} of {entry.id!r} does not tell programs where the file is",
            f"Download it there yourself and run `verbatim add FILE --as {entry.id}`",
        )
    link = links[0]
    found = download(client, link, part, max_bytes=options.max_bytes, held=_validators(held, link))
    if found is None:
        return None
    if _checked_type(found, link) == HTML:
        discard(part)
        raise FetchError(
            f"{link}, which {first.url} names as the file of {entry.id!r}, is a web page",
            f"Download the file yourself and run `verbatim add FILE --as {entry.id}`",
        )
    return _Found(found.path, link, found.validators)


def _validators(held: _Held | None, url: str) -> Validators | None:
    return held.validators if held and held.url == url else None


def _links(page: Downloaded, entry: Entry, max_bytes: int) -> tuple[str, ...]:
    with page.path.open("rb") as file:
        return file_links(file.read(max_bytes), page.url, entry.languages)


def _checked_type(found: Downloaded, asked: str) -> str:
    """What the file is; an address that ends like a file must give that type of file."""
    media_type = content_type(found.path)
    suffix = PurePosixPath(unquote(urlsplit(asked).path)).suffix.lower()
    promised = {suffix: kind for kind, suffix in SUFFIXES.items()}.get(suffix)
    if media_type is None or (promised is not None and promised not in LOOSE_TYPES and media_type != promised):
        discard(found.path)
        is_what = f"{media_type} in place of {promised}" if media_type else "no kind of file that Verbatim reads"
        raise FetchError(f"{found.url} gave {is_what}", "Look at it in a browser, and download the file there")
    return media_type


def _keep(entry: Entry, library: Library, found: _Found, accept_changes: bool) -> Fetched:
    media_type = content_type(found.path)
    if media_type is None:
        raise FetchError(f"{str(found.path)!r} is no kind of file that Verbatim reads", "Give a PDF, HTML or DOCX file")
    locked = read_lock(library).sources.get(entry.id)
    stored = library.keep_source(found.path, SUFFIXES[media_type])
    if locked and locked.sha256 != stored.sha256 and not accept_changes:
        raise Refused(
            f"The file of {entry.id!r} has changed: its sha256 is {stored.sha256}, and the lock names {locked.sha256}",
            f"Look at {stored.path}, and if it is right run the command again with --accept-changes",
        )
    size = stored.path.stat().st_size
    source = LockedSource(
        sha256=stored.sha256, media_type=media_type, bytes=size, url=found.url, validators=found.validators
    )
    write_locked(library, entry.id, source)
    same = locked is not None and locked.sha256 == stored.sha256
    return Fetched(entry.id, Outcome.UNCHANGED if same else Outcome.FETCHED, stored.path, stored.sha256)
