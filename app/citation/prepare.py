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

EVENTS_AS_SPEECH = frozenset({"modern-language-association"})
"""Styles that give a statement made at an event its event, date and place in that order only for a speech (MLA 9, 5.99
and the appendix, "Lecture")."""

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
    item = dict(item)
    if not locale.startswith("en"):
        item.pop("genre", None)  # an English word, "paper"
    if item["type"] == "treaty" and "volume" in item:
        item.pop("number", None)  # the series says where it is; the resolution that adopted it is another document
    if path.stem == INTERNATIONAL["bluebook-law-review"]:
        if match := _RESOLUTION.match(str(item.get("number", ""))):
            item["genre"] = f"{_BODIES[match['body']]} Res. {match['number']}"  # rule 21.8.2
        if item.get("container-title-short") == "UNTS":
            item["container-title-short"] = "U.N.T.S."  # table T4.2
    if path.stem.startswith(SHORT_SERIES) and item.get("container-title-short") == "UNTS":
        item["container-title"] = "U.N.T.S."
    item["type"] = DATED_AS.get(path.stem, {}).get(item["type"], item["type"])
    if path.stem in EVENTS_AS_SPEECH and item["type"] in ("document", "speech") and "event-title" in item:
        item["type"] = "speech"
        if "issued" in item:
            item["event-date"] = item["issued"]
    if path.stem == "bluebook-law-review" and "first-reference-note-number" in item:
        item["first-reference-note-number"] += ","  # rule 4.2: "supra note 3, at 104"
    return item
