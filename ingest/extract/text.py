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
    return [block for paragraph in _BLANK_LINES.split(lines) for block in _blocks_of_paragraph(paragraph)]


def _blocks_of_paragraph(paragraph: str) -> Iterator[FlowBlock]:
    """One block, or one for each line that begins as a list item does and what runs on from it."""
    starts = [match.start() for match in _LIST_LINE.finditer(paragraph)]
    # A number that happens to begin a line of prose is no list: two items, or one that opens the paragraph, are.
    if not starts or (len(starts) == 1 and paragraph[: starts[0]].strip()):
        starts = []
    for start, end in zip([0, *starts], [*starts, len(paragraph)], strict=True):
        words = paragraph[start:end]
        if not words.strip():
            continue
        match = _LIST_LINE.match(words) if start in starts else None
        if match is None:
            yield FlowBlock(BlockKind.PARAGRAPH, _joined(words))
        elif _BULLET.fullmatch(match.group(1)):
            yield FlowBlock(BlockKind.LIST_ITEM, _joined(words[match.end() :]), level=1, list_style=match.group(1))
        else:
            yield FlowBlock(BlockKind.LIST_ITEM, _joined(words), level=1, list_style="1")


def _joined(words: str) -> str:
    """Lines of one paragraph run on, so that a sentence is whole; a line is broken where the text is wrapped."""
    return re.sub(r"\s*\n\s*", " ", words)
