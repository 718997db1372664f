"""A page reference leads to the work that the document names, and to no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.catalogue import KnownWork, load_catalogue
from corpus.documents import Document
from ingest.references import find_references, with_references
from tests.corpus.promise import check_document
from tests.ingest.documents import PAPER, read, read_text

HANDBOOK = KnownWork("handbook", "A Handbook on Moving", ("Moving Handbook", "X/RES/1/2"))
REPORT = KnownWork("report", "Report of the Example Coalition")
WORKS = (HANDBOOK, REPORT)


def found(document: Document, works: tuple[KnownWork, ...] = WORKS) -> list[tuple[str, str | None, str | None]]:
    check_document(with_references(document, works))
    references = find_references(document, works)
    return [(document.text[item.start : item.end], item.document, item.pages) for item in references]


def found_in(folder: Path, markdown: str) -> list[tuple[str, str | None, str | None]]:
    return found(read_text(folder, "x.md", markdown))


def test_every_page_reference_of_the_paper_leads_to_the_handbook() -> None:
    paper = read(PAPER)
    references = find_references(paper, load_catalogue().works())
    pages = [(paper.text[item.start : item.end], item.pages) for item in references if item.pages]
    assert pages[:-1] == [
        ("(p. 61)", "61"),
        ("(pp. 74-75)", "74-75"),
        ("(p.80)", "80"),
        ("(86-87)", "86-87"),
        ("(90-91)", "90-91"),
        ("(109)", "109"),
        ("(109)", "109"),
        ("(110)", "110"),
    ]
    assert pages[-1][0].startswith("Global Migration Group (GMG) Handbook entitled Mainstreaming")
    assert pages[-1][1] == "10"
    assert {item.document for item in references if item.pages} == {"gmg-handbook-2010"}
    in_notes = [item for item in references if item.note is not None]
    assert [(item.document, item.pages, item.note) for item in in_notes] == [
        ("gmg-handbook-2010", "10", 1),
        ("gfmd-civil-society-days-statement-2010", None, 2),
    ]
    assert references[-1].document == "gmg-handbook-2010"
    assert paper.text[references[-1].start : references[-1].end] == "Part 3"


def test_the_work_named_last_in_the_section_is_meant(tmp_path: Path) -> None:
    assert found_in(
        tmp_path,
        "# One\n\nThe Moving Handbook says it (p. 3). The Report of the Example Coalition too (see pp. iv, 5–6).\n\n"
        "# Two\n\nIt was said (p. 9).\n",
    ) == [
        ("Moving Handbook", "handbook", None),
        ("(p. 3)", "handbook", "3"),
        ("Report of the Example Coalition", "report", None),
        ("(see pp. iv, 5–6)", "report", "iv, 5–6"),
        ("(p. 9)", None, "9"),
    ]


def test_a_work_of_its_own_that_is_not_known_stays_open(tmp_path: Path) -> None:
    markdown = "The Moving Handbook says so. Others differ (Smith 2009, p. 5), and Jones, page 7, too.\n"
    assert found_in(tmp_path, markdown)[1:] == [("p. 5", None, "5"), ("page 7", None, "7")]


def test_a_name_and_its_page_are_one_reference(tmp_path: Path) -> None:
    assert found_in(
        tmp_path, "See *A Handbook\non Moving* (2010), pp. 3 and 4. See page 8 of the Moving Handbook.\n"
    ) == [
        ("A Handbook on Moving (2010), pp. 3 and 4", "handbook", "3 and 4"),
        ("page 8 of the Moving Handbook", "handbook", "8"),
    ]


def test_notes_name_works_for_the_text_they_hang_on(tmp_path: Path) -> None:
    document = read_text(
        tmp_path,
        "x.md",
        "It is so.[^1] It is said again (p. 8). And more.[^2] Other.[^3]\n\n"
        "[^1]: Moving Handbook.\n[^2]: Ibid., p. 12.\n[^3]: See p. 13.\n",
    )
    assert found(document) == [
        ("(p. 8)", "handbook", "8"),
        ("Moving Handbook", "handbook", None),
        ("p. 12", "handbook", "12"),
        ("p. 13", "handbook", "13"),
    ]
    assert find_references(document, WORKS)[0].note == 0


@pytest.mark.parametrize(
    "text",
    [
        "- The Moving Handbook (p. 11);\n- since then (2011);\n- first (1) and second (2);\n- between (2007-2010);",
        "- The Moving Handbook (p. 11);\n- on (15) persons\n",
    ],
)
def test_years_and_counts_are_no_pages(tmp_path: Path, text: str) -> None:
    assert [pages for _, _, pages in found_in(tmp_path, text) if pages] == ["11"]


def test_bare_numbers_need_company(tmp_path: Path) -> None:
    assert found_in(tmp_path, "The Moving Handbook.\n\n- It grew (109);\n- and fell (110).\n") == [
        ("Moving Handbook", "handbook", None)
    ]


def test_a_document_does_not_refer_to_itself(tmp_path: Path) -> None:
    document = read_text(tmp_path, "handbook.md", "A Handbook on Moving says (p. 3).\n")
    assert found(document) == [("(p. 3)", None, "3")]


def test_identifiers_name_works(tmp_path: Path) -> None:
    assert found_in(tmp_path, "Recalling resolution X/RES/1/2.\n") == [("X/RES/1/2", "handbook", None)]


def test_the_protocol_to_a_convention_is_another_work(tmp_path: Path) -> None:
    markdown = "The Optional Protocol to the Moving Handbook is newer than the Moving Handbook.\n"
    assert found_in(tmp_path, markdown) == [("Moving Handbook", "handbook", None)]


def test_an_acronym_in_small_letters_is_a_word(tmp_path: Path) -> None:
    document = read_text(tmp_path, "x.md", "A cat is no party to the CAT.\n")
    assert found(document, (KnownWork("cat-1984", "Convention against Torture", ("CAT",)),)) == [
        ("CAT", "cat-1984", None)
    ]
