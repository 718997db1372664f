"""Turns rows of the store into the types that every room shares, and back: JSON for lists, packed bytes for boxes."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpus.documents import Block, BlockKind, Box, Edition, Metadata, Note, Page, Passage, Reference, Span

_BOX = struct.Struct("<iiiffff")


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A held document without its words: what lists and filters need."""

    metadata: Metadata
    edition: Edition
    source_type: str
    source_name: str
    problems: tuple[str, ...]
    ingested_at: str
    characters: int
    pages: int
    passages: int
    recognized_pages: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read.

    :param reader: version of the code that could not read it.
    """

    source_name: str
    source_sha256: str | None
    reason: str
    failed_at: str
    reader: str


@dataclass(frozen=True, slots=True)
class IncomingReference:
    """A reference in another document that points to this one."""

    document_id: str
    reference: Reference


def pack_boxes(boxes: Sequence[Box]) -> bytes:
    """Boxes as bytes: for each, three little-endian int32 (page, start, end) and four float32 (points)."""
    return b"".join(_BOX.pack(box.page, box.start, box.end, box.left, box.top, box.right, box.bottom) for box in boxes)


def unpack_boxes(packed: bytes) -> tuple[Box, ...]:
    """The inverse of `pack_boxes`, to float32 precision."""
    return tuple(Box(*values) for values in _BOX.iter_unpack(packed))


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def metadata_of(text: str) -> Metadata:
    values: dict[str, Any] = json.loads(text)
    for several in ("authors", "languages", "editors", "translators"):
        values[several] = tuple(values.get(several, ()))
    values["identifiers"] = tuple((key, value) for key, value in values["identifiers"])
    return Metadata(**values)


def spans_of(text: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(text))


def record_of(row: tuple[Any, ...]) -> DocumentRecord:
    metadata, source_sha256, text_sha256, source_type, source_name, problems, ingested_at, *counts = row
    characters, pages, passages, recognized = counts
    return DocumentRecord(
        metadata=metadata_of(metadata),
        edition=Edition(source_sha256, text_sha256),
        source_type=source_type,
        source_name=source_name,
        problems=tuple(json.loads(problems)),
        ingested_at=ingested_at,
        characters=characters,
        pages=pages,
        passages=passages,
        recognized_pages=recognized,
    )


def block_of(row: tuple[Any, ...]) -> Block:
    (
        _,
        ordinal,
        kind,
        start,
        end,
        level,
        language,
        parent,
        section,
        paragraph,
        number,
        noise,
        confidence,
        hidden,
        boxes,
    ) = row
    return Block(
        ordinal=ordinal,
        kind=BlockKind(kind),
        start=start,
        end=end,
        level=level,
        language=language,
        parent=parent,
        section=tuple(json.loads(section)),
        paragraph=paragraph,
        number=number,
        noise=noise,
        confidence=confidence,
        hidden=bool(hidden),
        boxes=unpack_boxes(boxes),
    )


def page_of(row: tuple[Any, ...]) -> Page:
    _, index, label, file_label, width, height, spans, recognized, problem = row
    return Page(index, label, file_label, width, height, spans_of(spans), recognized, problem)


def note_of(row: tuple[Any, ...]) -> Note:
    _, ordinal, marker, anchors, block = row
    return Note(ordinal, marker, tuple(json.loads(anchors)), block)


def reference_of(row: tuple[Any, ...]) -> Reference:
    _, ordinal, start, end, target, pages, note = row
    return Reference(ordinal, start, end, target, pages, note)


def passage_of(row: tuple[Any, ...]) -> Passage:
    id_, document_id, ordinal, start, end, text, sentences, first, last, section, paragraph, language, noise = row
    return Passage(
        id=id_,
        document_id=document_id,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text,
        sentences=spans_of(sentences),
        first_block=first,
        last_block=last,
        section=tuple(json.loads(section)),
        paragraph=paragraph,
        language=language,
        noise=noise,
    )
