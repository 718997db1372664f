"""A citation in words: what is known of a document and the place in it, in any CSL style and many languages.

The styles are run by citeproc-py (see `engine`); the place is put in by us, so that a page labelled "A-3" stays one
page and a document cited a hundred times is rendered once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from app.citation import seams
from app.citation.csl import CslItem, to_csl
from app.citation.engine import CompiledStyle, compiled
from app.citation.errors import CitationError
from app.citation.locator import Locator, short_heading
from app.citation.prepare import PAGE_RANGES, SECTION_LAST, prepared, sheet_for
from app.citation.styles import BRITISH, DEFAULT_STYLE, csl_locale, style_path
from corpus.documents import Metadata

Form = Literal["note", "bibliography", "short", "full"]
"""`note`: what stands at the quotation, a whole note or "(Author, 2010, p. 74)" in the text; `bibliography`: the entry
in the list of works; `short`: a later note to the same work; `full`: enough to find the place by itself, which is the
note in a note style and the entry followed by the words in the text in any other."""
Output = Literal["text", "html"]


BLANK = "__"
"""Stands for the number of the first note where it is not known; one fills it in."""


def cite(
    metadata: Metadata,
    locator: Locator | None = None,
    *,
    style: str = DEFAULT_STYLE,
    locale: str | None = None,
    form: Form = "note",
    output: Output = "text",
    number: int | None = None,
    first_note: int | None = None,
    accessed: date | None = None,
) -> str:
    """Cite a place in a document.

    :param style: a name of `styles()` or any CSL style's name.
    :param locale: language of the citation's own words, such as "fr"; None for the style's own, else English.
    :param output: plain text, or HTML with every value escaped.
    :param number: place of the work in the list of works, for numeric styles; a lone entry has none.
    :param first_note: number of the note that first cited the work, for styles whose later notes name it ("supra
        note 3"); a blank to fill in stands there when None.
    :param accessed: the day the source was read on the network, which some styles print with its address.
    :return: the citation; empty for the bibliography of a style that has none.
    :raises UnknownStyle: with the nearest names.
    :raises UnknownLocale: with the languages there are.
    """
    marked = _marked(metadata, locator, style, locale, form, number, first_note, accessed)
    match output:
        case "text":
            return seams.plain(marked)
        case "html":
            return seams.html(marked)
        case _:
            raise CitationError(f"There is no output {output!r}", "Use text or html")


def cite_runs(
    metadata: Metadata,
    locator: Locator | None = None,
    *,
    style: str,
    locale: str | None,
    form: Form,
    number: int | None = None,
    first_note: int | None = None,
    accessed: date | None = None,
) -> tuple[seams.Run, ...]:
    """As `cite`, in stretches of one look each, for documents that are neither plain text nor HTML."""
    return seams.runs(_marked(metadata, locator, style, locale, form, number, first_note, accessed))


def is_note_style(style: str) -> bool:
    """Whether a style cites in notes.

    :raises UnknownStyle: with the nearest names.
    """
    path = style_path(style)
    return compiled(path, _own_locale(path)).is_note


def _marked(
    metadata: Metadata,
    locator: Locator | None,
    style: str,
    locale: str | None,
    form: str,
    number: int | None,
    first_note: int | None,
    accessed: date | None,
) -> str:
    work = _Work(metadata, accessed)
    sheet = _sheet(metadata, style_path(style), locale)
    place = _place(metadata, locator, sheet) if locator else None
    match form:
        case "note":
            return _cited(work, sheet, place, number or 1)
        case "short":
            return _cited(work, sheet, place, number or 1, first_note=first_note or 0)
        case "bibliography":
            return _entry(work, sheet, number)
        case "full":
            return _whole(work, sheet, place, number)
        case _:
            raise CitationError(f"There is no form of citation {form!r}", "Use note, bibliography, short or full")


def _sheet(metadata: Metadata, path: Path, locale: str | None) -> CompiledStyle:
    own = csl_locale(locale) if locale else _own_locale(path)
    return compiled(sheet_for(path, to_csl(metadata)), own)


def _own_locale(path: Path) -> str:
    return csl_locale(_default_locale(path) or "en")


@lru_cache(maxsize=256)
def _default_locale(path: Path) -> str | None:
    if path.stem in BRITISH:
        return "en-GB"
    head = path.read_text(encoding="utf-8")[:2000]
    found = re.search(r"<style\b[^>]*\bdefault-locale=\"([^\"]+)\"", head)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class _Work:
    """A document as it is cited: what is known of it, and when it was read."""

    metadata: Metadata
    accessed: date | None

    def item(self) -> CslItem:
        item = to_csl(self.metadata)
        if self.accessed and "URL" in item:
            item["accessed"] = {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]}
        return item


class _Place:
    """A locator as CSL knows it: the word before it, and what follows that word.

    :param bare: `text` has its own word, so the style's is taken out.
    """

    __slots__ = ("bare", "label", "plural", "text")

    def __init__(self, label: str, text: str, *, plural: bool = False, bare: bool = False) -> None:
        self.label = label
        self.bare = bare
        self.text = seams.clean(text)
        self.plural = plural


def _place(metadata: Metadata, locator: Locator, sheet: CompiledStyle) -> _Place | None:
    """Choose how a place is cited: by printed article or paragraph, else by page, else by section and paragraph.

    Documents of the United Nations and treaties are cited by paragraph and article whatever page they fall on, because
    their language versions and printings have different pages (UN Editorial Manual, "Footnotes and other references").
    """
    if locator.article:
        return _Place("article-locator", _own_word(sheet, "article-locator", "short") + _article(locator, sheet))
    if locator.division:
        tail = f", {_paragraph_word(sheet)}{locator.number}" if locator.number and locator.number[0] != "(" else ""
        letters = f" {locator.number}" if locator.number and locator.number[0] == "(" else ""
        return _Place("section", f"{locator.division}{letters}{tail}", bare=True)
    if locator.number and (locator.first_page is None or any(name == "symbol" for name, _ in metadata.identifiers)):
        return _Place("paragraph", _own_word(sheet, "paragraph", "symbol") + locator.number)
    if locator.first_page is not None:
        last = locator.last_page or locator.first_page
        if last == locator.first_page:
            return _Place("page", locator.first_page)
        return _Place(
            "page",
            page_range(locator.first_page, last, sheet.page_range_format or PAGE_RANGES.get(sheet.path.stem)),
            plural=True,
        )
    heading = short_heading(locator.section)
    if heading is None:
        if locator.paragraph is None:
            return None
        return _Place("paragraph", _own_word(sheet, "paragraph", "symbol") + str(locator.paragraph))
    if sheet.path.stem in SECTION_LAST:
        section = sheet.term("section", None)
        tail = f", {sheet.word('paragraph')}{locator.paragraph}" if locator.paragraph is not None else ""
        return _Place("section", f"{heading} {section}{tail}", bare=True)
    opening, closing = sheet.term("open-quote", None), sheet.term("close-quote", None)
    # A heading that brings its own number ("3.2 Pensions") is still quoted whole: its words are what a reader finds.
    if locator.paragraph is None:
        return _Place("section", f"{opening}{heading}{closing}")
    comma = f",{closing}" if sheet.punctuation_in_quote else f"{closing},"
    return _Place("section", f"{opening}{heading}{comma} {_paragraph_word(sheet)}{locator.paragraph}")


def _paragraph_word(sheet: CompiledStyle) -> str:
    """The word before a paragraph that follows another place, with its space."""
    return sheet.word("paragraph") or _own_word(sheet, "paragraph", "symbol") or sheet.term("paragraph", "short") + " "


def _article(locator: Locator, sheet: CompiledStyle) -> str:
    """ "12, para. 3" in our own style, which says so in its terms; "12(3)" in all others, as legal styles write it."""
    if not locator.number:
        return str(locator.article)
    letters = locator.number.startswith("(")
    if letters and sheet.term("article-paragraph", None):
        return f"{locator.article} {locator.number}"
    if letters:
        return f"{locator.article}{locator.number.replace(' ', '')}"
    if joint := sheet.term("article-paragraph", None):
        return f"{locator.article}{joint} {locator.number}"
    number, *rest = locator.number.split()
    return f"{locator.article}({number}){''.join(rest)}"


def _own_word(sheet: CompiledStyle, label: str, form: str) -> str:
    """The word for a place where the style prints none, so that a paragraph is never read as a page."""
    if sheet.word(label) or not sheet.prints_places:
        return ""
    word = sheet.term(label, form) or sheet.term(label, "short")
    return f"{word} " if word else ""


def page_range(first: str, last: str, style_format: str | None) -> str:
    """Join two page labels as a style wants: all digits, or the last page shortened.

    Formats of CSL 1.0.2, "page-range-format"; Chicago's rule is that of its Manual, 18th ed., 9.63. Labels that are not
    both plain numbers ("iv–x", "A-3–A-5") are never shortened.
    """
    if not (first.isdecimal() and last.isdecimal() and len(first) == len(last)):
        return f"{first}–{last}"
    common = next((at for at, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), len(first))
    number = int(first)
    match style_format:
        case "minimal":
            keep = common
        case "minimal-two":
            keep = min(common, max(len(first) - 2, 0))
        case "chicago" | "chicago-15" | "chicago-16":
            if number < 100 or number % 100 == 0:
                keep = 0
            elif number % 100 < 10:
                keep = common
            else:
                keep = min(common, len(first) - 2)
        case _:
            keep = 0
    return f"{first}–{last[keep:]}"


def _whole(work: _Work, sheet: CompiledStyle, place: _Place | None, number: int | None) -> str:
    """A citation that finds the place by itself, also in a style that prints no places."""
    cited = _cited(work, sheet, place, number or 1)
    whole = cited if sheet.is_note else f"{_entry(work, sheet, number)} {cited}".strip()
    if place is None or seams.GAP in _template(work, sheet, place.label, place.plural, number or 1, None):
        return whole
    words = f"{sheet.term(place.label, 'short', plural=place.plural)} {place.text}".strip()
    if not sheet.is_note:
        return f"{_entry(work, sheet, number)} {words}".strip()
    return f"{whole.removesuffix('.')}, {words}."


def _cited(work: _Work, sheet: CompiledStyle, place: _Place | None, number: int, first_note: int | None = None) -> str:
    label, plural = (place.label, place.plural) if place else (None, False)
    marked = _template(work, sheet, label, plural, number, first_note)
    if place is None:
        return marked
    if place.bare:
        marked = marked.replace(sheet.word(place.label) + seams.GAP, seams.GAP)
    return seams.put(marked, place.text)


@lru_cache(maxsize=8192)
def _template(
    work: _Work, sheet: CompiledStyle, label: str | None, plural: bool, number: int, first_note: int | None
) -> str:
    """The citation with a gap where the place goes: the same for every place of a kind in a document.

    :param first_note: None for a first note; for a later one the number of the first, or 0 where it is not known.
    """
    item = work.item()
    again = first_note is not None
    if again:
        item["first-reference-note-number"] = str(first_note or BLANK)
    item = _clean(prepared(sheet.path, item, sheet.locale))
    stand_in = seams.SEVERAL_PLACES if plural else seams.ONE_PLACE
    return sheet.cite(item, label, stand_in if label else None, again=again, number=number)


@lru_cache(maxsize=8192)
def _entry(work: _Work, sheet: CompiledStyle, number: int | None) -> str:
    return sheet.entry(_clean(prepared(sheet.path, work.item(), sheet.locale)), number)


def _clean(item: CslItem) -> CslItem:
    """The item without characters that a citation cannot print."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, str):
            return seams.clean(value)
        if isinstance(value, dict):
            return {key: cleaned(part) for key, part in value.items()}
        return [cleaned(part) for part in value] if isinstance(value, list) else value

    return {key: cleaned(value) for key, value in item.items()}
