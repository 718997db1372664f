"""The columns of a generation's passages that ranking and filters need, as flat arrays in the order of their numbers.

Made from the snapshot when a generation is built. The words stay in the snapshot.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.store import Store
from index.encoder import Int32
from index.query import Filters
from index.words import primary, words_of

_ARRAYS = (
    "document", "start", "end", "language", "noise", "sentence_starts", "sentences", "sentence_keys",
)  # fmt: skip
UNKNOWN = "und"
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PassageTable:
    """`n` passages with `m` sentences of `d` documents.

    :param ids: passage ids.
    :param documents: document ids; `organizations`, `kinds`, `years`, `dates` likewise by document.
    :param languages: the BCP 47 tags that `language` numbers.
    :param document: `(n,)` int32, the number of its document; `start`, `end`: canonical offsets.
    :param noise: `(n,)` bool.
    :param sentence_starts: `(n + 1,)` int32: passage `i` has sentences `sentence_starts[i]:sentence_starts[i + 1]`.
    :param sentences: `(m, 2)` int32, canonical offsets.
    :param sentence_keys: `(m,)` uint64: equal for sentences with the same words; 0 for short ones.
    """

    ids: tuple[str, ...]
    documents: tuple[str, ...]
    organizations: tuple[str, ...]
    kinds: tuple[str, ...]
    years: tuple[int | None, ...]
    dates: tuple[str | None, ...]
    languages: tuple[str, ...]
    document: Int32
    start: Int32
    end: Int32
    language: Int32
    noise: Bools
    sentence_starts: Int32
    sentences: Int32
    sentence_keys: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Passage id → number."""
        return {id_: number for number, id_ in enumerate(self.ids)}

    @cached_property
    def owners(self) -> Int32:
        """`(m,)` int32: the passage of each sentence."""
        owners: Int32 = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.sentence_starts))
        return owners

    @cached_property
    def sentence_offsets(self) -> Int32:
        """`(m,)` int32: where each sentence starts, counted from its passage's start."""
        offsets: Int32 = (self.sentences[:, 0] - self.start[self.owners]).astype(np.int32)
        return offsets

    @cached_property
    def primaries(self) -> tuple[str, ...]:
        """Primary subtags of the languages held, sorted."""
        return tuple(sorted({primary(tag) for tag in self.languages if tag != UNKNOWN})) or ("en",)

    @cached_property
    def _document_bounds(self) -> Int32:
        bounds: Int32 = np.searchsorted(self.document, np.arange(len(self.documents) + 1)).astype(np.int32)
        return bounds

    def covering(self, document: int, start: int, end: int) -> Int32:
        """Numbers of the passages of a document that share a character with `[start, end)`."""
        first, last = self._document_bounds[document], self._document_bounds[document + 1]
        touching = (self.start[first:last] < end) & (self.end[first:last] > start)
        numbers: Int32 = (np.flatnonzero(touching) + first).astype(np.int32)
        return numbers

    def following(self, document: int, offset: int) -> int | None:
        """Number of the first passage of a document that starts at an offset or after; else its last; None for none."""
        first, last = self._document_bounds[document], self._document_bounds[document + 1]
        if first == last:
            return None
        later = np.flatnonzero(self.start[first:last] >= offset)
        return int(first + later[0]) if len(later) else int(last - 1)

    def allowed(self, filters: Filters) -> Bools:
        """`(n,)` bool: the passages that pass the filters."""
        by_document = np.ones(len(self.documents), bool)
        for wanted, values in (
            (filters.document, self.documents),
            (filters.organization, self.organizations),
            (filters.kind, self.kinds),
        ):
            if wanted:
                by_document &= np.array([value in wanted for value in values], bool)
        if filters.year_from is not None or filters.year_to is not None:
            low = filters.year_from if filters.year_from is not None else -(10**9)
            high = filters.year_to if filters.year_to is not None else 10**9
            by_document &= np.array([year is not None and low <= year <= high for year in self.years], bool)
        passing = by_document[self.document]
        if filters.language:
            tags = {tag.lower() for tag in filters.language}
            by_language = [tag.lower() in tags or primary(tag) in tags for tag in self.languages]
            passing = passing & np.array(by_language, bool)[self.language]
        return passing

    def save(self, folder: Path) -> None:
        """Write `passages.json` and one array a column."""
        folder.mkdir(parents=True, exist_ok=True)
        names = ("ids", "documents", "organizations", "kinds", "years", "dates", "languages")
        text = json.dumps({name: getattr(self, name) for name in names}, ensure_ascii=False)
        (folder / "passages.json").write_text(text, encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> PassageTable:
        """What `save` wrote."""
        lists = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy") for name in _ARRAYS}
        columns: dict[str, Any] = {name: tuple(values) for name, values in lists.items()} | arrays
        return cls(**columns)

    @classmethod
    def of(cls, store: Store) -> PassageTable:
        """Collect the columns from a store or snapshot."""
        records = store.records()
        numbers = {record.metadata.id: number for number, record in enumerate(records)}
        document_language = {r.metadata.id: (r.metadata.languages or (UNKNOWN,))[0] for r in records}
        languages: dict[str, int] = {}
        ids, rows, counts, sentences, keys = [], [], [0], [], []
        for passage in store.passages():
            tag = passage.language or document_language[passage.document_id]
            ids.append(passage.id)
            rows.append(
                (numbers[passage.document_id], passage.start, passage.end,
                 languages.setdefault(tag, len(languages)), passage.noise is not None)
            )  # fmt: skip
            counts.append(counts[-1] + len(passage.sentences))
            for span in passage.sentences:
                sentences.append((span.start, span.end))
                keys.append(sentence_key(passage.text[span.start - passage.start : span.end - passage.start]))
        table = np.array(rows, np.int32).reshape(-1, 5)
        return cls(
            ids=tuple(ids),
            documents=tuple(record.metadata.id for record in records),
            organizations=tuple(record.metadata.organization for record in records),
            kinds=tuple(record.metadata.kind for record in records),
            years=tuple(record.metadata.year for record in records),
            dates=tuple(record.metadata.date for record in records),
            languages=tuple(languages),
            document=table[:, 0], start=table[:, 1], end=table[:, 2], language=table[:, 3],
            noise=table[:, 4].astype(bool),
            sentence_starts=np.array(counts, np.int32),
            sentences=np.array(sentences, np.int32).reshape(-1, 2),
            sentence_keys=np.array(keys, np.uint64),
        )  # fmt: skip


_SHORT = 6


def sentence_key(text: str) -> int:
    """A number that is equal for sentences with the same folded words; 0 under six words, which repeat by chance."""
    words = words_of(text)
    if len(words) < _SHORT:
        return 0
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest(), "little") or 1
