"""Reads an HTML page into a draft: headings, paragraphs, lists, tables, quotations, captions and linked notes.

Everything a browser would show is kept; what is the site speaking and not the document (menus, share buttons, cookie
banners) is marked as noise by a named rule, never thrown away. Invariant: the words of the draft are the words that a
browser shows, in the order of the file, each once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.documents import BlockKind
from ingest.extract.draft import Draft, DraftAnchor, SourceError
from ingest.extract.encoding import decode_text
from ingest.extract.flow import FlowBlock, draft_blocks
from ingest.extract.html_flat import flat_blocks
from ingest.extract.html_metadata import page_metadata
from ingest.extract.html_notes import LinkedNotes, find_linked_notes
from ingest.extract.html_site import letters_in, site_rule
from ingest.extract.limits import ExtractOptions
from ingest.extract.numerals import numeral
from ingest.extract.source import read_bytes

if TYPE_CHECKING:
    from lxml.etree import _Element

_SILENT = frozenset(
    re.findall(
        r"\w+",
        "script style template noscript iframe object embed svg math canvas audio video select datalist button input "
        "textarea rt rp head title map area",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table "
        "tbody td tfoot th thead tr ul",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LONGEST_CELL = 2_000
"""Code points: a table with a longer cell lays out a page; its cells are no data."""


def extract_html(path: Path, options: ExtractOptions) -> Draft:
    """Read an HTML page.

    :raises SourceError: when the file is over a limit, is not text, or holds no element.
    """
    data = read_bytes(path, options.limits)
    declared = _DECLARED.search(data[:4096])
    decoded = decode_text(data, path.name, declared.group(1).decode("ascii") if declared else None)
    problems = (decoded.problem,) if decoded.problem else ()
    root, too_deep = _parsed(decoded.text)
    if root is None:
        raise SourceError(f"{path.name} holds no HTML", "Check that the download was complete")
    metadata = page_metadata(root)
    if too_deep:
        flat = flat_blocks(decoded.text, _SILENT, _BLOCKS)
        return Draft(
            draft_blocks(flat), metadata=metadata, problems=(*problems, "nested too deeply: read without structure")
        )
    return Draft(draft_blocks(blocks_of_tree(root)), metadata=metadata, problems=problems)


def blocks_of_html(markup: str) -> list[FlowBlock]:
    """The blocks of a piece of HTML, such as raw HTML within Markdown."""
    root, too_deep = _parsed(markup)
    if too_deep:
        return flat_blocks(markup, _SILENT, _BLOCKS)
    return [] if root is None else blocks_of_tree(root)


def parsed_html(markup: str) -> _Element | None:
    """The root element of HTML, however broken; None where there is no element in it."""
    return _parsed(markup)[0]


def _parsed(markup: str) -> tuple[_Element | None, bool]:
    """The root element, and whether the parser gave up at some depth and dropped what lies below."""
    from lxml import etree

    # NUL ends a C string, and an encoding stated inside a text that is already decoded is no longer true.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\0", ""))
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    if not text.strip():
        return None, False
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8")
    try:
        root: _Element | None = etree.fromstring(text.encode(), parser)
    except etree.ParserError:
        root = None
    too_deep = any("Excessive depth" in entry.message for entry in parser.error_log)
    return root, too_deep


def blocks_of_tree(root: _Element) -> list[FlowBlock]:
    """The blocks of a parsed page, or of a part of one."""
    from lxml import etree

    body = root if root.tag != "html" else next(iter(root.iterchildren("body", "frameset")), root)
    reader = _Reader(find_linked_notes(body), letters_in(body))
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            reader.open(element)
        else:
            reader.close(element)
    reader.flush()
    return reader.blocks


@dataclass(slots=True)
class _Open:
    """An element whose end has not come, as far as it matters to the blocks in it."""

    element: _Element
    tag: str
    item: int | None = None
    number: str | None = None
    counter: int = 0
    rows: int = 0
    head: int | None = None
    layout: bool = False


@dataclass(slots=True)
class _Reader:
    notes: LinkedNotes
    letters: int
    """Of the whole page, which tells how much of it a part is."""
    blocks: list[FlowBlock] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    raised: list[tuple[int, int]] = field(default_factory=list)
    calls: list[DraftAnchor] = field(default_factory=list)
    silent: int = 0
    hidden: int = 0
    raised_from: int | None = None
    site_rules: list[tuple[_Element, str]] = field(default_factory=list)
    languages: list[tuple[_Element, str]] = field(default_factory=list)
    note: list[tuple[_Element, str]] = field(default_factory=list)

    def open(self, element: _Element) -> None:
        tag = _tag(element)
        unseen = tag in _SILENT or (tag not in _BLOCKS and _is_hidden(element))
        if self.silent or unseen or element in self.notes.back_links:
            self.silent += 1
            return
        if tag in _BLOCKS:
            self.flush()
            self._open_block(element, tag)
        if tag == "br":
            self._break_line()
        elif tag == "sup" and self.raised_from is None:
            self.raised_from = self.length
        call = self.notes.calls.get(element)
        if call is not None:
            self.calls.append(DraftAnchor(self.length, call.marker, call.key))
            self.silent += 1
            return
        self._say(element.text)

    def close(self, element: _Element) -> None:
        tag = _tag(element)
        if self.silent:
            self.silent -= 1
        elif tag in _BLOCKS:
            self.flush()
            self._close_block(element)
        elif tag == "sup" and self.raised_from is not None:
            self.raised.append((self.raised_from, self.length))
            self.raised_from = None
        if not self.silent:
            self._say(element.tail)

    def _open_block(self, element: _Element, tag: str) -> None:
        opened = _Open(element, tag)
        if tag == "li":
            around = next((of for of in reversed(self.stack) if of.tag in ("ul", "ol", "menu")), None)
            if around is not None and around.tag == "ol":
                around.counter = _number(element.get("value")) or around.counter + 1
                opened.number = numeral(around.counter, around.element.get("type") or "1")
        elif tag == "ol":
            opened.counter = (_number(element.get("start")) or 1) - 1
        elif tag == "tr":
            table = next((of for of in reversed(self.stack) if of.tag == "table"), None)
            if table is not None:
                table.rows, table.head = table.rows + 1, None
        elif tag == "table":
            opened.layout = _lays_out_page(element)
        self.stack.append(opened)
        self.hidden += _is_hidden(element)
        rule = site_rule(element, self.letters)
        if rule:
            self.site_rules.append((element, rule))
        language = element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang")
        if language and tag not in ("html", "body"):
            self.languages.append((element, language))
        key = self.notes.bodies.get(element)
        if key is not None:
            self.note.append((element, key))

    def _close_block(self, element: _Element) -> None:
        if self.stack and self.stack[-1].element is element:
            self.stack.pop()
        self.hidden -= _is_hidden(element)
        for marks in (self.site_rules, self.languages, self.note):
            if marks and marks[-1][0] is element:
                marks.pop()

    def _say(self, words: str | None) -> None:
        if not words or self.silent:
            return
        if not any(opened.tag == "pre" for opened in self.stack):
            words = re.sub(r"[ \t\n\r\f]+", " ", words)
        self.parts.append(words)
        self.length += len(words)

    def _break_line(self) -> None:
        """A line break; a second one in a row ends the paragraph, as old pages mean it to."""
        said = "".join(self.parts).rstrip(" ")
        in_heading = any(opened.tag in _HEADINGS for opened in self.stack)
        if said.endswith("\n") and not in_heading:
            self.flush()
        elif said:
            self._say_break()

    def _say_break(self) -> None:
        self.parts.append("\n")
        self.length += 1

    def flush(self) -> None:
        """End the block that is being collected, if it has words."""
        text, raised, calls = "".join(self.parts), self.raised, self.calls
        self.parts, self.length, self.raised, self.calls = [], 0, [], []
        self.raised_from = None if self.raised_from is None else 0
        if not text.strip():
            if calls and self.blocks:
                # A marker that stands alone between two blocks hangs on the end of the one before it.
                self.blocks[-1].calls += [
                    DraftAnchor(len(self.blocks[-1].text.rstrip()), call.marker, call.note) for call in calls
                ]
            return
        block = FlowBlock(BlockKind.PARAGRAPH, text, raised=raised, calls=calls)
        self._place(block)
        self.blocks.append(block)

    def _place(self, block: FlowBlock) -> None:
        """Say what the block is, from the elements it stands in, the innermost that decides first."""
        place = len(self.blocks)
        block.hidden = self.hidden > 0
        block.noise = self.site_rules[0][1] if self.site_rules else None
        block.language = self.languages[-1][1] if self.languages else None
        if self.note:
            block.kind, block.noise = BlockKind.NOTE, None
            block.note = self.note[-1][1]
            block.marker = self.notes.markers[block.note]
            return
        items = [opened for opened in self.stack if opened.tag == "li"]
        for opened in reversed(self.stack):
            if opened.tag in _HEADINGS:
                block.kind, block.level = BlockKind.HEADING, _HEADINGS[opened.tag]
                return
            if opened.tag in ("caption", "figcaption"):
                block.kind = BlockKind.CAPTION
                return
            if opened.tag == "blockquote":
                block.kind = BlockKind.QUOTATION
                return
            if opened.tag == "table" and not opened.layout:
                block.kind, block.level, block.parent = BlockKind.TABLE_CELL, max(1, opened.rows), opened.head
                opened.head = place if opened.head is None else opened.head
                return
            if opened.tag == "li" and opened.item is not None:
                block.parent = opened.item
                return
            if opened.tag == "li":
                block.kind, block.level, block.number = BlockKind.LIST_ITEM, len(items), opened.number
                block.list_style = "1" if opened.number else "-"
                block.parent = next((of.item for of in reversed(items[:-1]) if of.item is not None), None)
                opened.item = place
                return


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _tag(element: _Element) -> str:
    tag: Any = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?[0-9]{1,9}", value.strip()) else None


def _lays_out_page(table: _Element) -> bool:
    """Whether the table lays out a page and holds no data: old pages put all their text into one."""
    inner = any(_tag(child) in ("table", *_HEADINGS) for child in table.iterdescendants())
    if inner or table.get("role") in ("presentation", "none"):
        return True
    cells = [cell for cell in table.iterdescendants() if _tag(cell) in ("td", "th")]
    rows = sum(_tag(row) == "tr" for row in table.iterdescendants())
    return len(cells) <= rows or any(sum(map(len, cell.itertext())) > LONGEST_CELL for cell in cells)
