"""Each verdict, with its reasons, over two documents of an invented organization."""

from __future__ import annotations

import pytest

from app.quotes.attribution import Work, Works
from app.quotes.check import Checked, QuoteChecker, Verdict
from app.quotes.find import DraftError
from app.quotes.wording import Change
from corpus.documents import Page, Span
from index.concordance import Concordance

TEXTS = {
    "rights": "Seasonal workers keep the pension rights that they earn abroad, in every country.\n\n"
    "States shall not expel a migrant without a hearing before a judge. "
    "The work of the “consulate” is never-ending: 2,000 letters in ten days.",
    "letters": "Every consulate should answer a letter within ten days. "
    "Les travailleurs n’ont pas été informés de l’expulsion par l’État. "
    "Members [of the Coalition] keep a register of letters.",
}
PAGES = {"rights": (Page(1, "iv", spans=(Span(0, 82),)), Page(2, "v", spans=(Span(83, 400),))), "letters": ()}


@pytest.fixture(scope="module")
def checker() -> QuoteChecker:
    works = Works([Work("rights", ("Rights that Travel", "EC/2020/7")), Work("letters", ("Book of Letters",))])
    return QuoteChecker(Concordance.build(TEXTS.items()), TEXTS.__getitem__, PAGES.__getitem__, works)


def only(checker: QuoteChecker, draft: str) -> Checked:
    (checked,) = checker.check(draft)
    return checked


@pytest.mark.parametrize(
    "draft",
    [
        "He said “seasonal workers keep the pension rights that they earn abroad” (Rights that Travel, p. iv).",
        "As EC/2020/7 has it, “States shall not expel a migrant without a hearing before a judge.”",
        '"Seasonal workers keep the pension rights … in every country."',
        "‘[s]easonal workers keep the pension rights that they [earned] abroad’",
        "“work of the ‘consulate’ is never–ending: 2,000 letters in ten days”",
        "«Les travailleurs n'ont pas e\u0301te\u0301 informés de l’expul\u00adsion par l’État»",
        "“Members [of the Coalition] keep a register”",
        "> Every consulate should\n> answer a letter within ten days.\n>\n> — Book of Letters, p. 3",
        "“keep the **pension** rights that they earn”[^2]\n\n[^2]: Rights that Travel, p. iv.",
        "“never-ending: 2,000 letters in ten days. Every” is no quotation, “2,000 letters in ten days” is",
    ],
)
def test_true_words_are_verbatim(checker: QuoteChecker, draft: str) -> None:
    checked = checker.check(draft)[-1]
    assert checked.verdict is Verdict.VERBATIM, checked
    for place in checked.places:
        assert TEXTS[place.document_id][place.span.start : place.span.end] == place.true_words


@pytest.mark.parametrize(
    ("draft", "change"),
    [
        ("“States shall expel a migrant without a hearing before a judge.”", Change.NEGATION),
        ("“States shall … expel a migrant without a hearing before a judge.”", Change.NEGATION),
        ("“States shall [always] expel a migrant without a hearing before a judge.”", Change.NEGATION),
        ("“Every consulate must answer a letter within ten days.”", Change.MODAL),
        ("“Every consulate should answer a letter within twelve days.”", Change.NUMBER),
        ("“The work of the ‘embassy’ is never-ending: 2,000 letters”", Change.WORD),
        ("“never-ending: 2000 letters in ten days”", Change.NUMBER),
        ("«Les travailleurs n’ont pas ete informés de l’expulsion»", Change.ACCENT),
        ("“Seasonal workers keep the pension rights that they earn abroad in every country”", Change.PUNCTUATION),
        ("“Seasonal Workers keep the pension rights that they earn”", Change.CASE),
        ("“Members [of the Union] keep a register of letters”", Change.WORD),
    ],
)
def test_a_change_is_named(checker: QuoteChecker, draft: str, change: Change) -> None:
    checked = only(checker, draft)
    assert checked.verdict is Verdict.ALTERED
    assert change in {found for difference in checked.differences for found in difference.changes}, checked.differences


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        ("“Every consulate should answer a letter within ten days” (Rights that Travel).", "another document"),
        ("“Seasonal workers keep the pension rights” (Rights that Travel, p. v).", "page v"),
        ("Rights that Travel (p. 12) says “Seasonal workers keep the pension rights”.", "page 12"),
    ],
)
def test_true_words_at_another_place_are_misattributed(checker: QuoteChecker, draft: str, reason: str) -> None:
    checked = only(checker, draft)
    assert (checked.verdict, reason in checked.reason) == (Verdict.MISATTRIBUTED, True), checked
    assert checked.places


