"""A concordance: every place in the library where each word stands, so that words are found in the order they have.

Made from the canonical texts of a snapshot, kept in the generation as arrays that are mapped into memory, and read by
whatever needs the exact words of a phrase: the quotation check first of all. A word's key is folded (case, accents and
compatibility forms aside), so a place found here still has to be compared, letter by letter, by the one who asked.

A place counts words (`word_start`); `span` turns it into code points of the canonical text.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import regex

from corpus.documents import Document, Span
from corpus.errors import VerbatimError

Ints = npt.NDArray[np.int32]

# A run of letters, digits and their marks; where writing has no spaces between words, each character alone.
WORD = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*|"
    r"(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}])[\p{L}\p{N}]\p{M}*)+"
)
_BETWEEN_DOCUMENTS = 0
_COMMON_POSTINGS = 200_000
"""Words that stand more often than this are not used to vote for places: they say little and cost much."""


class ConcordanceError(VerbatimError):
    """The files of a concordance are missing, damaged, or do not belong together."""


@dataclass(frozen=True, slots=True)
class Place:
    """A run of words in one document.

    :param word_start: number of its first word among all words of the library.
    :param word_end: after its last word.
    """

    document_id: str
    word_start: int
    word_end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that shares words with what was asked for, in about the same order.

    :param weight: share, 0–1, of the asked words' information (inverse document frequency) that voted for it.
    """

    place: Place
    weight: float


