"""What a worker is asked to read, what it answers, and how the answer travels.

The answer comes from a process that has opened a stranger's file, so it is never unpickled: it is JSON, validated
against the types of `corpus.documents` before anything believes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from corpus.catalogue import KnownWork
from corpus.documents import Document, Metadata
from ingest.extract.limits import ExtractOptions

Read = Callable[[Path, Metadata | None, ExtractOptions, Sequence[KnownWork]], Document]
"""Reads one file, as `ingest.document.read_document` does."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read.

    :param metadata: the catalogue's, where the file is one of its texts; None takes what the file says.
    :param works: what its references may be resolved to.
    """

    path: Path
    metadata: Metadata | None
    options: ExtractOptions
    works: tuple[KnownWork, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker that lived to its end has to say: a document, or why there is none."""

    document: Document | None = None
    reason: str | None = None


_ANSWERS = TypeAdapter(Answer)


def pack(answer: Answer) -> bytes:
    """The answer as JSON."""
    return _ANSWERS.dump_json(answer)


def unpack(content: bytes) -> Answer:
    """The answer that a worker wrote.

    :raises ValueError: when it is not one.
    """
    return _ANSWERS.validate_json(content)
