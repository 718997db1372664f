"""Search over the shared library: what it finds, what it quotes, and what filters and phrases may not change."""

import dataclasses

import numpy as np
import pytest

from corpus.documents import Span
from index.errors import QueryError
from index.query import Answer, Filters, Mode, Query
from tests.index.conftest import Built


def found(answer: Answer) -> list[str]:
    return [hit.document_id for hit in answer.hits]


def words(built: Built, document_id: str, span: Span) -> str:
    return built.store.document(document_id).text[span.start : span.end]


@pytest.mark.parametrize(
    ("text", "document", "part"),
    [
        ("hiring must cost the worker nothing", "example-coalition", "recruit"),
        ("health care did not reach injured labourers", "example-coalition", "X-ray"),
        ("schooling for undocumented children", "reseau-exemple", "école"),
        ("pensions that move with the worker across borders", "paper", "portability"),
    ],
)
def test_the_answer_is_among_the_first_across_words_and_languages(
    built: Built, text: str, document: str, part: str
) -> None:
    hits = built.searcher.search(Query(text, limit=15)).hits
    passages = [built.searcher.store.passage(hit.passage_id) for hit in hits if hit.document_id == document]
    assert any(part in passage.text for passage in passages)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("text", ["workers", "recruitment costs", "la détention", "“well-being”", "Article 12(3)"])
def test_every_quote_is_whole_sentences_and_highlights_lie_in_it(built: Built, text: str, mode: Mode) -> None:
    for hit in built.searcher.search(Query(text, mode=mode, limit=100)).hits:
        sentences = built.searcher.store.passage(hit.passage_id).sentences
        assert any(sentence.start == hit.quote.start for sentence in sentences)
        assert any(sentence.end == hit.quote.end for sentence in sentences)
        assert all(hit.quote.holds(highlight) for highlight in hit.highlights)
        assert list(hit.highlights) == sorted(hit.highlights, key=lambda span: span.start)
        assert 0 <= hit.score <= 1


def test_pages_follow_each_other_without_gap_or_repeat(built: Built) -> None:
    everything = built.searcher.search(Query("workers and families", limit=1000))
    paged = [
        hit.passage_id
        for offset in range(0, everything.total + 7, 7)
        for hit in built.searcher.search(Query("workers and families", limit=7, offset=offset)).hits
    ]
    assert paged == [hit.passage_id for hit in everything.hits]
    assert len(set(paged)) == len(paged) == everything.total


def test_a_filter_gives_the_true_best_of_what_it_leaves(built: Built) -> None:
    """Against brute force: the whole ranking, filtered afterwards."""
    searcher = built.searcher
    for filters in (
        Filters(document=frozenset({"red-ejemplo"})),
        Filters(organization=frozenset({"Example Network", "Réseau Exemple"})),
        Filters(language=frozenset({"fr"})),
        Filters(kind=frozenset({"report"}), year_from=2016),
        Filters(year_to=2012),
    ):
        allowed = searcher.table.allowed(filters)
        assert allowed.any()
        for mode in (Mode.HYBRID, Mode.SEMANTIC):
            whole = searcher.rank("the rights of families", mode)
            kept = [number for number in whole.numbers.tolist() if allowed[number]]
            filtered = searcher.rank("the rights of families", mode, allowed)
            assert set(filtered.numbers.tolist()) == set(kept) == set(np.flatnonzero(allowed).tolist())
            answer = searcher.search(Query("the rights of families", mode, filters, limit=1000))
            assert {searcher.table.numbers[hit.passage_id] for hit in answer.hits} <= set(kept)
            assert searcher.table.numbers[answer.hits[0].passage_id] in kept[:3]


def test_a_filter_that_leaves_nothing_gives_nothing(built: Built) -> None:
    answer = built.searcher.search(Query("families", filters=Filters(document=frozenset({"no-such"}))))
    assert (answer.hits, answer.total, answer.support.value) == ((), 0, "none")


@pytest.mark.parametrize(
    ("phrase", "document"),
    [
        ("THE FAMILIES THEY LEAVE BEHIND", "example-coalition"),
        ("the 'well–being' of the workers", "example-coalition"),
        ("l'acces a l'ecole", "reseau-exemple"),
        ("ningun   gobierno\ndeberia", "red-ejemplo"),
        ("recruitment. This sentence stands", "example-network"),
        ("Article 12(3)", "example-coalition"),
    ],
)
def test_exact_search_ignores_only_case_accents_marks_and_space(built: Built, phrase: str, document: str) -> None:
    answer = built.searcher.search(Query(phrase, mode=Mode.EXACT))
    assert found(answer) == [document]
    assert all(built_words(built, answer))


