"""Asks a publisher's robots.txt whether a page may be fetched by a program, as RFC 9309 has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

ROBOT_NAME = "Verbatim"
"""The product token that a robots.txt would name."""

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: a crawler must read at least 500 kibibytes."""

MAX_CRAWL_DELAY_SECONDS = 30.0

DISALLOW_ALL = "User-agent: *\nDisallow: /\n"


@dataclass(slots=True)
class Robots:
    """The rules of each origin, read once.

    :param read: gives status and text of an address; raises when the server cannot be reached.
    """

    read: Callable[[str], tuple[int, str]]
    _rules: dict[str, Protego] = field(default_factory=dict)

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return bool(self._of(url).can_fetch(url, ROBOT_NAME))

    def delay(self, url: str) -> float:
        """Seconds to wait between two requests to this origin, as it asks, up to a ceiling."""
        return min(float(self._of(url).crawl_delay(ROBOT_NAME) or 0), MAX_CRAWL_DELAY_SECONDS)

    def _of(self, url: str) -> Protego:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            status, text = self.read(f"{origin}/robots.txt")
            # RFC 9309, 2.3.1.3: "unavailable" (4xx) means no rules; 2.3.1.4: "unreachable" (5xx) means none may fetch.
            if status >= 500:
                text = DISALLOW_ALL
            elif status >= 400:
                text = ""
            self._rules[origin] = Protego.parse(text)
        return self._rules[origin]
