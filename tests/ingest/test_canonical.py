"""Any draft becomes a document that keeps every promise, and no word of it is lost."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import BlockKind, Document, Metadata, Span
from ingest.canonical import make_document
from ingest.extract.draft import Draft, DraftAnchor, DraftBlock, DraftBox, DraftPage, PageBreak
from tests.corpus.promise import check_document, words_lost_and_added, words_of

METADATA = Metadata(id="sample", title="Sample")
# Letters, marks that compose, Hangul jamo, compatibility characters, white space of every sort, controls, surrogates.
CHARACTERS = st.sampled_from(
    "aé\u0301\u0327 e\u0323\u1100\u1161\u11a8\u212b\u0958\u09c7\u09be\n\t\u00a0\u2028\u00ad\x00\ufeff\ud800😀字."
)
TEXTS = st.text(CHARACTERS, max_size=30) | st.text(max_size=20)


def made(*blocks: DraftBlock, pages: tuple[DraftPage, ...] = ()) -> Document:
    document = make_document(Draft(blocks, pages), METADATA, "text/plain", "sample.txt", "0" * 64)
    check_document(document)
    return document


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    blocks = []
    page = 1
    for place in range(draw(st.integers(0, 12))):
        text = draw(TEXTS)
        offsets = st.integers(0, len(text))
        kind = draw(st.sampled_from(BlockKind))
        breaks = [PageBreak(0, page)]
        if draw(st.booleans()):
            page += 1
            breaks.append(PageBreak(draw(offsets), page))
        anchors = [
            DraftAnchor(draw(offsets), "1", draw(st.sampled_from("abc"))) for _ in range(draw(st.integers(0, 2)))
        ]
        box_start, box_end = sorted((draw(offsets), draw(offsets)))
        blocks.append(
            DraftBlock(
                kind,
                text,
                level=draw(st.integers(0, 3)),
                parent=draw(st.none() | st.integers(0, 12)),
                note=draw(st.none() | st.sampled_from("abc")) if kind is BlockKind.NOTE else None,
                anchors=tuple(anchors),
                page_breaks=tuple(breaks),
                boxes=(DraftBox(page, box_start, box_end, 0, 0, 1, 1),),
                noise=draw(st.none() | st.just("rule")),
            )
        )
        assert place < 12
    return Draft(tuple(blocks), tuple(DraftPage(index, str(index)) for index in range(1, page + 1)))


@given(drafts())
@settings(deadline=None, max_examples=300)
def test_any_draft_keeps_the_promise_and_every_word(draft: Draft) -> None:
    document = make_document(draft, METADATA, "text/plain", "sample.txt", "0" * 64)
    check_document(document)
    assert letters("".join(block.text for block in draft.blocks)) == letters(document.text)


def letters(text: str) -> list[str]:
    """Decomposed, since dropping an invisible character may let two others compose."""
    return sorted(character for character in unicodedata.normalize("NFD", text) if character.isalpha())


@given(TEXTS, st.data())
@settings(deadline=None, max_examples=300)
def test_an_anchor_keeps_the_words_before_it(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    document = made(
        DraftBlock(BlockKind.PARAGRAPH, "x" + text, anchors=(DraftAnchor(1 + offset, "*", "n"),)),
        DraftBlock(BlockKind.NOTE, "the note", note="n", marker="*"),
    )
    (note,) = document.notes
    before = unicodedata.normalize("NFD", document.text[: note.anchors[0]])
    wanted = unicodedata.normalize("NFD", "x" + text[:offset])
    letters = [character for character in wanted if character.isalpha()]
    assert [character for character in before if character.isalpha()][: len(letters)] == letters


def test_notes_stand_behind_the_text_in_order_of_their_first_call() -> None:
    document = made(
        DraftBlock(BlockKind.HEADING, "Title", level=1),
        DraftBlock(BlockKind.PARAGRAPH, "One two.", anchors=(DraftAnchor(8, "b", "b"), DraftAnchor(3, "a", "a"))),
        DraftBlock(BlockKind.NOTE, "Second.", note="b", marker="b"),
        DraftBlock(BlockKind.NOTE, "First.", note="a", marker="a"),
        DraftBlock(BlockKind.NOTE, "More of the first.", note="a", marker="a"),
        DraftBlock(BlockKind.NOTE, "Called by nobody.", note="c", marker="c"),
        DraftBlock(BlockKind.PARAGRAPH, "Three."),
    )
    assert document.text.split("\n\n") == [
        "Title",
        "One two.",
        "Three.",
        "First.",
        "More of the first.",
        "Second.",
        "Called by nobody.",
    ]
    assert [note.anchors for note in document.notes] == [(10,), (15,), ()]
    assert [block.section for block in document.blocks] == [(), *[("Title",)] * 5, ()]
    assert document.blocks[4].parent == 3
    assert document.problems == ("the place that 1 note belong to was not found",)


def test_empty_blocks_go_and_their_children_find_the_next_parent() -> None:
    document = made(
        DraftBlock(BlockKind.LIST_ITEM, "Outer", level=1),
        DraftBlock(BlockKind.LIST_ITEM, " \u00ad\n ", level=2, parent=0),
        DraftBlock(BlockKind.LIST_ITEM, "Inner", level=3, parent=1),
    )
    assert [block.parent for block in document.blocks] == [None, 0]
    assert [block.paragraph for block in document.blocks] == [1, 2]


def test_pages_hold_the_words_that_stand_on_them() -> None:
    first, second = PageBreak(0, 1), PageBreak(4, 2)
    document = made(
        DraftBlock(BlockKind.PARAGRAPH, "One.", page_breaks=(first,)),
        DraftBlock(BlockKind.PARAGRAPH, "Two three.", page_breaks=(first, second)),
        DraftBlock(BlockKind.NOTE, "A note.", note="n", page_breaks=(first,)),
        pages=(DraftPage(1, "iv"), DraftPage(2, "v"), DraftPage(3, None, problem="gave no text")),
    )
    assert [(page.label, page.spans) for page in document.pages] == [
        ("iv", (Span(0, 10), Span(18, 25))),
        ("v", (Span(10, 16),)),
        (None, ()),
    ]
    assert [page.label for page in document.pages_of(8, 12)] == ["iv", "v"]


def test_boxes_stay_on_their_words_when_letters_compose() -> None:
    block = DraftBlock(BlockKind.PARAGRAPH, "  e\u0301te\u0301  la", boxes=(DraftBox(1, 8, 11, 0, 0, 1, 1),))
    document = made(replace(block, text="  e\u0301te\u0301  la"))
    (box,) = document.blocks[0].boxes
    assert document.text == "été la"
    assert document.text[box.start : box.end].strip() == "la"


def test_the_multiset_of_words_tells_what_was_lost_and_added() -> None:
    document = made(DraftBlock(BlockKind.PARAGRAPH, "not one two"))
    lost, added = words_lost_and_added(words_of("one two two"), document)
    assert dict(lost) == {"two": 1}
    assert dict(added) == {"not": 1}
