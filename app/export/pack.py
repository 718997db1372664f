"""A quote pack: quotes in the order their collector gave them, each with its note, and the list of works at the end.

Made from frozen passages, read by every format of `app.export`. The words of a quote pass through unchanged; what a
format cannot hold (control characters in XML) it leaves out, and says so in its own module.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.citation import Locator, cite, cite_runs, is_note_style
from app.citation.errors import CitationError
from app.citation.seams import Run
from app.citation.styles import csl_locale
from corpus.documents import Edition, Metadata


def runs_right_to_left(text: str) -> bool:
    """Whether a paragraph of these words runs from right to left: its first strong character says so (UAX 9, P2)."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


@dataclass(frozen=True, slots=True)
class QuotedPassage:
    """A quote taken out of a document, with all that a format needs.

    :param quote: the document's exact words.
    :param language: BCP 47 tag of the quote; None where it could not be told.
    :param source_link: the published source opened on the words; `read_link` the same in Verbatim.
    :param note: what the collector wrote beside it.
    """

    quote: str
    metadata: Metadata
    locator: Locator
    edition: Edition
    language: str | None = None
    source_link: str | None = None
    read_link: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quote with what stands at it.

    :param number: of its footnote, from 1.
    :param in_text: "(Author, 2010, p. 74)" in styles that cite in the text; empty in note styles.
    :param footnote: the citation in the footnote.
    """

    passage: QuotedPassage
    number: int
    in_text: tuple[Run, ...]
    footnote: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A document quoted: its entry in the list of works (empty in a style without one) and its quotes."""

    metadata: Metadata
    entry: tuple[Run, ...]
    passages: tuple[QuotedPassage, ...]

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions quoted from, each once."""
        return tuple(dict.fromkeys(passage.edition for passage in self.passages))


@dataclass(frozen=True, slots=True)
class QuotePack:
    """All that a format writes.

    :param language: of the pack's own words, "en", "fr", "es"; the citations may be in any.
    :param works: in the order of the list of works.
    """

    title: str
    language: str
    quotes: tuple[CitedQuote, ...]
    works: tuple[Work, ...]


def make_pack(passages: Sequence[QuotedPassage], style: str, locale: str | None = None, title: str = "") -> QuotePack:
    """Cite every quote: whole at its work's first, short at its later ones.

    :param locale: language of citations and headings; None for the style's own.
    :raises CitationError: when there are no passages, or the style or language is unknown.
    """
    if not passages:
        raise CitationError("A quote pack needs at least one quote", "Choose quotes to export")
    in_notes = is_note_style(style)
    language = csl_locale(locale).split("-")[0] if locale else "en"
    works: dict[str, list[QuotedPassage]] = {}
    first_notes: dict[str, int] = {}
    quotes = []
    for number, passage in enumerate(passages, start=1):
        id_ = passage.metadata.id
        works.setdefault(id_, []).append(passage)
        first = first_notes.setdefault(id_, number)
        place = list(works).index(id_) + 1
        cited = {"style": style, "locale": locale, "number": place}
        form = "full" if not in_notes else "note" if first == number else "short"
        footnote = cite_runs(passage.metadata, passage.locator, form=form, first_note=first, **cited)  # type: ignore[arg-type]
        in_text = () if in_notes else cite_runs(passage.metadata, passage.locator, form="note", **cited)  # type: ignore[arg-type]
        quotes.append(CitedQuote(passage, number, in_text, footnote))
    return QuotePack(title or words(language).quotes, language, tuple(quotes), _works(works, style, locale))


def _works(works: dict[str, list[QuotedPassage]], style: str, locale: str | None) -> tuple[Work, ...]:
    """By number in a numeric style, by the alphabet in any other."""
    done = []
    for number, passages in enumerate(works.values(), start=1):
        metadata = passages[0].metadata
        entry = cite_runs(metadata, style=style, locale=locale, form="bibliography", number=number)
        done.append(
            (cite(metadata, style=style, locale=locale, form="bibliography"), Work(metadata, entry, tuple(passages)))
        )
    numeric = any(plain != "".join(run.text for run in work.entry) for plain, work in done)
    if not numeric:
        done.sort(key=lambda pair: (pair[0].casefold().lstrip("“‘\"'«„"), pair[1].metadata.title.casefold()))
    return tuple(work for _, work in done)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a pack that are its own."""

    quotes: str
    works: str
    editions: str
    source: str
    read: str


_WORDS = {
    "en": Words("Quotes", "Works cited", "Editions quoted from", "source", "in Verbatim"),
    "fr": Words("Citations", "Ouvrages cités", "Éditions citées", "source", "dans Verbatim"),
    "es": Words("Citas", "Obras citadas", "Ediciones citadas", "fuente", "en Verbatim"),
}


def words(language: str) -> Words:
    """The pack's own words in a language, English where it has none."""
    return _WORDS.get(language, _WORDS["en"])
