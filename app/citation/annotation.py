"""A quote as a W3C Web Annotation and as a schema.org Quotation, for programs that keep or mark quotes.

Offsets of a `TextPositionSelector` count Unicode code points of the canonical text, end exclusive, as the Web
Annotation Data Model asks; JavaScript strings count UTF-16 units, so a program there has to convert.
"""

from __future__ import annotations

import json
from typing import Any

from app.citation.csl import authors_of, csl_name, full_title, identifier, publisher_of
from app.citation.links import Words
from app.citation.locator import Locator
from corpus.documents import Edition, Metadata

JsonObject = dict[str, Any]

ANNOTATION_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
"""Media type of an annotation (Web Annotation Protocol, 4.1)."""

_SCHEMA_TYPES = {
    "handbook": "Book",
    "chapter": "Chapter",
    "treaty": "Legislation",
    "web-page": "WebPage",
    "report": "Report",
    "paper": "Report",
    "resolution": "Report",
    "declaration": "Report",
}


def selectors(words: Words, start: int, end: int) -> list[JsonObject]:
    """The two selectors of a span: by its words and by its place in the canonical text."""
    quote = {"type": "TextQuoteSelector", "exact": words.exact, "prefix": words.prefix, "suffix": words.suffix}
    return [quote, {"type": "TextPositionSelector", "start": start, "end": end}]


def web_annotation(
    address: str, source: str, words: Words, start: int, end: int, *, citation: str, edition: Edition, source_type: str
) -> JsonObject:
    """A Web Annotation of a quote (<https://www.w3.org/TR/annotation-model/>).

    :param address: IRI of the annotation itself, such as the link that reads the quote in its document.
    :param source: IRI of the document annotated.
    :param start: canonical offset; likewise `end`.
    :param citation: where the quote stands, in words.
    """
    return {
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"schema": "https://schema.org/"}],
        "id": address,
        "type": "Annotation",
        "motivation": "highlighting",
        "body": {"type": "TextualBody", "value": citation, "format": "text/plain", "purpose": "describing"},
        "target": {
            "source": {"id": source, "type": "Text", "format": source_type, "schema:sha256": edition.source_sha256},
            "selector": selectors(words, start, end),
            "schema:version": edition.text_sha256,
        },
    }


def quotation(
    metadata: Metadata,
    words: Words,
    locator: Locator,
    *,
    language: str | None = None,
    citation: str = "",
    url: str | None = None,
) -> JsonObject:
    """A schema.org Quotation (<https://schema.org/Quotation>) with the work that it is from."""
    work = {
        "@type": _SCHEMA_TYPES.get(metadata.kind, "CreativeWork"),
        "name": full_title(metadata),
        "author": [_agent(name) for name in authors_of(metadata)],
        "publisher": _agent(publisher, organization=True) if (publisher := publisher_of(metadata)) else None,
        "datePublished": metadata.date,
        "inLanguage": list(metadata.languages),
        "isbn": identifier(metadata, "isbn"),
        "identifier": identifier(metadata, "symbol") or identifier(metadata, "doi"),
        "url": metadata.url or metadata.source_url,
        "copyrightNotice": metadata.licence,
        "pagination": locator.pages,
    }
    quoted = {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "text": words.exact,
        "inLanguage": language,
        "url": url,
        "citation": citation,
        "isPartOf": {key: value for key, value in work.items() if value},
    }
    return {key: value for key, value in quoted.items() if value}


def script_safe(data: JsonObject) -> str:
    """JSON that can stand inside an HTML `<script>` whatever the words are: no "<", ">" or "&" is left in it."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _agent(name: str, *, organization: bool = False) -> JsonObject:
    parts = csl_name(name)
    if "literal" in parts or organization:
        return {"@type": "Organization", "name": parts.get("literal", name)}
    return {"@type": "Person", "familyName": parts["family"], "givenName": parts["given"]}
