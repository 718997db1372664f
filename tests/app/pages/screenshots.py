"""Makes pictures of the pages from the bundled paper alone, and measures how soon they are painted.

`scripts/screenshots` runs it: without a folder it makes those that the documentation shows; with one, every page in two
widths, to be looked at.
"""

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
DOCUMENTED = ("search.png", "search-narrow.png", "read.png", "check.png")
WIDTHS = {"": 1280, "-narrow": 360}
PATHS = ("/", f"/?q={QUERY}", f"/read/{PAPER}", "/check", "/documents", "/tray")
VISITS = 7
PAINTED = """() => new Promise((done) => {
    let painted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (painted = entry.startTime)))
        .observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => done(painted), 200);
})"""


def main(folder: Path, wanted: tuple[str, ...]) -> None:
    """Write the pictures into `folder`, and print the largest paint of every page.

    :param wanted: names of the pictures; empty for all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(library=Path(os.environ.get("VERBATIM_LIBRARY") or scratch) / "library")
        with progress() as step:
            make_ready(settings, step, print)
        program = require_program("chromium", package="chromium")
        with RunningServer(settings) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for suffix, width in WIDTHS.items():
                for name, picture in pictures(browser, server.url, width).items():
                    if not wanted or f"{name}{suffix}.png" in wanted:
                        picture.save(folder / f"{name}{suffix}.png", optimize=True)
            for path in PATHS:
                paints = sorted(largest_paint(browser, server.url + path) for _ in range(VISITS))
                print(f"{path}: largest paint {paints[VISITS // 2]:.0f} ms, the best of {VISITS} {paints[0]:.0f} ms")
            browser.close()


def largest_paint(browser: Browser, address: str) -> float:
    """Milliseconds from asking for a page, with nothing kept by the browser, to its largest contentful paint."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        painted: float = page.evaluate(PAINTED)
        return painted


def pictures(browser: Browser, url: str, width: int) -> dict[str, Image.Image]:
    """The pages at one width, by name."""
    page = browser.new_page(base_url=url, viewport={"width": width, "height": 860}, locale="en-GB")
    taken: dict[str, Image.Image] = {}

    def take(name: str) -> None:
        # A palette of 128 colours cannot be told from the picture itself, and weighs a third.
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        taken[name] = picture.quantize(128, dither=Image.Dither.NONE)

    page.goto("/")
    take("start")
    page.locator("#q").fill(QUERY)
    page.keyboard.press("Enter")
    page.locator("article.result").first.wait_for()
    take("search")
    page.get_by_role("link", name="Read in place").first.click()
    page.locator("mark#quote").wait_for()
    take("read")
    check(page)
    take("check")
    page.goto("/documents")
    take("documents")
    page.goto(f"/?q={QUERY}")
    for place in range(2):
        page.get_by_role("button", name="Keep in tray").nth(place).click()
    page.goto("/tray")
    take("tray")
    page.goto(f"/read/{PAPER}")
    take("document")
    page.close()
    return taken


def check(page: Page) -> None:
    page.goto("/check")
    page.locator("#text").fill(DRAFT)
    page.get_by_role("button", name="Check the quotations").click()
    page.locator("h2#verdicts").evaluate("heading => heading.scrollIntoView()")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), ())
    else:
        main(REPOSITORY / "docs" / "images", DOCUMENTED)
