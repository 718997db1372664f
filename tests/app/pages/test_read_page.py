"""The reading page without JavaScript: every word of every document, and the quote marked: exactly it, or nothing."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html

from app.citation import cite, locate
from app.citation.annotation import ANNOTATION_TYPE
from app.encoders import configured_encoders
from app.pages.marked_text import shown_groups, shown_notes
from app.read_link import read_link
from app.service import Service
from app.settings import Settings
from corpus.catalogue import load_catalogue
from corpus.documents import BlockKind, Document, Span
from corpus.library import Library
from index.build import build
from tests.app.conftest import HANDBOOK, PAGE, PAPER, STATEMENT, RunningServer, put
from tests.app.pages.conftest import ANNEX, ARABIC, page_of, words_of

DOCUMENTS = [PAPER, HANDBOOK, STATEMENT, PAGE, ANNEX, ARABIC]


def document_of(service: Service, id_: str) -> Document:
    with service.serving.lease() as generation:
        return generation.document(id_)


def marked(page: html.HtmlElement) -> str:
    """The words marked as the quote, one mark after the other."""
    return "".join(mark.text_content() for mark in page.xpath("//mark[not(contains(@class, 'found'))]"))


def link_of(document: Document, words: str) -> tuple[str, int, int]:
    start = document.text.index(words)
    return read_link(document, start, start + len(words)), start, start + len(words)


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_every_block_is_shown_with_exactly_its_words_whatever_is_marked(desk_service: Service, id_: str) -> None:
    document = document_of(desk_service, id_)
    length = len(document.text)
    for quote in (None, Span(0, length), Span(length // 3, length // 2), Span(length - 1, length)):
        for found in ([], [Span(at, min(at + 7, length)) for at in range(0, length, 10)]):
            groups = shown_groups(document, quote, found)
            shown = [one for group in groups for row in group.rows for one in row]
            shown += [one for blocks in shown_notes(document, quote, found).values() for one in blocks]
            assert sorted(one.block.ordinal for one in shown) == [block.ordinal for block in document.blocks]
            for one in shown:
                assert "".join(piece.text for piece in one.pieces) == document.text[one.block.start : one.block.end]
                for piece in one.pieces:
                    place = Span(piece.start, piece.start + len(piece.text))
                    assert (piece.mark == "quote") == (quote is not None and quote.holds(place))


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_the_page_holds_every_word_at_its_offset(desk: httpx.Client, desk_service: Service, id_: str) -> None:
    document = document_of(desk_service, id_)
    page = page_of(desk.get(f"/read/{id_}"))
    places = sorted((int(piece.get("data-at")), piece.text_content()) for piece in page.xpath("//*[@data-at]"))
    for start, words in places:
        assert document.text[start : start + len(words)] == words
    assert all(start + len(words) <= following for (start, words), (following, _) in pairwise(places))
    covered = {offset for start, words in places for offset in range(start, start + len(words))}
    wanted = {offset for block in document.blocks for offset in range(block.start, block.end)}
    assert covered == wanted


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_a_link_marks_its_quote_and_nothing_else(desk: httpx.Client, desk_service: Service, id_: str) -> None:
    document = document_of(desk_service, id_)
    for block in document.blocks[:: max(1, len(document.blocks) // 12)]:
        start, end = block.start, block.end
        page = page_of(desk.get(read_link(document, start, end)))
        assert marked(page) == document.text[start:end]
        assert page.xpath("//section[@class='asked']/blockquote")[0].text_content() == document.text[start:end]
        assert len(page.xpath("//mark[@id='quote']")) == 1


def test_a_quote_over_several_blocks_is_marked_in_each(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, PAPER)
    first, second = document.blocks[4:6]
    page = page_of(desk.get(read_link(document, first.start + 3, second.end - 3)))
    assert marked(page) == document.text[first.start + 3 : first.end] + document.text[second.start : second.end - 3]
    assert len(page.xpath("//mark[@id='quote']")) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "5", "end": "5"},
        {"start": "9", "end": "5"},
        {"start": "0", "end": "99999999"},
        {"start": "10", "end": "40", "begins": "not these words at all, no", "sha256": "0123456789abcdef"},
        {"start": "10", "end": "40", "begins": "", "sha256": "0123456789abcdef"},
        {"start": "10", "end": "40", "begins": "a", "sha256": "0123456789abcdef"},
    ],
)
def test_words_that_are_not_there_are_said_to_be_gone_and_nothing_is_marked(
    desk: httpx.Client, asked: dict[str, str]
) -> None:
    page = page_of(desk.get(f"/read/{PAPER}", params=asked), 410)
    assert marked(page) == ""
    assert "Nothing is marked" in words_of(page, "//p[@role='alert']")
    assert len(page.xpath("//*[@data-at]")) > 50


@pytest.mark.parametrize("asked", [{"start": "x", "end": "y"}, {"start": "-1", "end": "4"}, {"start": "4"}])
def test_what_is_no_place_marks_nothing(desk: httpx.Client, asked: dict[str, str]) -> None:
    assert marked(page_of(desk.get(f"/read/{PAPER}", params=asked))) == ""


@pytest.mark.parametrize(
    "asked", [{"start": "1" * 13, "end": "2"}, {"style": "no-such-style"}, {"find": "x" * 301}, {"page": "9" * 41}]
)
def test_what_cannot_be_used_is_named_on_a_page(desk: httpx.Client, asked: dict[str, str]) -> None:
    page = page_of(desk.get(f"/read/{PAPER}", params=asked), 422)
    assert next(iter(asked)) in words_of(page, "//p[@role='alert']")


def test_moved_words_are_found_again_and_gone_words_said_to_be_gone(
    tmp_path: Path, models: Path, catalogue_file: Path
) -> None:
    """A shared link, followed after a new edition was read in the place of the old."""
    settings = Settings(library=tmp_path / "library", models=models, catalogue=catalogue_file, profile="light")
    catalogue, library = load_catalogue(catalogue_file), Library(tmp_path / "library")
    source = tmp_path / "moving.md"
    paragraphs = [f"The boat number {number} kept its lantern alight until the morning." for number in range(20)]

    def read_in(lines: list[str]) -> None:
        source.write_text("# On boats\n\n" + "\n\n".join(lines) + "\n", encoding="utf-8")
        with library.open_store() as store:
            put(library, store, catalogue, source, None)
            build(store, library, configured_encoders(settings))

    read_in(paragraphs)
    with RunningServer(settings) as server:
        service: Service = server.app.state.service
        document = document_of(service, "moving")
        kept, _, _ = link_of(document, paragraphs[7])
        changed, _, _ = link_of(document, paragraphs[8])
        by_offsets = f"/read/moving?start={document.text.index(paragraphs[7])}&end={len(document.text)}"
    read_in(["An older boat came first.", *paragraphs[:8], paragraphs[8].replace("kept", "lost"), *paragraphs[9:]])
    with RunningServer(settings) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        page = page_of(client.get(kept))
        assert marked(page) == paragraphs[7]
        assert "has changed since this link was made" in words_of(page, "//p[@class='warning']")
        gone = page_of(client.get(changed), 410)
        assert marked(gone) == ""
        page_of(client.get(by_offsets))
    with library.open_store() as store:
        store.remove("moving")
        put(library, store, catalogue, Path(__file__).parent / "texts" / f"{ANNEX}.md", None)
        build(store, library, configured_encoders(settings))
    with RunningServer(settings) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        missing = page_of(client.get(kept, headers={"Accept": "text/html"}), 404)
        assert "moving" in words_of(missing, "//p[@class='problem']")


def test_a_known_document_that_is_not_held_says_how_to_get_it(desk: httpx.Client) -> None:
    page = page_of(desk.get("/read/example-missing-2001"), 404)
    assert words_of(page, "//h1") == "A Book That Is Not Here"
    assert "verbatim fetch example-missing-2001" in words_of(page, "//p[@class='problem']")


@pytest.mark.parametrize("id_", ["nothing", "<script>alert(1)</script>", "..%2f..%2fetc%2fpasswd", "a" * 5_000])
def test_an_unknown_document_is_a_page_too(desk: httpx.Client, id_: str) -> None:
    page = page_of(desk.get(f"/read/{id_}"), 404)
    assert not page.xpath("//script[not(@src)]")


def test_find_marks_and_numbers_every_match(desk: httpx.Client, desk_service: Service) -> None:
    page = page_of(desk.get(f"/read/{PAPER}", params={"find": "HUMAN rights"}))
    count = document_of(desk_service, PAPER).text.casefold().count("human rights")
    assert count > 1
    assert words_of(page, "//p[@id='found-status']").startswith(f"{count} matches")
    numbers = page.xpath("//mark[contains(@class, 'found')]/@id")
    assert numbers == [f"found-{number}" for number in range(1, count + 1)]
    assert page.xpath("//input[@id='find']/@value") == ["HUMAN rights"]


def test_find_without_a_match_says_so(desk: httpx.Client) -> None:
    page = page_of(desk.get(f"/read/{PAPER}", params={"find": "xylophone"}))
    assert words_of(page, "//p[@id='found-status']") == "0 matches"


def test_pages_have_their_labels_and_a_picture(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, HANDBOOK)
    page = page_of(desk.get(f"/read/{HANDBOOK}"))
    assert page.xpath("//a[@class='page']/text()") == ["iv", "74", "75"]
    address, start, end = link_of(document, "A pension follows the person who earned it")
    quoted = page_of(desk.get(address))
    (picture,) = quoted.xpath("//figure[@id='picture']//img/@src")
    assert picture == f"/v1/documents/{HANDBOOK}/pages/index:2.png?highlight={start}-{end}"
    assert desk.get(picture).content.startswith(b"\x89PNG")
    (following,) = quoted.xpath("//figure//a[@rel='next']/@href")
    turned = page_of(desk.get(f"/read/{HANDBOOK}{following}"))
    assert turned.xpath("//figure//img/@src") == [f"/v1/documents/{HANDBOOK}/pages/index:3.png"]
    assert marked(turned) == marked(quoted) != ""


def test_notes_and_their_calls_lead_to_each_other(desk: httpx.Client, desk_service: Service) -> None:
    notes = document_of(desk_service, PAPER).notes
    page = page_of(desk.get(f"/read/{PAPER}"))
    assert notes
    ids = set(page.xpath("//@id"))
    for call in page.xpath("//sup[@class='call']/a/@href") + page.xpath("//a[@class='marker']/@href"):
        assert call.removeprefix("#") in ids


def test_no_id_stands_twice(desk: httpx.Client) -> None:
    for path in (*(f"/read/{id_}?find=the" for id_ in DOCUMENTS), "/?q=lanterns", "/documents", "/check", "/tray"):
        ids = page_of(desk.get(path)).xpath("//@id")
        assert len(ids) == len(set(ids)), path


def test_headings_are_in_order_and_none_is_deeper_than_a_reader_can_tell(desk: httpx.Client) -> None:
    page = page_of(desk.get(f"/read/{ANNEX}"))
    levels = [
        int(heading.tag[1]) for heading in page.xpath("//article//*[self::h2 or self::h3 or self::h4 or self::h5]")
    ]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_right_to_left_document_is_said_to_be_so(desk: httpx.Client) -> None:
    page = page_of(desk.get(f"/read/{ARABIC}"))
    blocks = page.xpath("//article[@id='text']/p | //article[@id='text']/h2")
    assert blocks
    assert {block.get("dir") for block in blocks} == {"rtl"}


@pytest.mark.parametrize("id_", [PAGE, ANNEX, STATEMENT])
def test_markup_in_a_document_stays_words(desk: httpx.Client, id_: str) -> None:
    for path in (f"/read/{id_}", f"/read/{id_}?find=<script>", "/documents", "/?q=photograph+onerror+alert"):
        page = page_of(desk.get(path))
        assert not page.xpath("//script[not(@src) and not(@type='application/ld+json')]"), path
        assert not page.xpath("//img[not(ancestor::figure)]"), path
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), path
        assert not page.xpath("//style | //iframe | //*[@style]"), path


def test_reference_managers_and_programs_can_take_the_quote(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, PAPER)
    block = next(block for block in document.blocks if block.kind is BlockKind.PARAGRAPH)
    answer = desk.get(read_link(document, block.start, block.end))
    page = page_of(answer)
    tags = {tag.get("name"): tag.get("content") for tag in page.xpath("//meta[starts-with(@name, 'citation_')]")}
    assert tags["citation_title"].startswith(document.metadata.title)
    assert tags["citation_technical_report_institution"]
    data = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert data["@type"] == "Quotation"
    assert data["text"] == document.text[block.start : block.end]
    assert 'rel="alternate"' in answer.headers["link"]


@pytest.mark.parametrize("id_", DOCUMENTS)
def test_a_quote_is_also_a_web_annotation(desk: httpx.Client, desk_service: Service, id_: str) -> None:
    document = document_of(desk_service, id_)
    block = document.blocks[len(document.blocks) // 2]
    page = page_of(desk.get(read_link(document, block.start, block.end)))
    (address,) = page.xpath("//a[text()='Web Annotation']/@href")
    answer = desk.get(address)
    assert answer.headers["content-type"] == ANNOTATION_TYPE
    annotation = answer.json()
    quote, position = annotation["target"]["selector"]
    start, end = position["start"], position["end"]
    assert (start, end) == (block.start, block.end)
    assert quote["exact"] == document.text[start:end]
    assert document.text[:start].endswith(quote["prefix"])
    assert document.text[end:].startswith(quote["suffix"])
    assert marked(page_of(desk.get(annotation["id"]))) == quote["exact"]
    assert desk.get(annotation["target"]["source"]["id"]).status_code == 200
    for nowhere in (f"start={end}&end={start}", f"start=0&end={len(document.text) + 1}", "start=3&end=3"):
        assert desk.get(f"/v1/documents/{id_}/annotation?{nowhere}").status_code == 422


def test_hostile_words_cannot_end_the_data_that_they_stand_in(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, STATEMENT)
    address, _, _ = link_of(document, "<script>alert(1)</script>")
    page = page_of(desk.get(address))
    (data,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(data.text)["text"] == "<script>alert(1)</script>"
    assert marked(page) == "<script>alert(1)</script>"


def test_the_citation_is_in_the_style_asked_for(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, HANDBOOK)
    address, start, end = link_of(document, "A pension follows the person who earned it")
    page = page_of(desk.get(address.replace("?", "?" + urlencode({"style": "apa"}) + "&")))
    locator = locate(document.blocks, document.pages, start, end)
    shown = words_of(page, "//section[@class='asked']//p[@class='citation']")
    assert shown == " ".join(cite(document.metadata, locator, style="apa", form="full").split())
