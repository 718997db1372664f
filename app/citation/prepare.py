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
    item["type"] = DATED_AS.get(path.stem, {}).get(item["type"], item["type"])
    return item
