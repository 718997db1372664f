"""Every shared PDF is read without a crash, keeps the promise, and each failure names the file and what to do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.documents import Metadata
from ingest.canonical import make_document
from ingest.extract.draft import SourceError
from ingest.extract.limits import ExtractOptions
from ingest.extract.pdf import extract_pdf
from tests.corpus.promise import check_document
from tests.shared import require_shared

HARD = require_shared("hard-pdfs")
REFUSED = {
    "pdfjs__REDHAT-1531897-0.pdf": "damaged",
    "pdfjs__bug1020226.pdf": "damaged",
    "pdfjs__issue9105_other.pdf": "damaged",
    "pdfjs__poppler-742-0-fuzzed.pdf": "damaged",
    "sample-files__unreadablemetadata.pdf": "damaged",
}


def passwords() -> dict[str, str]:
    with (HARD / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = csv.DictReader(index, delimiter="\t")
        return {row["file"]: row["password_that_worked"].partition(" (")[0] for row in rows}


@pytest.mark.parametrize("path", sorted(HARD.glob("*.pdf")), ids=lambda path: path.name)
def test_hard_file_is_read_or_refused_by_name(path: Path) -> None:
    options = ExtractOptions(password=passwords()[path.name] or None, ocr=False)
    if path.name in REFUSED:
        with pytest.raises(SourceError, match=REFUSED[path.name]) as refusal:
            extract_pdf(path, options)
        assert path.name in str(refusal.value)
        return
    draft = extract_pdf(path, options)
    document = make_document(draft, Metadata(id="hard", title="Hard"), "application/pdf", path.name, "0" * 64)
    check_document(document)
    if not document.text:
        assert draft.problems, "nothing was read and nothing is said about it"


LOCKED = (
    "pdfjs__pr6531_1.pdf",
    "pdfminer__aes-128.pdf",
    "pdfminer__rc4-40.pdf",
    "pdfplumber__password-example.pdf",
    "pypdf__crazyones-encrypted-256.pdf",
    "pypdf__r2-user-password.pdf",
    "pikepdf__graph-encrypted.pdf",
    "sample-files__libreoffice-writer-password.pdf",
)


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize(("password", "said"), [(None, "needs a password"), ("wrong", "another password")])
def test_locked_file_asks_for_its_password(name: str, password: str | None, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        extract_pdf(HARD / name, ExtractOptions(password=password))
