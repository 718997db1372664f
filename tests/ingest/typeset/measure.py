"""Measures how near a draft comes to the truth it was typeset from: letters, boundaries, notes and labels."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from corpus.documents import BlockKind
from ingest.extract.draft import Draft
from tests.ingest.typeset.truth import Truth

EDGE = 16
"""Letters at each end by which a block is told from the others."""


@dataclass(frozen=True)
class Score:
    """All between 0 and 1.

    :param letters: 1 less the edit distance of the running text per character of the truth, spaces counted as one.
    :param headings: F1 of blocks that are headings and have the words of one; `paragraphs` likewise of all others.
    :param notes: part of the notes that hang on the right words and have the right text.
    :param labels: part of the pages that have the label printed on them.
    """

    letters: float
    headings: float
    paragraphs: float
    notes: float
    labels: float


def plain(text: str) -> str:
    """NFKC with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def measure(draft: Draft, truth: Truth) -> Score:
    """Compare."""
    running = [(block.kind, plain(block.text)) for block in draft.blocks if block.kind is not BlockKind.NOTE]
    set_blocks = [(kind, plain(text)) for kind, text in truth.blocks]
    set_text, read_text = ("\n".join(text for _, text in blocks) for blocks in (set_blocks, running))
    distance = Levenshtein.distance(set_text.replace("\n", " "), read_text.replace("\n", " "))
    return Score(
        letters=1 - distance / len(set_text),
        headings=_f1(
            [text for kind, text in set_blocks if kind is BlockKind.HEADING],
            [text for kind, text in running if kind is BlockKind.HEADING],
        ),
        paragraphs=_f1(
            [_edges(text) for kind, text in set_blocks if kind is not BlockKind.HEADING],
            [_edges(text) for kind, text in running if kind is not BlockKind.HEADING],
        ),
        notes=_notes(draft, truth),
        labels=sum(page.label == label for page, label in zip(draft.pages, truth.labels, strict=True))
        / len(truth.labels),
    )


def _edges(text: str) -> str:
    return f"{text[:EDGE]}…{text[-EDGE:]}"


def _f1(wanted: list[str], found: list[str]) -> float:
    right = (Counter(wanted) & Counter(found)).total()
    return 2 * right / (len(wanted) + len(found)) if wanted or found else 1.0


def _notes(draft: Draft, truth: Truth) -> float:
    texts: dict[str, str] = {}
    for block in draft.blocks:
        if block.note is not None:
            texts[block.note] = plain(f"{texts.get(block.note, '')} {block.text}")
    found = Counter(
        (plain(block.text[: anchor.block_start])[-8:], anchor.marker, texts.get(anchor.note, ""))
        for block in draft.blocks
        for anchor in block.anchors
    )
    wanted = Counter((plain(note.before)[-8:], note.marker, plain(note.text)) for note in truth.notes)
    return (wanted & found).total() / wanted.total() if wanted else 1.0
