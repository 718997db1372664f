"""Judges every quotation of a draft against the library: verbatim, altered, misattributed, or not found.

The concordance finds where a quotation's words stand; the canonical text at that place is then compared letter by
letter. Only words that differ in nothing but printers' choices, or whose changes the writer shows with ellipses and
brackets, are called verbatim; an ellipsis or bracket that hides a negation is not lawful.
"""

from __future__ import annotations

import bisect
import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

import regex

from app.quotes.attribution import Attribution, Works, read_attributions
from app.quotes.find import MAX_QUOTATION, Quotation, find_quotations
from app.quotes.lawful import Gap, GapKind, Reading, read_lawfully, read_literally
from app.quotes.wording import Change, Difference, Token, differences, negates, same, tokens, trimmed
from corpus.documents import BLOCK_SEPARATOR, Page, Span
from index.concordance import Concordance, Place, fold

MIN_WORDS = 4
"""Fewer words than this stand in many texts by chance: they are not called verified without their context."""
ALTERED_SHARE = 0.6
"""Share of a quotation's information that must stand at one place for it to be an altered quotation of that place.
Chosen on generated drafts, see docs/quote-check.md."""
SPLICED_SHARE = 0.9
"""Share that two places must give together for a quotation to be spliced from them; chosen likewise."""
_NEAREST_SHARE = 0.3
_MOST_PLACES = 200
_MARKUP = regex.compile(
    r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|\[\^[\w]+\]|<[^<>\n]{1,80}>|(?<=[\p{L}\p{P}])[¹²³⁰⁴-⁹]+"
)
_BROKEN_WORD = regex.compile(r"(?<=\p{L})[-‐\u00ad][ \t]*\n\s*(?=\p{Ll})")
_PAGE_WORD = regex.compile(r"^(?:page|seite|página|p|pp)[. ]\s*")
_STOPS = frozenset(".!?;。؟")


