"""Whatever elements a package holds, in whatever order, it becomes a document or a `SourceError`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.document import read_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions
from ingest.extract.package import DEEPEST_XML
from tests.corpus.promise import check_document, check_passages
from tests.ingest.documents import passages_of
from tests.ingest.extract.packages import docx, epub, listed, odt
from tests.ingest.extract.test_docx import NUMBERING, STYLES

WORD = [
    "w:p",
    "w:r",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:ins",
    "w:del",
    "w:sdt",
    "w:sdtContent",
    "w:hyperlink",
    "w:txbxContent",
]
WORD_LEAVES = [
    *("<w:t>word </w:t>", "<w:br/>", "<w:tab/>", '<w:footnoteReference w:id="2"/>', '<w:footnoteReference w:id="7"/>'),
    *(f"<w:pPr>{listed(1, 1)}</w:pPr>", '<w:pPr><w:pStyle w:val="H2"/></w:pPr>', "<w:rPr><w:vanish/></w:rPr>"),
    '<w:endnoteReference w:id="2"/>',
]
OPEN = ["text:p", "text:h", "text:list", "text:list-item", "text:span", "text:note", "text:note-body", "text:section"]
OPEN += ["table:table", "table:table-row", "table:table-cell", "draw:frame", "draw:text-box", "text:note-citation"]
OPEN_LEAVES = ["word ", "<text:s/>", "<text:line-break/>", '<text:s text:c="99999999999"/>', "<office:annotation/>"]


def trees(tags: list[str], leaves: list[str]) -> st.SearchStrategy[str]:
    def within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        content = st.lists(inner, max_size=4).map("".join)
        return st.tuples(st.sampled_from(tags), content).map(lambda made: f"<{made[0]}>{made[1]}</{made[0]}>")

    return st.lists(st.recursive(st.sampled_from(leaves), within, max_leaves=12), max_size=5).map("".join)


def read_or_refuse(path: Path) -> None:
    with suppress(SourceError):
        document = read_document(path, None, ExtractOptions())
        check_document(document)
        check_passages(document, passages_of(document))


QUICKLY = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(trees(WORD, WORD_LEAVES), trees(WORD, WORD_LEAVES))
@QUICKLY
def test_any_word_file(tmp_path: Path, body: str, note: str) -> None:
    notes = f'<w:footnote w:id="2">{note}</w:footnote>'
    read_or_refuse(docx(tmp_path / "x.docx", body, styles=STYLES, numbering=NUMBERING, footnotes=notes))


@given(trees(OPEN, OPEN_LEAVES))
@QUICKLY
def test_any_open_document(tmp_path: Path, body: str) -> None:
    read_or_refuse(odt(tmp_path / "x.odt", body))


@pytest.mark.parametrize("depth", [DEEPEST_XML - 10, DEEPEST_XML + 1])
@pytest.mark.parametrize(
    ("make", "tag"),
    [
        *((docx, tag) for tag in ("w:sdt", "w:tbl", "w:tc", "w:txbxContent", "w:ins")),
        *(
            (odt, tag)
            for tag in ("text:section", "text:list", "text:span", "text:note", "draw:text-box", "table:table")
        ),
    ],
)
def test_any_depth(tmp_path: Path, make: Callable[[Path, str], Path], tag: str, depth: int) -> None:
    paragraph = "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>" if make is docx else "<text:p>Words.</text:p>"
    read_or_refuse(make(tmp_path / "x", f"<{tag}>" * depth + paragraph + f"</{tag}>" * depth))


def test_a_book_whose_parts_lead_out_of_it(tmp_path: Path) -> None:
    path = epub(tmp_path / "x.epub", {"../../etc/passwd": "<p>Words.</p>", "a.xhtml": "<p>More words.</p>"})
    read_or_refuse(path)
