"""Measures the product on test sets: BEIR folders with a corpus of their own, span-judged folders on a library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np

from corpus.documents import Span
from index.build import Progress
from index.encoder import ConfiguredEncoder
from index.errors import EvaluationError
from index.evaluation.beir import read_beir
from index.evaluation.corpus_library import Cut, corpus_searcher
from index.evaluation.measures import Measured, measure
from index.evaluation.report import PRODUCT, Report, SetReport
from index.evaluation.runs import RUNS, make_runs
from index.evaluation.span_set import SpanQuery, find_gold, is_span_set, read_span_set
from index.query import Hit, Query, Support
from index.search import Searcher

Step = Callable[[str, int, int], None]
HELD = 0.5
"""A passage holds a gold span when it has at least this share of its characters."""
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class Means:
    """What an evaluation needs besides the sets.

    :param cut: cuts a document into passages, as ingest does.
    :param cache: a folder for the libraries of test sets.
    :param library: opens the searcher that span-judged sets are asked of.
    """

    encoders: tuple[ConfiguredEncoder, ...]
    cut: Cut
    cache: Path
    library: Callable[[], Searcher]


def evaluate(
    folders: Iterable[Path],
    means: Means,
    split: str | None = None,
    runs: tuple[str, ...] = RUNS,
    step: Step = lambda *_: None,
) -> Report:
    """Measure every set.

    :raises EvaluationError: when a set is incomplete or contradicts itself; nothing has been measured then.
    :raises corpus.errors.VerbatimError: when a model or the cache fails.
    """
    paths = list(folders)
    for folder in paths:  # all are read before the first is measured: a mistake shows at once
        if not folder.is_dir():
            raise EvaluationError(f"There is no folder {folder}", "Give the folder of a test set")
        read_span_set(folder, split) if is_span_set(folder) else read_beir(folder, split)
    reports = [
        _span_report(folder, means, split, step)
        if is_span_set(folder)
        else _beir_report(folder, means, split, runs, step)
        for folder in paths
    ]
    settings = {
        "encoders": [
            one.spec.model_dump(mode="json") | {"weights_sha256": one.encoder.weights_sha256} for one in means.encoders
        ]
    }
    return Report(tuple(reports), settings)


def _beir_report(folder: Path, means: Means, split: str | None, runs: tuple[str, ...], step: Step) -> SetReport:
    beir = read_beir(folder, split)

    def report(progress: Progress) -> None:
        step(f"{beir.name}: {progress.stage}", progress.done, progress.total)

    searcher, item_ids = corpus_searcher(beir, means.encoders, means.cut, means.cache, report)
    try:
        by_split: dict[str, dict[str, Measured]] = {}
        milliseconds = []
        for one in beir.splits:
            made = make_runs(
                searcher, item_ids, one.queries, runs, lambda done, total: step(f"{beir.name}: queries", done, total)
            )
            by_split[one.name] = {name: measure(run, one.judgements) for name, run in made.runs.items()}
            milliseconds.append(made.milliseconds)
    finally:
        searcher.close()
    pooled = {name: _pooled({split: of[name] for split, of in by_split.items()}) for name in runs}
    queries = sum(len(one.queries) for one in beir.splits)
    return SetReport(beir.name, pooled, by_split, queries, float(np.median(milliseconds)))


def _pooled(by_split: dict[str, Measured]) -> Measured:
    names = next(iter(by_split.values())).values
    return Measured(
        {
            name: {f"{split}/{query}": v for split, m in by_split.items() for query, v in m.values[name].items()}
            for name in names
        }
    )


def _span_report(folder: Path, means: Means, split: str | None, step: Step) -> SetReport:
    spans = read_span_set(folder, split)
    searcher = means.library()
    try:
        places = find_gold(searcher.store, spans.queries)
        answered = [query for query in spans.queries if places.get(query.id)]
        unanswered = [query for query in spans.queries if not query.gold]
        if not answered:
            raise EvaluationError(
                f"The library holds none of the documents that {folder} asks about", "Ingest them, or give --library"
            )
        run: dict[str, dict[str, float]] = {}
        judgements: dict[str, dict[str, int]] = {}
        quotes: list[tuple[float, float]] = []
        supports: dict[str, Support] = {}
        spent = []
        for done, query in enumerate((*answered, *unanswered), start=1):
            started = perf_counter()
            answer = searcher.search(Query(query.text, limit=_DEPTH))
            spent.append(perf_counter() - started)
            supports[query.id] = answer.support
            step(f"{spans.name}: queries", done, len(answered) + len(unanswered))
            if query.gold:
                gold = places[query.id]
                judged = dict.fromkeys(_holding(searcher, gold), 1)
                judgements[query.id] = judged
                run[query.id] = {_named(hit, judged): float(_DEPTH - at) for at, hit in enumerate(answer.hits)}
                right = next((hit for hit in answer.hits[:10] if _named(hit, judged) in judged), None)
                if right is not None:
                    quotes.append(_overlap(right, gold))
        measured = measure(run, judgements)
        extra = _support_figures(answered, unanswered, supports)
        if quotes:
            extra |= {
                "quote precision": float(np.mean([precision for precision, _ in quotes])),
                "quote recall": float(np.mean([recall for _, recall in quotes])),
            }
    finally:
        searcher.close()
    by_language: dict[str, dict[str, Measured]] = {}
    for language in sorted({query.language for query in answered}):
        ids = {query.id for query in answered if query.language == language}
        chosen = {name: {id_: v for id_, v in values.items() if id_ in ids} for name, values in measured.values.items()}
        by_language[language] = {PRODUCT: Measured(chosen)}
    extra["hit@5"] = float(np.mean([_found_within(run[q.id], judgements[q.id], 5) for q in answered]))
    return SetReport(spans.name, {PRODUCT: measured}, by_language, len(answered), 1000 * float(np.median(spent)), extra)


def _holding(searcher: Searcher, gold: list[tuple[str, Span]]) -> list[str]:
    """Ids of passages that hold a gold span."""
    table = searcher.table
    numbers = {id_: number for number, id_ in enumerate(table.documents)}
    held = []
    for document, span in gold:
        for number in table.covering(numbers[document], span.start, span.end).tolist():
            shared = min(span.end, int(table.end[number])) - max(span.start, int(table.start[number]))
            if shared >= HELD * (span.end - span.start):
                held.append(table.ids[number])
    return held


def _named(hit: Hit, judged: dict[str, int]) -> str:
    """The id that a hit counts as: a repeat of its words that is gold, else its own."""
    return next((id_ for id_ in (hit.passage_id, *hit.also_in) if id_ in judged), hit.passage_id)


def _overlap(hit: Hit, gold: list[tuple[str, Span]]) -> tuple[float, float]:
    """Quote precision (gold characters ÷ quoted) and recall (gold quoted ÷ gold) on the gold span that is met best."""
    best = (0.0, 0.0)
    for document, span in gold:
        if document == hit.document_id:
            shared = max(0, min(span.end, hit.quote.end) - max(span.start, hit.quote.start))
            best = max(best, (shared / (hit.quote.end - hit.quote.start), shared / (span.end - span.start)), key=sum)
    return best


def _support_figures(
    answered: list[SpanQuery], unanswered: list[SpanQuery], supports: dict[str, Support]
) -> dict[str, float]:
    """How well "nothing here" (support none) tells queries without an answer."""
    if not unanswered:
        return {}
    said = [query.id for query in (*answered, *unanswered) if supports[query.id] is Support.NONE]
    right = sum(supports[query.id] is Support.NONE for query in unanswered)
    return {
        "nothing-here precision": right / len(said) if said else 0.0,
        "nothing-here recall": right / len(unanswered),
    }


def _found_within(run: dict[str, float], judged: dict[str, int], depth: int) -> float:
    best = sorted(run, key=lambda id_: -run[id_])[:depth]
    return float(any(id_ in judged for id_ in best))
