"""Scores passages by their words: bm25 (Lucene's form), computed when the index is built and looked up when asked.

A folder of flat arrays, mapped into memory: for each term the passages that hold it and what it adds to their score.
The idea (all arithmetic at build time) is that of bm25s; this form keeps the library's own analysis and filters.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoder import Float32, Int32
from index.stop_words import is_stop_word
from index.words import query_terms, terms_of

# Lucene's defaults (Robertson and Zaragoza 2009 give the same range).
K1 = 1.2
B = 0.75


def write_lexical(folder: Path, passages: Iterable[tuple[str, str | None]]) -> None:
    """Index passages, given as (text, language) in their order, into `folder`."""
    term_ids: dict[str, int] = {}
    counts: list[tuple[int, int, int]] = []
    lengths: list[int] = []
    for number, (text, language) in enumerate(passages):
        terms = Counter(terms_of(text, language))
        lengths.append(sum(terms.values()))
        counts.extend((term_ids.setdefault(term, len(term_ids)), number, count) for term, count in terms.items())
    table = np.array(counts, np.int64).reshape(-1, 3)
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    frequencies = np.bincount(table[:, 0], minlength=len(term_ids))
    length = np.array(lengths, np.float64)
    idf = np.log1p((len(lengths) - frequencies + 0.5) / (frequencies + 0.5))
    count = table[:, 2].astype(np.float64)
    norm = K1 * (1 - B + B * length / max(length.mean() if len(length) else 1.0, 1.0))
    scores = idf[table[:, 0]] * count / (count + norm[table[:, 1]])
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "starts.npy", np.concatenate([[0], np.cumsum(frequencies)]).astype(np.int64))
    np.save(folder / "passages.npy", table[:, 1].astype(np.int32))
    np.save(folder / "scores.npy", scores.astype(np.float32))
    (folder / "terms.json").write_text(json.dumps(list(term_ids), ensure_ascii=False), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """What the words of one query say.

    :param scores: `(passages,)` float32.
    :param coverage: 0–1: the share of the query's topic words that stand in the library, 0 for a query without any.
    :param overlap: 0–1: the largest share of the query's words, by their rarity, that stand in one passage: near 1 for
        a query that quotes.
    """

    scores: Float32
    coverage: float
    overlap: float


class Lexical:
    """An index that `write_lexical` wrote.

    :param count: how many passages it covers.
    :param languages: primary subtags of the passages' languages, whose stemmers a query's words go through.
    """

    def __init__(self, folder: Path, count: int, languages: tuple[str, ...]) -> None:
        self._count = count
        self._languages = languages
        terms = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        self._ids = {term: number for number, term in enumerate(terms)}
        self._starts: npt.NDArray[np.int64] = np.load(folder / "starts.npy")
        self._passages: Int32 = np.load(folder / "passages.npy", mmap_mode="r")
        self._scores: Float32 = np.load(folder / "scores.npy", mmap_mode="r")

    def score(self, text: str) -> LexicalScores:
        """Score every passage for a query."""
        scores = np.zeros(self._count, np.float32)
        covered = np.zeros(self._count, np.float32)
        topic = known = 0
        weight = 0.0
        for word, stems in query_terms(text, self._languages).items():
            held = [self._ids[stem] for stem in stems if stem in self._ids]
            rarity = self._rarity(held)
            weight += rarity
            if not is_stop_word(word):
                topic += 1
                known += bool(held)
            if len(held) == 1:
                passages, added = self._postings(held[0])
                scores[passages] += added
                covered[passages] += rarity
            elif held:
                best = np.zeros(self._count, np.float32)
                for term in held:
                    passages, added = self._postings(term)
                    best[passages] = np.maximum(best[passages], added)
                scores += best
                covered[best > 0] += rarity
        overlap = float(covered.max()) / weight if weight and self._count else 0.0
        return LexicalScores(scores, known / topic if topic else 0.0, overlap)

    def _rarity(self, terms: list[int]) -> float:
        """Inverse document frequency of a word by its stems; the highest there is for a word that is not held."""
        frequency = sum(int(self._starts[term + 1] - self._starts[term]) for term in terms)
        return float(np.log1p((max(self._count - frequency, 0) + 0.5) / (frequency + 0.5)))

    def _postings(self, term: int) -> tuple[Int32, Float32]:
        start, end = self._starts[term], self._starts[term + 1]
        return self._passages[start:end], self._scores[start:end]
