"""Makes pictures of the pages, from the bundled paper alone, for the README: `scripts/screenshots [FOLDER]`."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from app.listening import make_ready
from app.settings import Settings
from app.terminal import progress
from tests.app.conftest import PAPER, RunningServer
from tests.app.pages.browser.conftest import FLAGS
from tests.shared import REPOSITORY, require_program

QUERY = "social security that migrants can take home with them"
DRAFT = (
    "The Committee asks for “the portability of social security entitlements” and for “social security agreements that "
    "prevent the portability of social security entitlements”."
)
WIDTHS = {"": 1280, "-narrow": 360}


def main(folder: Path) -> None:
    """Write one PNG for each page and width into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(library=Path(os.environ.get("VERBATIM_LIBRARY") or scratch) / "library")
        with progress() as step:
            make_ready(settings, step, print)
        program = require_program("chromium", package="chromium")
        with RunningServer(settings) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for suffix, width in WIDTHS.items():
                shoot(browser, server.url, folder, suffix, width)
            browser.close()


def shoot(browser: Browser, url: str, folder: Path, suffix: str, width: int) -> None:
    """The pages at one width."""
    page = browser.new_page(base_url=url, viewport={"width": width, "height": 860}, locale="en-GB")

    def save(name: str) -> None:
        taken = Image.open(io.BytesIO(page.screenshot()))
        # A palette of 128 colours cannot be told from the picture itself, and weighs a third.
        taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(folder / f"{name}{suffix}.png", optimize=True)

    page.goto("/")
    save("start")
    page.locator("#q").fill(QUERY)
    page.keyboard.press("Enter")
    page.locator("article.result").first.wait_for()
    save("search")
    page.get_by_role("link", name="Read in place").first.click()
    page.locator("mark#quote").wait_for()
    save("read")
    check(page)
    page.locator("h2#verdicts").evaluate("heading => heading.scrollIntoView()")
    save("check")
    page.goto("/documents")
    save("documents")
    page.goto(f"/?q={QUERY}")
    for place in range(2):
        page.get_by_role("button", name="Keep in tray").nth(place).click()
    page.goto("/tray")
    save("tray")
    page.goto(f"/read/{PAPER}")
    save("document")
    page.close()


def check(page: Page) -> None:
    page.goto("/check")
    page.locator("#text").fill(DRAFT)
    page.get_by_role("button", name="Check the quotations").click()
    page.locator("h2#verdicts").wait_for()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs" / "images")
