"""Answers queries from one generation: every part scores, the scores are fused, the first few hundred compared token by
token, repeats folded together, and the quote chosen.

A `Searcher` is immutable after it is opened and may be used from many threads; the server swaps one for the next.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from corpus.documents import Passage, Span
from corpus.store import Store
from index.encoder import ConfiguredEncoder, Float32, Int32, TokenEncoder, TokenVectors, Unit
from index.errors import IndexDamaged, QueryError
from index.fold import bare
from index.fusion import normalized, normalized_within
from index.generation import Manifest, read_manifest
from index.lexical import Lexical, LexicalScores
from index.passage_table import Bools, PassageTable
from index.phrases import Occurrence, Phrases
from index.query import MAX_LIMIT, MAX_QUERY_CHARACTERS, Answer, Facets, Filters, Hit, Mode, Query, Reading, Scores
from index.quote import Chosen, Match, choose_quote, highlights, quote_around
from index.ranking import Ranking
from index.stop_words import guess_language, is_stop_word
from index.support import judge_support, scores_of
from index.token_vectors import PassageTokens, Sentences
from index.vectors import Vectors
from index.words import words_of

RANKED = 200
"""How many results a query has at most; so many are compared token by token."""
MAX_QUERY_TOKENS = 128
"""Tokens of a long query that are compared; more are thinned evenly."""
WORDS_WEIGHT = 0.6
"""What bm25 counts, against 1 of late interaction, for a query whose words all stand in one passage; less in proportion
to the share of its words, by rarity, that the best passage holds: in another language that is next to nothing."""
QUOTING = 0.8
QUOTING_WEIGHT = 4.0
"""Beyond this share the query quotes, and words decide."""
# The other encoders count beside late interaction by the cube of the share that is not held: most across languages,
# where a sentence encoder trained on translations knows what tokens do not.
NOISE_PENALTY = 1.5
"""In deviations: contents pages and reference lists stand below sentences that answer about as well."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one encoder says of every passage.

    :param scores: `(n,)` cosines; `first` the same, normalized and weighted.
    :param by_tokens: late interaction stands for it among the first few hundred.
    """

    name: str
    weight: float
    scores: Float32
    first: Float32
    best_sentence: Int32 | None
    by_tokens: bool


@dataclass(frozen=True, slots=True)
class _Late:
    """Late interaction with the passages compared, in their order."""

    scores: Float32
    best_sentence: Int32

    def taken(self, order: npt.NDArray[np.int64]) -> _Late:
        return _Late(self.scores[order], self.best_sentence[order])


Group = tuple[int, tuple[int, ...]]
"""A result: the position in the ranking that is shown, and those of its repeats."""

_QUOTED = re.compile(r'"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»')


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query's vectors: one for each encoder, and its tokens where the encoder gives them."""

    vectors: tuple[Float32, ...]
    tokens: tuple[TokenVectors | None, ...]


