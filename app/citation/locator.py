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

_ARTICLE = re.compile(r"^(?:article|art\.?|artículo|articulo)\s+(\d+\w*|[IVXLC]+)\b", re.IGNORECASE)
_ARTICLE_PARAGRAPH = re.compile(
    r"^(?:article|art\.?|artículo)\s+(?P<article>\d+\w*)(?:,?\s+par(?:agraph[e]?|a|\.|ágrafo|rafo)*\.?\s+(?P<paragraph>\S.*))?$",
    re.IGNORECASE,
)
_PARAGRAPH_NUMBER = re.compile(r"^\(?(\d+(?:\.\d+)*(?:\s*(?:bis|ter))?)[.)]?((?:\s*\([a-z]{1,4}\))*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a document.

    :param first_page: printed label of the page where the span starts; None where nothing is printed.
    :param last_page: label of the page where it ends; the same as the first on one page.
    :param page_index: physical page (1-based) where it starts, for links only; None in texts without pages.
    :param article: number of the article it stands in ("12"), for treaties.
    :param number: paragraph number as printed ("5", "3 (b)"), or None.
    :param paragraph: running number among the body's paragraphs, counted, not printed.
    :param section: heading path, outermost first.
    """

    first_page: str | None = None
    last_page: str | None = None
    page_index: int | None = None
    article: str | None = None
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
    article, number = _numbers(first)
    return Locator(
        first_page=on[0].label if on and on[-1].label else None,
        last_page=on[-1].label if on and on[0].label else None,
        page_index=on[0].index if on else None,
        article=article,
        number=number,
        paragraph=next((block.paragraph for block in touched if block.paragraph is not None), None),
        section=first.section if first else (),
    )


def _numbers(block: Block | None) -> tuple[str | None, str | None]:
    """The article and the paragraph number printed at a block."""
    if block is None:
        return None, None
    printed = (block.number or "").strip()
    if match := _ARTICLE_PARAGRAPH.match(printed):
        return match["article"], match["paragraph"]
    article = next((found[1] for heading in reversed(block.section) if (found := _ARTICLE.match(heading))), None)
    # A number before a list item counts items of that list; only a numbered paragraph is cited by its number.
    numbered = _PARAGRAPH_NUMBER.match(printed) if block.kind is BlockKind.PARAGRAPH or article else None
    return article, (numbered[1] + numbered[2]) if numbered else None


def short_heading(section: tuple[str, ...]) -> str | None:
    """The innermost heading as a citation prints it: its exact words, cut between words when very long."""
    if not section:
        return None
    heading = " ".join(section[-1].split())
    if len(heading) <= LONGEST_HEADING:
        return heading
    return heading[:LONGEST_HEADING].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
