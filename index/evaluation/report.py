"""The outcome of an evaluation for people (table, plot) and for programs (JSON), and its comparison with another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.library import write_atomically
from index.errors import EvaluationError
from index.evaluation.measures import MEASURES, Comparison, Measured, compare

PRODUCT = "verbatim"


@dataclass(frozen=True, slots=True)
class SetReport:
    """One set.

    :param runs: run → its values over the queries of all splits; `splits` the same by split.
    :param milliseconds: median time of a query.
    :param extra: further figures of the product's run, such as quote precision.
    """

    name: str
    runs: dict[str, Measured]
    splits: dict[str, dict[str, Measured]]
    queries: int
    milliseconds: float
    extra: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """An evaluation.

    :param settings: what made it: encoders, their digests, version of the code.
    """

    sets: tuple[SetReport, ...]
    settings: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Means by set and run; by split; intervals; latency."""
        return {
            "sets": {one.name: {run: m.summary() | _of(one, run) for run, m in one.runs.items()} for one in self.sets},
            "splits": {
                one.name: {split: {run: m.summary() for run, m in runs.items()} for split, runs in one.splits.items()}
                for one in self.sets
            },
            "intervals": {
                one.name: {
                    run: {name: [round(end, 4) for end in m.interval(name)] for name in m.values}
                    for run, m in one.runs.items()
                }
                for one in self.sets
            },
            "queries": {one.name: one.queries for one in self.sets},
            "milliseconds": {one.name: round(one.milliseconds, 1) for one in self.sets},
            "settings": self.settings,
        }

    def save(self, path: Path) -> None:
        """Write the JSON with the values of every query, for `--compare`."""
        full = self.as_json() | {
            "values": {one.name: {run: m.values for run, m in one.runs.items()} for one in self.sets}
        }
        write_atomically(path, json.dumps(full, ensure_ascii=False).encode())

    def table(self) -> str:
        """For a terminal; the product's row carries its 95 % intervals in the first measure."""
        lines = []
        for one in self.sets:
            lines.append(f"{one.name}: {one.queries} queries, {one.milliseconds:.0f} ms each")
            lines.append("  " + "run".ljust(12) + "".join(name.rjust(12) for name in MEASURES))
            for run, measured in one.runs.items():
                cells = "".join(f"{measured.mean(name):12.3f}" for name in MEASURES)
                low, high = measured.interval(MEASURES[0])
                lines.append(f"  {run:12}{cells}   {MEASURES[0]} {low:.3f}–{high:.3f}")
            lines += [f"  {name}: {value:.3f}" for name, value in one.extra.items()]
            if len(one.splits) > 1:
                lines += [
                    f"  {split}: " + ", ".join(f"{run} {m.mean('hit@1'):.3f}" for run, m in runs.items())
                    for split, runs in one.splits.items()
                ]
        return "\n".join(lines)

    def plot(self, path: Path) -> None:
        """Draw nDCG@10 of every run on every set, with intervals, as a picture.

        :raises EvaluationError: when it cannot be written.
        """
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        names = list(dict.fromkeys(run for one in self.sets for run in one.runs))
        figure = Figure(figsize=(2 + 1.6 * len(self.sets), 4.5), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        width = 0.8 / max(1, len(names))
        for place, run in enumerate(names):
            held = [(at, one.runs[run]) for at, one in enumerate(self.sets) if run in one.runs]
            means = [m.mean("nDCG@10") for _, m in held]
            ends = [m.interval("nDCG@10") for _, m in held]
            errors = [
                [max(0.0, mean - low) for mean, (low, _) in zip(means, ends, strict=True)],
                [max(0.0, high - mean) for mean, (_, high) in zip(means, ends, strict=True)],
            ]
            axes.bar([at + place * width for at, _ in held], means, width, yerr=errors, capsize=2, label=run)
        axes.set_xticks([at + 0.4 - width / 2 for at in range(len(self.sets))], [one.name for one in self.sets])
        axes.tick_params(axis="x", labelrotation=20)
        axes.set_ylabel("nDCG@10, with 95 % intervals")
        axes.set_ylim(0, 1)
        axes.legend(ncols=len(names), loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
        try:
            figure.savefig(path, dpi=150)
        except (OSError, ValueError) as error:
            raise EvaluationError(f"The plot cannot be written to {path}: {error}", "Name a .png file") from error


def _of(one: SetReport, run: str) -> dict[str, float]:
    return {name: round(value, 4) for name, value in one.extra.items()} if run == PRODUCT else {}


def compare_with(report: Report, path: Path) -> dict[str, list[Comparison]]:
    """The product's run against that of a saved report, by set and measure, on the queries that both hold.

    :raises EvaluationError: when the file is not a saved report or shares no set.
    """
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        values: Mapping[str, Any] = saved["values"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(
            f"{path} is not a saved evaluation: {error}", "Make one with `verbatim evaluate SET --save FILE`"
        ) from error
    compared = {
        one.name: [
            compare(one.runs[PRODUCT].values[name], values[one.name][PRODUCT][name], name)
            for name in one.runs[PRODUCT].values
            if name in values[one.name].get(PRODUCT, {})
        ]
        for one in report.sets
        if one.name in values
    }
    if not compared:
        raise EvaluationError(f"{path} holds none of the sets measured", f"It holds {', '.join(values) or 'none'}")
    return compared