class Searcher:
    """See the module.

    :param folder: a generation.
    :param encoders: as configured now; a generation made by others is refused.
    :raises IndexDamaged: when a file is missing or unreadable, or the encoders are not those it was made with.
    """

    def __init__(self, folder: Path, encoders: tuple[ConfiguredEncoder, ...]) -> None:
        self.folder = folder
        self.manifest: Manifest = read_manifest(folder)
        self._encoders = _matching(self.manifest, encoders, folder)
        self.store = Store(folder / "snapshot.sqlite", read_only=True)
        try:
            self.table = PassageTable.load(folder / "passages")
            self._words = Lexical(folder / "words", len(self.table), self.table.primaries)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"The generation {folder} cannot be read: {error}", "Run `verbatim index --rebuild`"
            ) from error
        self._phrases = Phrases(folder / "phrases.sqlite")
        self._vectors = tuple(
            Vectors(
                folder / "vectors" / f"{one.key}.faiss",
                one.spec.unit,
                one.encoder.dims,
                len(self.table.sentences) if one.spec.unit is Unit.SENTENCE else len(self.table),
                self.table.sentence_starts,
            )
            for one in self._encoders
        )
        sentences = Sentences(self.table.owners, self.table.sentence_offsets)
        self._tokens = tuple(
            PassageTokens(folder / "tokens" / one.key, one.encoder.dims, sentences)
            if one.spec.late_interaction
            else None
            for one in self._encoders
        )

    @classmethod
    def open(cls, folder: Path, encoders: tuple[ConfiguredEncoder, ...]) -> Self:
        """The same as calling the class."""
        return cls(folder, encoders)

    def close(self) -> None:
        """Close the snapshot."""
        self.store.close()

    # -- answering --------------------------------------------------------------------------------------------------

    def search(self, query: Query, encoded: EncodedQuery | None = None) -> Answer:
        """Answer a query.

        :param encoded: its vectors, when they were made beforehand.
        :raises QueryError: for an empty or overlong text, or a bound out of range.
        """
        text = _checked(query)
        allowed = self.table.allowed(query.filters)
        if query.mode is Mode.EXACT:
            phrases: tuple[str, ...] = (_unquoted(text),)
        else:
            phrases = tuple(phrase for phrase in _phrases_of(text) if any(map(str.isalnum, phrase)))
        places = self._places(phrases, allowed)
        if phrases:
            allowed = allowed & np.isin(np.arange(len(self.table)), list(places))
        if query.mode is Mode.EXACT:
            ranking = self._rank_exact(text, allowed)
        else:
            encoded = encoded or self.encode([text])[0]
            ranking = self.rank(text, query.mode, allowed, encoded)
        groups = self._grouped(ranking)
        if query.per_document is not None:
            groups = self._bounded(groups, ranking, query.per_document)
        page = groups[query.offset : query.offset + query.limit]
        tokens = None if query.mode is Mode.EXACT else self._query_tokens(text, encoded)
        found = scores_of(ranking, self.manifest.calibration)
        hits = tuple(self._hit(at, also, ranking, found[at], text, places, tokens, query.mode) for at, also in page)
        language = guess_language(words_of(text))
        reading = Reading(text, query.mode, language, phrases, ranking.parts, ranking.coverage)
        return Answer(
            judge_support(ranking, self.manifest.calibration, exact=bool(phrases)),
            hits,
            self._facets(ranking.numbers[[position for position, _ in groups]]),
            len(groups),
            reading,
        )

    def similar(self, passage_id: str, limit: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        """Passages of other documents that say what this one says.

        :raises NotHeld: when the generation does not hold it.
        """
        passage = self.store.passage(passage_id)
        number = self.table.numbers[passage_id]
        allowed = self.table.allowed(filters or Filters()) & (self.table.document != self.table.document[number])
        encoded = self.encode([passage.text])[0]
        ranking = self.rank(passage.text, Mode.SEMANTIC, allowed, encoded)
        groups = self._grouped(ranking)[:limit]
        tokens = self._query_tokens(passage.text, encoded)
        found = scores_of(ranking, self.manifest.calibration)
        return tuple(
            self._hit(at, also, ranking, found[at], passage.text, {}, tokens, Mode.SEMANTIC) for at, also in groups
        )

    # -- ranking ----------------------------------------------------------------------------------------------------

    def encode(self, texts: list[str]) -> list[EncodedQuery]:
        """The vectors of queries, made together."""
        columns: list[list[tuple[Float32, TokenVectors | None]]] = []
        for one in self._encoders:
            if one.spec.late_interaction and isinstance(one.encoder, TokenEncoder):
                tokens = [
                    _content_tokens(text, t) for text, t in zip(texts, one.encoder.query_tokens(texts), strict=True)
                ]
                columns.append([(t.mean, t) for t in tokens])
            else:
                columns.append([(vector, None) for vector in one.encoder.embed_queries(texts)])
        return [
            EncodedQuery(tuple(column[i][0] for column in columns), tuple(column[i][1] for column in columns))
            for i in range(len(texts))
        ]

    def rank(
        self, text: str, mode: Mode = Mode.HYBRID, allowed: Bools | None = None, encoded: EncodedQuery | None = None
    ) -> Ranking:
        """Order the allowed passages (all of them when None) for a text; at most `RANKED` are given."""
        table = self.table
        numbers = np.arange(len(table), dtype=np.int32) if allowed is None else np.flatnonzero(allowed).astype(np.int32)
        query = encoded or self.encode([text])[0]
        parts = [self._encoder_part(at, query) for at in range(len(self._encoders))]
        words = self._words.score(text)
        weight = 0.0 if mode is Mode.SEMANTIC and self._encoders else self._weight_of_words(words)
        if not self._encoders:
            numbers = numbers[words.scores[numbers] > 0]
        nothing = np.zeros(len(table), np.float32)
        first = sum((part.first for part in parts), nothing) + weight * normalized(words.scores)
        first = first - NOISE_PENALTY * table.noise
        order = numbers[np.argsort(-first[numbers], kind="stable")[:RANKED]]
        late = self._compare_tokens(query, order)
        final = first[order]
        best_sentence = next((part.best_sentence for part in parts if part.best_sentence is not None), None)
        if late is not None:
            final = normalized(late.scores) - NOISE_PENALTY * table.noise[order]
            final += weight * normalized(words.scores[order])
            foreign = (1 - words.overlap) ** 3
            for part in parts:
                if not part.by_tokens:
                    final += foreign * part.weight * normalized(part.scores[order])
            again = np.argsort(-final, kind="stable")
            order, final, late = order[again], final[again], late.taken(again)
            best_sentence = np.full(len(table), -1, np.int32) if best_sentence is None else best_sentence.copy()
            best_sentence[order] = late.best_sentence
        return Ranking(
            numbers=order,
            fused=final,
            semantic=parts[0].scores if parts else None,
            sentence=next((part.scores for part in parts if part.best_sentence is not None), None),
            lexical=words.scores if weight else None,
            rerank=None if late is None else late.scores,
            best_sentence=best_sentence,
            coverage=words.coverage,
            parts=(*(part.name for part in parts), *(("words",) if weight else ())),
        )

    def _encoder_part(self, at: int, query: EncodedQuery) -> _Part:
        one = self._encoders[at]
        scores, best_sentence = self._vectors[at].score(query.vectors[at])
        first = one.spec.weight * normalized_within(scores, self.table.language)
        return _Part(one.encoder.name, one.spec.weight, scores, first, best_sentence, self._tokens[at] is not None)

    def _weight_of_words(self, words: LexicalScores) -> float:
        """How much bm25 counts; see the constants."""
        if not self._encoders:
            return 1.0
        quoting = max(0.0, words.overlap - QUOTING) / (1 - QUOTING)
        return WORDS_WEIGHT * words.overlap + QUOTING_WEIGHT * quoting

    def lexical_scores(self, text: str) -> Float32:
        """`(n,)` float32: bm25 of every passage, for comparisons."""
        return self._words.score(text).scores

    def vector_scores(self, encoded: EncodedQuery) -> Float32:
        """`(n,)` float32: cosines of every passage by the first encoder, for comparisons; zeros without one."""
        if not self._vectors:
            return np.zeros(len(self.table), np.float32)
        return self._vectors[0].score(encoded.vectors[0])[0]

    def _compare_tokens(self, query: EncodedQuery, numbers: Int32) -> _Late | None:
        for stored, tokens in zip(self._tokens, query.tokens, strict=True):
            if stored is not None and tokens is not None and len(tokens.vectors):
                return _Late(*stored.maxsim(tokens.vectors, numbers))
        return None

    def _rank_exact(self, text: str, allowed: Bools) -> Ranking:
        words = self._words.score(text)
        numbers = np.flatnonzero(allowed).astype(np.int32)
        keys = (numbers, -words.scores[numbers], self.table.noise[numbers])
        order = numbers[np.lexsort(keys)]
        return Ranking(order, words.scores[order], None, None, words.scores, None, None, words.coverage, ("phrase",))

    def _places(self, phrases: tuple[str, ...], allowed: Bools) -> dict[int, list[Span]]:
        """Passage number → where every phrase stands in it; only allowed passages that hold all."""
        held: list[dict[int, list[Span]]] = []
        for phrase in phrases:
            by_passage: dict[int, list[Span]] = {}
            for place in self._phrases.find(phrase):
                number = self._passage_at(place)
                if number is not None and allowed[number]:
                    by_passage.setdefault(number, []).append(Span(place.start, place.end))
            held.append(by_passage)
        if not held:
            return {}
        common = set(held[0]).intersection(*held[1:])
        return {number: [span for one in held for span in one[number]] for number in sorted(common)}

    def _passage_at(self, place: Occurrence) -> int | None:
        """The passage where a place begins; for a heading, which is no passage, the one below it."""
        covering = self.table.covering(place.document, place.start, place.end)
        return int(covering[0]) if len(covering) else self.table.following(place.document, place.end)

    # -- shaping ----------------------------------------------------------------------------------------------------

    def _grouped(self, ranking: Ranking) -> list[Group]:
        """Positions in the ranking with the positions of its repeats: passages whose best sentence has the same words.

        A group stands where its best member stood; shown is the oldest dated source, since later texts repeat it.
        """
        groups: dict[int, list[int]] = {}
        keys = self._repeat_keys(ranking)
        for position, key in enumerate(keys):
            groups.setdefault(key, []).append(position)
        ordered = sorted(groups.values(), key=lambda members: members[0])
        dates = self.table.dates
        shown = []
        for members in ordered:
            members.sort(key=lambda at: (dates[self.table.document[ranking.numbers[at]]] or "9999", at))
            shown.append((members[0], tuple(members[1:])))
        return shown

    def _repeat_keys(self, ranking: Ranking) -> list[int]:
        table = self.table
        keys = []
        for position, number in enumerate(ranking.numbers.tolist()):
            first, last = table.sentence_starts[number], table.sentence_starts[number + 1]
            if ranking.best_sentence is not None and ranking.best_sentence[number] >= 0:
                key = int(table.sentence_keys[ranking.best_sentence[number]])
            else:
                key = (
                    hash(tuple(table.sentence_keys[first:last].tolist()))
                    if table.sentence_keys[first:last].all()
                    else 0
                )
            keys.append(key or -1 - position)
        return keys

    def _bounded(self, groups: list[Group], ranking: Ranking, per_document: int) -> list[Group]:
        """Groups with at most so many shown passages of one document."""
        seen: Counter[int] = Counter()
        kept = []
        for position, also in groups:
            document = int(self.table.document[ranking.numbers[position]])
            seen[document] += 1
            if seen[document] <= per_document:
                kept.append((position, also))
        return kept

    def _hit(
        self, position: int, also: tuple[int, ...], ranking: Ranking, score: float, text: str,
        places: dict[int, list[Span]], tokens: tuple[int, TokenVectors] | None, mode: Mode,
    ) -> Hit:  # fmt: skip
        number = int(ranking.numbers[position])
        passage = self.store.passage(self.table.ids[number])
        match = self._match(number, tokens)
        chosen = self._chosen(passage, text, match, places.get(number))
        why = ["phrase"] if places.get(number) else []
        if mode is not Mode.EXACT and ranking.semantic is not None:
            why.append("meaning")
        if ranking.lexical is not None and ranking.lexical[number] > 0 and mode is not Mode.EXACT:
            why.append("words")
        rerank = None if ranking.rerank is None else float(ranking.rerank[position])
        scores = Scores(
            None if ranking.semantic is None else float(ranking.semantic[number]),
            None if ranking.lexical is None else float(ranking.lexical[number]),
            rerank,
        )
        return Hit(
            passage.id,
            passage.document_id,
            score,
            scores,
            chosen.quote,
            chosen.highlights,
            tuple(self.table.ids[ranking.numbers[at]] for at in also),
            tuple(why),
        )

    def _chosen(self, passage: Passage, text: str, match: Match, places: list[Span] | None) -> Chosen:
        if places:
            quote = quote_around(passage, places[0])
            return Chosen(quote, tuple(sorted((p for p in places if quote.holds(p)), key=lambda p: p.start)))
        if not passage.sentences:
            whole = Span(passage.start, passage.end)
            return Chosen(whole, highlights(passage, whole, text, match))
        return choose_quote(passage, text, match)

    def _match(self, number: int, tokens: tuple[int, TokenVectors] | None) -> Match:
        if tokens is None:
            return Match(None, None, None)
        which, vectors = tokens
        stored = self._tokens[which]
        if stored is None or not len(vectors.vectors):
            return Match(None, None, None)
        cosines, spans = stored.similarities(vectors.vectors, number)
        return Match(cosines, spans, None)

    def _query_tokens(self, text: str, encoded: EncodedQuery | None) -> tuple[int, TokenVectors] | None:
        query = encoded or self.encode([text])[0]
        return next(((at, tokens) for at, tokens in enumerate(query.tokens) if tokens is not None), None)

    def _facets(self, numbers: Int32) -> Facets:
        table = self.table
        documents = table.document[numbers].tolist()
        return Facets(
            document=_counted(table.documents[d] for d in documents),
            organization=_counted(table.organizations[d] for d in documents if table.organizations[d]),
            kind=_counted(table.kinds[d] for d in documents),
            language=_counted(table.languages[tag] for tag in table.language[numbers].tolist()),
            year=tuple(Counter(year for d in documents if (year := table.years[d]) is not None).most_common()),
        )


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(values).most_common())


