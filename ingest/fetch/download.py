"""Brings one address into a file: with retries, going on where it stopped, and never more than the limit.

What has arrived stays in `<name>.part`, beside `<name>.part.json` which says of what state of which address it is, so
that a broken download, or a killed program, goes on from there. Nothing else is written.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from corpus.library import write_atomically
from ingest.fetch.client import Client
from ingest.fetch.errors import FetchError, Refused, Transient

FIRST_WAIT_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class Validators(BaseModel):
    """How a server names one state of a file (RFC 9110, 8.8)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    etag: str | None = None
    last_modified: str | None = None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask for the file only if it is in another state."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}

    @property
    def range_condition(self) -> str | None:
        """The value for If-Range, for which a weak tag will not do (RFC 9110, 13.1.5)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified

    @classmethod
    def of(cls, response: httpx2.Response) -> Validators:
        """Those that an answer gives."""
        return cls(etag=response.headers.get("ETag"), last_modified=response.headers.get("Last-Modified"))


class _PartState(BaseModel):
    """Of which state of which address a partial file is."""

    model_config = ConfigDict(frozen=True)

    url: str
    validators: Validators


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A whole file, still under its temporary name.

    :param url: where it was in the end, after redirects.
    """

    path: Path
    url: str
    validators: Validators


def download(
    client: Client, url: str, part: Path, *, max_bytes: int, held: Validators | None = None
) -> Downloaded | None:
    """Bring what is at an address into `part`.

    :param held: validators of the copy that the library holds.
    :return: None when the publisher says that the held copy is still the one.
    :raises FetchError: when it cannot be brought; what has arrived is kept for the next time.
    """
    options = client.options
    attempts = Retrying(
        retry=retry_if_exception_type(Transient),
        stop=stop_after_attempt(options.attempts),
        wait=_Wait(options.retry_after_seconds),
        sleep=client.clock.sleep,
        reraise=True,
    )
    return attempts(_attempt, client, url, _Part(part, url), max_bytes, held)


def discard(part: Path) -> None:
    """Forget what has arrived."""
    part.unlink(missing_ok=True)
    _state_path(part).unlink(missing_ok=True)


class _Wait:
    """What the server asked for, up to a ceiling; else longer each time, by chance not all at once."""

    def __init__(self, ceiling: float) -> None:
        self._ceiling = ceiling
        self._backoff = wait_exponential_jitter(initial=FIRST_WAIT_SECONDS, max=LONGEST_BACKOFF_SECONDS)

    def __call__(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.retry_after if isinstance(failure, Transient) else None
        if asked is None:
            return self._backoff(state)
        if asked > self._ceiling:
            raise FetchError(
                f"{failure.what if isinstance(failure, Transient) else failure}, and asks to wait {asked:.0f} seconds",
                "Run the command again after that time",
            ) from failure
        return asked


class _Part:
    """The partial file of one address."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self.url = url

    def resumable(self) -> tuple[int, str] | None:
        """How many bytes have arrived, and the If-Range value of the state they are of; None to begin anew."""
        try:
            state = _PartState.model_validate_json(_state_path(self.path).read_bytes())
            size = self.path.stat().st_size
        except (FileNotFoundError, ValidationError):
            return None
        condition = state.validators.range_condition
        return (size, condition) if size and condition and state.url == self.url else None

    def begin(self, response: httpx2.Response) -> None:
        """Start with an empty file, and note its state where the answer can be gone on with."""
        discard(self.path)
        if "Content-Encoding" not in response.headers:
            state = _PartState(url=self.url, validators=Validators.of(response))
            write_atomically(_state_path(self.path), state.model_dump_json().encode())


def _attempt(client: Client, url: str, part: _Part, max_bytes: int, held: Validators | None) -> Downloaded | None:
    resumable = part.resumable()
    if resumable:
        headers = {"Range": f"bytes={resumable[0]}-", "If-Range": resumable[1]}
    else:
        headers = held.conditions if held else {}
    try:
        with client.get(url, headers) as response:
            if response.status_code == 304:
                return None
            if response.status_code == 416 or (response.status_code == 206 and not _continues(response, resumable)):
                discard(part.path)
                raise Transient(f"{url} does not go on where the last download stopped", "Try again: it begins anew")
            if response.status_code != 206:
                part.begin(response)
            _append(response, part.path, max_bytes)
            return Downloaded(part.path, str(response.url), Validators.of(response))
    except OSError as error:
        raise FetchError(
            f"{url} cannot be written to {part.path}: {error.strerror}", "Check that the disk has room"
        ) from error


def _continues(response: httpx2.Response, resumable: tuple[int, str] | None) -> bool:
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return bool(found and resumable and int(found[1]) == resumable[0])


def _append(response: httpx2.Response, path: Path, max_bytes: int) -> None:
    """Write the body behind what is there; whole, or an error."""
    total = _announced_size(response)
    if total is not None and total > max_bytes:
        raise _too_large(response, max_bytes)
    with path.open("ab") as file:
        for piece in response.iter_bytes():
            if file.tell() + len(piece) > max_bytes:
                discard(path)
                raise _too_large(response, max_bytes)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    if total is not None and size != total:
        raise Transient(f"{response.url} gave {size} bytes of {total}", "Try again")


def _announced_size(response: httpx2.Response) -> int | None:
    """Bytes of the whole file, where the server says."""
    if "Content-Encoding" in response.headers:
        return None
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    size = found[3] if found else response.headers.get("Content-Length", "")
    return int(size) if size.isdecimal() else None


def _too_large(response: httpx2.Response, max_bytes: int) -> Refused:
    return Refused(
        f"{response.url} is larger than {max_bytes:,} bytes", "If it is right, raise VERBATIM_FETCH_MAX_BYTES"
    )


def _state_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")
