"""The catalogue: every text that Verbatim knows of, held or not, read from a TOML file and checked entry by entry.

A catalogue entry wins over what a file says about itself, and is what "GMG Handbook, p. 10" in a held text leads to
while the Handbook itself is missing. Nothing in it is guessed: a field that is not known is absent.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError
from pydantic import model_validator as _model_validator

from corpus.documents import Metadata
from corpus.errors import VerbatimError

Kind = Literal[
    "paper",
    "statement",
    "handbook",
    "treaty",
    "resolution",
    "report",
    "declaration",
    "speech",
    "web-page",
    "chapter",
    "document",
]


class CatalogueError(VerbatimError):
    """A catalogue that cannot be read, or an entry of it that is wrong."""


def _isbn_13(value: str) -> str:
    """ISO 2108: digits weighted 1 and 3 in turn add up to a multiple of ten."""
    digits = [int(character) for character in value if character.isdigit()]
    if len(digits) != 13 or sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10:
        raise ValueError("is not a valid ISBN-13")
    return value


def _partial_date(value: str) -> str:
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value):
        raise ValueError("should be a date as YYYY, YYYY-MM or YYYY-MM-DD")
    return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Identifiers(BaseModel):
    """Numbers by which libraries know a text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    isbn: Annotated[str, AfterValidator(_isbn_13)] | None = None
    issn: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{3}[\dX]$")] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    symbol: Text | None = None
    treaty_series: Text | None = None


class Entry(BaseModel):
    """One text of the catalogue.

    `held` entries have a `file` in `corpus/texts/`; `source_url` is the file at its publisher, where it is known, and
    `url` the page that leads to it. `pages` is how many pages the publisher says it has.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    title: Text
    subtitle: Text | None = None
    organization: Text
    authors: tuple[Text, ...] = ()
    kind: Kind
    date: Annotated[str, AfterValidator(_partial_date)] | None = None
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1)]
    identifiers: Identifiers = Identifiers()
    event: Text | None = None
    place: Text | None = None
    publisher: Text | None = None
    container: Text | None = None
    container_pages: Text | None = None
    editors: tuple[Text, ...] = ()
    translators: tuple[Text, ...] = ()
    pages: Annotated[int, Field(ge=1)] | None = None
    url: HttpUrl | None = None
    source_url: HttpUrl | None = None
    licence: Text
    aliases: tuple[Text, ...] = ()
    held: bool
    file: Annotated[str, StringConstraints(pattern=r"^[\w][\w.\- ]*$")] | None = None

    @_model_validator(mode="after")
    def _held_means_a_file(self) -> Self:
        if self.held != (self.file is not None):
            raise ValueError("`file` must be given when `held = true`, and only then")
        return self

    def metadata(self) -> Metadata:
        """What citations and filters need of this entry."""
        identifiers = tuple((key, value) for key, value in self.identifiers if value is not None)
        return Metadata(
            id=self.id,
            title=self.title,
            subtitle=self.subtitle,
            organization=self.organization,
            authors=self.authors,
            kind=self.kind,
            date=self.date,
            languages=self.languages,
            identifiers=identifiers,
            url=str(self.url) if self.url else None,
            source_url=str(self.source_url) if self.source_url else None,
            licence=self.licence,
            event=self.event,
            place=self.place,
            publisher=self.publisher,
            container=self.container,
            container_pages=self.container_pages,
            editors=self.editors,
            translators=self.translators,
        )


@dataclass(frozen=True, slots=True)
class KnownWork:
    """The names by which other documents refer to a work, for resolving references."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()


class Catalogue(BaseModel):
    """All entries, ids unique."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    documents: tuple[Entry, ...] = ()

    def entry(self, id_: str) -> Entry:
        """The entry of this id.

        :raises CatalogueError: when there is none.
        """
        for entry in self.documents:
            if entry.id == id_:
                return entry
        raise CatalogueError(
            f"The catalogue has no entry {id_!r}", "See what it lists with `verbatim documents --catalogue`"
        )

    def works(self) -> tuple[KnownWork, ...]:
        """Every work that a document may refer to, held or not."""
        return tuple(
            KnownWork(entry.id, entry.title, (*entry.aliases, *filter(None, (entry.identifiers.symbol,))))
            for entry in self.documents
        )

    def get(self, id_: str) -> Entry | None:
        """The entry of this id, or None."""
        return next((entry for entry in self.documents if entry.id == id_), None)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read and check a catalogue.

    :param path: a TOML file; the bundled catalogue when None.
    :raises CatalogueError: that names the file, the entry and the field.
    """
    if path is None:
        with as_file(files("corpus").joinpath("catalogue.toml")) as bundled:
            return load_catalogue(bundled)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CatalogueError(f"The catalogue {path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"The catalogue {path} is not TOML: {error}", "Mend the file at that place") from error
    try:
        catalogue = Catalogue.model_validate(data)
    except ValidationError as error:
        raise CatalogueError(
            f"The catalogue {path} is wrong: {_first_fault(data, error)}", "Mend that field and run the command again"
        ) from error
    counts = Counter(entry.id for entry in catalogue.documents)
    if twice := [id_ for id_, count in counts.items() if count > 1]:
        raise CatalogueError(
            f"The catalogue {path} has {counts[twice[0]]} entries with the id {twice[0]!r}", "Give each its own id"
        )
    return catalogue


def bundled_text(entry: Entry) -> Path:
    """The bundled file of a held entry.

    :raises CatalogueError: when the entry is not held, or its file is missing.
    """
    path = Path(str(files("corpus").joinpath("texts", entry.file or "")))
    if entry.file is None or not path.is_file():
        raise CatalogueError(
            f"The catalogue entry {entry.id!r} has no file at {path}",
            "Bring it with `verbatim fetch` or `verbatim add`",
        )
    return path


def _first_fault(data: dict[str, object], error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = [str(part) for part in fault["loc"]]
    entry = ""
    documents = data.get("documents")
    if len(where) > 1 and where[0] == "documents" and isinstance(documents, list):
        found = documents[int(where[1])]
        name = found.get("id") if isinstance(found, dict) else None
        entry = f"entry {int(where[1]) + 1} ({name!r}), " if name else f"entry {int(where[1]) + 1}, "
        where = where[2:]
    message = fault["msg"].removeprefix("Value error, ")
    field = f"field `{'.'.join(where)}`: " if where else ""
    value = f" (it is {fault['input']!r})" if where and not isinstance(fault["input"], dict) else ""
    return f"{entry}{field}{message[:1].lower()}{message[1:]}{value}"
