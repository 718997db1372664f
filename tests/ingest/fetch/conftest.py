"""A misbehaving publisher, a clock that a test turns, and a client that asks the one and reads the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.library import Library
from ingest.fetch.client import Client, FetchOptions
from ingest.fetch.clock import Clock
from tests.ingest.fetch.publisher import Publisher, publisher_server

OPTIONS = FetchOptions(contact="library@example.org", allow_private=True, max_bytes=1 << 20)


@dataclass(slots=True)
class Hands:
    """The hands of a clock that stands still but for what is slept, and for `tick` at each look."""

    time: float = 1000.0
    tick: float = 0.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Seconds."""
        self.time += self.tick
        return self.time

    def sleep(self, seconds: float) -> None:
        """Note it, and go on at once."""
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publisher_server() as server:
        yield server


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def client(hands: Hands) -> Iterator[Client]:
    with Client(OPTIONS, Clock(hands.now, hands.sleep)) as made:
        yield made


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "library")
    made.create()
    return made