class Verdict(StrEnum):
    """What is said of a quotation."""

    VERBATIM = "verbatim"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where a quotation's words stand.

    :param span: in the document's canonical text, from the first letter to the last.
    :param true_words: `canonical[span.start:span.end]`.
    """

    document_id: str
    span: Span
    true_words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A change that the writer shows: what stands in the source at an ellipsis or a bracket.

    :param quoted: the ellipsis or bracket as written; `true` the words of the source there.
    """

    kind: GapKind
    quoted: str
    true: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation and what is said of it.

    :param places: every place that fits the verdict, the one that the draft names first; empty when not found.
    :param differences: for `altered`, against the first place.
    :param shown: lawful changes of a verbatim quotation.
    :param share: how much of the quotation's information stands at the first place, 0–1.
    :param reason: why, in a sentence.
    :param nearest: for `not_found`, the place that shares most with it, if any does.
    """

    quotation: Quotation
    verdict: Verdict
    reason: str
    places: tuple[FoundPlace, ...] = ()
    differences: tuple[Difference, ...] = ()
    shown: tuple[Shown, ...] = ()
    share: float = 0.0
    attribution: Attribution | None = None
    nearest: FoundPlace | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    """One place where a reading's runs stand in order, or nearly, and how it compares.

    :param covered: which of the quotation's words stand there, by number; kept only for a near match.
    """

    place: FoundPlace
    true: bool
    shown: tuple[Shown, ...]
    differences: tuple[Difference, ...]
    share: float = 1.0
    covered: frozenset[int] = frozenset()


class QuoteChecker:
    """Checks drafts against one generation.

    :param text_of: gives a document's canonical text.
    :param pages_of: gives a document's pages, empty where it has none.
    :param works: the names by which a draft may name a document.
    """

    def __init__(
        self,
        concordance: Concordance,
        text_of: Callable[[str], str],
        pages_of: Callable[[str], Sequence[Page]],
        works: Works,
    ) -> None:
        self._concordance = concordance
        self._text_of = text_of
        self._pages_of = pages_of
        self._works = works

    def check(
        self, draft: str, *, blocks: tuple[tuple[int, int], ...] = (), notes: Sequence[tuple[int, str]] = ()
    ) -> tuple[Checked, ...]:
        """Every quotation of a draft, in order, with its verdict.

        :param blocks: spans of the draft that its file marks as block quotations.
        :param notes: (offset, text) of the draft's notes.
        """
        quotations = find_quotations(draft, blocks)
        attributions = read_attributions(draft, quotations, self._works, notes)
        return tuple(
            replace(self._judge(quotation, attribution), attribution=attribution)
            for quotation, attribution in zip(quotations, attributions, strict=True)
        )

    def _judge(self, quotation: Quotation, attribution: Attribution) -> Checked:
        if sum(token.is_word for token in tokens(quotation.words)) == 0:
            return Checked(quotation, Verdict.NOT_FOUND, "There is no word in it to look for")
        if len(quotation.words) > MAX_QUOTATION:
            reason = f"Too long to be compared at once: it has over {MAX_QUOTATION:,} characters; quote it in parts"
            return Checked(quotation, Verdict.NOT_FOUND, reason)
        altered: list[_Match] = []
        for words in _disguises(quotation.words):
            for reading in dict.fromkeys((read_literally(words), read_lawfully(words))):
                matches = self._standing(words, reading)
                if true := [match for match in matches if match.true]:
                    return self._attributed(quotation, reading, true, attribution)
                altered += matches
        return self._changed(quotation, altered, attribution)

    # -- words that stand as they are ---------------------------------------------------------------------------

    def _standing(self, words: str, reading: Reading) -> list[_Match]:
        """The places where all runs stand in order, near enough, whatever their case, accents and marks."""
        runs = [self._concordance.find([t.surface for t in run if t.is_word]) for run in reading.runs]
        if not runs or not all(runs):
            return []
        return [self._compared(words, reading, chain) for chain in islice(_chains(runs, reading.gaps), _MOST_PLACES)]

    def _compared(self, words: str, reading: Reading, chain: tuple[Place, ...]) -> _Match:
        text = self._text_of(chain[0].document_id)
        spans = [self._concordance.span(place) for place in chain]
        found: list[Difference] = []
        for run, span in zip(reading.runs, spans, strict=True):
            true_words = text[span.start : span.end]
            true_run = trimmed(tokens(true_words))
            if not same(run, true_run):
                found += differences(words, run, true_words, true_run)
        shown: list[Shown] = []
        for gap, before, after in zip(reading.gaps, spans, spans[1:], strict=False):
            true_words = text[before.end : after.start].strip()
            quoted = words[gap.start : gap.end]
            shown.append(Shown(gap.kind, quoted, true_words))
            if _hides_a_negation(gap, tokens(true_words)):
                found.append(Difference(quoted, true_words, gap.start, gap.end, (Change.NEGATION,)))
            elif gap.kind is GapKind.BRACKET and not {"[", "]"}.isdisjoint(true_words):
                # The brackets are the document's own, and what stands in them is not the writer's to change.
                found.append(Difference(quoted, true_words, gap.start, gap.end, (Change.WORD,)))
        span = Span(spans[0].start, spans[-1].end)
        place = FoundPlace(chain[0].document_id, span, text[span.start : span.end])
        return _Match(place, not found, tuple(shown), tuple(found))

    def _attributed(
        self, quotation: Quotation, reading: Reading, matches: list[_Match], attribution: Attribution
    ) -> Checked:
        named = [match for match in matches if match.place.document_id in attribution.documents]
        on_page = [match for match in named or matches if self._stands_on(match.place, attribution.pages)]
        ordered = list({id(match): match for match in [*on_page, *named, *matches]}.values())
        best = ordered[0]
        places = tuple(match.place for match in ordered)
        length = sum(token.is_word for run in reading.runs for token in run)
        if length < MIN_WORDS and not (named and (on_page or not attribution.pages)):
            where = "one place" if len(places) == 1 else f"{len(places)} places"
            return Checked(
                quotation,
                Verdict.NOT_FOUND,
                f"Too short to be verified by itself: {length} of {MIN_WORDS} words, which stand at {where}; name its "
                "document beside it, or quote more of the sentence",
                nearest=best.place,
                share=1.0,
            )
        if attribution.documents and not named:
            return Checked(
                quotation,
                Verdict.MISATTRIBUTED,
                "These words are true, but they stand in another document than the draft names",
                places,
                shown=best.shown,
                share=1.0,
            )
        if attribution.pages and not on_page:
            return Checked(
                quotation,
                Verdict.MISATTRIBUTED,
                f"These words are true, but they do not stand on page {'–'.join(attribution.pages)}",
                places,
                shown=best.shown,
                share=1.0,
            )
        reason = "Every word stands in the document as quoted"
        if best.shown:
            reason += "; the ellipses and brackets are shown for what they leave out or put in"
        return Checked(quotation, Verdict.VERBATIM, reason, places, shown=best.shown, share=1.0)

    def _stands_on(self, place: FoundPlace, pages: tuple[str, ...]) -> bool:
        """Whether a place lies on the page that the draft names: by printed label, by number where none is printed."""
        if not pages:
            return True
        own = self._pages_of(place.document_id)
        if not own:
            return True  # A text without pages cannot contradict a page number.
        labels = [_bare_label(page.label or str(page.index)) for page in own]
        wanted = [_bare_label(page) for page in pages]
        known = [labels.index(label) for label in wanted if label in labels]
        if not known:
            return False
        named = own[min(known) : max(known) + 1]
        return any(span.overlaps(place.span) for page in named for span in page.spans)

    # -- words that were changed --------------------------------------------------------------------------------

    def _changed(self, quotation: Quotation, matches: list[_Match], attribution: Attribution) -> Checked:
        words = _MARKUP.sub("", quotation.words)
        run = tuple(token for part in read_lawfully(words).runs for token in part)
        matches = [*matches, *self._near(words, run)]
        if not matches:
            return Checked(quotation, Verdict.NOT_FOUND, _ABSENT)
        best = max(matches, key=lambda m: (m.share, m.place.document_id in attribution.documents, -len(m.differences)))
        length = sum(token.is_word for token in run)
        if best.share >= ALTERED_SHARE and length >= MIN_WORDS:
            grave = [difference for difference in best.differences if difference.grave]
            reason = "Its words differ from the document's"
            if grave:
                kinds = sorted({change.value for difference in grave for change in difference.changes})
                reason += f", and the meaning could turn with them ({', '.join(kinds)})"
            return Checked(
                quotation,
                Verdict.ALTERED,
                reason,
                (best.place,),
                best.differences,
                best.shown,
                best.share,
            )
        if length >= MIN_WORDS and (splice := self._spliced(run, best, matches)) is not None:
            return Checked(
                quotation,
                Verdict.ALTERED,
                "It joins words that stand at different places as if they were one quotation",
                (best.place, splice.place),
                best.differences,
                share=best.share,
            )
        nearest = best.place if best.share >= _NEAREST_SHARE else None
        return Checked(quotation, Verdict.NOT_FOUND, _ABSENT, share=best.share, nearest=nearest)

    def _spliced(self, run: tuple[Token, ...], best: _Match, matches: Sequence[_Match]) -> _Match | None:
        """The other place that gave the words which the best one lacks, when the two give nearly all."""
        words = [token.surface for token in run if token.is_word]
        shares = {id(other): self._share(words, best.covered | other.covered) for other in matches if other.covered}
        other = max((m for m in matches if m.covered), key=lambda m: shares[id(m)], default=None)
        return other if other is not None and shares[id(other)] >= SPLICED_SHARE else None

    def _near(self, words: str, run: tuple[Token, ...]) -> Iterator[_Match]:
        asked = [token.surface for token in run if token.is_word]
        for candidate in self._concordance.candidates(asked):
            window = self._concordance.widened(candidate.place, max(8, len(asked) // 3))
            span = self._concordance.span(window)
            text = self._text_of(candidate.place.document_id)
            aligned = self._aligned(run, text[span.start : span.end])
            if aligned is None:
                continue
            part, covered = aligned
            place = Span(span.start + part[0].start, span.start + part[-1].end)
            true_words = text[place.start : place.end]
            yield _Match(
                FoundPlace(candidate.place.document_id, place, true_words),
                False,
                (),
                differences(words, run, true_words, trimmed(tokens(true_words))),
                self._share(asked, covered),
                covered,
            )

    def _aligned(self, run: tuple[Token, ...], window: str) -> tuple[tuple[Token, ...], frozenset[int]] | None:
        """The part of a window that a quotation was made from, and which of its words stand there, by number."""
        true_run = tokens(window)
        quoted = [fold(token.surface) for token in run if token.is_word]
        places = [place for place, token in enumerate(true_run) if token.is_word]
        true = [fold(true_run[place].surface) for place in places]
        blocks = difflib.SequenceMatcher(None, quoted, true, autojunk=False).get_matching_blocks()[:-1]
        # A word that stands alone and far off is there by chance.
        core = max(blocks, key=lambda block: block.size, default=None)
        if core is None:
            return None
        kept = [block for block in blocks if abs((block.b - block.a) - (core.b - core.a)) <= max(4, len(quoted) // 3)]
        covered = frozenset(place for block in kept for place in range(block.a, block.a + block.size))
        # Words changed at an end stand for about as many of the document's, but for none of another block's.
        words = [true_run[place] for place in places]
        first = kept[0].b
        while first > max(0, kept[0].b - kept[0].a) and not _parted(window, words[first - 1], words[first]):
            first -= 1
        last = kept[-1].b + kept[-1].size
        most = min(len(true), last + len(quoted) - kept[-1].a - kept[-1].size)
        while last < most and not _parted(window, words[last - 1], words[last]):
            last += 1
        return true_run[places[first] : places[last - 1] + 1], covered

    def _share(self, words: Sequence[str], covered: frozenset[int]) -> float:
        """How much of the words' information (inverse document frequency) the covered ones carry, 0–1."""
        information = [self._concordance.information(word) for word in words]
        return sum(information[place] for place in covered) / sum(information)


