"""Reads a span-judged set: queries whose answers are stretches of documents, kept as words or as a hash of words.

A gold span is found in a document's text by comparing normalized words (NFKC, casefolded, runs of letters and digits),
so that white space, punctuation, case and ligatures of an extraction do not matter.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.documents import Span
from corpus.store import Store
from index.errors import EvaluationError

_FIRST = 3


@dataclass(frozen=True, slots=True)
class Gold:
    """A stretch that answers: how many normalized words, the first three, and the sha256 of all, joined by spaces."""

    document: str
    words: int
    first: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class SpanQuery:
    """A query; `gold` is empty where nothing answers."""

    id: str
    text: str
    language: str
    way: str
    gold: tuple[Gold, ...]


@dataclass(frozen=True, slots=True)
class SpanSet:
    """One set, all its splits together."""

    name: str
    queries: tuple[SpanQuery, ...]


def is_span_set(folder: Path) -> bool:
    """Whether a folder has queries and no corpus: its answers lie in a library."""
    return not (folder / "corpus.jsonl").exists() and any(folder.glob("queries.*.jsonl"))


def read_span_set(folder: Path, split: str | None = None) -> SpanSet:
    """Read a set.

    :raises EvaluationError: naming the file and line that is not a span-judged query.
    """
    queries: list[SpanQuery] = []
    seen: set[str] = set()
    for path in sorted(folder.glob(f"queries.{split or '*'}.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                query = SpanQuery(
                    str(entry["_id"]), str(entry["text"]), str(entry.get("language", "")), str(entry.get("way", "")),
                    tuple(map(_gold, entry["gold"])),
                )  # fmt: skip
            except (ValueError, KeyError, TypeError) as error:
                raise EvaluationError(
                    f"{path}, line {number} is not a span-judged query: {error!r}", "See tests/evaluation/paper"
                ) from error
            if query.id in seen or not any(map(str.isalnum, query.text)):
                raise EvaluationError(f"{path}, line {number}: {query.id!r} is empty or stands twice", "Correct it")
            seen.add(query.id)
            queries.append(query)
    if not queries:
        raise EvaluationError(f"{folder} has no queries{f' of split {split!r}' if split else ''}", "Give some")
    return SpanSet(folder.resolve().name, tuple(queries))


def _gold(entry: dict[str, Any]) -> Gold:
    if "exact" in entry:
        words = [word for word, _, _ in normalized_words(entry["exact"])]
        return Gold(entry["document"], len(words), tuple(words[:_FIRST]), _digest(words))
    return Gold(entry["document"], int(entry["words"]), tuple(entry["first"].split(" ")), entry["sha256"])


def find_gold(store: Store, queries: Iterable[SpanQuery]) -> dict[str, list[tuple[str, Span]]]:
    """Query id → (document id, span) of every place where its gold stands in a library.

    A gold span names a document by its id or by the path it was read from.
    """
    wanted: dict[str, list[tuple[str, Gold]]] = defaultdict(list)
    for query in queries:
        for gold in query.gold:
            wanted[gold.document].append((query.id, gold))
    found: dict[str, list[tuple[str, Span]]] = defaultdict(list)
    for record in store.records():
        names = {record.metadata.id, record.source_name}
        golds = [one for document, ones in wanted.items() if _is_named(document, names) for one in ones]
        if golds:
            text = store.document(record.metadata.id).text
            for query_id, span in _places(text, golds):
                found[query_id].append((record.metadata.id, span))
    return found


def _is_named(document: str, names: set[str]) -> bool:
    return document in names or any(name and document.endswith(f"/{name}") for name in names)


def _places(text: str, golds: list[tuple[str, Gold]]) -> Iterable[tuple[str, Span]]:
    words = normalized_words(text)
    at_word: dict[str, list[int]] = defaultdict(list)
    for number, (word, _, _) in enumerate(words):
        at_word[word].append(number)
    for query_id, gold in golds:
        for at in at_word.get(gold.first[0], ()):
            window = words[at : at + gold.words]
            found = [word for word, _, _ in window]
            if tuple(found[: len(gold.first)]) == gold.first and _digest(found) == gold.sha256:
                yield query_id, Span(window[0][1], window[-1][2])


def normalized_words(text: str) -> list[tuple[str, int, int]]:
    """(word, start, end) of every normalized word, offsets in code points of the text."""
    words: list[tuple[str, int, int]] = []
    letters: list[str] = []
    word_start = word_end = 0
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        if unicodedata.category(text[at]) != "Cf":
            for letter in unicodedata.normalize("NFKC", text[at:end]).casefold():
                if letter.isalnum():
                    if not letters:
                        word_start = at
                    letters.append(letter)
                    word_end = end
                elif letters:
                    words.append(("".join(letters), word_start, word_end))
                    letters = []
        at = end
    if letters:
        words.append(("".join(letters), word_start, word_end))
    return words


def _digest(words: list[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
