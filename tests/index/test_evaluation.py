"""The evaluation: it reads sets or refuses them by line, measures rightly, and its numbers are the product's."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.encoder import ConfiguredEncoder
from index.errors import EvaluationError
from index.evaluation.beir import read_beir
from index.evaluation.evaluate import Means, evaluate
from index.evaluation.measures import compare, measure
from index.evaluation.report import compare_with
from index.evaluation.span_set import normalized_words
from index.search import Searcher
from ingest.chunk import cut_passages, word_count
from tests.evaluation.spans import normalized_words as judges_words
from tests.index.conftest import PAPER, Built

CORPUS = [
    {"_id": "a", "text": "Bees pollinate the orchard in spring."},
    {"_id": "b", "title": "Ports", "text": "Ships wait for the tide before they enter the harbour."},
    {"_id": "c", "text": "Bakers rise at three to light the oven."},
    {"_id": "d", "text": ""},
]
QUERIES = [
    {"_id": "1", "text": "vessels entering the port"},
    {"_id": "2", "text": "bread makers start early"},
    {"_id": "3", "text": "nobody judged this"},
]
QRELS = "query-id\tcorpus-id\tscore\n1\tb\t1\n1\ta\t0\n2\tc\t2\n"


def write(folder: Path) -> Path:
    folder.mkdir()
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)), encoding="utf-8")
    (folder / "queries.dev.jsonl").write_text("\n".join(map(json.dumps, QUERIES)) + "\n", encoding="utf-8")
    (folder / "qrels.dev.tsv").write_text(QRELS, encoding="utf-8")
    return folder


def no_library() -> Searcher:
    raise AssertionError("a BEIR set needs no library")


def test_a_set_is_measured_saved_compared_and_drawn(tmp_path: Path, light: tuple[ConfiguredEncoder, ...]) -> None:
    folder = write(tmp_path / "set")
    means = Means(light, lambda d: cut_passages(d, word_count, 400), tmp_path / "cache", no_library)
    report = evaluate([folder], means)
    shown = report.as_json()
    assert set(shown["sets"]["set"]) == {"verbatim", "semantic", "bm25", "rrf60"}
    assert set(shown["sets"]["set"]["verbatim"]) >= {"hit@1", "hit@10", "MRR@10", "nDCG@10", "recall@100"}
    assert shown["sets"]["set"]["verbatim"]["hit@1"] == 1.0
    assert shown["queries"] == {"set": 2}
    assert "verbatim" in report.table()
    report.save(tmp_path / "run.json")
    report.plot(tmp_path / "plot.png")
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    again = evaluate([folder], means, "dev")
    assert all(one.difference == 0 and one.p == 1 for one in compare_with(again, tmp_path / "run.json")["set"])
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(EvaluationError, match="not a saved evaluation"):
        compare_with(again, tmp_path / "run.json")


def append(name: str, line: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(line)

    return change


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "corpus.jsonl").unlink(), "corpus.jsonl is missing"),
        (lambda folder: (folder / "qrels.dev.tsv").unlink(), "qrels.dev.tsv is missing"),
        (lambda folder: (folder / "queries.dev.jsonl").unlink(), "no queries"),
        (append("qrels.dev.tsv", "9\ta\t1\n"), "line 5: the query '9'"),
        (append("qrels.dev.tsv", "1\tz\t1\n"), "line 5: the item 'z'"),
        (append("qrels.dev.tsv", "1\tb\t1\n"), "judged twice, first in line 2"),
        (append("qrels.dev.tsv", "1\tc\thigh\n"), "'high' is not a whole number"),
        (append("qrels.dev.tsv", "1 c 1\n"), "1 fields"),
        (append("queries.dev.jsonl", '{"_id": "4", "text": " ?"}'), "line 4: the query '4' has no letter"),
        (append("queries.dev.jsonl", '{"_id": "1", "text": "again"}'), "'1' stands twice"),
        (append("queries.dev.jsonl", "{"), "line 4 is not JSON"),
        (append("corpus.jsonl", '\n{"_id": "a", "text": "x"}'), "line 5: the id 'a' stands twice"),
        (append("corpus.jsonl", '\n{"text": "x"}'), "line 5 has no '_id'"),
        (append("corpus.jsonl", "\n[]"), "line 5 is not a JSON object"),
    ],
)
def test_a_set_that_contradicts_itself_is_refused_by_file_and_line(
    tmp_path: Path, spoil: Callable[[Path], None], message: str
) -> None:
    folder = write(tmp_path / "set")
    spoil(folder)
    with pytest.raises(EvaluationError, match=message.replace("?", r"\?")):
        read_beir(folder)


def test_an_unknown_split_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="Choose from dev"):
        read_beir(write(tmp_path / "set"), "test")


def test_measures_are_those_of_their_definitions() -> None:
    judgements = {"q": {"a": 1, "b": 1}, "r": {"c": 1}, "s": {"a": 1}}
    run = {"q": {"x": 3.0, "a": 2.0, "b": 1.0}, "r": {"c": 1.0}, "s": {}}
    measured = measure(run, judgements)
    assert measured.values["hit@1"] == {"q": 0.0, "r": 1.0, "s": 0.0}
    assert measured.values["MRR@10"] == {"q": 0.5, "r": 1.0, "s": 0.0}
    assert measured.values["recall@100"] == {"q": 1.0, "r": 1.0, "s": 0.0}
    assert measured.values["nDCG@10"]["q"] == pytest.approx((1 / 1.585 + 1 / 2) / (1 + 1 / 1.585), abs=1e-3)
    low, high = measured.interval("hit@1")
    assert low <= measured.mean("hit@1") <= high


def test_the_paired_test_tells_a_difference_from_none() -> None:
    better = {str(i): 1.0 for i in range(40)}
    worse = {str(i): float(i % 4 == 0) for i in range(40)}
    assert compare(better, worse, "hit@1").p < 0.001
    assert compare(worse, worse, "hit@1").p == 1
    assert compare(better, worse, "hit@1").difference == pytest.approx(0.75)


def test_the_paper_is_measured_by_its_gold_spans(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "spans"
    folder.mkdir()
    gold = [{"document": "paper", "exact": "Access to health services, including access to maternal health services"}]
    lines = [
        {"_id": "1", "text": "midwives and care around birth", "language": "en", "way": "topic", "gold": gold},
        {"_id": "2", "text": "how to tune a piano", "language": "en", "way": "question", "gold": []},
    ]
    (folder / "queries.dev.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    def library() -> Searcher:
        return Searcher.open(built.searcher.folder, built.encoders)

    report = evaluate([folder], Means(built.encoders, lambda _: (), tmp_path, library))
    figures = report.as_json()["sets"]["spans"]["verbatim"]
    assert figures["hit@10"] == 1.0
    assert {"quote precision", "quote recall", "nothing-here precision", "nothing-here recall", "hit@5"} <= set(figures)


def test_gold_is_found_as_the_judges_find_it() -> None:
    text = PAPER.read_text(encoding="utf-8") + " soft\u00adhyphen e\u0301t\u00e9 \ufb01ne \u0130stanbul"
    assert normalized_words(text) == [(word.text, word.start, word.end) for word in judges_words(text)]
