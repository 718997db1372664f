"""What a CSL item needs before one of the usual styles prints it as that style's manual says.

The CSL styles are general; each step here says which manual asks for what, and is tested by a golden string.
"""

from __future__ import annotations

import re
from pathlib import Path

from app.citation.csl import CslItem
from app.citation.styles import own_style

_RESOLUTION = re.compile(r"^(?P<body>[AS])/RES/(?P<number>\d[\w/.()-]*)$")
_BODIES = {"A": "G.A.", "S": "S.C."}

INTERNATIONAL = {"oscola": "oscola-international", "bluebook-law-review": "bluebook-international"}
"""Legal styles whose manuals cite treaties and United Nations documents by rules that their CSL files lack."""

DATED_AS = {
    "bluebook-law-review": {"document": "webpage", "speech": "webpage"},  # rules 17.2 and 18.2
    "oscola": {"document": "speech"},  # OSCOLA 4, 3.4: (event, place, date)
}
"""Styles that give statements and papers their full date, but whose CSL file prints it for these types alone."""

EVENTS_AS_SPEECH = frozenset(
    {"modern-language-association", "ieee", "nlm-citation-sequence", "harvard-cite-them-right"}
)
"""Styles whose CSL files print the event of a statement only for a speech (MLA 9, 5.99 and the appendix, "Lecture")."""

TREATIES_AS_ARTICLES = frozenset({"ieee", "nlm-citation-sequence"})
"""Styles without treaties, which are printed as parts of a series: volume and page, without publisher."""

SHORT_SERIES = ("chicago-", "apa")
"""Styles that abbreviate treaty series as lawyers do (Chicago 18, chapter 14, "Treaties"; APA 7, chapter 11), whose CSL
files print the series' name in full."""

PAGE_RANGES = {"oscola": "minimal-two", "oscola-international": "minimal-two", "bluebook-law-review": "minimal-two"}
"""How page ranges are shortened where the manual says so and the CSL file does not: at least two digits stay (Bluebook
rule 3.2(a); OSCOLA 4, 1.3)."""

SECTION_LAST = frozenset({"apa"})
"""Styles that write "Education section" rather than "Section Education" (APA 7, 8.13)."""


def sheet_for(path: Path, item: CslItem) -> Path:
    """The CSL file to print this item by."""
    if path.stem in INTERNATIONAL and (item["type"] == "treaty" or "number" in item):
        return own_style(INTERNATIONAL[path.stem])
    return path


def prepared(path: Path, item: CslItem, locale: str) -> CslItem:
    """The item as the style of this file is to see it."""
    style, item = path.stem, dict(item)
    if not locale.startswith("en"):
        item.pop("genre", None)  # an English word, "paper"
    if item["type"] == "treaty":
        _treaty(style, item)
    if style == INTERNATIONAL["bluebook-law-review"] and (match := _RESOLUTION.match(str(item.get("number", "")))):
        item["genre"] = f"{_BODIES[match['body']]} Res. {match['number']}"  # rule 21.8.2
    item["type"] = DATED_AS.get(style, {}).get(item["type"], item["type"])
    if style in EVENTS_AS_SPEECH and item["type"] in ("document", "speech") and "event-title" in item:
        item["type"] = "speech"
        if "issued" in item:
            item["event-date"] = item["issued"]
    if style == "bluebook-law-review" and "first-reference-note-number" in item:
        item["first-reference-note-number"] += ","  # rule 4.2: "supra note 3, at 104"
    if style == "nlm-citation-sequence":
        _citing_medicine(item)
    return item


def _treaty(style: str, item: CslItem) -> None:
    if "volume" in item:
        item.pop("number", None)  # the series says where it is; the resolution that adopted it is another document
    if item.get("container-title-short") == "UNTS":
        if style.startswith(SHORT_SERIES):
            item["container-title"] = "U.N.T.S."
        if style == INTERNATIONAL["bluebook-law-review"]:
            item["container-title-short"] = "U.N.T.S."  # table T4.2
    if style in TREATIES_AS_ARTICLES:
        item["type"] = "article-journal"
        item.pop("container-title-short", None)


def _citing_medicine(item: CslItem) -> None:
    """Chapter 2 of Citing Medicine: organizations are parted by semicolons, translators follow the title."""
    if item["type"] == "speech":
        item.setdefault("genre", "statement")  # "Statement presented at: …"
    authors = item.get("author", [])
    if len(authors) > 1 and all("literal" in author for author in authors):
        item["author"] = [{"literal": "; ".join(author["literal"] for author in authors)}]
    if item["type"] == "book" and "translator" in item and "edition" not in item:
        names = [_initialled(translator) for translator in item["translator"]]
        item["edition"] = f"{', '.join(names)}, translator{'s' if len(names) > 1 else ''}"


def _initialled(name: dict[str, str]) -> str:
    if "literal" in name:
        return name["literal"]
    return f"{name['family']} {''.join(part[0] for part in name['given'].split())}"
