"""Checks, on a whole document, every invariant that `corpus.documents` states: for the tests of all rooms.

Each function raises `AssertionError` naming the document, the thing and the words that break the promise.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.documents import BLOCK_SEPARATOR, BlockKind, Document, Passage, passage_id

SELECTOR_CONTEXT = 32
"""Code points of prefix and suffix that single out a quote, as other annotation tools take them."""


def check_document(document: Document) -> None:
    """Assert that text, blocks, pages, notes and references of the document agree."""
    name = document.metadata.id
    text = document.text
    assert unicodedata.is_normalized("NFC", text), f"{name}: the text is not NFC"
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff]", text), f"{name}: control characters in the text"
    _check_blocks(document)
    _check_pages(document)
    _check_notes(document)
    for place, reference in enumerate(document.references):
        assert reference.ordinal == place, f"{name}: reference {place} has ordinal {reference.ordinal}"
        assert 0 <= reference.start < reference.end <= len(text), f"{name}: {reference} is not in the text"
        assert reference.note is None or 0 <= reference.note < len(document.notes), f"{name}: {reference} has no note"
        assert _block_at(document, reference.start) == _block_at(document, reference.end - 1), f"{name}: {reference}"


def _check_blocks(document: Document) -> None:
    name, text = document.metadata.id, document.text
    expected_start = 0
    notes_began = False
    paragraph = 0
    for place, block in enumerate(document.blocks):
        words = text[block.start : block.end]
        where = f"{name}: block {place} {words[:60]!r}"
        assert block.ordinal == place, f"{where} has ordinal {block.ordinal}"
        assert block.start == expected_start, f"{where} begins at {block.start}, not {expected_start}"
        assert block.start < block.end, f"{where} is empty"
        assert words == words.strip(), f"{where} has white space at an end"
        assert "\n\n" not in words, f"{where} holds the separator of blocks"
        if place:
            assert text[document.blocks[place - 1].end : block.start] == BLOCK_SEPARATOR, where
        assert block.parent is None or 0 <= block.parent < place, f"{where} stands before its parent {block.parent}"
        assert (block.kind is BlockKind.NOTE) >= notes_began, f"{where} is running text behind the notes"
        notes_began = notes_began or block.kind is BlockKind.NOTE
        if block.paragraph is not None:
            paragraph += 1
            assert block.paragraph == paragraph, f"{where} has paragraph {block.paragraph}, not {paragraph}"
        for box in block.boxes:
            assert block.start <= box.start < box.end <= block.end, f"{where}: {box} reaches out of it"
            assert box.left <= box.right, f"{where}: {box}"
            assert box.top <= box.bottom, f"{where}: {box}"
        expected_start = block.end + len(BLOCK_SEPARATOR)
    assert len(text) == max(0, expected_start - len(BLOCK_SEPARATOR)), f"{name}: text behind the last block"


def _check_pages(document: Document) -> None:
    name = document.metadata.id
    if not document.pages:
        return
    indexes = [page.index for page in document.pages]
    assert indexes == sorted(set(indexes)), f"{name}: page indexes {indexes[:20]} are not in order"
    assert indexes[0] >= 1, f"{name}: page index {indexes[0]}"
    spans = sorted((span.start, span.end, page.index) for page in document.pages for span in page.spans)
    for page in document.pages:
        assert list(page.spans) == sorted(page.spans, key=lambda span: span.start), f"{name}: page {page.index}"
    for start, end, index in spans:
        assert 0 <= start < end <= len(document.text), f"{name}: page {index} has span [{start}, {end})"
    for (_, end, index), (start, _, other) in pairwise(spans):
        assert end <= start, f"{name}: pages {index} and {other} both hold character {start}"
    covered = bytearray(len(document.text))
    for start, end, _ in spans:
        covered[start:end] = b"\1" * (end - start)
    for block in document.blocks:
        assert all(covered[block.start : block.end]), f"{name}: block {block.ordinal} has words on no page"


def _check_notes(document: Document) -> None:
    name = document.metadata.id
    held = [note.block for note in document.notes]
    assert held == sorted(set(held)), f"{name}: two notes share a block, or they are out of order"
    for place, note in enumerate(document.notes):
        where = f"{name}: note {note.marker!r} ({place})"
        assert note.ordinal == place, where
        assert document.blocks[note.block].kind is BlockKind.NOTE, f"{where} is no note"
        for anchor in note.anchors:
            block = document.blocks[_block_at(document, anchor)]
            assert block.start <= anchor <= block.end, f"{where} hangs on {anchor}, between two blocks"
            assert block.ordinal != note.block, f"{where} hangs on itself"
    for block in document.blocks:
        if block.kind is BlockKind.NOTE and block.ordinal not in held:
            first = block
            while first.parent is not None and first.ordinal not in held:
                first = document.blocks[first.parent]
            assert first.ordinal in held, f"{name}: block {block.ordinal} is a note that no note owns"


def _block_at(document: Document, offset: int) -> int:
    """Ordinal of the block that holds the offset, its end included."""
    place = bisect_left(document.blocks, offset, key=lambda block: block.end)
    assert place < len(document.blocks), f"{document.metadata.id}: offset {offset} is behind the text"
    return place


def check_passages(document: Document, passages: Sequence[Passage]) -> None:
    """Assert that the passages are whole sentences of the document's blocks, in order, and leave nothing out.

    Everything but headings and hidden blocks must lie in exactly one passage.
    """
    name, text = document.metadata.id, document.text
    assert len({passage.id for passage in passages}) == len(passages), f"{name}: two passages share an id"
    seen: Counter[str] = Counter()
    covered = bytearray(len(text))
    for place, passage in enumerate(passages):
        where = f"{name}: passage {place} {passage.text[:60]!r}"
        assert passage.ordinal == place, where
        assert passage.document_id == name, where
        assert passage.text == text[passage.start : passage.end], f"{where} is not the words at its offsets"
        assert passage.text == passage.text.strip(), f"{where} has white space at an end"
        assert passage.text, f"{where} is empty"
        assert passage.id == passage_id(name, passage.text, seen[passage.text]), f"{where} has another id"
        seen[passage.text] += 1
        if place:
            assert passages[place - 1].end <= passage.start, f"{where} overlaps the one before"
        blocks = document.blocks[passage.first_block : passage.last_block + 1]
        assert blocks, where
        assert blocks[0].start <= passage.start < blocks[0].end, f"{where} does not begin in its first block"
        assert blocks[-1].start < passage.end <= blocks[-1].end, f"{where} does not end in its last block"
        kinds = {block.kind is BlockKind.NOTE for block in blocks}
        assert len(kinds) == 1, f"{where} mixes a note with running text"
        assert {block.noise for block in blocks} == {passage.noise}, f"{where} mixes noise"
        assert passage.section == blocks[0].section, f"{where} has another section than its first block"
        assert passage.paragraph == next((b.paragraph for b in blocks if b.paragraph is not None), None), where
        _check_sentences(passage, text, where)
        for block in blocks:
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            covered[start:end] = b"\1" * (end - start)
    for block in document.blocks:
        if block.kind is BlockKind.HEADING or block.hidden:
            continue
        left_out = "".join(
            character
            for character, inside in zip(text[block.start : block.end], covered[block.start : block.end], strict=True)
            if not inside
        )
        assert not left_out.strip(), f"{name}: {left_out[:60]!r} of block {block.ordinal} is in no passage"
    check_selectors(document, ((passage.start, passage.end) for passage in passages))


def _check_sentences(passage: Passage, text: str, where: str) -> None:
    assert passage.sentences, f"{where} has no sentences"
    at = passage.start
    for sentence in passage.sentences:
        assert at <= sentence.start < sentence.end <= passage.end, f"{where}: {sentence} is out of order"
        assert not text[at : sentence.start].strip(), f"{where}: {text[at : sentence.start]!r} is in no sentence"
        words = text[sentence.start : sentence.end]
        assert words == words.strip(), f"{where}: {words!r} has white space at an end"
        at = sentence.end
    assert at == passage.end, f"{where}: {text[at : passage.end]!r} is in no sentence"


def check_selectors(document: Document, spans: Iterable[tuple[int, int]]) -> None:
    """Assert that prefix + exact + suffix of each span is found once, or at several places told apart by position."""
    text = document.text
    for start, end in spans:
        prefix_start, suffix_end = max(0, start - SELECTOR_CONTEXT), min(len(text), end + SELECTOR_CONTEXT)
        first = text.find(text[prefix_start:suffix_end])
        # Where the same words stand twice with the same surroundings, the position selector tells them apart.
        assert 0 <= first <= prefix_start, f"{document.metadata.id}: [{start}, {end}) is not found by its own words"


_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """The words of a text, for comparing two of them: NFC, case kept, marks and punctuation left out."""
    return _WORD.findall(unicodedata.normalize("NFC", text))


def words_lost_and_added(source_words: Iterable[str], document: Document) -> tuple[Counter[str], Counter[str]]:
    """The words of the source that the document lacks, and those it has beyond the source, each as a multiset."""
    source, made = Counter(source_words), Counter(words_of(document.text))
    return source - made, made - source
