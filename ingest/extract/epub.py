"""Reads an EPUB book into a draft: its chapters in reading order, as one HTML page whose links still lead to its notes.

Invariant: as for HTML; a note that stands in another file of the book hangs on its call all the same.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ingest.extract.draft import Draft, FileMetadata, SourceError
from ingest.extract.encoding import decode_text
from ingest.extract.flow import draft_blocks
from ingest.extract.html import blocks_of_tree, parsed_html
from ingest.extract.limits import ExtractOptions
from ingest.extract.package import Package, opened_package
from ingest.extract.source import shown

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_PAGES = ("application/xhtml+xml", "text/html")


def extract_epub(path: Path, options: ExtractOptions) -> Draft:
    """Read an EPUB file.

    :raises SourceError: when it is damaged, protected, over a limit, or lists no chapter.
    """
    from lxml import etree

    with opened_package(path, options.limits) as package:
        name, opf = _opf(package)
        body = etree.Element("body")
        problems = []
        for part in _chapters(opf, name, package):
            if part not in package.names:
                problems.append(f"the book lacks its part {part}")
                continue
            if part in _encrypted(package):
                raise SourceError(f"{shown(path)} is protected against copying", "Ask its publisher for an open copy")
            chapter = parsed_html(decode_text(package.read(part), part).text)
            if chapter is not None:
                body.append(_as_division(chapter, part))
        if not len(body):
            raise SourceError(f"{shown(path)} lists no chapter that can be read", "Download it again")
        return Draft(draft_blocks(blocks_of_tree(body)), metadata=_metadata(opf), problems=tuple(problems))


def _opf(package: Package) -> tuple[str, _Element]:
    container = package.xml("META-INF/container.xml")
    for rootfile in container.iter(f"{_CONTAINER}rootfile"):
        name = rootfile.get("full-path") or ""
        if name in package.names:
            return name, package.xml(name)
    raise SourceError(f"{shown(package.path)} names no book in its container", "Download it again")


def _chapters(opf: _Element, opf_name: str, package: Package) -> list[str]:
    """Names of the parts that hold the text, in reading order."""
    parts = {}
    for item in opf.iter(f"{_OPF}item"):
        if item.get("media-type") in _PAGES:
            parts[item.get("id")] = package.beside(opf_name, unquote(item.get("href") or ""))
    order = [parts[item.get("idref")] for item in opf.iter(f"{_OPF}itemref") if item.get("idref") in parts]
    return list(dict.fromkeys(order))


def _encrypted(package: Package) -> set[str]:
    root = package.xml_if_held("META-INF/encryption.xml")
    references = [] if root is None else root.iter("{http://www.w3.org/2001/04/xmlenc#}CipherReference")
    return {unquote(reference.get("URI") or "") for reference in references}


def _as_division(chapter: _Element, part: str) -> _Element:
    """The chapter's body as a division of the whole, with names and links that are unique in the book."""
    body = next(iter(chapter.iter("body")), chapter)
    language = chapter.get("lang") or chapter.get("{http://www.w3.org/XML/1998/namespace}lang")
    body.tag = "div"
    if language and body.get("lang") is None:
        body.set("lang", language)
    for element in body.iter():
        for attribute in ("id", "name"):
            if element.get(attribute):
                element.set(attribute, f"{part}#{element.get(attribute)}")
        href = element.get("href") or ""
        target, _, place = href.partition("#")
        if place and "://" not in target:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(part), unquote(target))) if target else part
            element.set("href", f"#{file}#{place}")
    return body


def _metadata(opf: _Element) -> FileMetadata:
    def stated(name: str) -> list[str]:
        return [" ".join((element.text or "").split()) for element in opf.iter(f"{_DC}{name}") if element.text]

    date = next((date for date in stated("date") if date[:4].isdigit()), "")
    return FileMetadata(
        title=next(iter(stated("title")), None),
        authors=tuple(stated("creator")),
        date=(date[:10] if len(date) in (7, 10, 20, 25) else date[:4]) or None,
        language=next(iter(stated("language")), None),
    )
