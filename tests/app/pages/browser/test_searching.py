"""Searching as a person does: typing, keys, copying, filters, going back, and opening a link that was shared."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.app.conftest import PAPER
from tests.app.pages.browser.conftest import Open, clipboard, in_view

QUERY = "children who arrive alone have a guardian"


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_typing_a_query_gives_quotations_and_an_address_that_can_be_shared(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("textbox", name="A question").fill(QUERY)
    page.keyboard.press("Enter")
    expect(page.locator("article.result").first).to_be_visible()
    assert query_of(page) == {"q": [QUERY]}
    first = page.locator("article.result blockquote").first.text_content()
    shared = page.url
    page.reload()
    expect(page.locator("article.result blockquote").first).to_have_text(first or "", use_inner_text=False)
    page.go_back()
    expect(page.locator("article.result")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#q")).to_have_value(QUERY)
    other = open_page(shared)
    assert other.locator("article.result blockquote").first.text_content() == first


def test_a_line_break_in_the_field_is_shift_enter(open_page: Open) -> None:
    page = open_page("/")
    page.locator("#q").fill("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    assert page.locator("#q").input_value() == "one\ntwo"


def test_every_key_does_what_the_list_of_keys_says(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    for key, focused in (("j", 1), ("j", 2), ("k", 1), ("k", 1), ("j", 2)):
        page.keyboard.press(key)
        expect(page.locator(f"#result-{focused}")).to_be_focused()
    quote = page.locator("#result-2 blockquote").text_content() or ""
    page.keyboard.press("c")
    assert clipboard(page).startswith(f"“{quote}” (")
    page.keyboard.press("t")
    expect(page.locator("#tray-count")).to_have_text("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/read/**")
    marked = "".join(page.locator("mark").all_text_contents())
    assert "".join(marked.split()) == "".join(quote.split())
    assert in_view(page, "mark")


def test_letters_that_are_typed_into_a_field_are_letters(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    page.locator("#q").fill("")
    page.keyboard.type("jkct?/")
    assert page.locator("#q").input_value() == "jkct?/"
    expect(page.locator("dialog#keys")).to_be_hidden()
    expect(page.locator("#tray-count")).to_have_text("")


def test_the_buttons_copy_the_quote_the_citation_and_both(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    result = page.locator("article.result").first
    quote = result.locator("blockquote").text_content() or ""
    citation = (result.locator(".citation").text_content() or "").strip()
    result.get_by_role("button", name="Copy quote").click()
    assert clipboard(page) == quote
    result.get_by_role("button", name="Copy citation").click()
    assert clipboard(page) == citation
    result.get_by_role("button", name="Copy both").click()
    assert clipboard(page) == f"“{quote}” ({citation.rstrip('.')})"


def test_a_quote_is_copied_in_the_marks_of_the_interface_s_language(open_page: Open) -> None:
    page = open_page("/?q=lanterns&lang=fr")
    quote = page.locator("article.result blockquote").first.text_content() or ""
    page.get_by_role("button", name="Copier les deux").first.click()
    assert clipboard(page).startswith(f"«\u00a0{quote}\u00a0» (")


def test_filters_narrow_the_results_and_going_back_takes_them_off(open_page: Open) -> None:
    page = open_page("/?q=lanterns")
    unfiltered = page.locator("article.result").count()
    page.get_by_text("Filters and citation style").click()
    page.locator("input[name=document]").last.check()
    chosen = page.locator("input[name=document]").last.get_attribute("value") or ""
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**document=**")
    assert query_of(page) == {"q": ["lanterns"], "document": [chosen]}
    read = page.locator("article.result").evaluate_all("all => all.map(one => one.dataset.read)")
    assert read
    assert all(address.startswith(f"/read/{chosen}?") for address in read)
    page.go_back()
    expect(page.locator("article.result")).to_have_count(unfiltered)


def test_a_style_changes_the_citations_that_are_shown_and_copied(open_page: Open) -> None:
    page = open_page("/?q=lanterns")
    page.get_by_text("Filters and citation style").click()
    page.get_by_role("combobox", name="Citation style").fill("apa")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**style=apa**")
    shown = (page.locator("article.result .citation").first.text_content() or "").strip()
    page.locator("article.result").first.get_by_role("button", name="Copy citation").click()
    assert clipboard(page) == shown
    page.locator("article.result").first.get_by_role("link", name="Read in place").click()
    expect(page.locator(".asked .citation")).to_have_text(shown)


def test_context_opens_in_place_and_similar_passages_are_a_page(open_page: Open) -> None:
    page = open_page(f"/?q={QUERY}")
    result = page.locator("article.result").first
    result.get_by_text("The words around it").click()
    passage = result.locator(".context .itself").text_content() or ""
    assert (result.locator("blockquote").text_content() or "") in passage
    result.get_by_role("link", name="Similar passages").click()
    expect(page.locator("blockquote.origin")).to_have_text(passage, use_inner_text=False)


def test_more_results_go_on_and_back_returns(open_page: Open) -> None:
    page = open_page("/?q=migrants and their communities")
    page.get_by_role("link", name="More results").click()
    expect(page.locator("#result-11")).to_be_visible()
    page.go_back()
    expect(page.locator("#result-1")).to_be_visible()


def test_the_first_page_leads_to_the_documents(open_page: Open) -> None:
    page = open_page("/")
    page.locator(f"ul.held a[href='/read/{PAPER}']").click()
    expect(page.locator("h1")).to_contain_text("Partnerships for capacity-building")
