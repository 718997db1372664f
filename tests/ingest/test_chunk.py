"""Passages are whole sentences, fit the window, and leave no word out."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import BlockKind, Document, Metadata
from ingest.canonical import make_document
from ingest.chunk import GOAL_WORDS, MOST_WORDS, cut_passages
from ingest.extract.draft import Draft, DraftBlock
from tests.corpus.promise import check_passages
from tests.ingest.documents import MAX_TOKENS, PAPER, count_tokens, passages_of, read, read_text

ALPHA = "Alpha stands at the head of the alphabet."
BETA = "Beta is the second of all the letters."


def made(*blocks: DraftBlock) -> Document:
    return make_document(Draft(blocks), Metadata("sample", "Sample"), "text/plain", "sample.txt", "0" * 64)


def item(text: str, parent: int | None = None) -> DraftBlock:
    return DraftBlock(BlockKind.LIST_ITEM, text, level=1, parent=parent)


def texts(document: Document, max_tokens: int = MAX_TOKENS) -> list[str]:
    passages = cut_passages(document, count_tokens, max_tokens)
    check_passages(document, passages)
    return [passage.text for passage in passages]


def test_each_recommendation_of_the_paper_is_a_passage() -> None:
    passages = [passage.text for passage in passages_of(read(PAPER))]
    assert "Gender sensitive social protection policies;" in passages
    pensions = (
        "The conclusion of social security agreements that ensure the portability of social security entitlements"
    )
    assert f"{pensions} (pp. 74-75);" in passages


def test_a_long_paragraph_is_cut_evenly_between_sentences() -> None:
    document = made(DraftBlock(BlockKind.PARAGRAPH, "This is a sentence of eight words here. " * 30))
    counts = [len(text.split()) for text in texts(document)]
    assert sum(counts) == 240
    assert all(GOAL_WORDS / 2 <= count <= MOST_WORDS for count in counts)


def test_tiny_neighbours_are_taken_together_within_their_list() -> None:
    document = made(
        DraftBlock(BlockKind.PARAGRAPH, "They are:"),
        item("Food;", 0),
        item("Water;", 0),
        item("Access to the health services of the country;", 0),
        item("Schools for the children of migrant workers.", 0),
        DraftBlock(BlockKind.NOTE, "A note.", note="n"),
        DraftBlock(BlockKind.NOTE, "Another.", note="m"),
    )
    assert texts(document) == [
        "They are:",
        "Food;\n\nWater;\n\nAccess to the health services of the country;",
        "Schools for the children of migrant workers.",
        "A note.",
        "Another.",
    ]


def test_cells_of_a_row_stay_together_and_rows_apart() -> None:
    cells = [DraftBlock(BlockKind.TABLE_CELL, f"cell {row}{column}", level=row) for row in (1, 2) for column in "ab"]
    assert texts(made(*cells)) == ["cell 1a\n\ncell 1b", "cell 2a\n\ncell 2b"]


def test_noise_is_a_passage_of_its_own_and_headings_are_none() -> None:
    document = made(
        DraftBlock(BlockKind.HEADING, "Contents", level=1),
        DraftBlock(BlockKind.PARAGRAPH, "One 1", noise="looks_like_contents_page"),
        DraftBlock(BlockKind.PARAGRAPH, "Two."),
        DraftBlock(BlockKind.PARAGRAPH, "Hidden words.", hidden=True),
    )
    passages = cut_passages(document, count_tokens, MAX_TOKENS)
    assert [(passage.text, passage.noise, passage.section) for passage in passages] == [
        ("One 1", "looks_like_contents_page", ("Contents",)),
        ("Two.", None, ("Contents",)),
    ]


def test_a_sentence_longer_than_the_window_stays_whole() -> None:
    sentence = "Word " * 400 + "end."
    assert texts(made(DraftBlock(BlockKind.PARAGRAPH, f"Short one. {sentence} Another."))) == [
        "Short one.",
        sentence,
        "Another.",
    ]


def test_ids_stay_when_words_move(tmp_path: Path) -> None:
    before = read_text(tmp_path, "a.txt", f"{ALPHA}\n\n{BETA}\n\n{BETA}\n")
    after = read_text(tmp_path, "a.txt", f"These words are quite new here.\n\n{BETA}\n\n{ALPHA}\n\n{BETA}\n")
    ids = {passage.id for passage in passages_of(before)}
    assert len(ids) == 3
    assert ids < {passage.id for passage in passages_of(after)}


SENTENCES = st.lists(
    st.sampled_from(
        [
            "One.",
            "Two words.",
            "A longer sentence that goes on and on for a while.",
            "word " * 60 + "end.",
            "人人生而自由。" * 20,
        ]
    ),
    min_size=1,
    max_size=12,
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_CELL, BlockKind.HEADING]),
            SENTENCES,
        ),
        max_size=8,
    ),
    st.integers(8, 300),
)
@settings(deadline=None, max_examples=200)
def test_any_document_is_covered_within_the_window(blocks: list[tuple[BlockKind, list[str]]], max_tokens: int) -> None:
    document = made(*(DraftBlock(kind, " ".join(sentences), level=1) for kind, sentences in blocks))
    passages = cut_passages(document, count_tokens, max_tokens)
    check_passages(document, passages)
    for passage in passages:
        assert count_tokens(passage.text) <= max_tokens or len(passage.sentences) == 1
