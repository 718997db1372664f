"""What the catalogue names comes in with its hash locked, and a changed file is refused until accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import Catalogue, Entry
from corpus.library import Library, sha256_of
from ingest.fetch import Client, FetchError, Outcome, Refused, add_source, fetch_source, fetch_sources, wanted_entries
from ingest.fetch.lockfile import LOCK_NAME, read_lock
from tests.ingest.fetch.publisher import Publisher

PDF = b"%PDF-1.4\nan invented handbook"
HTML = b"<!DOCTYPE html><html><head></head><body><p>Words of the Example Coalition.</p></body></html>"


def entry(id_: str = "example-handbook", kind: str = "handbook", **fields: str) -> Entry:
    return Entry.model_validate(
        {
            "id": id_,
            "title": "Handbook of Letters",
            "organization": "Example Coalition",
            "kind": kind,
            "languages": ["en"],
            "licence": "invented",
            "held": False,
            **fields,
        }
    )


def leftovers(library: Library) -> list[str]:
    return [path.name for path in (library.path / "fetching").iterdir() if not path.name.endswith(".lock")]


def test_brings_the_stated_file_and_locks_its_hash(publisher: Publisher, client: Client, library: Library) -> None:
    url = publisher.file("/a.pdf", PDF, ETag='"one"')
    got = fetch_source(entry(source_url=url), library, client)
    assert got.outcome is Outcome.FETCHED
    assert got.path is not None
    assert got.path.parent == library.sources
    assert got.path.suffix == ".pdf"
    assert got.path.read_bytes() == PDF
    locked = read_lock(library).sources["example-handbook"]
    assert locked.sha256 == sha256_of(got.path) == got.sha256
    assert (locked.url, locked.media_type, locked.bytes) == (url, "application/pdf", len(PDF))
    assert leftovers(library) == []


def test_goes_from_the_landing_page_to_the_file(publisher: Publisher, client: Client, library: Library) -> None:
    publisher.file("/files/a", PDF)
    url = publisher.file("/book", HTML.replace(b"<head>", b'<head><meta name="citation_pdf_url" content="files/a">'))
    got = fetch_source(entry(url=url), library, client)
    assert got.path is not None
    assert got.path.read_bytes() == PDF


def test_a_landing_page_that_names_no_file_says_what_to_do(
    publisher: Publisher, client: Client, library: Library
) -> None:
    with pytest.raises(FetchError, match=r"does not tell programs.*verbatim add FILE --as example-handbook"):
        fetch_source(entry(url=publisher.file("/book", HTML)), library, client)
    assert leftovers(library) == []
    assert list(library.sources.iterdir()) == []


def test_a_web_page_is_its_own_file(publisher: Publisher, client: Client, library: Library) -> None:
    got = fetch_source(entry(kind="web-page", url=publisher.file("/page", HTML)), library, client)
    assert got.path is not None
    assert got.path.suffix == ".html"


@pytest.mark.parametrize("path", ["/a.pdf", "/a.docx", "/a%2Epdf"])
def test_a_web_page_in_place_of_a_file_is_refused(
    publisher: Publisher, client: Client, library: Library, path: str
) -> None:
    with pytest.raises(FetchError, match="text/html in place of"):
        fetch_source(entry(source_url=publisher.file(path, HTML, Content_Type="application/pdf")), library, client)
    assert list(library.sources.iterdir()) == []


def test_a_web_page_behind_the_landing_page_is_refused(publisher: Publisher, client: Client, library: Library) -> None:
    publisher.file("/file", HTML)
    url = publisher.file("/book", HTML.replace(b"<head>", b'<head><meta name="citation_pdf_url" content="/file">'))
    with pytest.raises(FetchError, match="is a web page"):
        fetch_source(entry(url=url), library, client)


@pytest.mark.parametrize("body", [b"\x7fELF\0\0", b"\x89PNG\r\n\x1a\n\0", b"", b"PK\x03\x04 not a package"])
def test_what_cannot_hold_a_text_is_refused(
    publisher: Publisher, client: Client, library: Library, body: bytes
) -> None:
    with pytest.raises(FetchError, match="no kind of file"):
        fetch_source(entry(source_url=publisher.file("/a", body, Content_Type="application/pdf")), library, client)
    assert read_lock(library).sources == {}


def test_a_file_that_has_not_changed_costs_one_question(publisher: Publisher, client: Client, library: Library) -> None:
    url = publisher.file("/a.pdf", PDF, ETag='"one"')
    fetch_source(entry(source_url=url), library, client)
    publisher.at("/a.pdf", lambda request: request.answer(304))
    got = fetch_source(entry(source_url=url), library, client)
    assert got.outcome is Outcome.UNCHANGED
    assert got.path is not None
    assert got.path.read_bytes() == PDF


def test_a_copy_that_was_lost_is_fetched_again(publisher: Publisher, client: Client, library: Library) -> None:
    url = publisher.file("/a.pdf", PDF, ETag='"one"')
    first = fetch_source(entry(source_url=url), library, client)
    assert first.path is not None
    first.path.unlink()
    fetch_source(entry(source_url=url), library, client)
    assert "If-None-Match" not in publisher.requests_of("/a.pdf")[1]
    assert first.path.read_bytes() == PDF


def test_a_changed_file_is_refused_until_it_is_accepted(publisher: Publisher, client: Client, library: Library) -> None:
    url = publisher.file("/a.pdf", PDF)
    first = fetch_source(entry(source_url=url), library, client)
    publisher.file("/a.pdf", PDF + b", changed")
    before = (library.path / LOCK_NAME).read_bytes()
    with pytest.raises(Refused, match=f"has changed.*{first.sha256}.*--accept-changes"):
        fetch_source(entry(source_url=url), library, client)
    assert (library.path / LOCK_NAME).read_bytes() == before
    got = fetch_source(entry(source_url=url), library, client, accept_changes=True)
    assert got.outcome is Outcome.FETCHED
    assert read_lock(library).sources["example-handbook"].sha256 == got.sha256 != first.sha256


def test_one_that_fails_does_not_stop_the_rest(publisher: Publisher, client: Client, library: Library) -> None:
    entries = [
        entry("gone", source_url=f"{publisher.url}/gone.pdf"),
        entry("nowhere"),
        entry("here", source_url=publisher.file("/a.pdf", PDF)),
    ]
    report = list(fetch_sources(entries, library, client))
    assert [line.outcome for line in report] == [Outcome.FAILED, Outcome.FAILED, Outcome.FETCHED]
    assert "404" in (report[0].reason or "")
    assert "verbatim add FILE --as nowhere" in (report[1].reason or "")


def test_takes_a_copy_that_a_person_downloaded(library: Library, tmp_path: Path) -> None:
    copy = tmp_path / "Downloads (1).bin"
    copy.write_bytes(PDF)
    got = add_source(copy, entry(), library)
    assert got.path is not None
    assert got.path.suffix == ".pdf"
    assert read_lock(library).sources["example-handbook"].url is None
    assert copy.exists()


def test_a_copy_must_be_the_locked_one(publisher: Publisher, client: Client, library: Library, tmp_path: Path) -> None:
    url = publisher.file("/a.pdf", PDF)
    fetch_source(entry(source_url=url), library, client)
    copy = tmp_path / "copy.pdf"
    copy.write_bytes(PDF)
    assert add_source(copy, entry(), library).outcome is Outcome.UNCHANGED
    copy.write_bytes(PDF + b", changed")
    with pytest.raises(Refused, match="has changed"):
        add_source(copy, entry(), library)


def test_no_copy_and_no_text_are_named(library: Library, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="There is no file"):
        add_source(tmp_path / "absent.pdf", entry(), library)
    (tmp_path / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    with pytest.raises(FetchError, match="no kind of file"):
        add_source(tmp_path / "picture.pdf", entry(), library)


def test_without_ids_all_that_have_an_address_are_wanted() -> None:
    catalogue = Catalogue(documents=(entry("a", url="https://publisher.example/a"), entry("b")))
    assert [wanted.id for wanted in wanted_entries(catalogue, ())] == ["a"]
    assert [wanted.id for wanted in wanted_entries(catalogue, ["b"])] == ["b"]


def test_a_damaged_lock_file_is_not_overwritten(publisher: Publisher, client: Client, library: Library) -> None:
    (library.path / LOCK_NAME).write_text("{", encoding="utf-8")
    with pytest.raises(FetchError, match="lock file"):
        fetch_source(entry(source_url=publisher.file("/a.pdf", PDF)), library, client)
    assert (library.path / LOCK_NAME).read_text(encoding="utf-8") == "{"
