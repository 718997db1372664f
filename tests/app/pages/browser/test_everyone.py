"""Every page in every state for everyone: nothing that axe finds, at 320 pixels and at 400 % zoom, in the dark, right
to left, in French, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from app.read_link import read_link
from app.service import Service
from tests.app.conftest import HANDBOOK, PAPER
from tests.app.pages.browser.conftest import Open
from tests.app.pages.conftest import ANNEX, ARABIC
from tests.app.pages.test_check_page import DRAFT
from tests.app.pages.test_read_page import document_of, link_of

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
NARROW = {"width": 320, "height": 640}
"""Also what a window of 1280 pixels is at 400 % zoom (WCAG 2.2, 1.4.10)."""

Arrive = Callable[[Page, Service], object]


def at(path: str) -> Arrive:
    return lambda page, _: page.goto(path)


def at_a_quote(page: Page, service: Service) -> None:
    page.goto(link_of(document_of(service, HANDBOOK), "A pension follows the person who earned it")[0])


def at_moved_words(page: Page, service: Service) -> None:
    document = document_of(service, ANNEX)
    block = document.blocks[-2]
    address = read_link(document, block.start, block.end)
    page.goto(address.replace(f"start={block.start}&end={block.end}", f"start=0&end={block.end - block.start}"))


def with_keys_shown(page: Page, _: Service) -> None:
    page.goto("/?q=lanterns")
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()


def with_all_opened(page: Page, _: Service) -> None:
    page.goto("/?q=lanterns&document=example-annex&mode=semantic")
    page.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((one) => one.click())")
    page.locator("#result-1").focus()


def with_words_selected(page: Page, _: Service) -> None:
    page.goto(f"/read/{HANDBOOK}")
    page.get_by_text("A pension follows").dblclick()
    expect(page.locator("#selection")).to_be_visible()


def with_verdicts(page: Page, _: Service) -> None:
    page.goto("/check")
    page.locator("#text").fill(DRAFT + " “No dragon ever crossed the northern harbour wall.” (Example Handbook, p. 75)")
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.locator("h2#verdicts")).to_be_visible()


def with_an_empty_draft(page: Page, _: Service) -> None:
    page.goto("/check")
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.locator("p[role=alert]")).to_be_visible()


def with_a_full_tray(page: Page, _: Service) -> None:
    page.goto("/?q=lanterns")
    page.get_by_role("button", name="Keep in tray").first.click()
    page.get_by_role("button", name="Keep in tray").nth(1).click()
    page.goto("/tray")
    expect(page.locator("#tray-items li")).to_have_count(2)


STATES: dict[str, Arrive] = {
    "first page": at("/"),
    "results": at("/?q=lanterns"),
    "all opened": with_all_opened,
    "references": at("/?q=pension+rights+that+they+earn+abroad"),
    "no result": at("/?q=%22zebra+crossing+of+the+moon%22"),
    "unknown style": at("/?q=lanterns&style=none"),
    "keys": with_keys_shown,
    "similar": lambda page, service: page.goto(f"/similar/{first_passage(service)}"),
    "the paper": at(f"/read/{PAPER}"),
    "annex": at(f"/read/{ANNEX}"),
    "right to left": at(f"/read/{ARABIC}"),
    "quote with picture": at_a_quote,
    "moved words": at_moved_words,
    "gone words": at(f"/read/{PAPER}?start=1&end=2&sha256=00"),
    "found": at(f"/read/{PAPER}?find=rights"),
    "selected": with_words_selected,
    "not held": at("/read/example-missing-2001"),
    "nothing there": at("/nowhere"),
    "check": at("/check"),
    "verdicts": with_verdicts,
    "empty draft": with_an_empty_draft,
    "documents": at("/documents"),
    "empty tray": at("/tray"),
    "full tray": with_a_full_tray,
    "api": at("/docs"),
}


def first_passage(service: Service) -> str:
    with service.serving.lease() as generation:
        return next(iter(generation.store.passages(ANNEX))).id


def faults(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong, by all its rules or some: rule, and where."""
    page.evaluate(AXE)
    only = {"runOnly": list(rules)} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", {"resultTypes": ["violations"], **only})
    return [
        f"{rule['id']} ({rule['help']}): {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]
    ]


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_in_the_light_and_in_the_dark_and_nothing_is_wider_than_a_narrow_window(
    open_page: Open, desk_service: Service, state: str
) -> None:
    page = open_page("/healthz", viewport=NARROW)
    STATES[state](page, desk_service)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, background.removeprefix("rgb(").rstrip(")").split(","))) < 150
    assert faults(page, "color-contrast", "link-in-text-block") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("state", ["first page", "results", "quote with picture", "verdicts", "documents"])
def test_in_french_too(open_page: Open, desk_service: Service, state: str) -> None:
    page = open_page("/healthz", locale="fr-FR", viewport=NARROW)
    if state == "verdicts":
        page.goto("/check")
        page.get_by_label("Collez le texte").fill(DRAFT)
        page.get_by_role("button", name="Vérifier les citations").click()
        expect(page.locator("ol.checked h3")).to_have_text(["Mot pour mot", "Modifiée"])
    else:
        STATES[state](page, desk_service)
    assert page.locator("html").get_attribute("lang") == "fr"
    expect(page.locator("nav a").nth(1)).to_have_text("Vérifier un texte")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert faults(page) == []


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=lanterns", "/?q=lanterns&document=example-annex", f"/read/{PAPER}", "/check", "/documents", "/tray"],
)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_while_a_page_loads(open_page: Open, path: str, width: int) -> None:
    page = open_page(path, viewport={"width": width, "height": 800})
    page.wait_for_load_state("networkidle")
    moved = page.evaluate(
        """() => new Promise((done) => {
            let total = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((entry) => (total += entry.value)))
                .observe({ type: "layout-shift", buffered: true });
            requestAnimationFrame(() => requestAnimationFrame(() => done(total)));
        })"""
    )
    assert moved == 0


def test_a_right_to_left_document_is_set_from_the_right(open_page: Open) -> None:
    page = open_page(f"/read/{ARABIC}")
    paragraph = page.locator("#text p").first
    assert paragraph.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert paragraph.evaluate("one => getComputedStyle(one).textAlign") in ("start", "right")
    heading = page.locator("h1")
    assert heading.evaluate("one => getComputedStyle(one).direction") == "rtl"


def test_all_but_the_tray_works_without_javascript(open_page: Open) -> None:
    page = open_page("/", java_script_enabled=False)
    page.locator("#q").fill("lanterns")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("article.result").first).to_be_visible()
    for name in ("Copy quote", "Keep in tray", "Keys"):
        assert page.get_by_role("button", name=name).count() == 0
    page.get_by_text("Filters and citation style").click()
    page.locator("input[name=document]").first.check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**document=**")
    page.get_by_role("link", name="Read in place").first.click()
    expect(page.locator("mark#quote")).to_be_visible()
    page.get_by_text("Cite as data").click()
    expect(page.get_by_role("link", name="BibTeX")).to_be_visible()
    page.get_by_role("searchbox").fill("the")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#found-1")).to_be_visible()
    page.get_by_role("link", name="Tray").click()
    expect(page.get_by_text("needs JavaScript")).to_be_visible()


def test_the_whole_page_can_be_reached_by_the_keyboard_alone(open_page: Open) -> None:
    page = open_page("/?q=lanterns")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
    assert {"q", "Filters and citation style", "Copy quote", "Keep in tray", "Read in place"} <= reached
