"""Marks blocks that are on the page but are not the document speaking: contents, references, forms, figures.

From blocks.py, the last step before the draft. Each rule is a claim about a page with its reason, and is measured on
the pages labelled in tests/evaluation/noise. A block is marked with the name of the rule; it is kept and findable.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus.documents import BlockKind
from ingest.extract.draft import DraftBlock

PROSE = 280
"""Characters from which a block without leaders is prose, whatever the page it stands on."""

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:_\s?){6,}|(?:…\s?){3,}|(?:·\s?){4,}")
_ENDS_IN_PAGE = re.compile(r"(?:^|\D\s*)(\d{1,3}|[ivxl]{1,5})\s*$")
_CONTENTS = re.compile(
    r"\b(?:table of )?contents?\b|\blist of (?:figures|tables|boxes|annexes)\b|sommaire|table des mati[èe]res|"
    r"\bíndice\b|\bcontenido\b|содержание|оглавление|المحتويات|目\s?录|目\s?次",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"^\W*(?:[\dIVX]+\.?\s+|annex\w*\s+\w+[.:]?\s+)?(?:list of )?(?:selected |key |main )?"
    r"(?:references?|bibliograph\w+|works cited|further reading|sources|end\s?notes|notes|"
    r"documents? (?:reviewed|consulted)|références|bibliografía|referencias|литература)\b.{0,40}$",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"https?://|www\.|\bpp?\.\s?\d|\bdoi\b|\bISBN\b|\bIbid\b|\bop\. ?cit|\bavailable (?:at|from)\b|\beds?\.|"
    r"\bvol\.|\bPress\b|\bUN Doc|\b[A-Z]/(?:RES|HRC|C\.)|\(\s?(?:19|20)\d\d[a-z]?\s?\)|[A-Z][\w’'-]+,\s(?:[A-Z]\.\s?)+"
)
_DATED = re.compile(r"\b(?:19|20)\d\d[a-z]?\b|https?://")
_INDEX_ENTRY = re.compile(r"^[^\d]{2,60},\s*(?:\d{1,3}(?:[-–]\d{1,3})?(?:,\s*|$)){1,}")
_ABBREVIATION = re.compile(r"^(?=\S*[A-Z]\S*[A-Z])[A-Z0-9][A-Za-z0-9&/.-]{1,14}(?:\s|$)")
_BLANK = re.compile(r"_{4,}|\.{8,}|[☐□❑◻]|(?<!\w)\[\s?\](?!\w)")
_SENTENCE = re.compile(r"[a-zà-ÿ]{2,}[.!?]['\"”’)]*(?:\s|$)")

Page = Sequence[DraftBlock]


def looks_like_contents_page(page: Page) -> bool:
    """Leaders run to page numbers in several entries, or numbers rise down a page that calls itself contents.

    Contents repeat every heading, so that they match any query about a heading without answering it.
    """
    leaders = sum(len(_LEADERS.findall(block.text)) for block in page)
    long = sum(len(block.text) for block in page if len(block.text) > PROSE and not _LEADERS.search(block.text))
    whole = sum(len(block.text) for block in page)
    if leaders >= 4 and long < 0.5 * whole:
        return True
    called = any(_CONTENTS.search(block.text[:60]) for block in page[:4])
    ends = [found[1] for block in page if (found := _ENDS_IN_PAGE.search(block.text)) and len(block.text) < 160]
    numbers = [int(end) for end in ends if end.isdigit()]
    rising = sum(b >= a for a, b in pairwise(numbers))
    return called and len(numbers) >= 4 and rising >= 0.7 * (len(numbers) - 1) and long < 0.5 * whole


def looks_like_index(page: Page) -> bool:
    """Most blocks are a few words and the pages they stand on: an index answers "where", never "what"."""
    entries = sum(bool(_INDEX_ENTRY.match(block.text)) for block in page)
    return entries >= 8 and entries > 0.5 * len(page)


def looks_like_reference_list(page: Page) -> bool:
    """Most blocks cite a work (year, publisher, address, pages) and hardly one is longer than a citation.

    References name other documents in words that queries use; they are those documents' titles, not this one's claims.
    """
    if len(page) < 4:
        return False
    notes = sum(block.kind is BlockKind.NOTE for block in page)
    if notes >= 8 and notes > 0.8 * len(page):
        return True  # endnotes
    texts = [block.text for block in page if block.kind is not BlockKind.HEADING and len(block.text) > 15]
    citing = sum(bool(_CITED.search(text)) and bool(_DATED.search(text)) for text in texts)
    titled = any(block.kind is BlockKind.HEADING and _REFERENCES.match(block.text) for block in page)
    return len(texts) >= 4 and citing >= (0.4 if titled else 0.6) * len(texts) and median(map(len, texts)) < 450


def looks_like_abbreviations(page: Page) -> bool:
    """Abbreviations and what they stand for, one under the other: names without a statement."""
    short = [block for block in page if block.kind is not BlockKind.HEADING and len(block.text) < 160]
    opening = sum(bool(_ABBREVIATION.match(block.text)) for block in short)
    alone = sum(len(block.text) < 16 and bool(_ABBREVIATION.match(block.text)) for block in short)
    sentences = sum(bool(_SENTENCE.search(block.text)) for block in page)
    listed = (opening >= 8 and opening > 0.6 * len(page)) or (alone >= 8 and alone > 0.35 * len(page))
    return listed and sentences < 0.2 * len(page)


def looks_like_form(page: Page) -> bool:
    """Blanks or boxes to be filled in stand in a good part of the blocks: questions that nobody has answered yet."""
    blanks = sum(bool(_BLANK.search(block.text)) for block in page)
    questions = sum(len(block.text) < 120 and block.text.rstrip().endswith((":", "?")) for block in page)
    prose = sum(len(block.text) for block in page if len(block.text) > PROSE)
    whole = sum(len(block.text) for block in page)
    return blanks >= 4 and blanks + questions > 0.3 * len(page) and prose < 0.4 * whole


def looks_like_table_of_figures(page: Page) -> bool:
    """Nearly all is cells of a table, and the cells hold names and figures rather than sentences."""
    cells = [block for block in page if block.kind is BlockKind.TABLE_CELL]
    inside = sum(len(cell.text) for cell in cells)
    whole = sum(len(block.text) for block in page)
    if len(cells) < 20 or inside < 0.8 * whole:
        return False
    said = sum(len(cell.text) for cell in cells if _SENTENCE.search(cell.text) and len(cell.text) > 100)
    return median(len(cell.text) for cell in cells) < 60 and said < 0.3 * inside


RULES: tuple[Callable[[Page], bool], ...] = (
    looks_like_contents_page,
    looks_like_index,
    looks_like_abbreviations,
    looks_like_reference_list,
    looks_like_form,
    looks_like_table_of_figures,
)


def mark_noise(blocks: Sequence[DraftBlock]) -> list[DraftBlock]:
    """The same blocks, those of pages that a rule recognizes marked with its name."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for place, block in enumerate(blocks):
        if block.page_breaks and not block.hidden:
            by_page[block.page_breaks[0].page].append(place)
    marked = list(blocks)
    for places in by_page.values():
        page = [blocks[place] for place in places]
        name = next((rule.__name__ for rule in RULES if rule(page)), None)
        if name is None:
            continue
        for place in places:
            if _is_marked(blocks[place], name):
                marked[place] = replace(blocks[place], noise=name)
    return marked


def _is_marked(block: DraftBlock, name: str) -> bool:
    """Whether a rule about a page takes in the block: prose stays out of it, and so do headings that name a section."""
    if name == "looks_like_contents_page":
        return len(block.text) < PROSE or _LEADERS.search(block.text) is not None
    if name == "looks_like_reference_list":
        return block.kind is not BlockKind.HEADING
    return block.kind is not BlockKind.HEADING and not (len(block.text) > PROSE and block.kind is BlockKind.PARAGRAPH)
