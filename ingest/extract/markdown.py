"""Reads a Markdown file into a draft: headings, paragraphs, lists, quotations, tables and notes.

CommonMark with tables, footnotes and front matter, by markdown-it-py. Marks of emphasis and links go, their words stay;
a hard break is a line break; raw HTML gives its words, never its scripts. Invariant: the words of the draft are the
words that a browser would show of the rendered file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.documents import BlockKind
from ingest.extract.draft import Draft, DraftAnchor, FileMetadata
from ingest.extract.encoding import decode_text
from ingest.extract.flow import LEVEL_OF_BOLD_HEADING, FlowBlock, draft_blocks, looks_like_bold_heading
from ingest.extract.front_matter import read_front_matter
from ingest.extract.limits import ExtractOptions
from ingest.extract.source import read_bytes
from ingest.extract.text import blocks_of_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

DEEPEST_NESTING = 60
"""Lists in quotations in lists …: what lies deeper is read as plain text, since a parser would drop it."""
LONGEST_LINE = 500_000
"""Code points: a line longer than this is no prose, and inline parsing of it may take minutes."""
MOST_NOTES_IN_PARAGRAPH = 1_000
"""The parser takes time in the square of what may open a note in one paragraph; people call a few."""
_HEADING_WITHOUT_SPACE = re.compile(r"^(#{2,6})(?=[^#\s])", re.MULTILINE)
_FAILED_BOLD = re.compile(r"\*{2,}")


def extract_markdown(path: Path, options: ExtractOptions) -> Draft:
    """Read a Markdown file.

    :raises SourceError: when the file is over a limit or is not text.
    """
    decoded = decode_text(read_bytes(path, options.limits), path.name)
    problems = (decoded.problem,) if decoded.problem else ()
    blocks, metadata, doubts = blocks_of_markdown(decoded.text)
    return Draft(draft_blocks(blocks), metadata=metadata, problems=(*problems, *doubts))


def blocks_of_markdown(text: str) -> tuple[list[FlowBlock], FileMetadata, tuple[str, ...]]:
    """The blocks of Markdown text, what its front matter says, and what could not be read as Markdown, in words."""
    if max(map(len, text.split("\n"))) > LONGEST_LINE:
        return blocks_of_text(text), FileMetadata(), ("a line is too long to be Markdown: read as plain text",)
    # Many Markdown files leave out the space that CommonMark asks for behind "##".
    source = _HEADING_WITHOUT_SPACE.sub(r"\1 ", text.replace("\r\n", "\n").replace("\r", "\n"))
    calls = max(paragraph.count("[^") + paragraph.count("^[") for paragraph in source.split("\n\n"))
    if calls > MOST_NOTES_IN_PARAGRAPH:
        return blocks_of_text(text), FileMetadata(), ("a paragraph has too many notes: read as plain text",)
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(source, environment)
    if max((token.level for token in tokens), default=0) >= DEEPEST_NESTING - 2:
        return blocks_of_text(text), FileMetadata(), ("nested too deeply to be Markdown: read as plain text",)
    reader = _Reader(environment)
    reader.read(tokens)
    return reader.blocks, reader.metadata, ()


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST_NESTING}).enable("table")
    parser.use(footnote_plugin, always_match_refs=True).use(front_matter_plugin)
    # The plugin's last step moves notes to the end and drops those that nothing calls; the canonical text does the
    # one and must not do the other.
    # Without text_join an escaped star stays apart from one that failed as a mark of emphasis.
    return parser.disable(["footnote_tail", "text_join"])


@dataclass(slots=True)
class _Reader:
    """Walks the tokens in order; a token opens a container, closes one, or holds words."""

    environment: dict[str, object]
    blocks: list[FlowBlock] = field(default_factory=list)
    metadata: FileMetadata = field(default_factory=FileMetadata)
    _lists: list[_List] = field(default_factory=list)
    _quoted: int = 0
    _heading: int = 0
    _note: str | None = None
    _row: int = 0
    _row_head: int | None = None
    _in_cell: bool = False
    _list_count: int = 0

    def read(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            match token.type:
                case "front_matter":
                    self.metadata = read_front_matter(token.content)
                case "heading_open":
                    self._heading = int(token.tag[1])
                case "heading_close":
                    self._heading = 0
                case "bullet_list_open" | "ordered_list_open":
                    self._lists.append(_List(token.markup if token.type == "bullet_list_open" else f"1{token.markup}"))
                case "bullet_list_close" | "ordered_list_close":
                    self._lists.pop()
                case "list_item_open":
                    self._lists[-1].item, self._lists[-1].number = None, token.info or None
                case "blockquote_open":
                    self._quoted += 1
                case "blockquote_close":
                    self._quoted -= 1
                case "footnote_reference_open":
                    self._note = str(token.meta["label"])
                case "footnote_reference_close":
                    self._note = None
                case "table_open":
                    self._row = 0
                case "tr_open":
                    self._row, self._row_head = self._row + 1, None
                case "th_open" | "td_open":
                    self._in_cell = True
                case "th_close" | "td_close":
                    self._in_cell = False
                case "inline":
                    self._add(_Words.of(token.children or [], self))
                case "fence" | "code_block":
                    self._add(_Words(token.content))
                case "html_block":
                    for words in _words_of_html(token.content):
                        self._add(_Words(words))
                case _:
                    pass

    def _add(self, words: _Words) -> None:
        kind, level, parent, style, number = BlockKind.PARAGRAPH, 0, None, None, None
        item = next((of for of in reversed(self._lists)), None)
        if self._note is not None:
            kind = BlockKind.NOTE
        elif self._in_cell:
            kind, level, parent = BlockKind.TABLE_CELL, self._row, self._row_head
        elif self._heading:
            kind, level = BlockKind.HEADING, self._heading
        elif item is not None and item.item is None:
            kind, level, style, number = BlockKind.LIST_ITEM, len(self._lists), item.style, item.number
            parent = next((of.item for of in reversed(self._lists[:-1]) if of.item is not None), None)
        elif item is not None:
            kind, parent = BlockKind.QUOTATION if self._quoted else BlockKind.PARAGRAPH, item.item
        elif self._quoted:
            kind = BlockKind.QUOTATION
        elif words.wholly_bold and looks_like_bold_heading(words.text):
            kind, level = BlockKind.HEADING, LEVEL_OF_BOLD_HEADING
        place = len(self.blocks)
        if kind is BlockKind.LIST_ITEM and item is not None:
            item.item = place
        if kind is BlockKind.TABLE_CELL and self._row_head is None:
            self._row_head = place
        self.blocks.append(
            FlowBlock(
                kind=kind,
                text=words.text,
                level=level,
                parent=parent,
                list_style=style,
                number=number,
                raised=words.raised,
                calls=words.calls,
                note=self._note,
                marker=self._note,
            )
        )

    def add_inline_note(self, meta: dict[str, object]) -> str:
        """Add the note that stands inside a sentence, `^[like this]`, and give its key."""
        key = f"inline {meta['id']}"
        notes = self.environment["footnotes"]["list"]  # type: ignore[index]
        words = _Words.of(notes[meta["id"]]["tokens"], self)
        self.blocks.append(FlowBlock(BlockKind.NOTE, words.text, calls=words.calls, note=key, marker="*"))
        return key


@dataclass(slots=True)
class _List:
    """A list that is open: what its items begin with, the block of its current item, and that item's number."""

    style: str
    item: int | None = None
    number: str | None = None


