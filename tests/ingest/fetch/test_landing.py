"""The file is found by what a landing page says to programs, and nothing else on the page is followed."""

from __future__ import annotations

import pytest

from ingest.fetch.landing import file_links

URL = "https://publisher.example/books/handbook"


def links(head: str, *languages: str) -> tuple[str, ...]:
    page = f"<!DOCTYPE html><html><head>{head}</head><body><a href='/other.pdf'>Other</a></body></html>"
    return file_links(page.encode(), URL, languages)


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="citation_pdf_url" content="/files/a.pdf">',
        '<META NAME="Citation_PDF_URL" CONTENT=" https://publisher.example/files/a.pdf ">',
        '<link rel="alternate" type="application/pdf" href="/files/a.pdf">',
        '<link rel="alternate item" type="application/pdf; charset=binary" href="../files/a.pdf">',
        '<base href="https://publisher.example/files/"><link rel="item" type="application/pdf" href="a.pdf">',
    ],
)
def test_finds_the_file(head: str) -> None:
    assert links(head) == ("https://publisher.example/files/a.pdf",)


@pytest.mark.parametrize(
    "head",
    [
        "",
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" hreflang="fr" href="/fr">',
        '<link rel="item" type="image/png" href="/a.png">',
        '<meta name="citation_pdf_url" content="">',
        '<link rel="alternate" type="application/pdf">',
    ],
)
def test_follows_nothing_else(head: str) -> None:
    assert links(head) == ()


def test_the_surest_link_comes_first() -> None:
    head = (
        '<link rel="alternate" type="application/pdf" href="/3.pdf">'
        '<link rel="item" type="application/pdf" href="/2.pdf">'
        '<meta name="citation_pdf_url" content="/1.pdf">'
    )
    assert [link[-5:] for link in links(head)] == ["1.pdf", "2.pdf", "3.pdf"]


def test_a_foreign_language_is_left_out() -> None:
    head = (
        '<link rel="alternate" type="application/pdf" hreflang="fr" href="/fr.pdf">'
        '<link rel="alternate" type="application/pdf" hreflang="en-GB" href="/en.pdf">'
    )
    assert links(head, "en") == ("https://publisher.example/en.pdf",)
    assert len(links(head)) == 2


@pytest.mark.parametrize("page", [b"", b"  ", b"<!-- nothing -->", b"\x00\xff\xfe", b"<html>", b"<" * 10_000])
def test_a_page_that_is_none_has_no_links(page: bytes) -> None:
    assert file_links(page, URL, ()) == ()
