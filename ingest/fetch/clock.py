"""Time as the fetcher sees it, so that tests can turn the hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ingest.fetch.errors import FetchError


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in seconds and a way to wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment at which a download is given up."""

    clock: Clock
    ends: float
    seconds: float

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        """A deadline so many seconds from now."""
        return cls(clock, clock.now() + seconds, seconds)

    def at_most(self, timeout: float | None) -> float:
        """The time left, or `timeout` where that is shorter.

        :raises FetchError: when no time is left.
        """
        left = self.ends - self.clock.now()
        if left <= 0:
            raise FetchError(
                f"The download took longer than {self.seconds:.0f} seconds",
                "Run the command again: it goes on from where it stopped, if the publisher allows",
            )
        return left if timeout is None else min(left, timeout)
