"""A document and the place cited in it as a BibTeX entry, for LaTeX and reference managers.

Text stays Unicode (biber, and BibTeX's successors, read UTF-8); only what TeX would act on is escaped. Corporate
authors stand in braces, so that no program takes "Migration" for a family name; titles keep their letters likewise.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.citation import seams
from app.citation.csl import authors_of, csl_name, full_title, identifier, publisher_of
from app.citation.locator import Locator, short_heading
from corpus.documents import Edition, Metadata

_TYPES = {
    "handbook": "book",
    "chapter": "incollection",
    "report": "techreport",
    "resolution": "techreport",
    "declaration": "techreport",
}
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def to_bibtex(
    metadata: Metadata,
    locator: Locator | None = None,
    edition: Edition | None = None,
    annotations: Sequence[str] = (),
) -> str:
    """Make the BibTeX entry of a document, ending in a line feed.

    The place cited and the edition (sha256 of source and text) stand in `note`: BibTeX has no field for either, and
    `pages` would say that the whole document has only those.

    :param annotations: quotes and remarks, for `annote`.
    """
    kind = _TYPES.get(metadata.kind, "misc")
    date = (metadata.date or "").split("-")
    publisher = publisher_of(metadata)
    fields: list[tuple[str, str | None]] = [
        ("author", " and ".join(_name(name) for name in authors_of(metadata)) or None),
        ("editor", " and ".join(_name(name) for name in metadata.editors) or None),
        ("translator", " and ".join(_name(name) for name in metadata.translators) or None),
        ("title", f"{{{escape(full_title(metadata))}}}"),
        ("booktitle", f"{{{escape(metadata.container)}}}" if metadata.container else None),
        ("pages", escape(metadata.container_pages).replace("–", "--") if metadata.container_pages else None),
        ("institution" if kind == "techreport" else "publisher", f"{{{escape(publisher)}}}" if publisher else None),
        ("address", _escaped(metadata.place)),
        ("year", date[0] or None),
        ("number", _escaped(identifier(metadata, "symbol"))),
        ("isbn", identifier(metadata, "isbn")),
        ("issn", identifier(metadata, "issn")),
        ("doi", _verbatim(identifier(metadata, "doi"))),
        ("url", _verbatim(metadata.url or metadata.source_url)),
        ("language", metadata.languages[0] if len(metadata.languages) == 1 else None),
        ("howpublished", _escaped(metadata.event)),
        ("annote", "\\par ".join(escape(annotation) for annotation in annotations) or None),
        ("note", escape("; ".join(_notes(metadata, locator, edition))) or None),
    ]
    lines = [f"  {name} = {{{value}}}" for name, value in fields if value]
    if len(date) > 1:
        lines.append(f"  month = {_MONTHS[int(date[1]) - 1]}")
    if len(date) > 2:
        lines.append(f"  day = {{{int(date[2])}}}")
    return f"@{kind}{{{metadata.id},\n" + ",\n".join(lines) + "\n}\n"


def escape(text: str) -> str:
    """Text that TeX prints as it is."""
    return "".join(_SPECIAL.get(character, character) for character in seams.clean(text))


def place_in_words(locator: Locator) -> str:
    """A place for fields that have no style: "pages 74–75; section Education; paragraph 7"."""
    heading = short_heading(locator.section)
    number = locator.number or (str(locator.paragraph) if locator.paragraph is not None else None)
    parts = (
        (f"pages {locator.pages}" if locator.pages != locator.first_page else f"page {locator.pages}")
        if locator.pages
        else None,
        f"article {locator.article}" if locator.article else None,
        locator.division,
        f"section {heading}" if heading else None,
        f"paragraph {number}" if number else None,
    )
    return ", ".join(part for part in parts if part)


def edition_in_words(edition: Edition) -> str:
    """The state of a document that was cited, for fields that hold words."""
    return f"edition: source sha256 {edition.source_sha256}, text sha256 {edition.text_sha256}"


def _notes(metadata: Metadata, locator: Locator | None, edition: Edition | None) -> list[str]:
    place = place_in_words(locator) if locator else ""
    notes = [f"cited at {place}"] if place else []
    if series := identifier(metadata, "treaty_series"):
        notes.insert(0, series)
    return [*notes, edition_in_words(edition)] if edition else notes


def _escaped(text: str | None) -> str | None:
    return escape(text) if text else None


def _verbatim(text: str | None) -> str | None:
    """An address: `url` and `doi` are read verbatim, so that only braces need care."""
    return seams.clean(text).replace("{", "%7B").replace("}", "%7D") if text else None


def _name(name: str) -> str:
    parts = csl_name(name)
    if "literal" in parts:
        return f"{{{escape(parts['literal'])}}}"
    return f"{escape(parts['family'])}, {escape(parts['given'])}"
