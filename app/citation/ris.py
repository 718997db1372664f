"""A document and the place cited in it as a RIS record, for Zotero, EndNote and Mendeley.

RIS (Research Information Systems, 2001): one tag a line, lines end in CR LF, `TY` first, `ER` last. `SN` is a report's
number in `RPRT` and an ISBN elsewhere. Programs read a name up to its first comma as a family name, so a body is given
as it writes itself, and stays whole wherever its name has no comma.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.citation import seams
from app.citation.bibtex import edition_in_words, place_in_words
from app.citation.csl import authors_of, csl_name, full_title, identifier, publisher_of
from app.citation.locator import Locator
from corpus.documents import Edition, Metadata

_TYPES = {
    "paper": "RPRT",
    "statement": "RPRT",
    "handbook": "BOOK",
    "treaty": "RPRT",
    "resolution": "RPRT",
    "report": "RPRT",
    "declaration": "RPRT",
    "speech": "RPRT",
    "web-page": "ELEC",
    "chapter": "CHAP",
    "document": "RPRT",
}


def to_ris(
    metadata: Metadata,
    locator: Locator | None = None,
    edition: Edition | None = None,
    annotations: Sequence[str] = (),
) -> str:
    """Make the RIS record of a document, lines ending in CR LF.

    The place cited stands in a note (`N1`), since `SP` and `EP` are the pages that the document takes in a larger work;
    the edition (sha256 of source and text) in another.

    :param annotations: quotes and remarks, each a note.
    """
    place = place_in_words(locator) if locator else ""
    kind, isbn = _TYPES.get(metadata.kind, "RPRT"), identifier(metadata, "isbn") or identifier(metadata, "issn")
    first, _, last = (metadata.container_pages or "").replace("-", "–").partition("–")
    lines: list[tuple[str, str | None]] = [
        ("TY", kind),
        ("ID", metadata.id),
        *(("AU", _name(name)) for name in authors_of(metadata)),
        *(("ED", _name(name)) for name in metadata.editors),
        *(("A4", _name(name)) for name in metadata.translators),
        ("TI", full_title(metadata)),
        ("T2", metadata.container),
        ("PB", publisher_of(metadata)),
        ("CY", metadata.place),
        ("PY", metadata.date[:4] if metadata.date else None),
        ("DA", _date(metadata.date) if metadata.date else None),
        ("SP", first),
        ("EP", last),
        ("SN", identifier(metadata, "symbol") if kind == "RPRT" else isbn),
        ("DO", identifier(metadata, "doi")),
        ("UR", metadata.url or metadata.source_url),
        ("LA", metadata.languages[0] if len(metadata.languages) == 1 else None),
        ("N1", f"ISBN {isbn}" if isbn and kind == "RPRT" else None),
        ("N1", identifier(metadata, "treaty_series")),
        ("N1", f"presented at {metadata.event}" if metadata.event else None),
        ("N1", f"cited at {place}" if place else None),
        ("N1", edition_in_words(edition) if edition else None),
        *(("N1", annotation) for annotation in annotations),
    ]
    body = "".join(f"{tag}  - {seams.clean(value)}\r\n" for tag, value in lines if value)
    return f"{body}ER  - \r\n"


def _date(date: str) -> str:
    """YYYY/MM/DD/, the parts that are known."""
    parts = [*date.split("-"), "", ""][:3]
    return "/".join(parts) + "/"


def _name(name: str) -> str:
    parts = csl_name(name)
    return parts.get("literal") or f"{parts['family']}, {parts['given']}"
