"""Makes a draft of a PDF: the way from glyphs to blocks, whose steps are the modules of ingest/pdf.

Invariant: every visible word of the file is in exactly one block or in the furniture of its page; a page that gave no
text, or a doubtful one, says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.extract.draft import Draft, DraftPage, FileMetadata, SourceError
from ingest.extract.limits import ExtractOptions
from ingest.pdf.blocks import Setting, make_blocks, make_hidden_blocks, make_note_blocks
from ingest.pdf.columns import read_columns
from ingest.pdf.flow import PageSize
from ingest.pdf.furniture import take_out_furniture
from ingest.pdf.glyphs import GlyphReader
from ingest.pdf.grid import find_grids, without_frames
from ingest.pdf.headings import find_headings
from ingest.pdf.hyphens import Mender
from ingest.pdf.lines import Line, make_lines, stand_for
from ingest.pdf.noise import mark_noise
from ingest.pdf.notes import find_notes
from ingest.pdf.page import PageReading, read_page
from ingest.pdf.paragraphs import Paragraph, join_over_breaks, make_paragraphs
from ingest.pdf.pdf_file import FileFacts, open_pdf, read_facts
from ingest.pdf.statements import Statements, read_statements
from ingest.pdf.tables import make_cells, make_grid_cells

NOTHING_SAID = "the file holds no running text, only page numbers or running heads"

PLACEHOLDER = (
    "the file is an XFA form: its contents are shown by Adobe's programs only, and what was read stands in for it"
)

_DEFAULT = ExtractOptions()


def extract_pdf(path: Path, options: ExtractOptions = _DEFAULT) -> Draft:
    """Read a PDF.

    :raises SourceError: it is damaged, locked, empty or over a limit.
    """
    return read_pdf(path, options).draft


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft and, for each page, the words that were taken out of it as furniture or as printed over themselves."""

    draft: Draft
    furniture: tuple[tuple[str, ...], ...]
    overprinted: tuple[tuple[str, ...], ...]


def read_pdf(path: Path, options: ExtractOptions = _DEFAULT) -> Reading:
    """Read a PDF, and say what was left out of its draft; raises as `extract_pdf` does."""
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
        reader = GlyphReader()
        pages = [read_page(document, index, reader, options) for index in range(1, len(document) + 1)]
    return _draft(pages, facts, read_statements(path, options.password))


def _draft(pages: Sequence[PageReading], facts: FileFacts, stated: Statements) -> Reading:
    """From the words of the pages to the draft and what was left out of it."""
    sizes = [PageSize(page.width, page.height) for page in pages]
    lines = _lines(pages)
    parted = take_out_furniture(lines, [size.height for size in sizes])
    body_size = _body_size(parted.body)
    notes = find_notes([_paragraphs(body, body_size) for body in parted.body], body_size)
    running = join_over_breaks([paragraph for page in notes.running for paragraph in page])
    confidence = {word: sure for page in pages for word, sure in page.confidence.items()}
    mender = Mender(line.text for body in parted.body for line in body)
    setting = Setting(mender, sizes, notes.calls, frozenset(notes.raised), confidence)
    blocks = make_blocks(running, find_headings(running, facts.outline, body_size), setting)
    blocks += make_hidden_blocks([make_lines(page.hidden, index) for index, page in enumerate(pages, 1)], setting)
    blocks = mark_noise(blocks + make_note_blocks(notes.notes, setting))
    draft_pages = tuple(
        DraftPage(
            index,
            label=parted.labels[index - 1] or facts.labels[index - 1],
            file_label=facts.labels[index - 1],
            width=page.width,
            height=page.height,
            recognized=page.recognized,
            problem=page.problem,
        )
        for index, page in enumerate(pages, 1)
    )
    problems = _told({page.index: page.problem for page in draft_pages if page.problem})
    if not blocks and not problems:
        problems = (NOTHING_SAID,)
    if facts.placeholder:
        problems += (PLACEHOLDER,)
    if stated.attachments:
        problems += (f"the file carries others, which were not read: {', '.join(stated.attachments)}",)
    said, seen = stated.metadata, facts.metadata
    metadata = FileMetadata(
        title=said.title or seen.title,
        authors=said.authors or seen.authors,
        date=said.date or seen.date,
        language=said.language or seen.language,
    )
    overprinted = tuple(tuple(word.text for word in page.overprinted) for page in pages)
    furniture = tuple(tuple(line.text for line in page) for page in parted.furniture)
    return Reading(Draft(tuple(blocks), draft_pages, metadata, problems), furniture, overprinted)


def _lines(pages: Sequence[PageReading]) -> list[list[Line]]:
    """The lines of each page; one stands for each ruled table."""
    grids = without_frames([find_grids(page.words, page.rules) for page in pages], [page.height for page in pages])
    result = []
    for index, (page, tables) in enumerate(zip(pages, grids, strict=True), 1):
        framed = {id(word) for grid in tables for cell in grid.cells for word in cell.words}
        words = [word for word in page.words if id(word) not in framed] if framed else page.words
        result.append(make_lines(words, index) + [stand_for(grid, index) for grid in tables])
    return result


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    """The type size of the running text: of those that much is set in, the largest, since notes are set smaller."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += sum(len(word.text) for word in line.words)
    most = max(sizes.values(), default=0)
    return max((size for size, count in sizes.items() if count >= 0.4 * most), default=10.0)


def _paragraphs(lines: Sequence[Line], body_size: float) -> list[Paragraph]:
    """The paragraphs of a page in reading order; what stands turned on it comes after its main direction."""
    by_turn: dict[int, list[Line]] = {}
    for line in lines:
        by_turn.setdefault(line.turn, []).append(line)
    paragraphs = []
    for turned in sorted(by_turn.values(), key=lambda group: -sum(len(line.text) for line in group)):
        for column in read_columns(turned):
            for part in column.parts():
                if part.lines[0].grid is not None:
                    paragraphs += make_grid_cells(part.lines[0].grid, part.lines[0].page, body_size)
                else:
                    paragraphs += make_cells(part) if part.table else make_paragraphs(part, body_size)
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
