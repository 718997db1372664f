"""Links, annotations, tags, unAPI and `Link` headers: what other programs pick a quote or a document up by."""

import json
import re
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.citation import Locator
from app.citation.annotation import quotation, script_safe, web_annotation
from app.citation.headers import link_header
from app.citation.highwire import highwire_tags
from app.citation.links import PDF, Words, pdf_fragment, source_link, text_fragment
from app.citation.unapi import Citable, unapi_router
from corpus.catalogue import load_catalogue
from corpus.documents import Edition, Metadata

CATALOGUE = {entry.id: entry.metadata() for entry in load_catalogue().documents}
HANDBOOK = CATALOGUE["gmg-handbook-2010"]
EDITION = Edition("a" * 64, "b" * 64)
PAGE = Metadata(
    id="p",
    title="Asks",
    organization="Example Coalition",
    kind="web-page",
    url="https://example.org/asks#top",
    source_url="https://example.org/asks.pdf",
    licence="CC BY 4.0, https://creativecommons.org/licenses/by/4.0/.",
    identifiers=(("doi", "10.1234/x"),),
)


def test_a_short_quote_is_spelt_out() -> None:
    assert text_fragment(Words("pensions move, too")) == "#:~:text=pensions%20move%2C%20too"


def test_a_repeated_quote_brings_the_words_around_it() -> None:
    link = text_fragment(Words("shall be paid", prefix="ctive that wages", suffix=" in full each mon", repeated=True))
    assert link == "#:~:text=that%20wages-,shall%20be%20paid,-in%20full%20each"


def test_a_long_quote_is_given_by_its_ends() -> None:
    quote = " ".join(f"word{number}" for number in range(60))
    first, last = text_fragment(Words(quote)).removeprefix("#:~:text=").split(",")
    assert unquote(first) == "word0 word1 word2 word3 word4 word5"
    assert unquote(last) == "word54 word55 word56 word57 word58 word59"


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip), st.booleans())
def test_a_fragment_holds_only_what_its_grammar_allows(exact: str, repeated: bool) -> None:
    link = text_fragment(Words(exact, "before these", "and after", repeated))
    assert re.fullmatch(r"#:~:text=(?:[\w.~%]+-,)?[\w.~%]+(?:,[\w.~%]+)?(?:,-[\w.~%]+)?", link, re.ASCII)


def test_a_pdf_opens_on_its_physical_page_and_searches_the_words() -> None:
    assert pdf_fragment(80, "Migrant workers & their families") == (
        "#page=80&search=Migrant%20workers%20%26%20their%20families&phrase=true"
    )
    assert source_link(PAGE, PDF, Words("Asks"), 3) == "https://example.org/asks.pdf#page=3&search=Asks&phrase=true"


def test_a_source_is_linked_as_far_as_is_known() -> None:
    html = Metadata(id="p", title="Asks", url="https://example.org/asks#top")
    assert source_link(html, "text/html", Words("Pay")) == "https://example.org/asks#:~:text=Pay"
    assert source_link(HANDBOOK, PDF, Words("Pay"), 80) == HANDBOOK.url
    assert source_link(Metadata(id="n", title="N"), "text/markdown", Words("Pay")) is None


def test_an_annotation_has_both_selectors_and_the_edition() -> None:
    made = web_annotation(
        "https://verbatim.example/read/p?start=3&end=6",
        "https://example.org/asks",
        Words("Pay", "We ", " all"),
        3,
        6,
        citation="Example Coalition, “Asks”.",
        edition=EDITION,
        source_type="text/html",
    )
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    quote, position = made["target"]["selector"]
    assert quote == {"type": "TextQuoteSelector", "exact": "Pay", "prefix": "We ", "suffix": " all"}
    assert position == {"type": "TextPositionSelector", "start": 3, "end": 6}
    assert made["target"]["source"]["schema:sha256"] == EDITION.source_sha256


