"""What is known of a document, and the place in it, as a CSL-JSON item: the data that every citation is made from.

The types are chosen by how the styles print them, not by the catalogue's word: a resolution is a `report` with its
symbol as number, because `legislation` makes styles print "Pub. L. No." before a United Nations symbol. Corporate
authors stay whole (`literal`); titles keep their letters as published.
"""

from __future__ import annotations

import re
from typing import Any

from app.citation.locator import Locator
from corpus.documents import Edition, Metadata

CslItem = dict[str, Any]
"""One item of CSL-JSON, <https://github.com/citation-style-language/schema>, csl-data.json."""

TYPES = {
    "paper": "report",
    "statement": "document",
    "handbook": "book",
    "treaty": "treaty",
    "resolution": "report",
    "report": "report",
    "declaration": "report",
    "speech": "speech",
    "web-page": "webpage",
    "chapter": "chapter",
    "document": "document",
}
"""CSL type of each kind of the catalogue."""

_TREATY_SERIES = re.compile(r"^(?P<series>.+?),? vol\. (?P<volume>\d+),(?: p\. (?P<page>\d+))?")


def to_csl(metadata: Metadata, locator: Locator | None = None, edition: Edition | None = None) -> CslItem:
    """Make the CSL-JSON item of a document.

    :param locator: the place cited, put under `custom`, since an item describes the whole document.
    :param edition: the state of the document that was cited, put under `custom` likewise.
    """
    item: CslItem = {"id": metadata.id, "type": csl_type(metadata), "title": full_title(metadata)}
    if metadata.subtitle:
        item["title-short"] = metadata.title
    authors = authors_of(metadata)
    if metadata.kind == "treaty":
        # A treaty is by its parties and cited by its title; the body that adopted it is its authority.
        item |= {"authority": metadata.organization} if metadata.organization else {}
    elif authors:
        item["author"] = [csl_name(name) for name in authors]
    for role, names in (("editor", metadata.editors), ("translator", metadata.translators)):
        if names:
            item[role] = [csl_name(name) for name in names]
    presented = item["type"] == "speech"
    if metadata.date:
        item["issued"] = {"date-parts": [[int(part) for part in metadata.date.split("-")]]}
    item |= {
        key: value
        for key, value in (
            ("publisher", publisher_of(metadata) if not presented else None),
            ("publisher-place", metadata.place if not metadata.event else None),
            ("event-title", metadata.event if metadata.event not in authors else None),
            ("event-place", metadata.place if metadata.event else None),
            ("genre", "paper" if presented and metadata.kind == "paper" else None),
            ("container-title", metadata.container),
            ("page", metadata.container_pages),
            ("URL", metadata.url or metadata.source_url),
            ("language", metadata.languages[0] if len(metadata.languages) == 1 else None),
        )
        if value
    }
    return item | _numbers(metadata) | _custom(metadata, locator, edition)


def csl_type(metadata: Metadata) -> str:
    """The CSL type that styles print this document by."""
    if metadata.kind == "paper" and metadata.event and not metadata.container:
        return "speech"
    return TYPES.get(metadata.kind, "document")


def full_title(metadata: Metadata) -> str:
    """The title with its subtitle, as published."""
    return f"{metadata.title}: {metadata.subtitle}" if metadata.subtitle else metadata.title


def authors_of(metadata: Metadata) -> tuple[str, ...]:
    """Who the text is by: its named authors, or else the organization; nobody where neither is known."""
    return metadata.authors or ((metadata.organization,) if metadata.organization else ())


def publisher_of(metadata: Metadata) -> str | None:
    """Who published it: the stated publisher, or the organization where others are the authors."""
    return metadata.publisher or (metadata.organization if metadata.authors else None) or None


def csl_name(name: str) -> dict[str, str]:
    """A person ("Family, Given") in parts, any other name whole.

    A body whose own name has a comma is written in braces, "{Population Division, Secretariat}", as in BibTeX; one with
    a small word ("of", "and", "para") after the comma, or more than one comma, is told from a person without them.
    """
    if name.startswith("{") and name.endswith("}"):
        return {"literal": name[1:-1]}
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 2 and all(parts) and len(parts[1].split()) <= 3 and parts[1][:1].isupper():
        words = [word for part in parts for word in part.split()]
        if len(words) <= 5 and not any(word in _SMALL_WORDS for word in words):
            return {"family": parts[0], "given": parts[1]}
    return {"literal": name}


_SMALL_WORDS = frozenset(
    ("of", "on", "for", "and", "the", "in", "to", "des", "du", "et", "pour", "sur", "y", "para", "por", "und", "für")
)


def identifier(metadata: Metadata, name: str) -> str | None:
    """One of the document's identifiers ("isbn", "symbol", "doi", …)."""
    return dict(metadata.identifiers).get(name)


def _numbers(metadata: Metadata) -> CslItem:
    names = (("isbn", "ISBN"), ("issn", "ISSN"), ("doi", "DOI"), ("symbol", "number"))
    item: CslItem = {csl: value for name, csl in names if (value := identifier(metadata, name))}
    series = identifier(metadata, "treaty_series")
    if series and (match := _TREATY_SERIES.match(series)):
        item["container-title"] = match["series"].replace(", ", " ")
        if item["container-title"] == "United Nations Treaty Series":
            item["container-title-short"] = "UNTS"
        item["volume"] = match["volume"]
        if match["page"]:
            item["page"] = match["page"]
    return item


def _custom(metadata: Metadata, locator: Locator | None, edition: Edition | None) -> CslItem:
    """What a later reader needs to find the words again and to tell whether they moved."""
    custom: CslItem = {}
    if metadata.licence:
        custom["licence"] = metadata.licence
    if edition:
        custom |= {"source_sha256": edition.source_sha256, "text_sha256": edition.text_sha256}
    if locator:
        place = {
            "pages": locator.pages,
            "article": locator.article,
            "division": locator.division,
            "number": locator.number,
            "paragraph": locator.paragraph,
            "section": list(locator.section) or None,
        }
        custom["locator"] = {key: value for key, value in place.items() if value is not None}
    return {"custom": custom} if custom else {}
