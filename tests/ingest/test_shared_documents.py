"""Every shared text, and PDFs of each kind, become documents that keep every promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import read_document
from ingest.extract.limits import ExtractOptions
from tests.corpus.promise import check_document, check_passages
from tests.ingest.documents import passages_of, read
from tests.shared import require_program, require_shared

FORMATS = sorted(
    path
    for folder in ("html_udhr", "md_gcm", "md_treaties", "md_ungd2017", "md_us", "un_upr")
    for path in require_shared("documents", folder).glob("*")
    if path.suffix in (".html", ".md", ".docx")
)
PDFS = [
    *("pdf_hr/CESCR_General_Comment_13_en.pdf", "pdf_hr/UNDRIP_E_web.pdf", "un_upr/upr_c2_g1409727.pdf"),
    *("pdf_hr/FactSheet2Rev.1en.pdf", "un_upr/upr_c1_g0917008.pdf", "un_upr/upr_c2_g1504261.pdf"),
    *("pdf_udhr_made/udhr_arb_1col.pdf", "pdf_udhr_made/udhr_cmn_hans_1col.pdf", "pdf_udhr_made/udhr_fra_2col.pdf"),
    *("pdf_udhr_made/udhr_rus_2col.pdf", "pdf_iom/Evaluation_Learning_Brief_Final.pdf", "un_upr/upr_c1_g1012465.pdf"),
]


@pytest.mark.parametrize("path", FORMATS, ids=lambda path: path.stem[:40])
def test_every_shared_text_keeps_the_promise(path: Path) -> None:
    document = read(path)
    check_document(document)
    check_passages(document, passages_of(document))
    assert document.metadata.languages
    assert not document.problems


@pytest.mark.parametrize("name", PDFS)
def test_real_pdfs_keep_the_promise(name: str) -> None:
    document = read_document(require_shared("documents", *name.split("/")), None, ExtractOptions(ocr=False))
    check_document(document)
    check_passages(document, passages_of(document))
    assert document.pages


def test_older_formats_are_read_through_libreoffice() -> None:
    require_program("soffice", package="libreoffice-writer-nogui")
    document = read(require_shared("documents", "un_upr", "upr_c2_AdvancedQuestionsSlovenia.doc"))
    check_document(document)
    check_passages(document, passages_of(document))
    assert "Slovenia" in document.text
