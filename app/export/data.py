"""A quote pack as citation data: one record a document, its quotes and remarks as notes, for reference managers."""

from __future__ import annotations

import json
from typing import Any

from app.citation import to_bibtex, to_csl, to_ris
from app.citation.bibtex import edition_in_words, place_in_words
from app.export.pack import QuotedPassage, QuotePack, Work


def write_bibtex(pack: QuotePack) -> bytes:
    """Quotes and remarks stand in `annote`."""
    records = (to_bibtex(work.metadata, None, work.editions[0], _annotations(work)) for work in pack.works)
    return "\n".join(records).encode()


def write_ris(pack: QuotePack) -> bytes:
    """Quotes and remarks stand in `N1`, which Zotero takes for notes."""
    records = (to_ris(work.metadata, None, work.editions[0], _annotations(work)) for work in pack.works)
    return "\r\n".join(records).encode()


def write_csl_json(pack: QuotePack) -> bytes:
    """Quotes stand in `custom.quotes`, each with its place and edition."""
    items = []
    for work in pack.works:
        item = to_csl(work.metadata, None, work.editions[0])
        item["custom"]["quotes"] = [_quote(passage) for passage in work.passages]
        items.append(item)
    return (json.dumps(items, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def _annotations(work: Work) -> list[str]:
    lines = []
    for passage in work.passages:
        place = place_in_words(passage.locator)
        lines.append(f"“{' '.join(passage.quote.split())}”" + (f" ({place})" if place else ""))
        if passage.note.strip():
            lines.append(" ".join(passage.note.split()))
    return [*lines, *(edition_in_words(edition) for edition in work.editions[1:])]


def _quote(passage: QuotedPassage) -> dict[str, Any]:
    located = to_csl(passage.metadata, passage.locator, passage.edition)["custom"]
    quote = {
        "text": passage.quote,
        "locator": located.get("locator"),
        "language": passage.language,
        "note": passage.note,
        "source_link": passage.source_link,
        "read_link": passage.read_link,
        "source_sha256": passage.edition.source_sha256,
        "text_sha256": passage.edition.text_sha256,
    }
    return {key: value for key, value in quote.items() if value}
