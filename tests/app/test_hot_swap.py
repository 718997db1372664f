"""A new generation takes over without a request dropped or answered by halves, and a broken one changes nothing."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import httpx
import pytest

from app.encoders import configured_encoders
from app.opened import serving_of
from app.settings import Settings
from corpus.library import Library, LibraryError
from corpus.store import Store
from index.build import build
from tests.app.conftest import RunningServer
from tests.corpus.invented import invented_document

QUERY = "/v1/search?q=pension+rights+earned+abroad&limit=3"


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """A copy of the library that a test may change."""
    shutil.copytree(settings.library, tmp_path / "library")
    return settings.model_copy(update={"library": tmp_path / "library"})


def grow(settings: Settings, id_: str) -> int:
    """Add a document and build a generation of it; give its number."""
    library = Library(settings.library)
    with library.open_store() as store:
        store.put(*invented_document(id_))
        return int(build(store, library, configured_encoders(settings)).name)


def test_requests_under_load_see_the_old_or_the_new_and_never_fail(own: Settings) -> None:
    answers: list[tuple[int, int, int]] = []
    done = threading.Event()

    def ask(url: str) -> None:
        with httpx.Client(base_url=url, timeout=60) as client:
            while not done.is_set():
                answer = client.get(QUERY)
                found = answer.json()
                generation = found.get("generation", {})
                answers.append((answer.status_code, generation.get("number", 0), generation.get("documents", 0)))

    with RunningServer(own) as server:
        before = httpx.get(f"{server.url}/readyz").json()["generation"]
        askers = [threading.Thread(target=ask, args=(server.url,)) for _ in range(3)]
        for asker in askers:
            asker.start()
        newest = 0
        for id_ in ("example-one", "example-two"):
            newest = grow(own, id_)
        while httpx.get(f"{server.url}/readyz").json()["generation"]["number"] != newest:
            server.app.state.service.serving.wait()
        done.set()
        for asker in askers:
            asker.join()
        after = httpx.get(f"{server.url}/readyz").json()["generation"]
        metrics = httpx.get(f"{server.url}/metrics").text
    assert {status for status, _, _ in answers} == {200}
    documents_of: dict[int, set[int]] = {}
    for _, number, documents in answers:
        documents_of.setdefault(number, set()).add(documents)
    assert all(len(documents) == 1 for documents in documents_of.values()), documents_of
    assert after["documents"] == before["documents"] + 2
    assert f"verbatim_generation {float(newest)}" in metrics


def test_a_broken_generation_leaves_the_old_one_served(own: Settings) -> None:
    library = Library(own.library)
    with RunningServer(own) as server:
        before = httpx.get(f"{server.url}{QUERY}").json()
        broken = library.generations / str(before["generation"]["number"] + 1)
        shutil.copytree(library.current_generation(), broken)
        (broken / "manifest.json").write_text("{")
        library.switch_to(broken)
        httpx.get(f"{server.url}/readyz")
        server.app.state.service.serving.wait()
        ready = httpx.get(f"{server.url}/readyz")
        assert ready.status_code == 200
        assert ready.json()["generation"] == before["generation"]
        assert "cannot be opened" in ready.json()["problem"]
        assert httpx.get(f"{server.url}{QUERY}").json()["results"] == before["results"]
        assert "verbatim_generation_failed 1.0" in httpx.get(f"{server.url}/metrics").text
        newest = grow(own, "example-three")
        httpx.get(f"{server.url}/readyz")
        server.app.state.service.serving.wait()
        assert httpx.get(f"{server.url}/readyz").json()["generation"]["number"] == newest


def test_a_server_without_an_index_says_so_and_notices_the_first(settings: Settings, tmp_path: Path) -> None:
    empty = settings.model_copy(update={"library": tmp_path / "new"})
    with RunningServer(empty) as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        for path in ("/readyz", QUERY, "/v1/documents"):
            answer = httpx.get(f"{server.url}{path}")
            assert answer.status_code == 503
            assert answer.headers["retry-after"]
            assert "verbatim index" in answer.json()["detail"]
        assert httpx.get(f"{server.url}/?q=letters").status_code == 503
        grow(empty, "example-one")
        httpx.get(f"{server.url}/readyz")
        server.app.state.service.serving.wait()
        assert httpx.get(f"{server.url}/readyz").status_code == 200


def test_a_generation_is_closed_when_its_last_lease_ends(own: Settings) -> None:
    serving = serving_of(own)
    serving.start()
    with serving.lease() as old:
        grow(own, "example-one")
        with serving.lease():
            pass
        serving.wait()
        with serving.lease() as new:
            assert new.number > old.number
            assert old.retired
            assert old.store.records()
    assert old.leases == 0
    serving.stop()


def test_builds_do_not_remove_a_generation_that_is_still_answered_from(own: Settings) -> None:
    serving = serving_of(own)
    serving.start()
    with serving.lease() as old:
        for id_ in ("example-one", "example-two", "example-three"):
            grow(own, id_)
        # A thread that has not read from it yet opens its files only now.
        found: list[int] = []
        late = threading.Thread(target=lambda: found.append(len(old.store.records())))
        late.start()
        late.join()
        assert found == [len(old.records)]
    with serving.lease():
        pass
    serving.wait()
    with serving.lease() as new:
        assert new.number > old.number
    grow(own, "example-four")
    assert not old.folder.exists()
    serving.stop()


def test_a_lease_of_a_library_without_an_index_says_what_to_do(own: Settings) -> None:
    empty = serving_of(own.model_copy(update={"library": own.library / "none"}))
    with pytest.raises(LibraryError, match="no index"), empty.lease():
        pass


def test_the_index_of_another_model_is_refused_by_name(own: Settings) -> None:
    other = own.model_copy(update={"encoders": '[{"model": "use", "unit": "passage"}]'})
    serving = serving_of(other)
    serving.start()
    with pytest.raises(LibraryError, match="was made with"), serving.lease():
        pass
    serving.stop()


def test_a_store_that_was_indexed_is_whole(store: Store) -> None:
    assert store.check() == ()
