"""CSL-JSON, BibTeX and RIS of every entry and of hostile ones, read back by other libraries."""

import json
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.citation import Locator, to_bibtex, to_csl, to_ris
from app.citation.csl import authors_of, csl_name
from app.citation.formats import FORMATS
from corpus.catalogue import load_catalogue
from corpus.documents import Edition, Metadata

CATALOGUE = {entry.id: entry.metadata() for entry in load_catalogue().documents}
EDITION = Edition(source_sha256="0" * 63 + "a", text_sha256="0" * 63 + "b")
PLACE = Locator("74", "75", 80, section=("Education",), paragraph=7)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


class CslName(BaseModel):
    """A name of csl-data.json 1.0.2, its properties only."""

    model_config = ConfigDict(extra="forbid", strict=True)

    family: str | None = None
    given: str | None = None
    literal: str | None = None


class CslDate(BaseModel):
    """A date of csl-data.json, from the parts that we write."""

    model_config = ConfigDict(extra="forbid", strict=True)

    date_parts: list[list[int]]


class CslItem(BaseModel):
    """An item of csl-data.json 1.0.2 (MIT, <https://github.com/citation-style-language/schema>): the properties that we
    write, with their types there; no other is allowed."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=lambda name: name.replace("_", "-"))

    id: str
    type: str
    title: str
    title_short: str | None = None
    author: list[CslName] | None = None
    editor: list[CslName] | None = None
    translator: list[CslName] | None = None
    issued: dict[str, list[list[int]]] | None = None
    authority: str | None = None
    publisher: str | None = None
    publisher_place: str | None = None
    event_title: str | None = None
    event_place: str | None = None
    genre: str | None = None
    container_title: str | None = None
    container_title_short: str | None = None
    collection_title: str | None = None
    volume: str | None = None
    page: str | None = None
    number: str | None = None
    URL: str | None = None
    DOI: str | None = None
    ISBN: str | None = None
    ISSN: str | None = None
    language: str | None = None
    custom: dict[str, Any] | None = None


SCHEMA_TYPES = {"book", "chapter", "document", "report", "speech", "treaty", "webpage"}


@pytest.mark.parametrize("id_", CATALOGUE)
def test_csl_json_fits_the_schema(id_: str) -> None:
    item = to_csl(CATALOGUE[id_], PLACE, EDITION)
    checked = TypeAdapter(CslItem).validate_json(json.dumps(item))
    assert checked.type in SCHEMA_TYPES
    assert checked.custom is not None
    assert checked.custom["text_sha256"] == EDITION.text_sha256
    assert checked.custom["locator"]["pages"] == "74–75"


def test_bibtex_of_the_whole_catalogue_is_read_back() -> None:
    text = "".join(to_bibtex(metadata, PLACE, EDITION) for metadata in CATALOGUE.values())
    library = parse_string(text)
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == list(CATALOGUE)
    for entry, metadata in zip(library.entries, CATALOGUE.values(), strict=True):
        fields = entry.fields_dict
        assert fields["title"].value.startswith("{" + metadata.title)
        assert fields["author"].value == " and ".join(f"{{{author}}}" for author in authors_of(metadata))
        assert EDITION.source_sha256 in fields["note"].value
        assert "pages 74–75" in fields["note"].value
        assert "pages" not in fields


def test_ris_of_the_whole_catalogue_is_read_back() -> None:
    text = "".join(to_ris(metadata, PLACE, EDITION) for metadata in CATALOGUE.values())
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    records = rispy.loads(text)
    assert len(records) == len(CATALOGUE)
    for record, metadata in zip(records, CATALOGUE.values(), strict=True):
        assert record["authors"] == list(authors_of(metadata))
        assert record["title"].startswith(metadata.title)
        assert record["type_of_reference"] in ("RPRT", "BOOK")
        assert record["year"] == str(metadata.year)
        assert any(EDITION.text_sha256 in note for note in record["notes"])


@settings(deadline=None, max_examples=200)
@given(title=words, organization=words, note=words)
def test_whatever_the_words_are_bibtex_gives_them_back(title: str, organization: str, note: str) -> None:
    metadata = Metadata(id="x", title=f"T{title}T", organization=f"O{organization}O", licence="")
    library = parse_string(to_bibtex(metadata, annotations=[note]), append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    assert len(library.entries) == 1
    assert library.entries[0].key == "x"
    assert {"title", "author"} <= library.entries[0].fields_dict.keys()


@settings(deadline=None, max_examples=200)
@given(title=words, organization=words, note=words)
def test_whatever_the_words_are_ris_is_one_record(title: str, organization: str, note: str) -> None:
    metadata = Metadata(id="x", title=f"T{title}T", organization=f"O{organization}O")
    text = to_ris(metadata, annotations=[note])
    assert text.count("\r\nER  - \r\n") == 1
    assert text.startswith("TY  - ")
    assert all(line[2:6] == "  - " for line in text.split("\r\n") if line)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Doe, Jane Mary", {"family": "Doe", "given": "Jane Mary"}),
        ("García Márquez, Gabriel", {"family": "García Márquez", "given": "Gabriel"}),
        ("Global Migration Group", {"literal": "Global Migration Group"}),
        ("Jane Doe", {"literal": "Jane Doe"}),
        (
            "Global Forum on Migration and Development, Civil Society Days",
            {"literal": "Global Forum on Migration and Development, Civil Society Days"},
        ),
        ("{Population Division, Secretariat}", {"literal": "Population Division, Secretariat"}),
        ("A, B, C", {"literal": "A, B, C"}),
    ],
)
def test_bodies_stay_whole_and_persons_come_in_parts(name: str, parts: dict[str, str]) -> None:
    assert csl_name(name) == parts


def test_persons_are_parted_for_bibtex_and_ris() -> None:
    metadata = Metadata(id="x", title="T", authors=("Doe, Jane", "Example Coalition"))
    assert "author = {Doe, Jane and {Example Coalition}}" in to_bibtex(metadata)
    assert rispy.loads(to_ris(metadata))[0]["authors"] == ["Doe, Jane", "Example Coalition"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_edition(name: str) -> None:
    text = FORMATS[name].emit(CATALOGUE["gmg-handbook-2010"], PLACE, EDITION)
    assert EDITION.source_sha256 in text
    assert EDITION.text_sha256 in text
