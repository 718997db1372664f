"""Checking a draft as a person does: pasted, chosen as a file, or dropped onto the page."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.app.pages.browser.conftest import Open, clipboard
from tests.app.pages.test_check_page import DRAFT, TRUE, word

DROP = """async ([base64, name]) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name));
    const target = document.querySelector("h1");
    for (const type of ["dragenter", "dragover"])
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    const dropping = document.body.classList.contains("dropping");
    setTimeout(() => target.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true })));
    return dropping;
}"""


def expect_verdicts(page: Page) -> None:
    expect(page.locator("h2#verdicts")).to_have_text("2 quotations")
    expect(page.locator("ol.checked h3")).to_have_text(["Verbatim", "Altered"])


@pytest.mark.parametrize("scripting", [True, False])
def test_a_pasted_draft_is_judged_with_and_without_javascript(open_page: Open, scripting: bool) -> None:
    page = open_page("/check", java_script_enabled=scripting)
    page.get_by_label("Paste the draft").fill(DRAFT)
    page.get_by_role("button", name="Check the quotations").click()
    expect_verdicts(page)
    expect(page.locator(".differences del")).to_have_text("thirteen")
    page.locator("a.in-draft.altered").click()
    assert page.url.endswith("#quotation-2")
    page.locator("ol.checked li").first.get_by_role("link", name="Read in place").click()
    assert page.locator("mark").all_text_contents() == [TRUE]


def test_the_true_words_are_there_to_be_copied(open_page: Open) -> None:
    page = open_page("/check")
    page.get_by_label("Paste the draft").fill(DRAFT)
    page.get_by_role("button", name="Check the quotations").click()
    page.get_by_role("button", name="Copy the true words").click()
    assert clipboard(page) == TRUE


def test_a_chosen_file_is_judged(open_page: Open, tmp_path: Path) -> None:
    draft = tmp_path / "draft.docx"
    draft.write_bytes(word(DRAFT))
    page = open_page("/check")
    page.get_by_label("or take a file").set_input_files(draft)
    page.get_by_role("button", name="Check the quotations").click()
    expect_verdicts(page)


def test_a_file_dropped_anywhere_on_the_page_is_judged(open_page: Open) -> None:
    page = open_page("/check")
    assert page.evaluate(DROP, [base64.b64encode(word(DRAFT)).decode(), "draft.docx"])
    expect_verdicts(page)


def test_markup_in_a_draft_does_not_run(open_page: Open) -> None:
    page = open_page("/check")
    page.get_by_label("Paste the draft").fill("“<img src=x onerror='window.ran = 4'> and many more words than four”")
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.locator("h2#verdicts")).to_have_text("1 quotation")
    assert page.evaluate("typeof window.ran") == "undefined"