def _matching(
    manifest: Manifest, encoders: tuple[ConfiguredEncoder, ...], folder: Path
) -> tuple[ConfiguredEncoder, ...]:
    """The configured encoders that this generation was made with; none while it holds only words."""
    if manifest.pending:
        return ()
    made = {record.key: record.fingerprint for record in manifest.encoders}
    configured = {one.key: one.encoder.fingerprint for one in encoders}
    if made != configured:
        raise IndexDamaged(
            f"The generation {folder} was made with {', '.join(made) or 'no encoder'}, the settings name"
            f" {', '.join(configured) or 'none'}",
            "Run `verbatim index` to build one with the models of the settings, or set those it was made with",
        )
    return encoders


def _checked(query: Query) -> str:
    text = query.text.strip()
    if not any(letter.isalnum() for letter in text):
        raise QueryError("The query has no letter or digit", "Ask in words")
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"The query has {len(text)} characters, at most {MAX_QUERY_CHARACTERS} are read", "Ask a shorter one"
        )
    if not 1 <= query.limit <= MAX_LIMIT:
        raise QueryError(f"limit is {query.limit}", f"Give one from 1 to {MAX_LIMIT}", field="limit")
    if query.offset < 0:
        raise QueryError(f"offset is {query.offset}", "Give one from 0", field="offset")
    if query.per_document is not None and query.per_document < 1:
        raise QueryError(f"per_document is {query.per_document}", "Give one from 1", field="per_document")
    return text


