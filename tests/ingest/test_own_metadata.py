"""What a file says of itself is believed where its document says so too."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import BlockKind
from ingest import detect
from ingest.extract.draft import Draft, DraftBlock, FileMetadata
from ingest.own_metadata import own_metadata, slug

BLOCKS = (
    DraftBlock(BlockKind.HEADING, "Advance questions\nto Exampland", level=1),
    DraftBlock(BlockKind.PARAGRAPH, "By A. Writer, May 2011. The words of the text."),
)


def title(stated: str | None, source_type: str = detect.DOCX, blocks: tuple[DraftBlock, ...] = BLOCKS) -> str:
    draft = Draft(blocks, metadata=FileMetadata(title=stated))
    return own_metadata(Path("/x/Report Nº 3 (finál).docx"), draft, source_type).title


def test_a_title_that_the_document_does_not_say_is_that_of_an_old_draft() -> None:
    assert title("Advance Questions: Exampland") == "Advance Questions: Exampland"
    assert title("Advance Questions: Otherland") == "Advance questions to Exampland"
    assert title("Advance Questions: Otherland", detect.HTML) == "Advance Questions: Otherland"


@pytest.mark.parametrize(
    "stated", [None, "", "Microsoft Word - x", "untitled1", "Document 2", "The words of the text.doc"]
)
def test_what_programs_put_in_for_a_title_is_none(stated: str | None) -> None:
    assert title(stated) == "Advance questions to Exampland"
    assert title(stated, blocks=BLOCKS[1:]) == "Report Nº 3 (finál)"


def test_authors_and_dates_are_believed_when_the_document_names_them() -> None:
    stated = FileMetadata(authors=("A. Writer", "typist"), date="2011-05-03")
    made = own_metadata(Path("x.pdf"), Draft(BLOCKS, metadata=stated), detect.PDF)
    assert (made.authors, made.date) == (("A. Writer",), "2011-05-03")
    later = own_metadata(Path("x.pdf"), Draft(BLOCKS, metadata=FileMetadata(date="2019")), detect.PDF)
    assert later.date is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("A  b_c", "a-b-c"), ("Été", "ete"), ("x" * 200, "x" * 80), ("a\nb", "a-b"), ("Nº 3 (finál)", "no-3-final")),
        *(("-- ", None), ("漢字", None)),
    ],
)
def test_slugs_can_stand_in_an_address(name: str, expected: str | None) -> None:
    made = slug(name)
    assert made == expected if expected else made.startswith("document-")
