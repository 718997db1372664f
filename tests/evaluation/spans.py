"""Reads span-judged queries and finds their gold spans in a text, for the evaluation and its tests.

A gold span is a run of words of one document. Where the text may be in the project the words are kept (`exact`); where
it may not, only their hash, their number and the first three are. Both are found the same way, whatever a text's white
space, punctuation, case and ligatures: by comparing normalized words.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WAYS = (
    "claim",
    "topic",
    "half-remembered",
    "question",
    "counter-argument",
    "name-or-number",
    "one-word",
    "misspelling",
    "cross-language",
    "paragraph",
)
FIRST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A normalized word and the code points `[start, end)` of the text that it was made from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gold:
    """One span that answers a query.

    :param document: the document's id, or its path under the folder of shared documents.
    :param page: the physical page, 1-based, on which the span starts; None where the source has no pages.
    :param sha256: hash of the span's normalized words, joined by one space, as UTF-8.
    :param first: the first three normalized words (fewer in a shorter span), joined by one space.
    :param words: how many normalized words the span has.
    """

    document: str
    page: int | None
    sha256: str
    first: str
    words: int


@dataclass(frozen=True, slots=True)
class Query:
    """What an advocate types, and the spans that answer it: none where nothing does."""

    id: str
    text: str
    language: str
    way: str
    gold: tuple[Gold, ...]


def normalized_words(text: str) -> Iterator[Word]:
    """The words of a text: NFKC, casefolded, runs of letters and digits.

    Format characters (soft hyphens) and raised digits (note markers) are left out.
    """
    letters: list[str] = []
    word_start = word_end = 0
    for start, end in _clusters(text):
        if unicodedata.category(text[start]) == "Cf" or _is_raised_digit(text[start]):
            continue
        for letter in unicodedata.normalize("NFKC", text[start:end]).casefold():
            if letter.isalnum():
                if not letters:
                    word_start = start
                letters.append(letter)
                word_end = end
            elif letters:
                yield Word("".join(letters), word_start, word_end)
                letters = []
    if letters:
        yield Word("".join(letters), word_start, word_end)


def _is_raised_digit(character: str) -> bool:
    return character.isdigit() and unicodedata.decomposition(character).startswith("<super>")


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Spans of one character with the combining marks on it, which NFKC may join to one."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield start, at
            start = at


def gold_of(words: str, *, document: str, page: int | None = None) -> Gold:
    """The gold span that a run of words is.

    :raises ValueError: when there is no letter or digit in it.
    """
    normalized = [word.text for word in normalized_words(words)]
    if not normalized:
        raise ValueError(f"a gold span of {document} holds no word: {words!r}")
    return Gold(
        document=document,
        page=page,
        sha256=_sha256(normalized),
        first=" ".join(normalized[:FIRST_WORDS]),
        words=len(normalized),
    )


def find_gold(text: str, gold: Gold) -> list[tuple[int, int]]:
    """Where a gold span stands in a text: every `[start, end)` in code points, in order; none when it is not there."""
    words = list(normalized_words(text))
    first = gold.first.split(" ")
    found: list[tuple[int, int]] = []
    for at in range(len(words) - gold.words + 1):
        if words[at].text != first[0] or [word.text for word in words[at : at + len(first)]] != first:
            continue
        window = words[at : at + gold.words]
        if _sha256([word.text for word in window]) == gold.sha256:
            found.append((window[0].start, window[-1].end))
    return found


def read_queries(path: Path) -> list[Query]:
    """The queries of a JSON Lines file.

    :raises ValueError: naming the file and the line that is not a query.
    """
    queries: list[Query] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            gold = tuple(_gold(each) for each in entry["gold"])
            if entry["way"] not in WAYS:
                raise ValueError(f"way {entry['way']!r} is none of {', '.join(WAYS)}")
            queries.append(Query(entry["_id"], entry["text"], entry["language"], entry["way"], gold))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not a span-judged query: {error!r}") from error
    return queries


def _gold(entry: dict[str, str | int | None]) -> Gold:
    document, page = entry["document"], entry.get("page")
    if not isinstance(document, str) or not (page is None or isinstance(page, int)):
        raise ValueError(f"document and page of a gold span are a text and a number, not {document!r} and {page!r}")
    if "exact" in entry:
        return gold_of(str(entry["exact"]), document=document, page=page)
    words = entry["words"]
    if not isinstance(words, int):
        raise ValueError(f"a gold span's number of words is a number, not {words!r}")
    return Gold(document, page, str(entry["sha256"]), str(entry["first"]), words)


def _sha256(words: list[str]) -> str:
    return hashlib.sha256(" ".join(words).encode("utf-8")).hexdigest()
