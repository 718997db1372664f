"""Finds the file that a publisher's landing page is about, by what the page says to programs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin

import lxml.html
from lxml.etree import ParserError

CITATION_META = ("citation_pdf_url", "wkhealth_pdf_url", "bepress_citation_pdf_url", "eprints.document_url")
"""Meta names that repositories use for the file, as Google Scholar's inclusion guidelines list them first."""

FILE_TYPES = frozenset(
    {
        "application/pdf",
        "application/epub+zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.oasis.opendocument.text",
    }
)


def file_links(page: bytes, url: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Addresses of the file, the surest first: `citation_pdf_url`, then `link rel=item` (Signposting), then
    `link rel=alternate`, the two latter of a document's type and not of a foreign language.

    :param url: the page's own address; its `base href` wins where it has one.
    :param languages: BCP 47 tags that will do.
    """
    if not page.strip():
        return ()
    try:
        root = lxml.html.fromstring(page)
    except (ParserError, ValueError):  # nothing but comments, or not a page at all
        return ()
    base = urljoin(url, next((found.get("href") or "" for found in root.iter("base")), ""))
    stated = [
        meta.get("content")
        for name in CITATION_META
        for meta in root.iter("meta")
        if (meta.get("name") or meta.get("property") or "").lower() == name
    ]
    linked = [
        link.get("href")
        for relation in ("item", "alternate")
        for link in root.iter("link")
        if relation in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").split(";")[0].strip().lower() in FILE_TYPES
        and _will_do(link.get("hreflang"), languages)
    ]
    return tuple(dict.fromkeys(urljoin(base, found.strip()) for found in [*stated, *linked] if found and found.strip()))


def _will_do(hreflang: str | None, languages: Sequence[str]) -> bool:
    if not hreflang or hreflang == "x-default" or not languages:
        return True
    return hreflang.split("-")[0].lower() in {tag.split("-")[0].lower() for tag in languages}
