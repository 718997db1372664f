"""Highwire Press tags of a document, by which Zotero and Google Scholar pick it up from a page.

The tags are those that Zotero's "Embedded Metadata" translator reads. Without `citation_technical_report_institution`
it takes a report for a journal article, so every text that is no book, chapter or web page has one, if it is known who
made it.
"""

from __future__ import annotations

from app.citation.csl import authors_of, csl_name, full_title, identifier, publisher_of
from corpus.documents import Metadata


def highwire_tags(
    metadata: Metadata, *, page_url: str | None = None, pdf_url: str | None = None
) -> list[tuple[str, str]]:
    """Names and contents for `<meta name content>`, in order; contents are not escaped.

    :param page_url: absolute address of the page that shows the document here, where it has none of its publisher's.
    :param pdf_url: absolute address of the PDF, if there is one.
    """
    names = [csl_name(name) for name in authors_of(metadata)]
    authors = [part.get("literal") or f"{part['family']}, {part['given']}" for part in names]
    publisher = publisher_of(metadata)
    institution = publisher or metadata.organization or next(iter(authors), None)
    is_report = metadata.kind not in ("handbook", "chapter", "web-page")
    tags: list[tuple[str, str | None]] = [
        ("citation_title", full_title(metadata)),
        *(("citation_author", author) for author in authors),
        *(("citation_editor", editor) for editor in metadata.editors),
        ("citation_publication_date", metadata.date.replace("-", "/") if metadata.date else None),
        (
            "citation_technical_report_institution",
            institution if is_report else None,
        ),
        ("citation_technical_report_number", identifier(metadata, "symbol") if is_report else None),
        ("citation_inbook_title", metadata.container),
        ("citation_publisher", publisher),
        ("citation_isbn", identifier(metadata, "isbn")),
        ("citation_issn", identifier(metadata, "issn")),
        ("citation_doi", identifier(metadata, "doi")),
        ("citation_language", metadata.languages[0] if len(metadata.languages) == 1 else None),
        ("citation_public_url", metadata.url or page_url),
        ("citation_pdf_url", pdf_url),
    ]
    return [(name, content) for name, content in tags if content]
