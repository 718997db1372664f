"""Reads HTML that nests deeper than the parser follows: its paragraphs in order, without further structure.

For `ingest.extract.html`, which would otherwise lose the words silently. Invariant: every word outside scripts and
styles is kept.
"""

from __future__ import annotations

from html.parser import HTMLParser

from corpus.documents import BlockKind
from ingest.extract.flow import FlowBlock


def flat_blocks(markup: str, silent: frozenset[str], blocks: frozenset[str]) -> list[FlowBlock]:
    """The paragraphs of HTML.

    :param silent: tags whose content a browser does not show.
    :param blocks: tags that begin a new paragraph.
    """
    reader = _Reader(silent, blocks)
    reader.feed(markup)
    reader.close()
    reader.flush()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, silent: frozenset[str], blocks: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.silent, self.blocks = silent, blocks
        self.found: list[FlowBlock] = []
        self.parts: list[str] = []
        self.muted: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in self.silent and tag not in ("input", "area"):
            self.muted.append(tag)
        elif tag in self.blocks:
            self.flush()
        elif tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.muted and tag == self.muted[-1]:
            self.muted.pop()
        elif tag in self.blocks:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self.muted:
            self.parts.append(data.replace("\n", " "))

    def flush(self) -> None:
        text = "".join(self.parts)
        self.parts = []
        if text.strip():
            self.found.append(FlowBlock(BlockKind.PARAGRAPH, text))
