"""Makes a draft of a PDF: the way from glyphs to blocks, whose steps are the modules of ingest/pdf.

Invariant: every visible word of the file is in exactly one block or in the furniture of its page; a page that gave no
text, or a doubtful one, says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium

from ingest.extract.draft import Draft, DraftPage, SourceError
from ingest.extract.limits import ExtractOptions
from ingest.pdf.blocks import Setting, make_blocks, make_note_blocks
from ingest.pdf.columns import read_columns
from ingest.pdf.flow import PageSize
from ingest.pdf.furniture import take_out_furniture
from ingest.pdf.glyphs import GlyphReader, PageGlyphs
from ingest.pdf.headings import find_headings
from ingest.pdf.hyphens import Mender
from ingest.pdf.lines import Line, make_lines
from ingest.pdf.notes import find_notes
from ingest.pdf.paragraphs import Paragraph, join_over_breaks, make_paragraphs
from ingest.pdf.pdf_file import open_pdf, read_facts
from ingest.pdf.tables import make_cells

NOTHING_SAID = "the file holds no running text, only page numbers or running heads"

_DEFAULT = ExtractOptions()


def extract_pdf(path: Path, options: ExtractOptions = _DEFAULT) -> Draft:
    """Read a PDF.

    :raises SourceError: it is damaged, locked, empty or over a limit.
    """
    size = path.stat().st_size if path.exists() else 0
    if size > options.limits.bytes:
        raise SourceError(
            f"{path.name!r} has {size:,} bytes", f"Raise the limit of {options.limits.bytes:,} or split it"
        )
    with open_pdf(path, options.password) as document:
        if len(document) > options.limits.pages:
            raise SourceError(
                f"{path.name!r} has {len(document):,} pages", f"Raise the limit of {options.limits.pages:,} or split it"
            )
        facts = read_facts(document)
        glyphs, problems = _read_pages(document, options)
    lines = [make_lines(page.words, index) for index, page in enumerate(glyphs, 1)]
    sizes = [PageSize(page.width, page.height) for page in glyphs]
    sorted_lines = take_out_furniture(lines, [size.height for size in sizes])
    body_size = _body_size(sorted_lines.body)
    pages = [_paragraphs(body) for body in sorted_lines.body]
    notes = find_notes(pages, body_size)
    running = join_over_breaks([paragraph for page in notes.running for paragraph in page])
    mender = Mender(line.text for body in sorted_lines.body for line in body)
    setting = Setting(mender, sizes, notes.calls, frozenset(notes.raised))
    headings = find_headings(running, facts.outline, body_size)
    blocks = make_blocks(running, headings, setting) + make_note_blocks(notes.notes, setting)
    return Draft(
        blocks=tuple(blocks),
        pages=tuple(
            DraftPage(
                index,
                label=printed or facts.labels[index - 1],
                file_label=facts.labels[index - 1],
                width=page.width,
                height=page.height,
                problem=problems.get(index),
            )
            for index, (page, printed) in enumerate(zip(glyphs, sorted_lines.labels, strict=True), 1)
        ),
        metadata=facts.metadata,
        problems=_told(problems) + (() if blocks or problems else (NOTHING_SAID,)),
    )


def _read_pages(document: pdfium.PdfDocument, options: ExtractOptions) -> tuple[list[PageGlyphs], dict[int, str]]:
    """The glyphs of each page, and by 1-based index what went wrong."""
    reader = GlyphReader()
    glyphs: list[PageGlyphs] = []
    problems: dict[int, str] = {}
    for index in range(1, len(document) + 1):
        try:
            page = document[index - 1]
        except pdfium.PdfiumError:
            glyphs.append(PageGlyphs([], 0.0, 0.0))
            problems[index] = "the page is damaged and could not be read"
            continue
        try:
            read = reader.read(page)
        finally:
            page.close()
        if max(read.width, read.height) > options.limits.page_points:
            read = PageGlyphs([], read.width, read.height)
            problems[index] = f"the page is larger than {options.limits.page_points:g} points and was not read"
        elif not read.words:
            problems[index] = "the page gave no text"
        glyphs.append(read)
    return glyphs, problems


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The type size of most characters."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += sum(len(word.text) for word in line.words)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """The paragraphs of a page in reading order."""
    paragraphs = []
    for column in read_columns(lines):
        paragraphs += make_cells(column) if column.table else make_paragraphs(column)
    return paragraphs


def _told(problems: dict[int, str]) -> tuple[str, ...]:
    """The problems in words, pages with the same one together: "pages 3–5, 9: the page gave no text"."""
    by_words: dict[str, list[int]] = {}
    for index, words in problems.items():
        by_words.setdefault(words, []).append(index)
    return tuple(f"{name_pages(indexes)}: {words}" for words, indexes in by_words.items())


def name_pages(indexes: Sequence[int]) -> str:
    """Pages by 1-based index, in words: "page 3", "pages 3–5, 9"."""
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][1] + 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    names = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    return f"page {names}" if len(indexes) == 1 else f"pages {names}"
