"""Says how well a library speaks to a query, and gives each hit a score between 0 and 1 that means the same everywhere.

The evidence of a hit is its late interaction plus half the cosine of its best sentence (or the one vector, where there
is no more). What evidence is worth depends on the models and on the library, so it is calibrated when a generation is
made, without labels: questions that no library of this field answers (`FOREIGN`) are asked of it, and the mean and
deviation of their best evidence kept. A query is judged by how many such deviations its best evidence stands above that
mean. The bounds were chosen on the development queries; what they reach is told in `docs/ranking.md`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from index.generation import Calibration
from index.query import Mode, Support
from index.ranking import Ranking

if TYPE_CHECKING:
    from index.search import Searcher

SENTENCE_SHARE = 0.5
WEAK, FAIR, STRONG = 1.75, 3.0, 5.0
"""Deviations above the mean of foreign questions from which a query is weakly, fairly and strongly supported."""

FOREIGN = (
    "How hot must a soldering iron be?", "tuning the strings of a violin",
    "Which gear oil suits an old motorcycle?", "the rings of Saturn", "pruning apple trees in late winter",
    "How do I descale a coffee machine?", "rules of offside in football", "breeding habits of the emperor penguin",
    "The proof uses induction on the number of vertices.", "chess openings for black", "How is blue cheese made?",
    "the tempo of a Viennese waltz", "battery life of electric cars in cold weather", "knitting a heel flap",
    "Glaciers carve valleys in the shape of a U.", "a good sauce for grilled salmon", "volcanoes under the sea",
    "réglage d'un dérailleur de vélo", "la recette de la pâte feuilletée", "les anneaux de croissance des arbres",
    "cómo afinar una guitarra", "el ciclo de vida de las mariposas", "Wie wird Bier gebraut?",
    "كيف تصنع القهوة التركية؟", "правила игры в шахматы",
)  # fmt: skip


def evidence(ranking: Ranking) -> list[float]:
    """The evidence of every hit of a ranking, in order."""
    if ranking.semantic is None:
        return [0.0] * len(ranking.numbers)
    found = ranking.semantic[ranking.numbers] if ranking.rerank is None else ranking.rerank
    if ranking.rerank is not None and ranking.sentence is not None:
        found = found + SENTENCE_SHARE * ranking.sentence[ranking.numbers]
    return [float(value) for value in found]


def calibrate(searcher: Searcher) -> Calibration | None:
    """Ask a searcher the foreign questions; None for a generation without vectors or passages."""
    best = []
    for text, encoded in zip(FOREIGN, searcher.encode(list(FOREIGN)), strict=True):
        ranking = searcher.rank(text, Mode.SEMANTIC, None, encoded)
        if ranking.semantic is None or not len(ranking.numbers):
            return None
        best.append(max(evidence(ranking)))
    return Calibration(mean=float(np.mean(best)), deviation=max(float(np.std(best)), 1e-3), queries=len(best))


def deviations(value: float, calibration: Calibration) -> float:
    """How far evidence stands above that of foreign questions."""
    return (value - calibration.mean) / calibration.deviation


def judge_support(ranking: Ranking, calibration: Calibration | None, *, exact: bool) -> Support:
    """How well the best of what was found speaks to the query.

    :param exact: every result holds the query's phrase.
    """
    if not len(ranking.numbers):
        return Support.NONE
    if exact:
        return Support.STRONG
    if calibration is None:  # only words are searchable yet
        return Support.FAIR if ranking.coverage == 1 else Support.WEAK
    best = deviations(max(evidence(ranking)), calibration)
    if best >= STRONG:
        return Support.STRONG
    if best >= FAIR:
        return Support.FAIR
    return Support.WEAK if best >= WEAK else Support.NONE


def scores_of(ranking: Ranking, calibration: Calibration | None) -> list[float]:
    """A score for every hit, 0–1: 0.5 where support begins to be fair. It does not decide the order."""
    if calibration is None:
        best = max((float(value) for value in ranking.fused), default=1.0)
        return [min(1.0, max(0.0, float(value) / best)) if best > 0 else 0.0 for value in ranking.fused]
    return [1 / (1 + math.exp(FAIR - deviations(value, calibration))) for value in evidence(ranking)]
