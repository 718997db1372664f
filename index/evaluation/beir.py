"""Reads a test set in BEIR layout: `corpus.jsonl`, and for each split `queries.SPLIT.jsonl` and `qrels.SPLIT.tsv`.

A set that contradicts itself is refused by file and line, because a number measured on it would mean nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be found: one line of the corpus.

    :param language: BCP 47 tag where the line has a `lang`, else None.
    """

    id: str
    text: str
    title: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The queries of one split and what answers them.

    :param queries: query id → text, those with a judgement only.
    :param judgements: query id → item id → relevance above 0.
    :param unjudged: how many queries had no judgement and are left out.
    """

    name: str
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]
    unjudged: int


@dataclass(frozen=True, slots=True)
class BeirSet:
    """One test set."""

    name: str
    folder: Path
    items: tuple[Item, ...]
    splits: tuple[Split, ...]


def read_beir(folder: Path, split: str | None = None) -> BeirSet:
    """Read a set.

    :param split: only this one; all when None.
    :raises EvaluationError: naming the file, the line and what is wrong with it.
    """
    items = tuple(_items(folder / "corpus.jsonl"))
    if not items:
        raise EvaluationError(f"{folder / 'corpus.jsonl'} is empty", "Give the corpus, one JSON object a line")
    names = sorted(path.name[len("queries.") : -len(".jsonl")] for path in folder.glob("queries.*.jsonl"))
    if split is not None:
        if split not in names:
            raise EvaluationError(
                f"{folder} has no split {split!r}", f"Choose from {', '.join(names) or 'none: it has no queries'}"
            )
        names = [split]
    if not names:
        raise EvaluationError(f"{folder} has no queries.SPLIT.jsonl", "Give one file of queries for each split")
    ids = {item.id for item in items}
    return BeirSet(folder.resolve().name, folder, items, tuple(_split(folder, name, ids) for name in names))


def _items(path: Path) -> Iterator[Item]:
    seen: set[str] = set()
    for where, line in _lines(path):
        id_, text = _string(line, "_id", where), _string(line, "text", where)
        if id_ in seen:
            raise EvaluationError(f"{where}: the id {id_!r} stands twice", "Give each item its own id")
        seen.add(id_)
        title, language = line.get("title"), line.get("lang")
        yield Item(
            id_,
            text,
            title if isinstance(title, str) else "",
            language if isinstance(language, str) and language else None,
        )


def _split(folder: Path, name: str, ids: set[str]) -> Split:
    queries: dict[str, str] = {}
    for where, line in _lines(folder / f"queries.{name}.jsonl"):
        id_, text = _string(line, "_id", where), _string(line, "text", where)
        if id_ in queries:
            raise EvaluationError(f"{where}: the id {id_!r} stands twice", "Give each query its own id")
        if not any(letter.isalnum() for letter in text):
            raise EvaluationError(f"{where}: the query {id_!r} has no letter or digit", "Take it out")
        queries[id_] = text
    judgements = _judgements(folder / f"qrels.{name}.tsv", set(queries), ids)
    judged = {id_: text for id_, text in queries.items() if id_ in judgements}
    if not judged:
        raise EvaluationError(f"{folder}: no query of the split {name!r} has a judgement above 0", "Judge some")
    return Split(name, judged, judgements, len(queries) - len(judged))


def _judgements(path: Path, queries: set[str], items: set[str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or (number == 1 and line.split("\t")[-1].strip().lower() == "score"):
            continue
        where = f"{path}, line {number}"
        fields = line.split("\t")
        if len(fields) != 3:
            raise EvaluationError(f"{where} has {len(fields)} fields", "Give query-id, corpus-id and score, by tabs")
        query, item, score = fields[0], fields[1], fields[2].strip()
        if query not in queries:
            raise EvaluationError(f"{where}: the query {query!r} is not in the queries file", "Correct the id")
        if item not in items:
            raise EvaluationError(f"{where}: the item {item!r} is not in the corpus", "Correct the id")
        if not score.lstrip("-").isdigit():
            raise EvaluationError(f"{where}: the score {score!r} is not a whole number", "Give one")
        if (query, item) in seen:
            raise EvaluationError(
                f"{where}: {query!r} and {item!r} are judged twice, first in line {seen[query, item]}",
                "Keep one judgement",
            )
        seen[query, item] = number
        if int(score) > 0:
            found.setdefault(query, {})[item] = int(score)
    return found


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            value = json.loads(line)
        except ValueError as error:
            raise EvaluationError(f"{where} is not JSON: {error}", "Give one object a line") from error
        if not isinstance(value, dict):
            raise EvaluationError(f"{where} is not a JSON object", "Give one object a line")
        yield where, value


def _string(line: dict[str, Any], key: str, where: str) -> str:
    value = line.get(key)
    if not isinstance(value, str):
        raise EvaluationError(f"{where} has no {key!r} that is a text", f"Give each line a {key!r}")
    return value


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise EvaluationError(
            f"{path} is missing", "A set needs corpus.jsonl, queries.SPLIT.jsonl, qrels.SPLIT.tsv"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read: {error}", "Give a UTF-8 file") from error
