"""Tags of a document in the head of a page, by which Zotero and Google Scholar pick it up: Highwire Press, Dublin Core.

Zotero's "Embedded Metadata" translator takes any page with `citation_title` for a journal article unless another tag
says what it is: `citation_technical_report_institution` a report, `citation_isbn` a book, `citation_book_title` a
chapter. A web page has no such tag and gets Dublin Core. It parts the names of bodies like those of persons; the unAPI
server (`app.citation.unapi`), which Zotero prefers where a page names one, keeps them whole.
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
    if metadata.kind == "web-page":
        return _dublin_core(metadata, authors, metadata.url or page_url)
    is_book = metadata.kind == "handbook" and identifier(metadata, "isbn") is not None
    is_report = metadata.kind != "chapter" and not is_book
    first, _, last = (metadata.container_pages or "").replace("–", "-").partition("-")
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
        ("citation_book_title", metadata.container),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_publisher", publisher),
        ("citation_isbn", identifier(metadata, "isbn")),
        ("citation_issn", identifier(metadata, "issn")),
        ("citation_doi", identifier(metadata, "doi")),
        ("citation_language", metadata.languages[0] if len(metadata.languages) == 1 else None),
        ("citation_public_url", metadata.url or page_url),
        ("citation_pdf_url", pdf_url),
    ]
    return [(name, content) for name, content in tags if content]


def _dublin_core(metadata: Metadata, authors: list[str], address: str | None) -> list[tuple[str, str]]:
    tags = [
        ("DC.title", full_title(metadata)),
        *(("DC.creator", author) for author in authors),
        ("DC.date", metadata.date),
        ("DC.publisher", publisher_of(metadata)),
        ("DC.language", metadata.languages[0] if len(metadata.languages) == 1 else None),
        ("DC.identifier", address),
        ("DC.rights", metadata.licence),
    ]
    return [(name, content) for name, content in tags if content]
