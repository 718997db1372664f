"""`verbatim evaluate`: measure the ranking on test sets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from app.terminal import show, show_json
from app.verbs.options import JsonOption, LibraryOption


def evaluate(
    sets: Annotated[
        list[Path],
        typer.Argument(metavar="SET...", help="Folders of test sets: BEIR layout, or span-judged queries."),
    ],
    split: Annotated[str | None, typer.Option(help="Only this split; all when not given.")] = None,
    compare: Annotated[Path | None, typer.Option(help="A saved evaluation to test against.")] = None,
    save: Annotated[Path | None, typer.Option(help="Save the values of every query here, for --compare.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw nDCG@10 into this .png or .svg file.")] = None,
    runs: Annotated[str, typer.Option(help="Which runs to make, by commas; also semantic.")] = "verbatim,bm25,rrf60",
    cache: Annotated[
        Path | None, typer.Option(help="Where corpora of test sets are kept, embedded; by default in the user's cache.")
    ] = None,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """Measure how well the right passage is found, on sets of queries with known answers."""
    from app.encoders import configured_encoders, passage_window
    from app.settings import load_settings
    from app.terminal import progress
    from corpus.library import Library
    from index.errors import EvaluationError
    from index.evaluation.evaluate import Means
    from index.evaluation.evaluate import evaluate as measure
    from index.evaluation.report import compare_with
    from index.evaluation.runs import RUNS
    from index.search import Searcher
    from ingest.chunk import cut_passages

    names = tuple(name.strip() for name in runs.split(",") if name.strip())
    if "verbatim" not in names or not set(names) <= set(RUNS):
        raise EvaluationError(f"--runs is {runs!r}", f"Give verbatim and any of {', '.join(RUNS[1:])}")
    folder = cache or _user_cache() / "evaluation"
    settings = load_settings(library=library, models=load_settings(library=library).models or folder / "models")
    encoders = configured_encoders(settings)
    window = passage_window(encoders)
    means = Means(
        encoders,
        lambda document: cut_passages(document, window.count_tokens, window.max_tokens),
        folder,
        lambda: Searcher.open(Library(settings.library).current_generation(), encoders),
    )
    with progress() as step:
        report = measure(sets, means, split, names, step)
    if save is not None:
        report.save(save)
    if plot is not None:
        report.plot(plot)
    compared = compare_with(report, compare) if compare is not None else {}
    if json:
        tests = {
            name: {one.measure: {"difference": one.difference, "p": one.p, "queries": one.queries} for one in ones}
            for name, ones in compared.items()
        }
        show_json(report.as_json() | ({"comparison": tests} if compared else {}))
        return
    show(report.table())
    for name, ones in compared.items():
        show(f"{name}, against {compare}:")
        for one in ones:
            show(f"  {one.measure:12}{one.difference:+.4f}  p = {one.p:.4f}  ({one.queries} queries)")


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "verbatim"
