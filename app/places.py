"""Says where a span of a document stands: its pages, the notes that hang on it, the references in it, its surroundings.

For every answer that shows words. Nothing is invented: what the source does not have is null or empty.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from urllib.parse import quote

from app.citation import Locator, locate
from app.models import BlockShape, ContextShape, NoteShape, PageLabels, ReferenceShape
from app.read_link import read_link
from app.serving import OpenGeneration
from corpus.catalogue import Catalogue
from corpus.documents import Block, BlockKind, Document, Note, Page, Reference, Span

_PARTS = re.compile(r"[,;&]|\b(?:and|et|und|y|и)\b")
"""What stands between page labels, in the languages in which references are found."""


def page_labels(document: Document, start: int, end: int) -> PageLabels | None:
    """Labels of the first and last page of a span; None where the source has no pages."""
    pages = document.pages_of(start, end)
    return PageLabels(first=pages[0].label, last=pages[-1].label) if pages else None


def notes_and_references(
    generation: OpenGeneration, catalogue: Catalogue, document: Document, span: Span
) -> tuple[list[NoteShape], list[ReferenceShape]]:
    """The notes that hang on a span, and every reference in the span or in those notes.

    A reference in the running text, such as "(pp. 74-75)", stands among the notes too, since readers use it as one:
    under the marker and with the words of the note that names its work, else with no marker and its own words.
    """

    def shape(reference: Reference) -> ReferenceShape:
        return _shape(generation, catalogue, document, reference)

    notes: list[tuple[int, NoteShape]] = []
    references: list[ReferenceShape] = []
    for note in document.notes:
        at = next((anchor for anchor in note.anchors if _hangs_on(document, anchor, span)), None)
        if at is not None:
            own = [shape(reference) for reference in _references_of(document, note)]
            references += own
            notes += [(at, _note(document, note, reference)) for reference in own] or [
                (at, _note(document, note, None))
            ]
    for reference in document.references:
        if span.overlaps(Span(reference.start, reference.end)):
            inline = shape(reference)
            references.append(inline)
            if reference.note is not None:
                notes.append((reference.start, _note(document, document.notes[reference.note], inline)))
            else:
                notes.append((reference.start, NoteShape(marker="", text=inline.words or "", reference=inline)))
    notes.sort(key=lambda placed: placed[0])
    return [note for _, note in notes], references


def reference_shapes(generation: OpenGeneration, catalogue: Catalogue, document: Document) -> list[ReferenceShape]:
    """Every reference of a document, in order."""
    return [_shape(generation, catalogue, document, reference) for reference in document.references]


def context_blocks(document: Document, start: int, end: int, count: int) -> ContextShape:
    """The running blocks around a span: `count` before the first that it touches, and after the last."""
    blocks = [block for block in document.blocks if block.kind is not BlockKind.NOTE]
    first = bisect_right([block.end for block in blocks], start)
    last = bisect_left([block.start for block in blocks], end)
    if first >= last:  # The span is a note's: its surroundings are the notes beside it.
        blocks = list(document.blocks)
        first = bisect_right([block.end for block in blocks], start)
        last = bisect_left([block.start for block in blocks], end)
    return ContextShape(
        before=[block_shape(document, block) for block in blocks[max(0, first - count) : first]],
        after=[block_shape(document, block) for block in blocks[last : last + count]],
    )


def blocks_touched(document: Document, start: int, end: int) -> tuple[Block, ...]:
    """The blocks that share a character with a span."""
    first = bisect_right(document.blocks, start, key=lambda block: block.end)
    last = bisect_left(document.blocks, end, key=lambda block: block.start)
    return document.blocks[first:last]


def place_of(document: Document, span: Span) -> Locator:
    """Where a span stands, for its citation."""
    return locate(blocks_touched(document, span.start, span.end), document.pages, span.start, span.end)


def block_shape(document: Document, block: Block) -> BlockShape:
    """A block with its words."""
    return BlockShape(
        kind=block.kind.value,
        text=document.text[block.start : block.end],
        start=block.start,
        end=block.end,
        language=block.language,
        level=block.level,
    )


def pages_labelled(pages: tuple[Page, ...], labels: str) -> list[Page]:
    """The pages that "74-75", "iv-vi", "10 and 12" or "A-3" name, in order; empty when none is labelled so."""
    wanted = set(_labels(labels)) | set(_between(pages, labels))
    return [page for page in pages if page.label is not None and page.label.casefold() in wanted]


def names_page(labels: str, label: str) -> bool:
    """Whether page labels as written ("74-75") name the page with this label."""
    return label.strip().casefold() in set(_labels(labels))


def _between(pages: tuple[Page, ...], labels: str) -> Iterator[str]:
    """Labels of the pages from one bound to the other, where both are printed, whatever numbers they are: "iv-vi"."""
    printed = [page.label.casefold() if page.label else "" for page in pages]
    for part in _PARTS.split(labels.casefold()):
        for dash in re.finditer(r"\s*[-–—]\s*", part.strip()):
            first, last = part.strip()[: dash.start()], part.strip()[dash.end() :]
            if first in printed and last in printed[printed.index(first) :]:
                start = printed.index(first)
                yield from printed[start : printed.index(last, start) + 1]


def _labels(labels: str) -> Iterator[str]:
    yield labels.strip().casefold()
    for part in _PARTS.split(labels):
        part = part.strip().casefold()
        bounds = re.fullmatch(r"(\d+)\s*[-–—]\s*(\d+)", part)
        if bounds is None:
            yield part
            continue
        first, last = bounds[1], bounds[2]
        # "186-7" means 186-187.
        last = first[: len(first) - len(last)] + last if len(last) < len(first) else last
        yield from map(str, range(int(first), min(int(last), int(first) + 1_000) + 1))


def _hangs_on(document: Document, anchor: int, span: Span) -> bool:
    """A marker hangs on the character before it, or on the block that it opens."""
    if span.start < anchor <= span.end:
        return True
    return anchor == span.start and any(block.start == anchor for block in document.blocks)


def _references_of(document: Document, note: Note) -> Iterator[Reference]:
    own = document.blocks[note.block].span
    return (reference for reference in document.references if own.overlaps(Span(reference.start, reference.end)))


def _note(document: Document, note: Note, reference: ReferenceShape | None) -> NoteShape:
    return NoteShape(marker=note.marker, text=note_text(document, note), reference=reference)


def note_text(document: Document, note: Note) -> str:
    """The words of a note: its first block and those that belong to it."""
    first = document.blocks[note.block]
    end = first.end
    for block in document.blocks[note.block + 1 :]:
        if block.kind is not BlockKind.NOTE or block.parent is None or block.parent < note.block:
            break
        end = block.end
    return document.text[first.start : end]


def _shape(
    generation: OpenGeneration, catalogue: Catalogue, document: Document, reference: Reference
) -> ReferenceShape:
    target = reference.document
    words = document.text[reference.start : reference.end]
    title = read = missing = None
    resolved = False
    if target is None:
        missing = "It is not known which text these words point to"
    elif target in generation.records:
        title = generation.records[target].metadata.title
        pages = pages_labelled(generation.document(target).pages, reference.pages) if reference.pages else []
        resolved = bool(pages) or not reference.pages
        if running := [page.spans[0] for page in pages if page.spans]:
            # A page's first stretch is its running text; the others are its notes, which stand elsewhere.
            read = read_link(generation.document(target), running[0].start, running[-1].end)
        elif resolved:
            read = f"/read/{quote(target, safe='')}"
        else:
            missing = f"The copy that this library holds has no page labelled {reference.pages}"
    else:
        entry = catalogue.get(target)
        title = entry.title if entry else None
        missing = how_to_get(catalogue, target)
    return ReferenceShape(
        document=target,
        title=title,
        pages=reference.pages,
        resolved=resolved,
        words=words,
        start=reference.start,
        end=reference.end,
        read=read,
        missing=missing,
    )


def how_to_get(catalogue: Catalogue, document_id: str) -> str:
    """How a person brings a text that is not held into the library."""
    entry = catalogue.get(document_id)
    if entry is None:
        return f"This library does not hold {document_id!r}, and the catalogue does not list it"
    where = entry.source_url or entry.url
    by_hand = f"take a copy from {where} and run `verbatim add FILE --as {document_id}`" if where else ""
    steps = [f"run `verbatim fetch {document_id}`"] if where else []
    steps += [by_hand] if by_hand else [f"run `verbatim add FILE --as {document_id}` with a copy of it"]
    return f"This library does not hold {entry.title!r}: {', or '.join(steps)}"
