"""The concordance finds every place where words stand in their order, and only those."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.concordance import WORD, Concordance, ConcordanceError, fold, printed_text
from tests.corpus.invented import invented_document

TEXTS = (
    ("first", "The consulate answers letters. The Consulate's répondent answer: “letters”."),
    ("second", "Answers letters the consulate. 移民工人 have rights."),
)


@pytest.fixture(scope="module")
def concordance() -> Concordance:
    return Concordance.build(TEXTS)


def words_at(text: str, start: int, end: int) -> list[str]:
    return [fold(match.group()) for match in WORD.finditer(text[start:end])]


def test_a_phrase_is_found_where_it_stands_and_not_over_two_documents(concordance: Concordance) -> None:
    assert [place.document_id for place in concordance.find(["THE", "consulate"])] == ["first", "first", "second"]
    assert concordance.find(["letters", "answers"]) == ()
    assert len(concordance.find(["Repondent"])) == 1
    assert [place.document_id for place in concordance.find(["移", "民"])] == ["second"]


def test_nothing_is_found_for_nothing_or_for_a_word_it_never_saw(concordance: Concordance) -> None:
    assert concordance.find([]) == ()
    assert concordance.find(["the", "embassy"]) == ()
    assert concordance.candidates(["embassy"]) == ()
    assert Concordance.build(()).find(["the"]) == ()
    assert Concordance.build(()).candidates(["the"]) == ()


def test_what_is_saved_opens_equal(concordance: Concordance, tmp_path: Path) -> None:
    concordance.save(tmp_path)
    opened = Concordance.open(tmp_path)
    assert len(opened) == len(concordance)
    for phrase in (["the", "consulate"], ["letters"], ["rights"]):
        assert opened.find(phrase) == concordance.find(phrase)


def test_a_damaged_file_is_named(concordance: Concordance, tmp_path: Path) -> None:
    concordance.save(tmp_path)
    (tmp_path / "words.npy").write_bytes(b"")
    with pytest.raises(ConcordanceError, match="verbatim index"):
        Concordance.open(tmp_path)


WORDS = st.lists(st.sampled_from(["a", "b", "c", "É", "ß"]), max_size=12)


@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.lists(st.sampled_from(["A", "b", "c", "e", "ss"]), min_size=1, max_size=3),
)
def test_every_place_and_no_other(documents: list[list[str]], phrase: list[str]) -> None:
    texts = [(f"d{number}", " ".join(words)) for number, words in enumerate(documents)]
    found = Concordance.build(texts)
    keys = [fold(word) for word in phrase]
    expected = [
        (id_, at)
        for id_, text in texts
        for at in range(len(text.split()))
        if [fold(word) for word in text.split()[at : at + len(keys)]] == keys
    ]
    places = found.find(phrase)
    assert [place.document_id for place in places] == [id_ for id_, _ in expected]
    for place in places:
        span = found.span(place)
        assert words_at(dict(texts)[place.document_id], span.start, span.end) == keys


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_candidates_lie_inside_one_document(documents: list[list[str]], phrase: list[str]) -> None:
    texts = [(f"d{number}", " ".join(words)) for number, words in enumerate(documents)]
    found = Concordance.build(texts)
    for candidate in found.candidates(phrase):
        span = found.span(found.widened(candidate.place, 3))
        assert 0 <= span.start < span.end <= len(dict(texts)[candidate.place.document_id])
        assert 0 < candidate.weight <= 1


def test_a_phrase_with_one_word_changed_is_still_the_best_candidate() -> None:
    filler = " ".join(f"word{number}" for number in range(500))
    target = "every worker keeps the pension rights that she earns abroad"
    concordance = Concordance.build([("long", filler + " " + target + " " + filler), ("other", filler)])
    best = concordance.candidates(target.replace("keeps", "loses").split())[0]
    span = concordance.span(best.place)
    assert best.place.document_id == "long"
    assert "pension rights" in (filler + " " + target + " " + filler)[span.start : span.end]


def test_words_that_no_reader_sees_are_not_there_to_be_quoted() -> None:
    document, _ = invented_document()
    hidden = replace(document.blocks[1], hidden=True)
    text = printed_text(replace(document, blocks=(document.blocks[0], hidden, *document.blocks[2:])))
    assert len(text) == len(document.text)
    concordance = Concordance.build([("d", text)])
    assert concordance.find(["seasonal", "workers"]) == ()
    assert len(concordance.find(["every", "consulate"])) == 1
