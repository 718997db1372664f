"""A request whose field cannot be used: 422 over HTTP, exit code 2 on the command line."""

from __future__ import annotations

from corpus.errors import VerbatimError


class InvalidRequest(VerbatimError):
    """A field that has the right form and still cannot be used.

    :param field: the parameter, or the path of a field in the body.
    :param place: query, path or body.
    """

    def __init__(self, field: str, what: str, remedy: str = "", *, place: str = "query") -> None:
        super().__init__(what, remedy)
        self.field = field
        self.place = place

    def __str__(self) -> str:
        what = f"{self.field}: {self.what[:1].lower()}{self.what[1:]}"
        return f"{what}. {self.remedy}." if self.remedy else f"{what}."
