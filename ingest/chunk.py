"""Cuts a document into passages, the units that are embedded and ranked.

A passage is small, so that what is found is what answers: about a paragraph. Long paragraphs are cut between sentences,
near their middle rather than at the limit; neighbours of one kind that are only a few words long (short list items, the
lines of a title page, cells of a row) are taken together. Headings are no passages of their own: they are the section
of the passages below. Invariant: sentences are never cut, and but for a single sentence that is longer than the window
no passage has more than `max_tokens` tokens. Such a sentence stays whole, since a quote must be; the index embeds it by
overlapping windows.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.documents import Block, BlockKind, Document, Passage, Span, passage_id
from ingest.sentences import sentence_spans

MOST_WORDS = 120
"""A paragraph with more words is cut: longer units hold several thoughts, and one vector stands for none of them."""
GOAL_WORDS = 80
"""What the parts of a long paragraph should have."""
TINY_WORDS = 5
"""A unit with fewer words says too little alone and is taken together with its neighbours."""
LONG_CELL_WORDS = 25
"""A cell with as many words speaks for itself; the shorter cells of a row are only understood together."""
_JOINED_KINDS = frozenset({BlockKind.LIST_ITEM, BlockKind.PARAGRAPH, BlockKind.TABLE_CELL, BlockKind.QUOTATION})
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
CHARACTERS_A_WORD = 2
"""Of scripts that put no space between words, two characters count as one word."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """Whole sentences of one block, or of neighbouring blocks."""

    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...]
    words: int

    @property
    def start(self) -> int:
        return self.sentences[0].start

    @property
    def end(self) -> int:
        return self.sentences[-1].end


def cut_passages(document: Document, count_tokens: Callable[[str], int], max_tokens: int) -> tuple[Passage, ...]:
    """Cut every block but headings and hidden ones.

    :param count_tokens: how many tokens the model makes of a text, special tokens included.
    :param max_tokens: tokens that the model's window holds.
    """
    seen: Counter[str] = Counter()
    passages: list[Passage] = []
    for unit in _units(document, count_tokens, max_tokens):
        text = document.text[unit.start : unit.end]
        passages.append(
            Passage(
                id=passage_id(document.metadata.id, text, seen[text]),
                document_id=document.metadata.id,
                ordinal=len(passages),
                start=unit.start,
                end=unit.end,
                text=text,
                sentences=unit.sentences,
                first_block=unit.blocks[0].ordinal,
                last_block=unit.blocks[-1].ordinal,
                section=unit.blocks[0].section,
                paragraph=next((block.paragraph for block in unit.blocks if block.paragraph is not None), None),
                language=unit.blocks[0].language,
                noise=unit.blocks[0].noise,
            )
        )
        seen[text] += 1
    return tuple(passages)


def _units(document: Document, count_tokens: Callable[[str], int], max_tokens: int) -> Iterator[_Unit]:
    """Runs of neighbours that belong together, joined where they are tiny and cut where they are long."""
    waiting: _Unit | None = None
    for block in document.blocks:
        if block.kind is BlockKind.HEADING or block.hidden:
            continue
        unit = _unit_of(block, document.text)
        if waiting is not None:
            joined = _Unit((*waiting.blocks, block), waiting.sentences + unit.sentences, waiting.words + unit.words)
            if _belong_together(waiting, unit) and count_tokens(document.text[joined.start : joined.end]) <= max_tokens:
                waiting = joined
                continue
            yield from _cut(waiting, document.text, count_tokens, max_tokens)
        waiting = unit
    if waiting is not None:
        yield from _cut(waiting, document.text, count_tokens, max_tokens)


def _unit_of(block: Block, text: str) -> _Unit:
    spans = sentence_spans(text[block.start : block.end], block.language)
    sentences = tuple(Span(block.start + start, block.start + end) for start, end in spans)
    return _Unit((block,), sentences, word_count(text[block.start : block.end]))


def _belong_together(before: _Unit, after: _Unit) -> bool:
    """Whether two neighbours are one run: of one kind, place and language, and at least one of them tiny."""
    last, block = before.blocks[-1], after.blocks[0]
    if last.kind is not block.kind or block.kind not in _JOINED_KINDS:
        return False
    if (last.section, last.noise, last.language) != (block.section, block.noise, block.language):
        return False
    if block.ordinal != last.ordinal + 1 or before.words + after.words > GOAL_WORDS:
        return False
    if block.kind is BlockKind.TABLE_CELL:
        return last.level == block.level and max(before.words, after.words) < LONG_CELL_WORDS
    if block.kind is BlockKind.LIST_ITEM and block.parent not in (last.parent, last.ordinal):
        return False
    return before.words < TINY_WORDS or after.words < TINY_WORDS


def _cut(unit: _Unit, text: str, count_tokens: Callable[[str], int], max_tokens: int) -> Iterator[_Unit]:
    """The unit itself, or parts of it of about equal length between whose sentences it is cut."""
    fits = count_tokens(text[unit.start : unit.end]) <= max_tokens
    if len(unit.sentences) == 1 or (unit.words <= MOST_WORDS and fits):
        yield unit
        return
    sizes = [word_count(text[sentence.start : sentence.end]) for sentence in unit.sentences]
    parts = max(2, math.ceil(unit.words / GOAL_WORDS)) if unit.words > MOST_WORDS or not fits else 1
    for first, last in pairwise(_even_cuts(sizes, parts)):
        sentences = unit.sentences[first:last]
        blocks = tuple(block for block in unit.blocks if any(block.span.overlaps(sentence) for sentence in sentences))
        part = _Unit(blocks, sentences, sum(sizes[first:last]))
        if len(sentences) > 1 and count_tokens(text[part.start : part.end]) > max_tokens:
            yield from _cut(part, text, count_tokens, max_tokens)
        else:
            yield part


def _even_cuts(sizes: Sequence[int], parts: int) -> list[int]:
    """Places between sentences, the two ends included, that leave parts of about equal size, none empty."""
    total = sum(sizes) or 1
    cuts = [0]
    done = 0.0
    for place, size in enumerate(sizes[:-1]):
        done += size
        goal = total * len(cuts) / parts
        # Cut where the next sentence would take the part further beyond its goal than it now falls short.
        if len(cuts) < parts and done + sizes[place + 1] / 2 >= goal:
            cuts.append(place + 1)
    if len(cuts) == 1 and len(sizes) > 1:
        cuts.append(len(sizes) // 2)
    return [*cuts, len(sizes)]


def word_count(text: str) -> int:
    """Words of a text, so counted that a passage is about as long in a script without spaces."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // CHARACTERS_A_WORD
