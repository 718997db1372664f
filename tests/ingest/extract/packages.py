"""Small DOCX, ODT and EPUB files, made of the XML that a test is about."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODT_PREFIXES = {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing"}
_ODT_NAMES = " ".join(
    [
        *(f'xmlns:{prefix}="{_ODF}:{name}:1.0"' for prefix, name in _ODT_PREFIXES.items()),
        f'xmlns:fo="{_ODF}:xsl-fo-compatible:1.0"',
    ]
)


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip file of these parts, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def docx(path: Path, body: str, **parts: str) -> Path:
    """A Word file with this body and these other parts (`footnotes`, `endnotes`, `styles`, `numbering`)."""
    relations = "".join(f'<Relationship Id="r{name}" Type="{_R}/{name}" Target="{name}.xml"/>' for name in parts)
    names = "http://schemas.openxmlformats.org/package/2006/relationships"
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{names}"><Relationship Id="r" Type="{_R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{names}">{relations}</Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:mc="http://schemas.openxmlformats.org/'
        f'markup-compatibility/2006"><w:body>{body}</w:body></w:document>',
    }
    for name, content in parts.items():
        made[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{_W}">{content}</w:{name}>'
    return zipped(path, made)


def paragraph(*runs: str, properties: str = "") -> str:
    """A Word paragraph; a run that is no XML is plain text."""
    made = (run if run.startswith("<") else f'<w:r><w:t xml:space="preserve">{run}</w:t></w:r>' for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(made)}</w:p>"


def listed(list_id: int, depth: int = 0) -> str:
    """Properties of a Word paragraph that is an item of a list."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'


def odt(path: Path, body: str, styles: str = "") -> Path:
    """An OpenDocument text with this body and these automatic styles."""
    content = (
        f"<office:document-content {_ODT_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(path, {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def epub(path: Path, chapters: Mapping[str, str], metadata: str = "") -> Path:
    """A book of these chapters, in this order."""
    items = "".join(
        f'<item id="c{place}" href="{name}" media-type="application/xhtml+xml"/>' for place, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{place}"/>' for place in range(len(chapters)))
    return zipped(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
            **{f"OPS/{name}": f"<html><body>{content}</body></html>" for name, content in chapters.items()},
        },
    )
