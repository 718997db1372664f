"""A generation: one complete, immutable index on disk, and the manifest that proves it whole.

generations/<n>/
  manifest.json     models, settings, counts, calibration, sha256 of every other file
  snapshot.sqlite   the store as it was, without embeddings
  passages/         columns that ranking needs            (index.passage_table)
  phrases.sqlite    folded texts for exact search         (index.phrases)
  concordance/      every word's places, for the check of quotations (index.concordance)
  words/            bm25                                  (index.lexical)
  vectors/<key>.faiss, tokens/<key>/                      (index.vectors, index.token_vectors)

A folder without a manifest is not a generation: the manifest is written last, and the folder renamed after that.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.library import sha256_of
from index.encoder import ConfiguredEncoder, EncoderSpec
from index.errors import IndexDamaged

FORMAT = 3
"""Raised when files change meaning; another format is rebuilt, never guessed at."""
MANIFEST = "manifest.json"
_REBUILD = "Run `verbatim index --rebuild`"


class EncoderRecord(BaseModel):
    """An encoder as a generation was made with it."""

    model_config = ConfigDict(frozen=True)

    key: str
    name: str
    fingerprint: str
    weights_sha256: str
    dims: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    spec: EncoderSpec

    @classmethod
    def of(cls, one: ConfiguredEncoder) -> EncoderRecord:
        """Describe an open encoder."""
        encoder = one.encoder
        return cls(
            key=one.key,
            name=encoder.name,
            fingerprint=encoder.fingerprint,
            weights_sha256=encoder.weights_sha256,
            dims=encoder.dims,
            max_tokens=encoder.max_tokens,
            query_prompt=encoder.prompts[0],
            passage_prompt=encoder.prompts[1],
            spec=one.spec,
        )


class Calibration(BaseModel):
    """What the score of a query that the library says nothing about looks like; see `index.support`.

    :param mean: of the best score of such queries; `deviation` its standard deviation.
    """

    model_config = ConfigDict(frozen=True)

    mean: float
    deviation: float
    queries: int


class Manifest(BaseModel):
    """What a generation is."""

    model_config = ConfigDict(frozen=True)

    format: int
    number: int
    made_at: str
    content: str
    """Digest of the passages' ids and of what was embedded: equal content need not be built again."""
    documents: int
    passages: int
    sentences: int
    languages: tuple[str, ...]
    encoders: tuple[EncoderRecord, ...]
    """Empty while only words are searchable."""
    pending: tuple[str, ...] = ()
    """Names of encoders whose vectors are still being made."""
    calibration: Calibration | None = None
    files: dict[str, str]
    """Relative path → sha256."""


def now() -> str:
    """ISO 8601, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file of a generation but its manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    :raises IndexDamaged: when it is missing, unreadable, of another format, or a file it names is missing.
    """
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise IndexDamaged(f"The generation {folder} has no {MANIFEST}: {error.strerror}", _REBUILD) from error
    except ValueError as error:
        raise IndexDamaged(f"{path} is not JSON: {error}", _REBUILD) from error
    if isinstance(raw, dict) and raw.get("format") != FORMAT:
        raise IndexDamaged(f"{path} is of format {raw.get('format')}, this program reads format {FORMAT}", _REBUILD)
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise IndexDamaged(f"{path}: {where}: {first['msg']}", _REBUILD) from error
    missing = [name for name in manifest.files if not (folder / name).is_file()]
    if missing:
        raise IndexDamaged(f"The generation {folder} lacks {', '.join(missing)}", _REBUILD)
    return manifest


def hold(folder: Path) -> BinaryIO:
    """Keep a generation from being removed for as long as the file that is returned is open.

    Parts of it are opened late (a thread's own connection to its snapshot), so whoever serves it holds it.

    :raises IndexDamaged: when it is not there, or just being removed.
    """
    manifest = None
    try:
        manifest = (folder / MANIFEST).open("rb")
        fcntl.flock(manifest, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if manifest is not None:
            manifest.close()
        raise IndexDamaged(f"The generation {folder} cannot be held: {error.strerror}", "Ask again") from error
    return manifest


def remove_unless_held(folder: Path) -> None:
    """Remove a generation that nobody holds; one that is held stays until a later build."""
    try:
        with (folder / MANIFEST).open("rb") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        return


def check_generation(folder: Path) -> tuple[str, ...]:
    """What is wrong with a generation, one sentence each; empty when every file is as it was made. For `doctor`."""
    try:
        manifest = read_manifest(folder)
    except IndexDamaged as error:
        return (str(error),)
    found = digests(folder)
    return tuple(
        f"{folder / name} has changed since it was made"
        for name, digest in manifest.files.items()
        if found.get(name) != digest
    )
