"""The promise of every search result, on real documents of many kinds, languages and layouts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.encoders import configured_encoders
from app.opened import opened_service
from app.parameters import SearchParameters
from app.places import note_text
from app.service import Service
from app.settings import load_settings
from corpus.catalogue import load_catalogue
from corpus.library import Library
from index.build import build
from tests.app.conftest import put
from tests.app.test_search_answer import occurrences
from tests.shared import require_shared

LARGEST = 200_000
"""Bytes: small files keep the test quick."""
HOW_MANY = 12
EVERY = 23
"""Passages whose words are searched for."""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Service]:
    """A library of real documents, some of each folder."""
    folders = sorted(path for path in require_shared("documents").iterdir() if path.is_dir())
    by_folder = [
        sorted(f for f in folder.iterdir() if f.is_file() and f.stat().st_size < LARGEST) for folder in folders
    ]
    chosen = [files[place] for place in range(3) for files in by_folder if place < len(files)][:HOW_MANY]
    assert len({path.parent for path in chosen}) > 3
    made = load_settings(library=tmp_path_factory.mktemp("real") / "library", models=models, profile="light")
    library = Library(made.library)
    with library.open_store() as store:
        for path in chosen:
            put(library, store, load_catalogue(), path, None)
        build(store, library, configured_encoders(made))
    with opened_service(made) as service:
        yield service


@pytest.mark.parametrize("mode", ["hybrid", "exact"])
def test_every_result_on_real_documents_keeps_the_promise(real: Service, mode: str) -> None:
    with real.serving.lease() as generation:
        asked = list(generation.store.passages())[::EVERY]
        documents = {id_: generation.store.document(id_) for id_ in generation.records}
    checked = 0
    for passage in asked:
        query = " ".join(passage.text.split()[:12])
        if not any(map(str.isalnum, query)):
            continue
        answer = real.search(SearchParameters.model_validate({"q": query, "mode": mode, "limit": 5}))
        for result in answer.results:
            document = documents[result.document.id]
            text = document.text
            assert result.passage.text == text[result.passage.start : result.passage.end]
            assert result.quote.text == text[result.quote.start : result.quote.end]
            (words, _) = result.quote.selector
            assert words.type == "TextQuoteSelector"
            assert occurrences(text, words.prefix + words.exact + words.suffix) == 1
            assert result.citation.edition.text_sha256 == document.text_sha256
            assert [page.index for page in document.pages_of(result.passage.start, result.passage.end)] == (
                result.passage.page_indexes
            )
            known = {note_text(document, note) for note in document.notes}
            for note in result.notes:
                assert note.text in known or note.text == (note.reference and note.reference.words)
            checked += 1
    assert checked > len(asked)


def test_exact_search_finds_the_words_it_is_given(real: Service) -> None:
    with real.serving.lease() as generation:
        asked = list(generation.store.passages())[::EVERY]
    for passage in asked:
        first = passage.sentences[0]
        words = passage.text[: first.end - passage.start]
        if sum(map(str.isalnum, words)) < 12:
            continue
        answer = real.search(SearchParameters.model_validate({"q": words, "mode": "exact", "limit": 50}))
        places = [result.passage.id for result in answer.results]
        places += [place.passage for result in answer.results for place in result.also_in]
        assert passage.id in places or answer.total > 50, words
