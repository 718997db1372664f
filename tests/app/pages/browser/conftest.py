"""A real browser, Debian's Chromium, before the pages; whoever uses it finds at the end that nothing failed in it
and that nothing was asked of another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.app.conftest import RunningServer
from tests.shared import require_program

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    program = require_program("chromium", package="chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, desk_server: RunningServer) -> Iterator[Open]:
    """Opens an address in a fresh profile: `open_page("/check", viewport=…, java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []
    failures: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # A page that answers 404, 410 or 422 is logged as a resource that failed to load.
        if message.type == "error" and "Failed to load resource" not in message.text:
            failures.append(message.text)

    def asked(address: str) -> None:
        if not address.startswith((desk_server.url, "blob:", "data:")):
            failures.append(f"asked for {address}")

    def open_(path: str, **options: Any) -> Page:
        context = browser.new_context(
            base_url=desk_server.url,
            permissions=["clipboard-read", "clipboard-write"],
            **{"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, **options},
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.on("console", heard)
        context.on("weberror", lambda error: failures.append(str(error.error)))
        context.on("request", lambda request: asked(request.url))
        context.on("dialog", lambda dialog: failures.append(f"a dialog: {dialog.message}"))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert failures == []


def clipboard(page: Page) -> str:
    """What is on the clipboard now, once the page has said that it copied."""
    expect(page.locator("#told")).not_to_have_text("")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    page.evaluate("document.getElementById('told').textContent = ''")
    return copied


def in_view(page: Page, selector: str) -> bool:
    """Whether the first element that fits stands inside the window, whole."""
    seen: bool = page.evaluate(
        """(selector) => {
            const { height, top, bottom, left, right } = document.querySelector(selector).getBoundingClientRect();
            return height > 0 && top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth;
        }""",
        selector,
    )
    return seen