def test_few_words_are_verified_only_beside_their_source(checker: QuoteChecker) -> None:
    alone = only(checker, "It takes “ten days” at most.")
    assert (alone.verdict, "too short" in alone.reason.lower()) == (Verdict.NOT_FOUND, True)
    assert only(checker, "It takes “ten days” (Book of Letters).").verdict is Verdict.VERBATIM


def test_a_title_that_two_works_bear_means_either() -> None:
    works = Works([Work("rights", ("Objective 1",)), Work("letters", ("Objective 1",))])
    either = QuoteChecker(Concordance.build(TEXTS.items()), TEXTS.__getitem__, PAGES.__getitem__, works)
    draft = "As Objective 1 has it, “Every consulate should answer a letter within ten days.”"
    assert only(either, draft).verdict is Verdict.VERBATIM


def test_ibid_means_the_document_named_before(checker: QuoteChecker) -> None:
    draft = "“Every consulate should answer a letter” (Book of Letters). “States shall not expel a migrant” (ibid.)."
    assert [checked.verdict for checked in checker.check(draft)] == [Verdict.VERBATIM, Verdict.MISATTRIBUTED]


def test_invented_words_are_not_found_and_nothing_is_claimed(checker: QuoteChecker) -> None:
    checked = only(checker, "“The moon is governed by a committee of bakers.”")
    assert checked.verdict is Verdict.NOT_FOUND
    assert "proves nothing" in checked.reason


def test_a_changed_beginning_does_not_reach_into_the_block_before(checker: QuoteChecker) -> None:
    checked = only(checker, "“Some States must always not expel a migrant without a hearing before a judge.”")
    assert checked.verdict is Verdict.ALTERED
    assert checked.places[0].true_words.startswith("States shall not expel")


def test_words_of_two_places_joined_are_altered(checker: QuoteChecker) -> None:
    checked = only(
        checker, "“Seasonal workers keep the pension rights within ten days of the judge hearing a migrant.”"
    )
    assert checked.verdict in {Verdict.ALTERED, Verdict.NOT_FOUND}
    joined = only(checker, "“Every consulate should answer a letter without a hearing before a judge.”")
    assert joined.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    "draft", ["", " ", "no marks", "“!”", "“…”", "“[…] … [x]”", "\0“\0”", "“" * 50, "\U0001f600“\U0001f600”"]
)
def test_odd_drafts_are_never_verbatim(checker: QuoteChecker, draft: str) -> None:
    assert all(checked.verdict is not Verdict.VERBATIM for checked in checker.check(draft))


def test_a_quotation_without_measure_is_not_compared(checker: QuoteChecker) -> None:
    checked = only(checker, "> Seasonal workers keep the pension rights.\n" * 2_000)
    assert (checked.verdict, "in parts" in checked.reason) == (Verdict.NOT_FOUND, True)


def test_too_many_quotations_are_refused(checker: QuoteChecker) -> None:
    with pytest.raises(DraftError, match="in parts"):
        checker.check("“Seasonal workers” " * 2_001)


def test_an_empty_library_finds_nothing() -> None:
    checker = QuoteChecker(Concordance.build(()), TEXTS.__getitem__, PAGES.__getitem__, Works([]))
    assert only(checker, "“Every consulate should answer a letter”").verdict is Verdict.NOT_FOUND
