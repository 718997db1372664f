"""Reads what stands before a list item or a numbered paragraph: bullets, "12.", "(b)", "iv)", "Article 12".

For columns.py (a marker set apart belongs to the words beside it), paragraphs.py (a marker opens a block) and
numbering.py (the path that people cite).
"""

from __future__ import annotations

import re

BULLETS = "•◦▪▫■□●○◆◇▶►‣⁃∙·➢➤✓✔–—-*❖➔→⇒"

_BULLET = re.compile(rf"[{re.escape(BULLETS)}o](?=\s|$)|[•◦▪▫■□●○◆◇▶►‣⁃∙➢➤✓✔❖➔](?=\S)")
_ENUMERATOR = re.compile(
    r"""(?P<open>[(\[]?)(?P<n>\d{1,3}(?:\.\d{1,3}){0,4}|[ivxlc]{1,6}|[IVXLC]{1,6}|[A-Za-z]{1,2})(?P<close>[.)\]:]|º|°)(?=\s|$)
    |(?P<bare>\d{1,3}(?:\.\d{1,3}){1,4})(?=\s+\S|$)""",
    re.VERBOSE,
)
_NAMED = re.compile(
    r"(?P<name>Article|Art\.|Articles?|Rule|Principle|Guideline|Section|Chapter|Part|PART|Annex|ANNEX|Objective|Recommendation|"
    r"Artículo|Artikel|Статья|المادة|CHAPTER|ARTICLE|Título|Chapitre|Titre|Capítulo|Schedule)\s+"
    r"(?P<n>\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[A-Z]|one|first|premier|1er)\b\.?",
)
_CJK_NAMED = re.compile(r"第\s?[0-9一二三四五六七八九十百]+\s?[条條章节]")


def bullet_at(text: str) -> int:
    """How many characters a bullet at the start of the text takes; 0 where there is none."""
    found = _BULLET.match(text)
    return found.end() if found else 0


def enumerator_at(text: str) -> re.Match[str] | None:
    """The number or letter that opens the text as an item ("12.", "(b)", "2.1 "), if one does."""
    found = _ENUMERATOR.match(text)
    if found and found["n"] and not found["n"].isdigit() and "." not in found["n"]:
        letters = found["n"]
        if len(letters) > 1 and not re.fullmatch(r"[ivxlc]+|[IVXLC]+|([a-zA-Z])\1", letters):
            return None
        if found["close"] in ".:" and not found["open"] and letters.islower() and len(letters) > 1:
            return found if re.fullmatch(r"[ivxlc]+", letters) else None
    return found


def named_at(text: str) -> re.Match[str] | None:
    """The named number that opens the text ("Article 12", "第四条"), if one does."""
    return _NAMED.match(text) or _CJK_NAMED.match(text)


def is_marker(text: str) -> bool:
    """Whether the text is a bullet or an enumerator and nothing else."""
    text = text.strip()
    if not text or len(text) > 10:
        return False
    taken = bullet_at(text)
    found = enumerator_at(text)
    return taken == len(text) or (found is not None and found.end() == len(text))
