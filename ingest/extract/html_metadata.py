"""Reads what a web page's head states about the page: title, authors, date and language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.extract.draft import FileMetadata

if TYPE_CHECKING:
    from lxml.etree import _Element


def page_metadata(root: _Element) -> FileMetadata:
    """What the page's head states."""
    stated: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            stated.setdefault(name, []).append(content)
    titles = [" ".join("".join(map(str, title.itertext())).split()) for title in root.iter("title")]
    title = next(
        (stated[name][0] for name in ("citation_title", "dc.title", "og:title") if name in stated),
        next(filter(None, titles), None),
    )
    dates = ("citation_publication_date", "citation_date", "dc.date", "article:published_time", "date")
    date = next((stated[name][0] for name in dates if name in stated), "")
    iso = re.match(r"(\d{4})(?:[-/](\d{2})(?:[-/](\d{2}))?)?(?!\d)", date)
    return FileMetadata(
        title=title,
        authors=tuple(
            next((stated[name] for name in ("citation_author", "dc.creator", "author") if name in stated), ())
        ),
        date="-".join(part for part in iso.groups() if part) if iso else None,
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
    )