_ABSENT = "These words stand in no document of this library, which proves nothing about documents that it does not hold"


def _parted(text: str, before: Token, after: Token) -> bool:
    """Whether two neighbouring words stand in different blocks."""
    return BLOCK_SEPARATOR in text[before.end : after.start]


def _bare_label(label: str) -> str:
    """A page label without the word "page" that some files print with it."""
    return _PAGE_WORD.sub("", label.casefold())


def _disguises(words: str) -> Iterator[str]:
    """The quoted words as they are; then without a draft's markup; then with words broken over lines mended."""
    seen: set[str] = set()
    bare = _MARKUP.sub("", words)
    for disguise in (words, bare, _BROKEN_WORD.sub("", words), _BROKEN_WORD.sub("", bare)):
        if disguise not in seen:
            seen.add(disguise)
            yield disguise


def _chains(runs: Sequence[tuple[Place, ...]], gaps: Sequence[Gap]) -> Iterator[tuple[Place, ...]]:
    """Every first run's place with the nearest following places of the other runs, where they are near enough."""
    starts = [[place.word_start for place in places] for places in runs]
    for first in runs[0]:
        chain = [first]
        for number, gap in enumerate(gaps, start=1):
            at = bisect.bisect_left(starts[number], chain[-1].word_end)
            following = runs[number][at] if at < len(runs[number]) else None
            if (
                following is None
                or following.document_id != first.document_id
                or following.word_start - chain[-1].word_end > gap.most_words
            ):
                break
            chain.append(following)
        if len(chain) == len(runs):
            yield tuple(chain)


def _hides_a_negation(gap: Gap, true: tuple[Token, ...]) -> bool:
    """Whether the meaning turns on what a gap left out or put in: a negation inside one sentence."""
    if gap.kind is GapKind.BRACKET:
        return negates(true) != negates(gap.inside)
    return negates(true) and not any(token.surface in _STOPS for token in true)
