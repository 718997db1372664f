"""Citations: where a quote stands, in words (any CSL style) and as data (CSL-JSON, BibTeX, RIS).

from app.citation import cite, locate
cite(document.metadata, locate(document.blocks, document.pages, start, end))
"""

from app.citation.bibtex import to_bibtex
from app.citation.csl import CslItem, to_csl
from app.citation.errors import CitationError, UnknownLocale, UnknownStyle
from app.citation.locator import Locator, locate
from app.citation.render import Form, Output, cite, cite_runs, is_note_style
from app.citation.ris import to_ris
from app.citation.styles import DEFAULT_STYLE, Style, locale_for, style_names, styles

__all__ = [
    "DEFAULT_STYLE",
    "CitationError",
    "CslItem",
    "Form",
    "Locator",
    "Output",
    "Style",
    "UnknownLocale",
    "UnknownStyle",
    "cite",
    "cite_runs",
    "is_note_style",
    "locale_for",
    "locate",
    "style_names",
    "styles",
    "to_bibtex",
    "to_csl",
    "to_ris",
]