def built_words(built: Built, answer: Answer) -> list[str]:
    return [words(built, hit.document_id, hit.highlights[0]) for hit in answer.hits]


@pytest.mark.parametrize("phrase", ["recruitments", "art", "well being", "visit detained", "*", "NEAR(a b)"])
def test_exact_search_never_stems_cuts_words_or_reads_operators(built: Built, phrase: str) -> None:
    texts = {d: built.store.document(d).text.lower() for d in built.searcher.table.documents}
    if not any(map(str.isalnum, phrase)):
        with pytest.raises(QueryError):
            built.searcher.search(Query(phrase, mode=Mode.EXACT))
        return
    answer = built.searcher.search(Query(phrase, mode=Mode.EXACT))
    assert set(found(answer)) == {d for d, text in texts.items() if f" {phrase.lower()} " in text}


def test_a_phrase_in_quotation_marks_stands_in_every_result_on_every_page(built: Built) -> None:
    for text in ('who must pay the "cost of recruitment"', "who must pay the «cost of recruitment»"):
        answer = built.searcher.search(Query(text, limit=1000))
        assert answer.hits
        assert answer.total == len(answer.hits)
        for hit in answer.hits:
            assert "cost of recruitment" in words(built, hit.document_id, hit.quote)


def test_the_same_sentence_is_shown_once_with_its_places_oldest_first(built: Built) -> None:
    answer = built.searcher.search(Query("the employer, and never the worker, pays every cost of recruitment"))
    first = answer.hits[0]
    assert first.document_id == "example-coalition"
    assert [built.searcher.store.passage(id_).document_id for id_ in first.also_in] == ["example-network"]
    assert not {first.passage_id, *first.also_in}.intersection(hit.passage_id for hit in answer.hits[1:])


def test_a_quote_keeps_the_sentence_that_it_leans_on(built: Built) -> None:
    answer = built.searcher.search(Query("hired through the public employment office"))
    assert words(built, "example-coalition", answer.hits[0].quote).startswith("In the villages")


def test_similar_passages_lie_in_other_documents(built: Built) -> None:
    first = built.searcher.search(Query("never the worker pays recruitment")).hits[0]
    near = built.searcher.similar(first.passage_id)
    assert near
    assert first.document_id not in {hit.document_id for hit in near}
    assert near[0].document_id == "example-network"


def test_per_document_bounds_what_one_document_gives(built: Built) -> None:
    answer = built.searcher.search(Query("workers", per_document=2, limit=1000))
    assert max(found(answer).count(document) for document in set(found(answer))) == 2


@pytest.mark.parametrize(
    "bad", [{"text": ""}, {"text": " …! "}, {"limit": 0}, {"limit": -1}, {"limit": 10**9}, {"offset": -1},
            {"per_document": 0}, {"text": "x" * 100_001}]
)  # fmt: skip
def test_a_query_that_cannot_be_asked_is_refused_by_field(built: Built, bad: dict[str, object]) -> None:
    query = dataclasses.replace(Query("workers"), **bad)  # type: ignore[arg-type]
    with pytest.raises(QueryError) as raised:
        built.searcher.search(query)
    assert raised.value.field == ({*bad} - {"text"} or {"q"}).pop()


@pytest.mark.parametrize(
    "text",
    ["the of and", "a" * 5000, "word " * 10_000, '"', '"" workers', "work* NEAR(x, y) -not OR (", "🙂 migrants 🙂",
     "עובדים זרים", "العمال المهاجرون", "移民工人", "w\u200borkers", "раbоtа", "\u202eworkers"],
)  # fmt: skip
def test_strange_queries_are_answered(built: Built, text: str) -> None:
    for mode in (Mode.HYBRID, Mode.SEMANTIC):
        answer = built.searcher.search(Query(text, mode=mode, limit=3)) if any(map(str.isalnum, text)) else None
        assert answer is None or len(answer.hits) <= 3


def test_support_tells_a_question_that_is_answered_from_a_foreign_one(built: Built) -> None:
    answered = ("Who should pay the cost of recruitment?", "¿A quién pertenecen las remesas?", "passports taken away")
    foreign = ("How is parchment made from a calf's skin?", "les règles du jeu de boules", "the moons of Jupiter")
    assert {built.searcher.search(Query(text)).support.value for text in answered} <= {"strong", "fair"}
    assert {built.searcher.search(Query(text)).support.value for text in foreign} <= {"none", "weak"}
