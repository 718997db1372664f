"""The bundled catalogue is sound, and a wrong one is refused by entry and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import CatalogueError, bundled_text, load_catalogue

ENTRY = """
[[documents]]
id = "example-letter"
title = "A letter"
organization = "Example Coalition"
kind = "statement"
languages = ["en"]
licence = "free"
held = false
"""


def test_the_bundled_catalogue_names_the_works_of_the_paper() -> None:
    catalogue = load_catalogue()
    paper = catalogue.entry("ngo-committee-on-migration-2011")
    assert bundled_text(paper).read_bytes().startswith(b"\n\n**NINTH COORDINATION MEETING")
    assert catalogue.entry("gmg-handbook-2010").identifiers.isbn == "978-92-1-126293-3"
    assert not catalogue.entry("gfmd-civil-society-days-statement-2010").held


def test_every_held_text_is_there_and_every_text_is_held() -> None:
    held = {bundled_text(entry) for entry in load_catalogue().documents if entry.held}
    assert held == set(next(iter(held)).parent.iterdir())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "statement"', 'kind = "song"'), r"entry 1 \('example-letter'\), field `kind`"),
        (('id = "example-letter"', 'id = "Example Letter"'), r"entry 1 \('Example Letter'\), field `id`"),
        (('licence = "free"\n', ""), r"field `licence`: field required"),
        (("held = false", "held = true"), "`file` must be given"),
        (('licence = "free"', 'licence = "free"\ncolour = "red"'), "field `colour`"),
        (('licence = "free"', 'licence = "free"\ndate = "2011-13"'), "field `date`.*'2011-13'"),
        (('licence = "free"', 'licence = "free"\nidentifiers.isbn = "978-92-1-126293-4"'), "field `identifiers.isbn`"),
        (('licence = "free"', 'licence = "free"\nurl = "file:///etc/passwd"'), "field `url`"),
        (("held = false", 'held = true\nfile = "../secret.md"'), "field `file`"),
        (("[[documents]]", "[[documents]"), "is not TOML"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY.replace(*change))
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(path)


def test_two_entries_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY + ENTRY)
    with pytest.raises(CatalogueError, match="2 entries with the id 'example-letter'"):
        load_catalogue(path)


def test_a_missing_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no-such"):
        load_catalogue(tmp_path / "no-such.toml")


def test_an_unknown_id_says_where_to_look() -> None:
    with pytest.raises(CatalogueError, match="verbatim documents --catalogue"):
        load_catalogue().entry("no-such")
