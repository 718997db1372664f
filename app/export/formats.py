"""The formats of a quote pack by name, and the one call that writes any of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from app.citation import DEFAULT_STYLE
from app.citation.errors import CitationError
from app.export.pack import QuotedPassage, QuotePack, make_pack


class UnknownFormat(CitationError):
    """A format that quote packs are not written in."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name.lower(), EXPORT_FORMATS, n=1)
        hint = f"Did you mean {near[0]!r}" if near else f"Use one of {', '.join(EXPORT_FORMATS)}"
        super().__init__(f"There is no export format {name!r}", hint)
        self.name = name


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format of quote packs.

    :param writer: "module:function" in `app.export`, read at its first use, since some need heavy libraries.
    """

    media_type: str
    suffix: str
    writer: str

    def write(self, pack: QuotePack) -> bytes:
        """Write a pack."""
        module, name = self.writer.split(":")
        write: Callable[[QuotePack], bytes] = getattr(import_module(f"app.export.{module}"), name)
        return write(pack)


EXPORT_FORMATS = {
    "docx": ExportFormat(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "docx:write_docx"
    ),
    "odt": ExportFormat("application/vnd.oasis.opendocument.text", "odt", "odt:write_odt"),
    "markdown": ExportFormat("text/markdown; charset=utf-8", "md", "markdown:write_markdown"),
    "csv": ExportFormat("text/csv; charset=utf-8", "csv", "csv:write_csv"),
    "bibtex": ExportFormat("application/x-bibtex; charset=utf-8", "bib", "data:write_bibtex"),
    "ris": ExportFormat("application/x-research-info-systems", "ris", "data:write_ris"),
    "csl-json": ExportFormat("application/vnd.citationstyles.csl+json", "json", "data:write_csl_json"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file made of quotes."""

    content: bytes
    media_type: str
    file_name: str


def export(
    passages: Sequence[QuotedPassage],
    *,
    format: str,
    style: str = DEFAULT_STYLE,
    locale: str | None = None,
    title: str = "",
) -> Exported:
    """Write quotes and their citations as a file.

    :param format: a name of `EXPORT_FORMATS`.
    :param title: the document's heading; "Quotes", in the language of the citations, when empty.
    :raises UnknownFormat: when there is no such format.
    :raises CitationError: when there are no passages, or the style or language is unknown.
    """
    if format not in EXPORT_FORMATS:
        raise UnknownFormat(format)
    chosen = EXPORT_FORMATS[format]
    content = chosen.write(make_pack(passages, style, locale, title))
    return Exported(content, chosen.media_type, f"quotes.{chosen.suffix}")
