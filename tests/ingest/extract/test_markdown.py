"""Markdown becomes the words that a reader sees, and its notes, lists and headings what their author meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from corpus.documents import BlockKind, Document, Metadata
from ingest.canonical import make_document
from ingest.extract.draft import Draft
from ingest.extract.flow import draft_blocks
from ingest.extract.markdown import DEEPEST_NESTING, LONGEST_LINE, blocks_of_markdown
from tests.corpus.promise import check_document, check_passages, words_lost_and_added, words_of
from tests.ingest.documents import PAPER, passages_of, read, words
from tests.shared import require_shared


def made(markdown: str) -> Document:
    blocks, metadata, problems = blocks_of_markdown(markdown)
    draft = Draft(draft_blocks(blocks), metadata=metadata, problems=problems)
    document = make_document(draft, Metadata("sample", "Sample"), "text/markdown", "sample.md", "0" * 64)
    check_document(document)
    return document


def text_at(document: Document, anchor: int) -> tuple[str, str]:
    return document.text[max(0, anchor - 12) : anchor], document.text[anchor : anchor + 12]


# The paper: its notes interrupt paragraphs and lists in the file.


def test_the_notes_of_the_paper_hang_where_their_markers_stood() -> None:
    paper = read(PAPER)
    found = [(note.marker, [text_at(paper, anchor) for anchor in note.anchors]) for note in paper.notes]
    assert found == [
        ("1", [("ND MIGRATION", "\n\nNGO Commit")]),
        ("*", [("ent Planning", ", which focu")]),
        ("**", [("he 2010 GFMD", ", that the r")]),
        ("***", [(" Development", "\n\nPartnershi")]),
        ("****", [("book states ", ", mainstream")]),
    ]
    texts = [paper.text[block.start : block.end] for block in paper.blocks if block.kind is BlockKind.NOTE]
    assert [text.split()[0] for text in texts] == ["The", "See:", "See:", "Based", "See"]
    assert not any(mark in paper.text for mark in ("*", "<sup>", "**", "\\"))


def test_a_list_that_a_note_interrupts_is_one_list() -> None:
    paper = read(PAPER)
    opener = next(block for block in paper.blocks if paper.text[block.start :].startswith("Policy recommendations"))
    items = [block for block in paper.blocks if block.parent == opener.ordinal]
    assert [block.ordinal for block in items] == list(range(opener.ordinal + 1, opener.ordinal + 9))
    assert {block.kind for block in items} == {BlockKind.LIST_ITEM}


def test_the_sections_of_the_paper() -> None:
    paper = read(PAPER)
    item = next(block for block in paper.blocks if "Latin America:" in paper.text[block.start : block.end])
    assert item.section == (
        "Examples of Partnership Projects to Further People-Centered Development",
        "Partnerships for Migration and Development",
    )
    headings = [paper.text[block.start : block.end] for block in paper.blocks if block.kind is BlockKind.HEADING]
    assert headings[0] == "NINTH COORDINATION MEETING ON\nINTERNATIONAL MIGRATION"
    assert headings[-1] == "Strategies to Promote People-Centered Development"


def test_no_word_of_the_paper_is_lost_or_added() -> None:
    paper = read(PAPER)
    rendered = html.fromstring(MarkdownIt("commonmark").render(PAPER.read_text("utf-8")))
    lost, added = words_lost_and_added(words_of(" ".join(map(str, rendered.itertext()))), paper)
    # The note's raised number was a marker in both its places.
    assert dict(lost) == {"1": 2}
    assert not added
    check_document(paper)
    check_passages(paper, passages_of(paper))


def test_no_word_of_any_shared_markdown_is_lost_or_added() -> None:
    for path in sorted(require_shared("documents").glob("md_*/*.md")):
        source = re.sub(r"\A---\n.*?\n---\n", "", path.read_text("utf-8"), flags=re.DOTALL)
        source = re.sub(r"^(#{2,6})(?=[^#\s])", r"\1 ", source, flags=re.MULTILINE)
        page = html.fromstring(f"<div>{MarkdownIt('commonmark').enable('table').render(source)}</div>")
        for line_break in page.iter("br"):
            line_break.tail = f"\n{line_break.tail or ''}"
        assert words_lost_and_added(words_of("".join(map(str, page.itertext()))), read(path)) == ({}, {}), path.name


# What Markdown in general does.


def test_footnotes_called_twice_inline_and_never() -> None:
    document = made(
        "One[^a], two[^a] and^[inline *note*].\n\n[^a]: Called *twice*.\n\n    More.\n\n[^z]: Called by none.\n"
    )
    assert words(document) == ["One, two and.", "Called twice.", "More.", "inline note", "Called by none."]
    assert [(note.marker, note.anchors) for note in document.notes] == [("a", (3, 8)), ("*", (12,)), ("z", ())]


def test_a_marker_serves_again_for_a_later_note() -> None:
    document = made("First\\*.\n\n\\*Note one.\n\nSecond\\*.\n\n\\*Note two.\n")
    assert words(document) == ["First.", "Second.", "Note one.", "Note two."]
    assert [text_at(document, note.anchors[0])[0] for note in document.notes] == ["First", "First.\n\nSecond"[-12:]]


@pytest.mark.parametrize(
    "markdown",
    [
        "Water is H<sub>2</sub>O.\n\n<sup>2</sup> begins a paragraph that nothing calls.",
        "It measures 5 m<sup>2</sup>.",
        "\\* begins a paragraph that nothing calls.",
        "\\* stands before\n\nthe word\\* that calls it.",
    ],
)
def test_what_nothing_calls_stays_in_the_text(markdown: str) -> None:
    document = made(markdown)
    assert not document.notes
    assert ("2" in document.text) or ("*" in document.text)


def test_bold_that_failed_for_a_space_is_bold() -> None:
    document = made("Text **Policy. **The long tradition.\n\n** ** Sec. 4. ** (a) Resuming\n")
    assert words(document)[0] == "Text Policy. The long tradition."


def test_a_paragraph_all_in_bold_is_a_heading_below_the_marked_ones() -> None:
    document = made("# Title\n\n**Findings**\n\nText.\n\n**This is a sentence.**\n\n**Bold** and plain\n")
    assert [(block.kind, block.level) for block in document.blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 6),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_lists_nest_and_hang_on_the_line_that_opens_them() -> None:
    document = made("We:\n\n- one\n  - inner\n\n    continued\n- two\n\nIt ends.\n\n- apart\n\n4. four\n5. five\n")
    assert [
        (words, block.kind, block.level, block.parent, block.number)
        for words, block in zip(words(document), document.blocks, strict=True)
    ] == [
        ("We:", BlockKind.PARAGRAPH, 0, None, None),
        ("one", BlockKind.LIST_ITEM, 1, 0, None),
        ("inner", BlockKind.LIST_ITEM, 2, 1, None),
        ("continued", BlockKind.PARAGRAPH, 0, 2, None),
        ("two", BlockKind.LIST_ITEM, 1, 0, None),
        ("It ends.", BlockKind.PARAGRAPH, 0, None, None),
        ("apart", BlockKind.LIST_ITEM, 1, None, None),
        ("four", BlockKind.LIST_ITEM, 1, None, "4"),
        ("five", BlockKind.LIST_ITEM, 1, None, "5"),
    ]


def test_tables_quotations_links_code_and_raw_html() -> None:
    document = made(
        "| a | b |\n|--|--|\n| c | d |\n\n> quoted [link](http://x.example) ![alt](y.png)\n\n"
        "<div>raw <b>words</b><script>var no = 1;</script></div>\n\n<script>\nalert(1)\n</script>\n\n"
        "in<script>alert(2)</script>line &amp; `code`\\\nnext  \nlast\n"
    )
    assert words(document) == ["a", "b", "c", "d", "quoted link", "raw words", "inline & code\nnext\nlast"]
    assert [(block.level, block.parent) for block in document.blocks[:4]] == [(1, None), (1, 0), (2, None), (2, 2)]
    assert document.blocks[4].kind is BlockKind.QUOTATION


def test_front_matter_speaks_of_the_file() -> None:
    _, metadata, _ = blocks_of_markdown("---\ntitle: 'A  title'\ndate: 2020-05-01\nauthor: [A, B]\n---\n\nText.\n")
    assert (metadata.title, metadata.date, metadata.authors) == ("A title", "2020-05-01", ("A", "B"))
    assert made("---\na: &x [*x, *x]\n: :\n---\n\nText.\n").text.endswith("Text.")


def test_headings_without_the_space_are_headings() -> None:
    document = made("##Verdrag\n\n#hashtag\n")
    assert [block.kind for block in document.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    "markdown", [">" * 5000 + " deep words", "- " * 300 + "deep words", "words " * (LONGEST_LINE // 5)]
)
def test_what_no_parser_takes_is_read_as_plain_text(markdown: str) -> None:
    document = made(markdown)
    assert "words" in document.text
    assert len(document.problems) == 1
    assert not words_lost_and_added(words_of(markdown), document)[0]


def test_nesting_below_the_limit_is_kept() -> None:
    document = made("> " * (DEEPEST_NESTING // 2) + "deep words")
    assert (document.text, document.problems) == ("deep words", ())


MARKS = ["*", "**", "_", "`", "\\*", "[", "](u)", "[^1]", "[^1]: note", "<sup>1</sup>", "<b>", "</b>", "&amp;", "\x00"]
BREAKS = ["  \n", "\n", "\n\n", "- ", "1. ", "> ", "# ", "| a | b |\n|-|-|\n| c | d |\n", "~~~\n", "    ", "---\n"]
PIECES = st.sampled_from(["word", "Naïve", "字", *MARKS, *BREAKS])


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(deadline=None, max_examples=300)
def test_any_markdown_keeps_the_promise(markdown: str) -> None:
    document = made(markdown)
    check_passages(document, passages_of(document))
    shown = words_of(document.text)
    assert shown.count("word") <= markdown.count("word")


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "δέλτα", "épsilon", "*emph*", "**bold**", "`code`"]),
    min_size=1,
    max_size=6,
).map(" ".join)
BLOCKS = st.one_of(
    WORDS,
    WORDS.map(lambda words: f"## {words}"),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    WORDS.map(lambda words: f"> {words}"),
    WORDS.map(lambda words: f"| {words} | x |\n|--|--|\n| y | {words} |"),
)


@given(st.lists(BLOCKS, max_size=8).map("\n\n".join))
@settings(deadline=None, max_examples=200)
def test_well_formed_markdown_loses_and_adds_no_word(markdown: str) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(markdown)
    source = words_of(" ".join(map(str, html.fromstring(f"<div>{rendered}</div>").itertext())))
    lost, added = words_lost_and_added(source, made(markdown))
    assert not lost
    assert not added


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    from ingest.extract.draft import SourceError
    from ingest.extract.limits import ExtractOptions
    from ingest.extract.markdown import extract_markdown

    path = tmp_path / "x.md"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(SourceError, match=r"x\.md is not text"):
        extract_markdown(path, ExtractOptions())


@pytest.mark.parametrize("markdown", ["word\\* " * 20_000 + "\n\n\\* note", "^[" * 20_000, "[^" * 20_000, "![" * 5_000])
def test_hostile_markdown_is_read_in_time(markdown: str) -> None:
    assert made(markdown).text