def _phrases_of(text: str) -> tuple[str, ...]:
    return tuple(next(filter(None, groups)).strip() for groups in _QUOTED.findall(text))


def _unquoted(text: str) -> str:
    whole = _QUOTED.fullmatch(text)
    return next(filter(None, whole.groups())) if whole else text


def _content_tokens(text: str, tokens: TokenVectors) -> TokenVectors:
    """The tokens of a query that carry its topic (all of them where none does), thinned to `MAX_QUERY_TOKENS`."""
    words = [(found.start(), found.end(), bare(found.group())) for found in re.finditer(r"[^\W_]+", text)]
    stops = np.array([(start, end) for start, end, word in words if is_stop_word(word)], np.int32).reshape(-1, 2)
    spans = tokens.spans
    overlaps = (spans[:, None, 0] < stops[None, :, 1]) & (spans[:, None, 1] > stops[None, :, 0])
    kept = np.flatnonzero(~overlaps.any(axis=1))
    if not len(kept):
        kept = np.arange(len(spans))
    if len(kept) > MAX_QUERY_TOKENS:
        kept = kept[np.linspace(0, len(kept) - 1, MAX_QUERY_TOKENS).astype(int)]
    return TokenVectors(tokens.vectors[kept], spans[kept], tokens.mean)
