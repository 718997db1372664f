"""Reading as a person does: the quote in view and exactly marked, words selected, matches stepped through, pictures."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.read_link import read_link
from app.service import Service
from corpus.documents import Document
from tests.app.conftest import HANDBOOK, PAGE, PAPER, STATEMENT
from tests.app.pages.browser.conftest import Open, clipboard, in_view
from tests.app.pages.conftest import ANNEX, ARABIC
from tests.app.pages.test_read_page import document_of, link_of

SELECT = """([from, to]) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    let start = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const first = node.data.indexOf(from);
        if (!start && first >= 0) { range.setStart(node, first); start = true; }
        const last = node.data.indexOf(to, start && range.startContainer === node ? range.startOffset : 0);
        if (start && last >= 0) { range.setEnd(node, last + to.length); break; }
    }
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
}"""


def select(page: Page, first: str, last: str) -> None:
    """Select from the first place of `first` to the end of the next `last`, and wait for the panel."""
    page.evaluate(SELECT, [first, last])
    expect(page.locator("#selection")).to_be_visible()


def offsets_of(page: Page) -> tuple[int, int]:
    query = parse_qs(urlsplit(page.locator("#selection-link").get_attribute("href") or "").query)
    return int(query["start"][0]), int(query["end"][0])


@pytest.mark.parametrize("id_", [PAPER, HANDBOOK, ANNEX, ARABIC])
@pytest.mark.parametrize("scripting", [True, False])
def test_a_link_shows_its_quote_in_view_with_and_without_javascript(
    open_page: Open, desk_service: Service, id_: str, scripting: bool
) -> None:
    document = document_of(desk_service, id_)
    block = document.blocks[-2]
    page = open_page(read_link(document, block.start, block.end), java_script_enabled=scripting)
    assert page.locator("mark").all_text_contents() == [document.text[block.start : block.end]]
    page.wait_for_load_state()
    box = page.locator("mark").bounding_box()
    assert box is not None
    assert -1 <= box["y"] < 800


@pytest.mark.parametrize(
    ("id_", "first", "last"),
    [
        (PAPER, "capacity building", "migrants"),
        (ANNEX, "burns until", "distance from the rocks"),
        (ANNEX, "𝒜", "👩🏽‍🌾"),
        (ANNEX, "keeps its distance", "shall not be asked"),
        (ANNEX, "<img src=x", "here and nothing else"),
        (STATEMENT, "welcome", "nobody"),
        (HANDBOOK, "Employers", "journey home"),
        (ARABIC, "لكل طفل", "اليوم الأول"),
    ],
)
def test_selected_words_become_a_quote_with_citation_selector_and_link(
    open_page: Open, desk_service: Service, id_: str, first: str, last: str
) -> None:
    document = document_of(desk_service, id_)
    page = open_page(f"/read/{id_}")
    select(page, first, last)
    start, end = offsets_of(page)
    words = document.text[start:end]
    assert (words.startswith(first), words.endswith(last)) == (True, True)
    assert start == document.text.index(first, document.blocks[1].start)
    page.get_by_role("button", name="Copy quote").click()
    assert clipboard(page) == words
    page.get_by_role("button", name="Copy selector").click()
    quote, position = json.loads(clipboard(page))
    assert (position["start"], position["end"], quote["exact"]) == (start, end, words)
    assert document.text[max(0, start - 32) : start] == quote["prefix"]
    assert document.text[end : end + 32] == quote["suffix"]
    cited = desk_service.document_citation(id_, start=start, end=end)
    expect(page.locator("#selection-citation")).to_have_text(cited)
    page.get_by_role("button", name="Copy both").click()
    assert clipboard(page) == f"“{words}” ({cited.rstrip('.')})"
    page.locator("#selection-link").click()
    page.wait_for_url("**#quote")
    shown = "".join(page.locator("mark").all_text_contents())
    assert "".join(shown.split()) == "".join(words.split())


def test_a_word_that_is_double_clicked_can_be_quoted(open_page: Open, desk_service: Service) -> None:
    page = open_page(f"/read/{HANDBOOK}")
    page.get_by_text("A pension follows").dblclick(position={"x": 30, "y": 10})
    expect(page.locator("#selection")).to_be_visible()
    start, end = offsets_of(page)
    assert document_of(desk_service, HANDBOOK).text[start:end].strip() in ("A", "pension")
    page.locator("h1").click()
    expect(page.locator("#selection")).to_be_hidden()


def test_find_steps_through_every_match_and_round(open_page: Open, desk_service: Service) -> None:
    count = document_of(desk_service, PAPER).text.casefold().count("human rights")
    page = open_page(f"/read/{PAPER}")
    page.get_by_role("searchbox", name="Find in this document").fill("human rights")
    page.keyboard.press("Enter")
    expect(page.locator("#found-status")).to_contain_text(f"{count} matches")
    expect(page.locator("mark.current")).to_have_id("found-1")
    for number in [*range(2, count + 1), 1]:
        page.locator("#next-match").click()
        expect(page.locator("mark.current")).to_have_id(f"found-{number}")
        assert in_view(page, "mark.current")
    page.locator("#previous-match").click()
    expect(page.locator("mark.current")).to_have_id(f"found-{count}")
    page.keyboard.press("j")
    expect(page.locator("mark.current")).to_have_id("found-1")
    page.keyboard.press("k")
    expect(page.locator("mark.current")).to_have_id(f"found-{count}")


def test_a_page_s_picture_stands_beside_the_text_with_the_words_outlined(
    open_page: Open, desk_service: Service
) -> None:
    address, _, _ = link_of(document_of(desk_service, HANDBOOK), "A pension follows the person who earned it")
    page = open_page(address)
    picture = page.locator("figure#picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    yellow = """image => {
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const drawn = canvas.getContext("2d");
        drawn.drawImage(image, 0, 0);
        const { data } = drawn.getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) count += data[at] > 220 && data[at] - data[at + 2] > 40;
        return count;
    }"""
    assert picture.evaluate(yellow) > 100
    page.get_by_role("link", name="next", exact=True).click()
    expect(page.locator("figcaption")).to_contain_text("page 75 (number 3 in the file)")
    picture = page.locator("figure#picture img")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate(yellow) == 0
    assert page.locator("mark").count() == 1


def test_a_label_in_the_margin_opens_the_picture_of_its_page(open_page: Open) -> None:
    page = open_page(f"/read/{HANDBOOK}")
    page.locator("a.page", has_text="iv").click()
    expect(page.locator("figcaption")).to_contain_text("page iv (number 1 in the file)")


def test_print_keeps_page_labels_and_leaves_the_controls_out(open_page: Open) -> None:
    page = open_page(f"/read/{HANDBOOK}")
    page.emulate_media(media="print")
    expect(page.locator("a.page", has_text="74")).to_be_visible()
    for selector in ("nav", "form.find", "footer", ".cite-as"):
        expect(page.locator(selector).first).to_be_hidden()
    expect(page.locator("#text")).to_be_visible()


@pytest.mark.parametrize("path", [f"/read/{ANNEX}", f"/read/{PAGE}", f"/read/{STATEMENT}", "/documents", "/?q=onerror"])
def test_no_markup_of_a_document_runs(open_page: Open, path: str) -> None:
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("typeof window.ran") == "undefined"
    assert page.locator("main img:not(figure img)").count() == 0


def test_hostile_words_stay_words_when_quoted_copied_and_kept(open_page: Open, desk_service: Service) -> None:
    document: Document = document_of(desk_service, ANNEX)
    words = '<img src=x onerror="window.ran = 1">'
    address, _, _ = link_of(document, words)
    page = open_page(address)
    assert page.locator("mark").all_text_contents() == [words]
    page.get_by_role("button", name="Copy quote").first.click()
    assert clipboard(page) == words
    page.goto("/?q=onerror+words+here+and+nothing+else")
    page.get_by_role("button", name="Keep in tray").first.click()
    page.goto("/tray")
    expect(page.locator("#tray-items blockquote")).to_have_count(1)
    assert page.locator("#tray-items img").count() == 0
    assert page.evaluate("typeof window.ran") == "undefined"
