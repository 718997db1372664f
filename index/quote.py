"""Chooses the sentences of a passage that answer a query, and the words in them that made the match.

A quote is one to three whole neighbouring sentences. It starts from the best sentence, takes in a neighbour that
answers nearly as well, and never leaves out the sentence that its first words lean on ("This does not apply to …").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from corpus.documents import Passage, Span
from index.encoder import Float32, Int32
from index.fold import bare
from index.stop_words import is_stop_word
from index.words import primary, terms_of

MAX_SENTENCES = 3
NEARLY = 0.985
"""A neighbour whose score is at least this share of the best sentence's is quoted with it."""
SHORT_CHARACTERS = 25
"""A sentence this short ("Health care.") says too little alone."""

# Openings that refer to what was just said or turn it round, folded; in English, French and Spanish.
_LEANING = re.compile(
    r"(?:this|that|these|those|it|its|he|she|they|their|such|however|nevertheless|nonetheless|but|yet|nor|therefore"
    r"|thus|hence|otherwise|instead|similarly|likewise|conversely|on the contrary|the (?:former|latter|same)"
    r"|ce|cet|cette|ces|celui|celle|ceux|il|elle|ils|elles|cela|ceci|toutefois|cependant|neanmoins|mais|or|ainsi"
    r"|en revanche|esto|esta|este|estos|estas|ese|esa|ello|ellos|ellas|sin embargo|no obstante|pero|asi|por lo tanto)"
    r"\b(?! (?:is|are|was) (?:important|essential|necessary|vital|crucial) (?:that|to))"
)


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A query's token vectors and what they stand for; empty where no encoder gives them.

    :param vectors: `(q, dims)` float32.
    """

    vectors: Float32


@dataclass(frozen=True, slots=True)
class Match:
    """What is known of how a query meets one passage.

    :param cosines: `(q, t)` of every query token with every passage token, and `spans` `(t, 2)` of those in the
        passage's text; None without late interaction.
    :param sentences: one score a sentence from a sentence encoder; None without one.
    """

    cosines: Float32 | None
    spans: Int32 | None
    sentences: Float32 | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quote and its highlights, canonical offsets."""

    quote: Span
    highlights: tuple[Span, ...]


def choose_quote(passage: Passage, query: str, match: Match) -> Chosen:
    """The sentences of a passage that answer the query best.

    :param query: its text, for the words that it shares with the passage.
    """
    first, last = _best_run(passage, query, match)
    quote = Span(passage.sentences[first].start, passage.sentences[last].end)
    return Chosen(quote, highlights(passage, quote, query, match))


def quote_around(passage: Passage, place: Span) -> Span:
    """The whole sentences that cover a place, which may reach beyond the passage."""
    touched = [sentence for sentence in passage.sentences if sentence.overlaps(place)]
    if not touched:
        return place
    return Span(min(touched[0].start, place.start), max(touched[-1].end, place.end))


def sentence_scores(passage: Passage, query: str, match: Match) -> Float32:
    """How well each sentence of a passage answers, best 1.0."""
    count = len(passage.sentences)
    scores = np.zeros(count, np.float32)
    if match.cosines is not None and match.spans is not None and match.spans.size:
        owners = _owners(passage, match.spans)
        late = np.array(
            [match.cosines[:, owners == i].max(axis=1).mean() if (owners == i).any() else 0.0 for i in range(count)]
        )
        scores += late.astype(np.float32)
    if match.sentences is not None:
        scores += 0.25 * match.sentences
    scores += 0.1 * _shared_words(passage, query)
    return scores / max(float(scores.max()), 1e-6)


def _best_run(passage: Passage, query: str, match: Match) -> tuple[int, int]:
    if len(passage.sentences) <= 1:
        return 0, 0
    scores = sentence_scores(passage, query, match)
    first = last = int(scores.argmax())
    while last - first + 1 < MAX_SENTENCES:
        sides = [side for side in (first - 1, last + 1) if 0 <= side < len(scores) and scores[side] >= NEARLY]
        if not sides:
            break
        best = max(sides, key=lambda side: float(scores[side]))
        first, last = min(first, best), max(last, best)
    while last - first + 1 < MAX_SENTENCES and first > 0 and _leans(_text(passage, first)):
        first -= 1
    if first == last and len(_text(passage, first)) < SHORT_CHARACTERS:
        first, last = (first, last + 1) if last + 1 < len(scores) else (first - 1, last)
    return first, last


def highlights(passage: Passage, quote: Span, query: str, match: Match) -> tuple[Span, ...]:
    """The words of a quote that made the match: those the query shares, and those nearest in meaning to its words."""
    language = primary(passage.language)
    wanted = set(terms_of(query, language))
    for word in re.findall(r"[^\W_]+", bare(query)):
        if is_stop_word(word):
            wanted -= set(terms_of(word, language))
    text = passage.text
    found = [
        Span(passage.start + word.start(), passage.start + word.end())
        for word in re.finditer(r"[^\W_]+", text)
        if not is_stop_word(bare(word.group())) and wanted.intersection(terms_of(word.group(), language))
    ]
    if match.cosines is not None and match.spans is not None and match.cosines.size:
        inside = (match.spans[:, 0] + passage.start >= quote.start) & (match.spans[:, 1] + passage.start <= quote.end)
        if inside.any():
            cosines, spans = match.cosines[:, inside], match.spans[inside]
            best = cosines.argmax(axis=1)
            strong = cosines.max(axis=1) >= np.quantile(match.cosines, 0.98)
            found += [_whole_word(passage, spans[token]) for token in best[strong]]
    return _merged([span for span in found if quote.holds(span) and not _only_stop_words(passage, span)])


def _only_stop_words(passage: Passage, span: Span) -> bool:
    words = re.findall(r"[^\W_]+", bare(passage.text[span.start - passage.start : span.end - passage.start]))
    return all(is_stop_word(word) for word in words)


def _whole_word(passage: Passage, token: Int32) -> Span:
    text, start, end = passage.text, int(token[0]), int(token[1])
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return Span(passage.start + start, passage.start + end)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _owners(passage: Passage, spans: Int32) -> Int32:
    starts = np.array([sentence.start - passage.start for sentence in passage.sentences])
    owners: Int32 = (np.searchsorted(starts, spans[:, 1] - 1, side="right") - 1).astype(np.int32)
    return owners


def _shared_words(passage: Passage, query: str) -> Float32:
    language = primary(passage.language)
    words = [word for word in re.findall(r"[^\W_]+", bare(query)) if not is_stop_word(word)]
    wanted = {term for word in words for term in terms_of(word, language)}
    if not wanted:
        return np.zeros(len(passage.sentences), np.float32)
    shares = [
        len(wanted.intersection(terms_of(_text(passage, i), language))) / len(wanted)
        for i in range(len(passage.sentences))
    ]
    return np.array(shares, np.float32)


def _text(passage: Passage, number: int) -> str:
    span = passage.sentences[number]
    return passage.text[span.start - passage.start : span.end - passage.start]


def _leans(sentence: str) -> bool:
    return _LEANING.match(bare(sentence).lstrip("'-( ")) is not None
