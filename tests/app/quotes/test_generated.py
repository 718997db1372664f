"""Over 2,000 generated drafts over real documents get the verdict known before: no changed quotation is verbatim."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from app.quotes.attribution import Work, Works
from app.quotes.check import Checked, QuoteChecker, Verdict
from corpus.documents import Document
from index.concordance import Concordance
from ingest.chunk import cut_passages
from ingest.document import read_document
from ingest.extract.limits import ExtractOptions
from tests.app.quotes.drafts import DraftMaker, KnownDraft, Sentence, Title, folded
from tests.shared import require_shared

SEED = 20_261_124
COUNT = 2_210
PATTERNS = (
    "md_treaties/*.md",
    "md_us/*.md",
    "md_ungd2017/*.md",
    "md_gcm/*.md",
    "html_udhr/udhr_[aefrs]*.html",
    "pdf_iom/*Brief*.pdf",
    "pdf_hr/GC14.pdf",
    "pdf_hr/UNDRIP*.pdf",
)


@dataclass(frozen=True)
class Judged:
    draft: KnownDraft
    found: tuple[Checked, ...]

    @property
    def verdict(self) -> Verdict | None:
        return self.found[0].verdict if len(self.found) == 1 else None


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    folder = require_shared("documents")
    paths = [path for pattern in PATTERNS for path in sorted(folder.glob(pattern))]
    read = [read_document(path, None, ExtractOptions(ocr=False)) for path in paths]
    return {document.metadata.id: document for document in read}


@pytest.fixture(scope="module")
def checker(documents: dict[str, Document]) -> QuoteChecker:
    return QuoteChecker(
        Concordance.build((id_, document.text) for id_, document in documents.items()),
        lambda id_: documents[id_].text,
        lambda id_: documents[id_].pages,
        Works([Work(id_, (document.metadata.title,)) for id_, document in documents.items()]),
    )


@pytest.fixture(scope="module")
def judged(documents: dict[str, Document], checker: QuoteChecker) -> list[Judged]:
    sentences, titles = [], []
    for id_, document in documents.items():
        labels = {page.index: page.label or str(page.index) for page in document.pages}
        titles.append(Title(id_, document.metadata.title, tuple(labels.values())))
        for passage in cut_passages(document, len, 10**9):
            if passage.noise is None:
                sentences += [
                    Sentence(
                        id_,
                        document.text[span.start : span.end],
                        tuple(labels[page.index] for page in document.pages_of(span.start, span.end)),
                    )
                    for span in passage.sentences
                ]
    library = "".join(folded(document.text) for document in documents.values())
    maker = DraftMaker(sentences, titles, library, SEED)
    return [Judged(draft, checker.check(draft.text)) for draft in maker.drafts(COUNT)]


def of(judged: list[Judged], verdict: Verdict) -> list[Judged]:
    return [one for one in judged if one.draft.verdict is verdict]


def share(judged: list[Judged], right: list[Judged]) -> float:
    wrong = [one for one in judged if one not in right]
    print(f"seed {SEED}: {len(right)} of {len(judged)}; first wrong ones:")
    for one in wrong[:5]:
        print(f"  {one.draft.way}: {one.draft.text!r}: {[(c.verdict.value, c.quotation.text) for c in one.found]}")
    return len(right) / len(judged)


def test_every_way_is_tried(judged: list[Judged]) -> None:
    assert len(judged) == COUNT
    assert min(Counter(one.draft.way for one in judged).values()) >= 10


def test_no_changed_quotation_is_called_verbatim(judged: list[Judged]) -> None:
    changed = [one for one in judged if one.draft.verdict in (Verdict.ALTERED, Verdict.NOT_FOUND)]
    assert share(changed, [one for one in changed if one.verdict is not Verdict.VERBATIM]) == 1


def test_true_quotations_in_disguise_are_verbatim(judged: list[Judged]) -> None:
    true = of(judged, Verdict.VERBATIM)
    assert share(true, [one for one in true if one.verdict is Verdict.VERBATIM]) >= 0.99


def test_verbatim_places_hold_the_words_they_say(judged: list[Judged], documents: dict[str, Document]) -> None:
    places = [place for one in judged for found in one.found for place in found.places]
    assert places
    for place in places:
        assert documents[place.document_id].text[place.span.start : place.span.end] == place.true_words


def test_altered_quotations_are_paired_with_their_source(judged: list[Judged]) -> None:
    altered = of(judged, Verdict.ALTERED)
    right = [
        one
        for one in altered
        if one.verdict is Verdict.ALTERED
        and (not one.draft.documents or one.found[0].places[0].document_id in one.draft.documents)
    ]
    assert share(altered, right) >= 0.98


def test_misattributed_quotations_are_told(judged: list[Judged]) -> None:
    misattributed = of(judged, Verdict.MISATTRIBUTED)
    assert share(misattributed, [one for one in misattributed if one.verdict is Verdict.MISATTRIBUTED]) >= 0.95


def test_invented_quotations_are_not_found(judged: list[Judged]) -> None:
    invented = of(judged, Verdict.NOT_FOUND)
    assert share(invented, [one for one in invented if one.verdict is Verdict.NOT_FOUND]) >= 0.98


def test_differences_name_the_changed_word(judged: list[Judged]) -> None:
    negated = [one for one in judged if one.draft.way.startswith("negation") and one.verdict is Verdict.ALTERED]
    right = [one for one in negated if any(difference.grave for difference in one.found[0].differences)]
    assert share(negated, right) >= 0.98
