"""Scores runs by ir-measures, with bootstrap intervals and a paired randomization test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MEASURES = ("hit@1", "hit@10", "MRR@10", "nDCG@10", "recall@100")
_RESAMPLES = 1000
_PERMUTATIONS = 10_000
_SEED = 20110217

Run = Mapping[str, Mapping[str, float]]
"""Query id → item id → score."""
Judgements = Mapping[str, Mapping[str, int]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of one run on the queries of one set.

    :param values: measure → query id → value.
    """

    values: dict[str, dict[str, float]]

    def mean(self, measure: str) -> float:
        """Over all queries."""
        return float(np.mean(list(self.values[measure].values())))

    def interval(self, measure: str) -> tuple[float, float]:
        """95 % bootstrap interval of the mean: 1,000 resamples of queries, percentiles, fixed seed."""
        values = np.array(list(self.values[measure].values()))
        rng = np.random.default_rng(_SEED)
        means = values[rng.integers(0, len(values), (_RESAMPLES, len(values)))].mean(axis=1)
        low, high = np.quantile(means, (0.025, 0.975))
        return float(low), float(high)

    def summary(self) -> dict[str, float]:
        """The means, by measure, to four digits."""
        return {measure: round(self.mean(measure), 4) for measure in self.values}


def measure(run: Run, judgements: Judgements) -> Measured:
    """Score a run; a query without results counts 0."""
    import ir_measures

    named = {
        "hit@1": ir_measures.parse_measure("Success@1"),
        "hit@10": ir_measures.parse_measure("Success@10"),
        "MRR@10": ir_measures.parse_measure("RR@10"),
        "nDCG@10": ir_measures.parse_measure("nDCG@10"),
        "recall@100": ir_measures.parse_measure("R@100"),
    }
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(judgements, 0.0) for name in named}
    by_measure = {str(each): name for name, each in named.items()}
    judged = {query: dict(items) for query, items in judgements.items()}
    found = {query: dict(items) for query, items in run.items() if items}
    if found:
        for value in ir_measures.iter_calc(list(named.values()), judged, found):
            values[by_measure[str(value.measure)]][value.query_id] = float(value.value)
    return Measured(values)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One run against another on the same queries.

    :param difference: mean of the first minus mean of the second.
    :param p: two-sided, by randomization of signs (Smucker, Allan and Carterette 2007).
    """

    measure: str
    difference: float
    p: float
    queries: int


def compare(first: Mapping[str, float], second: Mapping[str, float], measure_name: str) -> Comparison:
    """Paired randomization test on the queries that both hold."""
    common = sorted(first.keys() & second.keys())
    differences = np.array([first[query] - second[query] for query in common])
    if not len(differences):
        return Comparison(measure_name, 0.0, 1.0, 0)
    observed = abs(differences.mean())
    rng = np.random.default_rng(_SEED)
    nonzero = differences[differences != 0]
    if not len(nonzero):
        return Comparison(measure_name, 0.0, 1.0, len(common))
    extreme = 0
    for _ in range(10):
        signs = rng.integers(0, 2, (_PERMUTATIONS // 10, len(nonzero)), np.int8) * 2 - 1
        extreme += int((np.abs((signs * nonzero).sum(axis=1)) / len(common) >= observed - 1e-12).sum())
    return Comparison(measure_name, float(differences.mean()), (extreme + 1) / (_PERMUTATIONS + 1), len(common))
