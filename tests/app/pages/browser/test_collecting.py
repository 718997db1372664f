"""Collecting as a person does: keeping quotes, ordering and noting them, exporting them, reopening a link."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Download, Page, expect

from app.export import EXPORT_FORMATS
from tests.app.pages.browser.conftest import Open


def keep_three(page: Page) -> list[str]:
    """Keep the first three results, and give their quotes."""
    for number in range(3):
        page.get_by_role("button", name="Keep in tray").nth(number).click()
        expect(page.locator("#tray-count")).to_have_text(str(number + 1))
    return page.locator("article.result blockquote").all_text_contents()[:3]


def quotes_of(page: Page) -> list[str]:
    return page.locator("#tray-items blockquote").all_text_contents()


def export(page: Page, name: str) -> Download:
    with page.expect_download() as download:
        page.locator(f"button[name=format][value={name}]").click()
    return download.value


def test_kept_quotes_stay_in_order_with_their_notes(open_page: Open) -> None:
    page = open_page("/?q=lanterns")
    sent: list[str] = []
    first, second, third = keep_three(page)
    page.get_by_role("button", name="Keep in tray").first.click()
    page.get_by_role("link", name="Tray").click()
    page.wait_for_url("**/tray")
    page.on("request", lambda request: sent.append(request.url))
    assert quotes_of(page) == [first, second, third]
    page.get_by_role("button", name="Up").nth(2).click()
    assert quotes_of(page) == [first, third, second]
    page.get_by_role("button", name="Down").first.click()
    assert quotes_of(page) == [third, first, second]
    page.get_by_label("Your note").first.fill("For the opening")
    page.get_by_label("Your note").first.blur()
    assert [address for address in sent if "/static/" not in address] == []
    page.reload()
    assert quotes_of(page) == [third, first, second]
    expect(page.get_by_label("Your note").first).to_have_value("For the opening")
    page.get_by_role("button", name="Remove").nth(1).click()
    assert quotes_of(page) == [third, second]
    expect(page.locator("#tray-count")).to_have_text("2")


def test_the_tray_becomes_a_word_file_with_its_quotes_in_order(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/?q=lanterns")
    quotes = keep_three(page)
    page.goto("/tray")
    page.get_by_label("Your note").nth(1).fill("A note of mine")
    page.get_by_label("Title of the pack").fill("Light for others")
    target = tmp_path / "pack.docx"
    export(page, "docx").save_as(target)
    text = " ".join(" ".join(paragraph.text for paragraph in docx.Document(str(target)).paragraphs).split())
    assert "Light for others" in text
    assert "A note of mine" in text
    places = [text.index(" ".join(quote.split())[:40]) for quote in quotes]
    assert places == sorted(places)


@pytest.mark.parametrize("name", sorted(EXPORT_FORMATS))
def test_every_format_downloads(open_page: Open, tmp_path: Path, name: str) -> None:
    page = open_page("/?q=lanterns")
    keep_three(page)
    page.goto("/tray")
    target = tmp_path / "pack"
    export(page, name).save_as(target)
    assert target.stat().st_size > 100
    expect(page.locator("#tray-problem")).to_be_hidden()


def test_a_link_reopens_the_tray_in_another_browser(open_page: Open) -> None:
    page = open_page("/?q=lanterns")
    quotes = keep_three(page)
    page.goto("/tray")
    link = page.locator("#tray-link").get_attribute("href") or ""
    other = open_page(link)
    expect(other.locator("#tray-items blockquote")).to_have_count(3)
    assert quotes_of(other) == quotes
    assert other.url.endswith("/tray")
    other.get_by_role("link", name="Read in place").first.click()
    marked = "".join(other.locator("mark").all_text_contents())
    assert "".join(marked.split()) == "".join(quotes[0].split())


def test_a_link_to_words_that_are_gone_says_so(open_page: Open) -> None:
    page = open_page("/tray#no-such.passage:1-20,nonsense,%00:3-4")
    expect(page.locator("#tray-problem")).to_contain_text("no longer in the library")
    expect(page.locator("#tray-empty")).to_be_visible()


def test_a_spoilt_store_is_an_empty_tray(open_page: Open) -> None:
    page = open_page("/tray")
    for spoilt in ("{", '{"a": 1}', "[null, 3, {}]"):
        page.evaluate("spoilt => localStorage.setItem('verbatim-tray', spoilt)", spoilt)
        page.reload()
        expect(page.locator("#tray-empty")).to_be_visible()
