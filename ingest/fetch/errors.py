"""What can go wrong between the catalogue and a publisher's file, told apart by whether trying again may help."""

from __future__ import annotations

from corpus.errors import VerbatimError


class FetchError(VerbatimError):
    """A text that could not be brought from its publisher; trying again at once would not help."""


class Refused(FetchError):
    """An address, redirect or changed file that Verbatim will not take, though the publisher would give it."""


class Transient(FetchError):
    """A failure that may pass: a time-out, a dropped connection, a server that is busy.

    :param retry_after: seconds that the server asked to wait, or None.
    """

    def __init__(self, what: str, remedy: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(what, remedy)
        self.retry_after = retry_after
