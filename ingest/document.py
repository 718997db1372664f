"""Reads a file into a document: told by its content, extracted, made canonical, its languages and references found.

The one door of ingest for a single document. Invariant: a document that comes out holds words and keeps every promise
of `corpus.documents`; everything else is a `SourceError` that names the file and the way out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.catalogue import KnownWork
from corpus.documents import Document, Metadata
from ingest import detect
from ingest.canonical import make_document
from ingest.extract.draft import Draft, SourceError
from ingest.extract.limits import ExtractOptions
from ingest.extract.package import opened_package
from ingest.extract.source import shown, source_sha256
from ingest.language import languages_of, with_languages
from ingest.numbering import numbered
from ingest.own_metadata import own_metadata
from ingest.references import with_references

Extractor = Callable[[Path, ExtractOptions], Draft]


def read_document(
    path: Path, metadata: Metadata | None, options: ExtractOptions, works: Sequence[KnownWork] = ()
) -> Document:
    """Read one file.

    :param metadata: the catalogue's entry; made from the file itself where there is none.
    :param works: what references may be resolved to (`Catalogue.works`); all stay open where none are given.
    :raises SourceError: when the file cannot be read as a document, or holds no word.
    """
    sha256 = source_sha256(path, options.limits)
    source_type = detect.media_type(path)
    draft = extractor(source_type, path)(path, options)
    draft = replace(draft, blocks=numbered(draft.blocks))
    known = metadata or own_metadata(path, draft, source_type)
    document = make_document(draft, known, source_type, shown(path), sha256)
    if source_sha256(path, options.limits) != sha256:
        raise SourceError(f"{shown(path)} changed while it was read", "Read it again when it is complete")
    if not document.text:
        reasons = "; ".join(draft.problems)
        scan = "picture" in reasons or "recognition" in reasons
        raise SourceError(
            f"{shown(path)} holds no words" + (f": {reasons}" if reasons else ""),
            "Install Tesseract, and let text recognition be on, so that its pictures can be read"
            if scan
            else "Check that it is the file you meant",
        )
    if len(document.text) > options.limits.characters:
        raise SourceError(
            f"{shown(path)} holds {len(document.text):,} characters, more than the limit of "
            f"{options.limits.characters:,}",
            "Split it, or raise the limit",
        )
    document = with_languages(document, draft.metadata.language)
    if metadata is None:
        languages = languages_of(document.blocks)
        document = replace(document, metadata=replace(document.metadata, languages=languages))
    return with_references(document, works)


def extractor(source_type: str, path: Path) -> Extractor:
    """The function that reads files of a media type; imported when it is first needed.

    :raises SourceError: when files of that type are not read, with what to do instead.
    """
    match source_type:
        case detect.PDF:
            from ingest.extract.pdf import extract_pdf

            return extract_pdf
        case detect.DOCX:
            from ingest.extract.docx import extract_docx

            return extract_docx
        case detect.ODT:
            from ingest.extract.odt import extract_odt

            return extract_odt
        case detect.EPUB:
            from ingest.extract.epub import extract_epub

            return extract_epub
        case detect.DOC | detect.RTF:
            from ingest.extract.legacy import extract_legacy

            return extract_legacy
        case detect.ZIP:
            return _refuse_archive
        case detect.HTML:
            from ingest.extract.html import extract_html

            return extract_html
        case detect.MARKDOWN:
            from ingest.extract.markdown import extract_markdown

            return extract_markdown
        case detect.PLAIN:
            from ingest.extract.text import extract_text

            return extract_text
        case _:
            raise SourceError(f"{shown(path)} is {source_type}, which is not read", "Save it as DOCX, ODT or PDF")


def _refuse_archive(path: Path, options: ExtractOptions) -> Draft:
    with opened_package(path, options.limits):
        raise SourceError(
            f"{shown(path)} is a zipped folder, not one document",
            "Give it to `verbatim ingest`, or unpack it where it lies within another archive",
        )
