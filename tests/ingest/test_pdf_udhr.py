"""The Universal Declaration read from PDFs in six languages is, word for word, what the web pages say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from tests.ingest.real_pdfs import reading
from tests.shared import require_shared

FILES = (
    ("udhr_arb_1col.pdf", "udhr_arb.html"),
    ("udhr_cmn_hans_1col.pdf", "udhr_cmn_hans.html"),
    ("udhr_eng_2col.pdf", "udhr_eng.html"),
    ("udhr_fra_2col.pdf", "udhr_fra.html"),
    ("udhr_rus_2col.pdf", "udhr_rus.html"),
    ("udhr_spa_1col.pdf", "udhr_spa.html"),
)


def words(text: str) -> Counter[str]:
    """Words with the hyphens and vowel marks in them."""
    return Counter(
        re.findall(r"[^\W\d_](?:[\w\u064b-\u065f'’-]*[\w\u064b-\u065f])?", unicodedata.normalize("NFC", text))
    )


@pytest.mark.parametrize(("pdf", "page"), FILES)
def test_words_of_the_pdf_are_those_of_the_web_page(pdf: str, page: str) -> None:
    documents = require_shared("documents")
    html = (documents / "html_udhr" / page).read_text(encoding="utf-8")
    said = words(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", html)))
    read = words(" ".join(block.text for block in reading(documents / "pdf_udhr_made" / pdf).draft.blocks))
    lost, added = said - read, read - said
    assert lost.total() + added.total() <= 0.002 * said.total(), (lost, added)
