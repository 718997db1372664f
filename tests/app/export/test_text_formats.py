"""Markdown, CSV, BibTeX, RIS and CSL-JSON packs, read back by other programs."""

import csv
import io
import json

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from app.citation import CitationError, UnknownStyle
from app.export import EXPORT_FORMATS, UnknownFormat, export
from app.export.docx import xml_text
from tests.app.export.invented import EDITION, HOSTILE, pack, passage

FORMULA_STARTS = "=+-@\t\r"


def test_markdown_renders_the_exact_words_each_with_its_footnote() -> None:
    content = export(pack(), format="markdown").content.decode()
    tokens = MarkdownIt().use(footnote_plugin).parse(content)
    quotes: list[tuple[str, Token]] = []
    notes: list[tuple[str, Token]] = []
    inside = ""
    for token in tokens:
        if token.type in ("blockquote_open", "footnote_open"):
            inside = token.type
        elif token.type in ("blockquote_close", "footnote_close"):
            inside = ""
        elif token.type == "inline" and inside:
            words = "".join(
                "\n" if child.type in ("hardbreak", "softbreak") else child.content for child in token.children or []
            )
            (quotes if inside == "blockquote_open" else notes).append((words, token))
    assert [words for words, _ in quotes] == [xml_text(given.quote).replace("\t", " ") for given in pack()]
    assert all(any(c.type == "footnote_ref" for c in token.children or []) for _, token in quotes)
    assert len(notes) == len(quotes)
    assert notes[0][0].startswith(
        'Example Coalition, Working <b>Far</b> & "Home" (Nairobi, Example Press, 2018), p. 1.'
    )


def test_csv_holds_no_formula_and_the_exact_words() -> None:
    content = export(pack(), format="csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["quote"][1:-1] for row in rows] == [given.quote for given in pack()]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(tuple(FORMULA_STARTS))]
    assert rows[5]["note"] == f"“{HOSTILE[5]}”"
    assert rows[0]["note"] == HOSTILE[0]
    assert rows[0]["text_sha256"] == EDITION.text_sha256


def test_bibtex_is_read_back() -> None:
    library = parse_string(export(pack(), format="bibtex").content.decode())
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["example-report", "example-statement"]
    fields = library.entries_dict["example-report"].fields_dict
    assert fields["author"].value == "{Example Coalition}"
    assert EDITION.source_sha256 in fields["note"].value
    assert "(page 1)" in fields["annote"].value


def test_ris_is_read_back() -> None:
    records = rispy.loads(export(pack(), format="ris").content.decode())
    assert [record["type_of_reference"] for record in records] == ["RPRT", "RPRT"]
    assert records[0]["authors"] == ["Example Coalition"]
    assert any(EDITION.text_sha256 in note for note in records[0]["notes"])
    assert len(records[0]["notes"]) == 1 + 2 * len(HOSTILE)


def test_csl_json_names_every_quote() -> None:
    items = json.loads(export(pack(), format="csl-json").content)
    assert [quote["text"] for item in items for quote in item["custom"]["quotes"]] == [given.quote for given in pack()]


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_every_format_writes_a_thousand_quotes(name: str) -> None:
    assert export([passage(f"Quote {number}.", str(number)) for number in range(1000)], format=name).content


def test_later_quotes_of_a_work_are_cited_short() -> None:
    rows = csv.DictReader(
        io.StringIO(export([passage("One.", "1"), passage("Two.", "2")], format="csv", style="oscola").content.decode())
    )
    assert [row["citation"] for row in rows][1] == "Example Coalition (n 1) 2."


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"format": "doc"}, UnknownFormat),
        ({"format": "csv", "style": "no-such-style"}, UnknownStyle),
    ],
)
def test_what_does_not_exist_is_said_to(arguments: dict[str, str], error: type[CitationError]) -> None:
    with pytest.raises(error, match=r"Did you mean|See the list"):
        export(pack(), **arguments)


def test_an_empty_pack_is_refused() -> None:
    with pytest.raises(CitationError, match="at least one quote"):
        export([], format="csv")
