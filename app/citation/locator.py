"""Where in a document a span stands, as people say it: page labels, printed numbers, section and paragraph.

Made from a document's pages and blocks; read by every form of citation. The invariant: nothing is invented. A text
without page labels has no page here, and a physical page number (`Page.index`) never becomes a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Block, BlockKind, Page, Span, pages_of

LONGEST_HEADING = 100
"""Code points of a heading that a citation prints whole; of a longer one it prints the first words and an ellipsis."""

_ARTICLE_NAMES = (
    "article|articles|art\\.|artículo|articulo|artigo|artikel|articolo|artikla|madde|điều|статья|стаття|المادة"
)
_ARTICLE = re.compile(
    rf"(?:{_ARTICLE_NAMES})\s+(?P<number>(?:\d+|[IVXLC]+)(?:\s?(?:bis|ter|quater)|[a-z])?|premier)\b", re.IGNORECASE
)
_ARTICLE_IN_CHINESE = re.compile(r"第\s?(?P<number>\d+)\s?[条條]")
_PARTS = re.compile(r"^(?P<head>.*?)(?:, paragraph (?P<paragraph>\S.*)|(?P<letters>(?: \([^()]+\))+))?$")
"""The number of a block, as `ingest.numbering` writes it: "article 12, paragraph 3 (b)", "article 45 (b)", "57 (c)"."""


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a document.

    :param first_page: printed label of the page where the span starts; None where nothing is printed.
    :param last_page: label of the page where it ends; the same as the first on one page.
    :param page_index: physical page (1-based) where it starts, for links only; None in texts without pages.
    :param article: number of the article it stands in ("12"), for treaties.
    :param division: another numbered part in the document's own words ("objective 6", "principle 3").
    :param number: paragraph number as printed ("5", "3 (b)"), or the letters of an article without one ("(b)").
    :param paragraph: running number among the body's paragraphs, counted, not printed.
    :param section: heading path, outermost first.
    """

    first_page: str | None = None
    last_page: str | None = None
    page_index: int | None = None
    article: str | None = None
    division: str | None = None
    number: str | None = None
    paragraph: int | None = None
    section: tuple[str, ...] = ()

    @property
    def pages(self) -> str | None:
        """Page labels, "74" or "74–75"; None where the source prints none."""
        if self.first_page is None:
            return None
        if self.last_page is None or self.last_page == self.first_page:
            return self.first_page
        return f"{self.first_page}–{self.last_page}"


def locate(blocks: Sequence[Block], pages: Sequence[Page], start: int, end: int) -> Locator:
    """Say where `[start, end)` of the canonical text stands.

    :param blocks: the document's blocks, or those that the span touches.
    """
    wanted = Span(start, end)
    touched = [block for block in blocks if block.span.overlaps(wanted)]
    first = next((block for block in touched if block.kind is not BlockKind.HEADING), touched[0] if touched else None)
    on = pages_of(pages, start, end)
    article, division, number = _numbers(first, blocks)
    return Locator(
        first_page=on[0].label if on and on[-1].label else None,
        last_page=on[-1].label if on and on[0].label else None,
        page_index=on[0].index if on else None,
        article=article,
        division=division,
        number=number,
        paragraph=next((block.paragraph for block in touched if block.paragraph is not None), None),
        section=first.section if first else (),
    )


def _numbers(block: Block | None, blocks: Sequence[Block]) -> tuple[str | None, str | None, str | None]:
    """The article or other division, and the paragraph number, printed at a block."""
    if block is None:
        return None, None, None
    in_article = next((found for heading in reversed(block.section) if (found := _article(heading))), None)
    parts = _PARTS.match(" ".join((block.number or "").split()))
    head, paragraph, letters = (parts["head"], parts["paragraph"], parts["letters"]) if parts else ("", None, None)
    if not head or head.startswith("("):
        return in_article, None, (head or None) if in_article else None
    if head[0].isdigit():
        number = f"{head}{letters or ''}"
        return in_article, None, number if in_article or _is_paragraph_number(block, head, blocks) else None
    article = _article(head)
    return article, None if article else head, paragraph or (letters.strip() if letters else None)


def _article(words: str) -> str | None:
    match = _ARTICLE.match(words) or _ARTICLE_IN_CHINESE.match(words)
    return match["number"] if match else None


def _is_paragraph_number(block: Block, number: str, blocks: Sequence[Block]) -> bool:
    """Whether a number counts the document's paragraphs, and not the items of one list among others."""
    if block.kind is not BlockKind.LIST_ITEM:
        return True
    return any(other.kind is BlockKind.PARAGRAPH and other.number == number for other in blocks)


def short_heading(section: tuple[str, ...]) -> str | None:
    """The innermost heading as a citation prints it: its exact words, cut between words when very long."""
    if not section:
        return None
    heading = " ".join(section[-1].split())
    if len(heading) <= LONGEST_HEADING:
        return heading
    return heading[:LONGEST_HEADING].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
