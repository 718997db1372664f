"""Runs queries through a searcher: the product's own order, named `verbatim`, and plain orders to hold it against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from index.encoder import Float32
from index.evaluation.measures import Run
from index.query import Mode
from index.search import EncodedQuery, Searcher

RUNS = ("verbatim", "semantic", "bm25", "rrf60")
DEPTH = 100
"""How many items a run gives for a query."""
_BATCH = 64
_RRF = 60


@dataclass(frozen=True, slots=True)
class Made:
    """The runs of one set of queries.

    :param runs: name → run.
    :param milliseconds: median time of one query of the run `verbatim`, its vectors included.
    """

    runs: dict[str, Run]
    milliseconds: float


def make_runs(
    searcher: Searcher,
    item_ids: tuple[str, ...],
    queries: dict[str, str],
    names: tuple[str, ...] = RUNS,
    report: Callable[[int, int], None] = lambda *_: None,
) -> Made:
    """Rank items for every query; an item's score is that of its best passage."""
    runs: dict[str, dict[str, dict[str, float]]] = {name: {} for name in names}
    spent = []
    ids = list(queries)
    for at in range(0, len(ids), _BATCH):
        batch = ids[at : at + _BATCH]
        started = perf_counter()
        encoded = searcher.encode([queries[id_] for id_ in batch])
        encoding = (perf_counter() - started) / len(batch)
        for id_, one in zip(batch, encoded, strict=True):
            started = perf_counter()
            for name in names:
                scores = _RANKERS[name](searcher, queries[id_], one)
                runs[name][id_] = {item_ids[number]: value for number, value in scores.items()}
                if name == "verbatim":
                    spent.append(encoding + perf_counter() - started)
                started = perf_counter()
        report(min(at + _BATCH, len(ids)), len(ids))
    return Made(dict(runs), 1000 * float(np.median(spent)) if spent else 0.0)


def _verbatim(searcher: Searcher, text: str, encoded: EncodedQuery) -> dict[int, float]:
    ranking = searcher.rank(text, Mode.HYBRID, None, encoded)
    return _in_order(searcher, ranking.numbers.tolist())


def _semantic(searcher: Searcher, text: str, encoded: EncodedQuery) -> dict[int, float]:
    ranking = searcher.rank(text, Mode.SEMANTIC, None, encoded)
    return _in_order(searcher, ranking.numbers.tolist())


def _bm25(searcher: Searcher, text: str, _: EncodedQuery) -> dict[int, float]:
    return _in_order(searcher, _top(searcher.lexical_scores(text)))


def _rrf60(searcher: Searcher, text: str, encoded: EncodedQuery) -> dict[int, float]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009) of the first encoder's vectors and bm25."""
    fused: dict[int, float] = {}
    for scores in (searcher.vector_scores(encoded), searcher.lexical_scores(text)):
        for item, value in _in_order(searcher, _top(scores)).items():
            fused[item] = fused.get(item, 0.0) + 1 / (_RRF + DEPTH - value + 1)
    best = sorted(fused, key=lambda item: (-fused[item], item))[:DEPTH]
    return {item: fused[item] for item in best}


_RANKERS: dict[str, Callable[[Searcher, str, EncodedQuery], dict[int, float]]] = {
    "verbatim": _verbatim, "semantic": _semantic, "bm25": _bm25, "rrf60": _rrf60,
}  # fmt: skip


def _top(scores: Float32) -> list[int]:
    """Passages with a score above 0, best first, some more than are needed."""
    depth = min(len(scores), 10 * DEPTH)
    best = np.argpartition(-scores, depth - 1)[:depth] if depth else np.zeros(0, int)
    best = best[np.lexsort((best, -scores[best]))]
    return [int(number) for number in best if scores[number] > 0]


def _in_order(searcher: Searcher, passages: list[int]) -> dict[int, float]:
    """The documents of passages in order: DEPTH for the first, and so on downwards."""
    documents = dict.fromkeys(int(searcher.table.document[number]) for number in passages)
    return {document: float(DEPTH - rank) for rank, document in enumerate(list(documents)[:DEPTH])}
