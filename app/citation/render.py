"""A citation in words: what is known of a document and the place in it, in any CSL style and many languages.

The styles are run by citeproc-py (see `engine`); the place is put in by us, so that a page labelled "A-3" stays one
page and a document cited a hundred times is rendered once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from app.citation import seams
from app.citation.csl import CslItem, to_csl
from app.citation.engine import CompiledStyle, compiled
from app.citation.errors import CitationError
from app.citation.locator import Locator, short_heading
from app.citation.styles import DEFAULT_STYLE, csl_locale, style_path
from corpus.documents import Metadata

Form = Literal["note", "bibliography", "short", "full"]
"""`note`: what stands at the quotation, a whole note or "(Author, 2010, p. 74)" in the text; `bibliography`: the entry
in the list of works; `short`: a later note to the same work; `full`: enough to find the place by itself, which is the
note in a note style and the entry followed by the words in the text in any other."""
Output = Literal["text", "html"]


def cite(
    metadata: Metadata,
    locator: Locator | None = None,
    *,
    style: str = DEFAULT_STYLE,
    locale: str | None = None,
    form: Form = "note",
    output: Output = "text",
) -> str:
    """Cite a place in a document.

    :param style: a name of `styles()` or any CSL style's name.
    :param locale: language of the citation's own words, such as "fr"; None for the style's own, else English.
    :param output: plain text, or HTML with every value escaped.
    :return: the citation; empty for the bibliography of a style that has none.
    :raises UnknownStyle: with the nearest names.
    :raises UnknownLocale: with the languages there are.
    """
    path = style_path(style)
    sheet = compiled(path, csl_locale(locale) if locale else _own_locale(path))
    place = _place(metadata, locator, sheet) if locator else None
    match form:
        case "note" | "short":
            marked = _cited(metadata, sheet, place, again=form == "short")
        case "bibliography":
            marked = _entry(metadata, sheet)
        case "full":
            marked = _cited(metadata, sheet, place, again=False)
            if not sheet.is_note:
                marked = f"{_entry(metadata, sheet)} {marked}".strip()
        case _:
            raise CitationError(f"There is no form of citation {form!r}", "Use note, bibliography, short or full")
    match output:
        case "text":
            return seams.plain(marked)
        case "html":
            return seams.html(marked)
        case _:
            raise CitationError(f"There is no output {output!r}", "Use text or html")


def _own_locale(path: Any) -> str:
    return csl_locale(_default_locale(path) or "en")


@lru_cache(maxsize=256)
def _default_locale(path: Any) -> str | None:
    head = path.read_text(encoding="utf-8")[:2000]
    found = re.search(r"<style\b[^>]*\bdefault-locale=\"([^\"]+)\"", head)
    return found[1] if found else None


class _Place:
    """A locator as CSL knows it: the word before it, and what follows that word."""

    __slots__ = ("label", "plural", "text")

    def __init__(self, label: str, text: str, *, plural: bool = False) -> None:
        self.label = label
        self.text = seams.clean(text)
        self.plural = plural


def _place(metadata: Metadata, locator: Locator, sheet: CompiledStyle) -> _Place | None:
    """Choose how a place is cited: by printed article or paragraph, else by page, else by section and paragraph.

    Documents of the United Nations and treaties are cited by paragraph and article whatever page they fall on, because
    their language versions and printings have different pages (UN Editorial Manual, "Footnotes and other references").
    """
    if locator.article:
        tail = f", {_word(sheet, 'paragraph')}{locator.number}" if locator.number else ""
        return _Place("article-locator", locator.article + tail)
    if locator.number and (locator.first_page is None or any(name == "symbol" for name, _ in metadata.identifiers)):
        return _Place("paragraph", locator.number)
    if locator.first_page is not None:
        last = locator.last_page or locator.first_page
        if last == locator.first_page:
            return _Place("page", locator.first_page)
        return _Place("page", page_range(locator.first_page, last, sheet.page_range_format), plural=True)
    heading = short_heading(locator.section)
    if heading is None:
        return _Place("paragraph", str(locator.paragraph)) if locator.paragraph is not None else None
    opening, closing = sheet.term("open-quote", None), sheet.term("close-quote", None)
    # A heading that brings its own number ("3.2 Pensions") is still quoted whole: its words are what a reader finds.
    if locator.paragraph is None:
        return _Place("section", f"{opening}{heading}{closing}")
    comma = f",{closing}" if sheet.punctuation_in_quote else f"{closing},"
    return _Place("section", f"{opening}{heading}{comma} {_word(sheet, 'paragraph')}{locator.paragraph}")


def _word(sheet: CompiledStyle, name: str) -> str:
    """A locator's word with the space after it; none after a sign such as "¶"."""
    form = sheet.label_form()
    word = sheet.term(name, form) or sheet.term(name, "short") or sheet.term(name, None)
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


def _cited(metadata: Metadata, sheet: CompiledStyle, place: _Place | None, *, again: bool) -> str:
    label, plural = (place.label, place.plural) if place else (None, False)
    marked = _template(metadata, sheet, label, plural, again)
    return seams.put(marked, place.text) if place else marked


@lru_cache(maxsize=8192)
def _template(metadata: Metadata, sheet: CompiledStyle, label: str | None, plural: bool, again: bool) -> str:
    """The citation with a gap where the place goes: the same for every place of a kind in a document."""
    stand_in = seams.SEVERAL_PLACES if plural else seams.ONE_PLACE
    return sheet.cite(_clean(to_csl(metadata)), label, stand_in if label else None, again=again)


@lru_cache(maxsize=8192)
def _entry(metadata: Metadata, sheet: CompiledStyle) -> str:
    return sheet.entry(_clean(to_csl(metadata)))


def _clean(item: CslItem) -> CslItem:
    """The item without characters that a citation cannot print."""

    def cleaned(value: Any) -> Any:
        if isinstance(value, str):
            return seams.clean(value)
        if isinstance(value, dict):
            return {key: cleaned(part) for key, part in value.items()}
        return [cleaned(part) for part in value] if isinstance(value, list) else value

    return {key: cleaned(value) for key, value in item.items()}