def test_a_quotation_names_its_work_and_page() -> None:
    made = quotation(HANDBOOK, Words("Pay"), Locator("74", "75"), language="en", citation="c", url="u")
    assert made["@type"] == "Quotation"
    assert made["isPartOf"]["@type"] == "Book"
    assert made["isPartOf"]["author"] == [{"@type": "Organization", "name": "Global Migration Group"}]
    assert made["isPartOf"]["pagination"] == "74–75"


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_json_in_a_script_cannot_end_it(text: str) -> None:
    safe = script_safe({"text": f"</script><!-- {text}"})
    assert not set("<>&\u2028\u2029") & set(safe)
    assert json.loads(safe)["text"] == f"</script><!-- {text}"


def zotero_type(metadata: Metadata) -> str:
    """What Zotero takes a page for, by the tags that its "Embedded Metadata" translator decides by."""
    tags = dict(highwire_tags(metadata))
    if "citation_technical_report_institution" in tags:
        return "report"
    if "citation_book_title" in tags:
        return "bookSection"
    if "citation_isbn" in tags:
        return "book"
    return "journalArticle" if "citation_title" in tags else "webpage"


@pytest.mark.parametrize("id_", CATALOGUE)
def test_zotero_takes_no_document_for_an_article(id_: str) -> None:
    tags = dict(highwire_tags(CATALOGUE[id_]))
    expected = "book" if id_ == "gmg-handbook-2010" else "report"
    assert zotero_type(CATALOGUE[id_]) == expected
    assert tags["citation_title"].startswith(CATALOGUE[id_].title)


def test_zotero_takes_pages_chapters_and_handbooks_for_what_they_are() -> None:
    assert zotero_type(PAGE) == "webpage"
    assert dict(highwire_tags(PAGE))["DC.creator"] == "Example Coalition"
    chapter = Metadata(id="c", title="C", kind="chapter", container="B", container_pages="101-120", authors=("Doe, J",))
    assert zotero_type(chapter) == "bookSection"
    assert dict(highwire_tags(chapter))["citation_lastpage"] == "120"
    assert zotero_type(Metadata(id="h", title="H", kind="handbook", organization="Example Coalition")) == "report"


def test_highwire_has_no_tag_for_what_is_not_known() -> None:
    assert highwire_tags(Metadata(id="n", title="N", kind="statement")) == [("citation_title", "N")]
    assert ("citation_isbn", "978-92-1-126293-3") in highwire_tags(HANDBOOK)
    assert "citation_technical_report_institution" not in dict(highwire_tags(HANDBOOK))


@pytest.fixture
def unapi() -> TestClient:
    app = FastAPI()
    app.include_router(unapi_router(lambda id_: Citable(CATALOGUE[id_], None, EDITION) if id_ in CATALOGUE else None))
    return TestClient(app)


def test_unapi_lists_formats(unapi: TestClient) -> None:
    general, of_one = unapi.get("/unapi"), unapi.get("/unapi", params={"id": "gmg-handbook-2010"})
    assert (general.status_code, of_one.status_code) == (200, 300)
    root = etree.fromstring(of_one.content)
    assert root.get("id") == "gmg-handbook-2010"
    assert [child.get("name") for child in root] == ["csl-json", "bibtex", "ris"]


def test_unapi_gives_records_and_says_what_it_lacks(unapi: TestClient) -> None:
    record = unapi.get("/unapi", params={"id": "gmg-handbook-2010", "format": "ris"})
    assert record.text.startswith("TY  - BOOK\r\n")
    assert unapi.get("/unapi", params={"id": '"><x', "format": "ris"}).status_code == 404
    assert unapi.get("/unapi", params={"id": "gmg-handbook-2010", "format": "mods"}).status_code == 406


def test_link_headers_say_how_to_cite_and_reuse() -> None:
    assert link_header(PAGE, {"application/x-bibtex": "/v1/x?format=bibtex"}) == (
        '<https://doi.org/10.1234/x>; rel="cite-as", '
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license", '
        '</v1/x?format=bibtex>; rel="alternate"; type="application/x-bibtex"'
    )
    assert link_header(Metadata(id="n", title="N"), {}) == ""
    assert "\n" not in link_header(Metadata(id="n", title="N", url="https://e.org/>\r\nX: y"), {})