@dataclass(slots=True)
class _Words:
    """The words of one inline run, the raised stretches in it, the notes it calls, and whether all of it is bold."""

    text: str
    raised: list[tuple[int, int]] = field(default_factory=list)
    calls: list[DraftAnchor] = field(default_factory=list)
    wholly_bold: bool = False

    @classmethod
    def of(cls, tokens: Sequence[Token], reader: _Reader) -> _Words:
        words = cls("")
        parts: list[str] = []
        length = bold = 0
        plain = raised_from = None
        silent: str | None = None
        stars: list[tuple[int, int]] = []
        for token in tokens:
            added = ""
            match token.type:
                case "text" | "code_inline" | "text_special":
                    added = token.content
                case "softbreak":
                    added = " "
                case "hardbreak":
                    added = "\n"
                case "strong_open":
                    bold += 1
                case "strong_close":
                    bold -= 1
                case "footnote_ref":
                    label = token.meta.get("label")
                    key = str(label) if label is not None else reader.add_inline_note(token.meta)
                    words.calls.append(DraftAnchor(length, str(label) if label is not None else "*", key))
                case "html_inline":
                    tag = _tag_name(token.content)
                    if tag in ("script", "style"):
                        silent = tag
                    elif silent and tag == f"/{silent}":
                        silent = None
                    elif tag == "br":
                        added = "\n"
                    elif tag == "sup":
                        raised_from = length
                    elif tag == "/sup" and raised_from is not None:
                        words.raised.append((raised_from, length))
                        raised_from = None
                    elif tag in ("b", "strong"):
                        bold += 1
                    elif tag in ("/b", "/strong"):
                        bold -= 1
            if silent or not added:
                continue
            if added.strip() and bold <= 0:
                plain = added
            if token.type == "text":
                stars.extend((length + match.start(), length + match.end()) for match in _FAILED_BOLD.finditer(added))
            parts.append(added)
            length += len(added)
        words.text = "".join(parts)
        words.wholly_bold = plain is None and bool(words.text.strip())
        words._drop_failed_bold(stars)
        return words

    def _drop_failed_bold(self, stars: Sequence[tuple[int, int]]) -> None:
        """Drop pairs of `**` that are no emphasis to CommonMark because of a space inside: `**Title. ** Text`.

        Stars that the author escaped, and those that hang on a word with no partner before them, are note markers.
        """
        pairs: list[tuple[int, int]] = []
        opening: tuple[int, int] | None = None
        for start, end in stars:
            if opening is not None:
                pairs += [opening, (start, end)]
                opening = None
            elif not self.text[:start] or not self.text[start - 1].isalnum():
                opening = (start, end)
        for start, end in reversed(pairs):
            self.text = self.text[:start] + self.text[end:]
            size = end - start
            self.raised = [
                (begin - size * (begin > start), stop - size * (stop > start)) for begin, stop in self.raised
            ]
            self.calls = [
                DraftAnchor(call.block_start - size * (call.block_start > start), call.marker, call.note)
                for call in self.calls
            ]


def _tag_name(markup: str) -> str:
    match = re.match(r"<(/?[a-zA-Z][a-zA-Z0-9-]*)", markup)
    return match.group(1).lower() if match else ""


def _words_of_html(markup: str) -> Iterator[str]:
    """The words of a block of raw HTML, a paragraph each."""
    from ingest.extract.html import blocks_of_html

    yield from (block.text for block in blocks_of_html(markup))