class Concordance:
    """The words of a library and their places; made by `build`, opened from a folder by `open`."""

    def __init__(
        self,
        vocabulary: dict[str, int],
        words: Ints,
        starts: Ints,
        lengths: npt.NDArray[np.uint16],
        postings: Ints,
        posting_bounds: npt.NDArray[np.int64],
        documents: Sequence[tuple[str, int]],
    ) -> None:
        self._vocabulary = vocabulary
        self._words = words
        self._starts = starts
        self._lengths = lengths
        self._postings = postings
        self._bounds = posting_bounds
        self._document_ids = [id_ for id_, _ in documents]
        self._document_starts = np.array([first for _, first in documents] or [0], dtype=np.int64)

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]]) -> Concordance:
        """Count the words of (document id, canonical text) pairs; see `printed_text`."""
        vocabulary: dict[str, int] = {"": _BETWEEN_DOCUMENTS}
        words: list[int] = []
        starts: list[int] = []
        lengths: list[int] = []
        documents: list[tuple[str, int]] = []
        for document_id, text in texts:
            documents.append((document_id, len(words)))
            for match in WORD.finditer(text):
                start, end = match.span()
                # A word of over 65,535 characters is no word; its first part stands for it.
                lengths.append(min(end - start, 0xFFFF))
                starts.append(start)
                words.append(vocabulary.setdefault(fold(match.group()), len(vocabulary)))
            words.append(_BETWEEN_DOCUMENTS)
            starts.append(len(text))
            lengths.append(0)
        array = np.array(words, dtype=np.int32)
        counts = np.bincount(array, minlength=len(vocabulary))
        return cls(
            vocabulary,
            array,
            np.array(starts, dtype=np.int32),
            np.array(lengths, dtype=np.uint16),
            np.argsort(array, kind="stable").astype(np.int32),
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            documents,
        )

    def save(self, folder: Path) -> None:
        """Write the concordance's files into an existing folder."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)
        documents = list(zip(self._document_ids, self._document_starts.tolist(), strict=False))
        (folder / "words.json").write_text(
            json.dumps({"vocabulary": list(self._vocabulary), "documents": documents}, ensure_ascii=False),
            encoding="utf-8",
        )

    @classmethod
    def open(cls, folder: Path) -> Concordance:
        """Map a saved concordance into memory.

        :raises ConcordanceError: when a file is missing or damaged.
        """
        try:
            listed = json.loads((folder / "words.json").read_text(encoding="utf-8"))
            vocabulary = {word: number for number, word in enumerate(listed["vocabulary"])}
            words, starts, lengths, postings, bounds = (
                np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAY_NAMES
            )
            documents = [(str(id_), int(first)) for id_, first in listed["documents"]]
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise ConcordanceError(
                f"The concordance in {folder} cannot be read: {error}", "Run `verbatim index` to build it anew"
            ) from error
        return cls(vocabulary, words, starts, lengths, postings, bounds, documents)

    def _arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        arrays = (self._words, self._starts, self._lengths, self._postings, self._bounds)
        return dict(zip(_ARRAY_NAMES, arrays, strict=True))

    def __len__(self) -> int:
        """How many words the library has."""
        return len(self._words) - len(self._document_ids)

    def document_frequency(self, word: str) -> int:
        """How often a word (folded or not) stands in the library."""
        number = self._vocabulary.get(fold(word))
        return 0 if number is None else int(self._bounds[number + 1] - self._bounds[number])

    def information(self, word: str) -> float:
        """How much it says that a word stands somewhere: its inverse document frequency, in nats."""
        return self._information(self._vocabulary.get(fold(word)))

    def find(self, words: Sequence[str]) -> tuple[Place, ...]:
        """Every place where these words stand one after the other, in order of the library.

        :param words: surface forms or keys; folded here.
        """
        numbers = [self._vocabulary.get(fold(word)) for word in words]
        known = [number for number in numbers if number]
        if not numbers or len(known) < len(numbers):
            return ()
        rarest = min(range(len(known)), key=lambda place: self._count(known[place]))
        found = self._places_of(known[rarest]).astype(np.int64) - rarest
        found = found[(found >= 0) & (found + len(known) <= len(self._words))]
        for offset in sorted(range(len(known)), key=lambda place: self._count(known[place])):
            if not len(found):
                break
            found = found[self._words[found + offset] == known[offset]]
        return tuple(self._place(int(start), int(start) + len(known)) for start in found)

    def candidates(self, words: Sequence[str], limit: int = 8) -> tuple[Candidate, ...]:
        """The places that share most with these words, in about the same order, best first.

        Each word votes for where the whole would begin if that word were at its place; votes that fall close together
        belong to one candidate. A place spans as many words as were asked for.
        """
        numbers = [self._vocabulary.get(fold(word)) for word in words]
        information = [self._information(number) for number in numbers]
        total = sum(information)
        width = max(4, len(words) // 4)
        positions: list[npt.NDArray[np.int64]] = []
        diagonals: list[npt.NDArray[np.int64]] = []
        votes: list[npt.NDArray[np.float64]] = []
        budget = _COMMON_POSTINGS
        for offset in sorted(range(len(numbers)), key=lambda offset: -information[offset]):
            number = numbers[offset]
            if not number or self._count(number) > budget:
                continue
            budget -= self._count(number)
            positions.append(self._places_of(number).astype(np.int64))
            diagonals.append(positions[-1] - offset)
            votes.append(np.full(len(positions[-1]), information[offset]))
        if not diagonals:
            return ()
        position, diagonal, vote = np.concatenate(positions), np.concatenate(diagonals), np.concatenate(votes)
        ranked: list[tuple[float, int, int]] = []
        for shift in (0, width // 2):
            buckets, voter, index = np.unique((diagonal + shift) // width, return_index=True, return_inverse=True)
            weights = np.bincount(index, weights=vote)
            for chosen in np.argsort(-weights)[: 4 * limit]:
                start = int(buckets[chosen]) * width - shift
                # The first to vote is the rarest word of the bucket: the document it stands in is meant.
                ranked.append((float(weights[chosen]), start, int(position[voter[chosen]])))
        found: list[Candidate] = []
        for weight, start, anchor in sorted(ranked, key=lambda item: (-item[0], item[1])):
            if any(abs(start - other.place.word_start) < width for other in found):
                continue
            found.append(Candidate(self._clipped(start, start + len(words) + width, anchor), min(1.0, weight / total)))
            if len(found) == limit:
                break
        return tuple(found)

    def span(self, place: Place) -> Span:
        """The stretch of the document's canonical text from the first letter of a place to its last."""
        last = place.word_end - 1
        return Span(int(self._starts[place.word_start]), int(self._starts[last]) + int(self._lengths[last]))

    def widened(self, place: Place, words: int) -> Place:
        """The same place with so many more words on both sides, inside its document."""
        document = self._document_at(place.word_start)
        first, after = self._document_bounds(document)
        return Place(place.document_id, max(first, place.word_start - words), min(after, place.word_end + words))

    def _count(self, number: int) -> int:
        return int(self._bounds[number + 1] - self._bounds[number])

    def _places_of(self, number: int) -> Ints:
        return self._postings[self._bounds[number] : self._bounds[number + 1]]

    def _information(self, number: int | None) -> float:
        count = self._count(number) if number else 0
        return float(np.log1p(len(self._words) / (1 + count)))

    def _document_at(self, word: int) -> int:
        return int(np.searchsorted(self._document_starts, word, side="right")) - 1

    def _document_bounds(self, document: int) -> tuple[int, int]:
        first = int(self._document_starts[document])
        following = document + 1
        after = int(self._document_starts[following]) if following < len(self._document_ids) else len(self._words)
        return first, after - 1

    def _place(self, word_start: int, word_end: int) -> Place:
        return Place(self._document_ids[self._document_at(word_start)], word_start, word_end)

    def _clipped(self, word_start: int, word_end: int, anchor: int) -> Place:
        document = self._document_at(anchor)
        first, after = self._document_bounds(document)
        return Place(self._document_ids[document], max(first, word_start), min(after, word_end))


def printed_text(document: Document) -> str:
    """The canonical text with words that no reader sees on the page as spaces: they are not there to be quoted."""
    text = document.text
    for block in document.blocks:
        if block.hidden:
            text = text[: block.start] + " " * (block.end - block.start) + text[block.end :]
    return text


_ARRAY_NAMES = ("words", "word_starts", "word_lengths", "postings", "posting_bounds")


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word's key: compatibility forms opened, case folded, accents and other marks taken off."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
