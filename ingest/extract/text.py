"""Reads a plain text file into a draft: paragraphs stand between blank lines, form feeds between pages.

Invariant: every word of the file is in the draft, in the order of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from corpus.documents import BlockKind
from ingest.extract.draft import Draft, DraftBlock, DraftPage, PageBreak
from ingest.extract.encoding import decode_text
from ingest.extract.flow import FlowBlock, draft_blocks
from ingest.extract.limits import ExtractOptions
from ingest.extract.source import read_bytes

_BLANK_LINES = re.compile(r"\n[ \t\v\u00a0]*(?:\n[ \t\v\u00a0]*)+")
_LIST_LINE = re.compile(r"^[ \t]*([-–—•‣◦▪·*]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])[ \t]+(?=\S)", re.MULTILINE)
_STARS = re.compile(r"^[ \t]*\*[ \t]+\S(?:.|\n)*?^[ \t]*\*[ \t]+\S", re.MULTILINE)
"""Two lines that begin with a star: one alone may be a note."""
LONGEST_WRAPPED_LINE = 200
"""Code points; programs and people wrap text at 60 to 120."""
_BULLET = re.compile(r"[-–—•‣◦▪·*]")


def extract_text(path: Path, options: ExtractOptions) -> Draft:
    """Read a plain text file.

    :raises SourceError: when the file is over a limit or is not text.
    """
    decoded = decode_text(read_bytes(path, options.limits), path.name)
    problems = (decoded.problem,) if decoded.problem else ()
    flow: list[FlowBlock] = []
    page_of: list[int] = []
    pages = decoded.text.split("\f")
    if not pages[-1].strip():
        pages.pop()
    for index, page in enumerate(pages, 1):
        flow.extend(blocks_of_text(page))
        page_of.extend([index] * (len(flow) - len(page_of)))
    blocks = draft_blocks(flow)
    if len(pages) < 2:
        return Draft(blocks, problems=problems)
    return Draft(
        tuple(_on_page(block, index) for block, index in zip(blocks, page_of, strict=True)),
        pages=tuple(DraftPage(index, None) for index in range(1, len(pages) + 1)),
        problems=problems,
    )


def _on_page(block: DraftBlock, index: int) -> DraftBlock:
    return replace(block, page_breaks=(PageBreak(0, index),))


def blocks_of_text(text: str) -> list[FlowBlock]:
    """The paragraphs and list items of plain text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = lines.split("\n") if _has_a_line_a_paragraph(lines) else _BLANK_LINES.split(lines)
    return [
        block for paragraph in paragraphs for part in _unindented(paragraph) for block in _blocks_of_paragraph(part)
    ]


def _has_a_line_a_paragraph(text: str) -> bool:
    """Whether most of the text is in lines so long that nobody wrapped them: then a line ends a paragraph."""
    long = sum(len(line) for line in text.split("\n") if len(line) > LONGEST_WRAPPED_LINE)
    return long > len(text) / 2


def _unindented(paragraph: str) -> list[str]:
    """The paragraphs of a stretch without blank lines, where each begins with an indented line."""
    lines = paragraph.split("\n")
    indented = [line[:2] in ("  ", "\t") or line[:1] == "\t" for line in lines]
    if sum(indented) * 2 > len(lines) or any(map(_LIST_LINE.match, lines)):
        return [paragraph]
    parts: list[list[str]] = []
    for line, begins in zip(lines, indented, strict=True):
        if begins or not parts:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part) for part in parts]


def _blocks_of_paragraph(paragraph: str) -> Iterator[FlowBlock]:
    """One block, or one for each line that begins as a list item does and what runs on from it."""
    if not paragraph.strip():
        return
    items = [match for match in _LIST_LINE.finditer(paragraph) if match.group(1) != "*" or _STARS.search(paragraph)]
    # A number that happens to begin a line of prose is no list: two items, or one that opens the paragraph, are.
    if not items or (len(items) == 1 and paragraph[: items[0].start()].strip()):
        yield FlowBlock(BlockKind.PARAGRAPH, _joined(paragraph))
        return
    before = paragraph[: items[0].start()]
    if before.strip():
        yield FlowBlock(BlockKind.PARAGRAPH, _joined(before))
    for match, end in zip(items, [*(item.start() for item in items[1:]), len(paragraph)], strict=True):
        if _BULLET.fullmatch(match.group(1)):
            words = paragraph[match.end() : end]
            yield FlowBlock(BlockKind.LIST_ITEM, _joined(words), level=1, list_style=match.group(1))
        else:
            yield FlowBlock(BlockKind.LIST_ITEM, _joined(paragraph[match.start() : end]), level=1, list_style="1")


def _joined(words: str) -> str:
    """The lines of one paragraph run on, so that a sentence is whole: a line is broken where the text is wrapped."""
    return " ".join(line.strip() for line in words.split("\n"))
