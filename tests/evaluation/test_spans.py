"""Gold spans are found where they stand, and nowhere else; the sets are whole."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from html import unescape
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.evaluation.spans import WAYS, find_gold, gold_of, normalized_words, read_queries
from tests.shared import require_shared

HERE = Path(__file__).parent
TEXTS = HERE.parents[1] / "corpus" / "texts"
PAPER = HERE / "paper" / "queries.dev.jsonl"
DOCUMENTS = HERE / "documents" / "queries.dev.jsonl"
HYPHEN_AT_LINE_END = re.compile("[\x02\ufffe]|\u2010\\s*")


def markdown_text(path: Path) -> str:
    """The words of a Markdown file without its marks: one line a paragraph, heading or list item."""
    lines: list[str] = []
    for token in MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8")):
        if token.type == "inline" and token.children is not None:
            lines.append("".join(child.content or " " for child in token.children if child.type != "html_inline"))
    return "\n".join(lines)


@given(
    words=st.lists(st.text(alphabet="aBé٣ßﬁ한", min_size=1, max_size=3), min_size=1, max_size=40),
    gap=st.sampled_from([" ", "\n", ", ", "\u00a0—"]),
    data=st.data(),
)
def test_a_run_of_words_is_found_where_it_was_taken(words: list[str], gap: str, data: st.DataObject) -> None:
    text = gap.join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start = sum(len(word) + len(gap) for word in words[:first])
    end = start + len(gap.join(words[first : last + 1]))
    found = find_gold(text, gold_of(" ".join(words[first : last + 1]).upper().lower(), document="example"))
    assert (start, end) in found
    for found_start, found_end in found:
        assert [word.text for word in normalized_words(text[found_start:found_end])] == [
            word.text for word in normalized_words(text[start:end])
        ]


def test_a_changed_word_is_not_found() -> None:
    text = "Nobody shall be held in slavery or servitude."
    assert find_gold(text, gold_of("Nobody shall be held in slavery", document="example")) == [(0, 31)]
    assert find_gold(text, gold_of("Nobody shall be kept in slavery", document="example")) == []


def test_ligatures_soft_hyphens_and_line_ends_do_not_hide_a_span() -> None:
    text = "The of\ufb01ce of mi\u00adgration,\ncafe\u0301 and all"
    assert find_gold(text, gold_of("office of migration café", document="example")) == [(4, 30)]


def test_raised_note_markers_do_not_hide_a_span() -> None:
    text = "Families are central.\u00b2\u2074 So are friends\u00b9\u2070, too."
    assert find_gold(text, gold_of("Families are central", document="example")) == [(0, 20)]
    assert find_gold(text, gold_of("So are friends, too", document="example")) == [(24, 45)]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '{"_id": "a", "text": "b", "language": "en", "way": "claim"}',
        '{"_id": "a", "text": "b", "language": "en", "way": "guess", "gold": []}',
        '{"_id": "a", "text": "b", "language": "en", "way": "claim", "gold": [{"document": "d", "exact": "…"}]}',
        '{"_id": "a", "text": "b", "language": "en", "way": "claim", "gold": [{"document": 1, "exact": "word"}]}',
    ],
)
def test_a_line_that_is_not_a_query_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "queries.dev.jsonl"
    path.write_text(f'{{"_id": "q", "text": "t", "language": "en", "way": "claim", "gold": []}}\n{line}\n')
    with pytest.raises(ValueError, match="line 2: not a span-judged query"):
        read_queries(path)


def test_every_gold_span_of_the_paper_stands_in_the_paper() -> None:
    texts = {path.stem: markdown_text(path) for path in TEXTS.glob("*.md")}
    for query in read_queries(PAPER):
        for gold in query.gold:
            assert find_gold(texts[gold.document], gold), f"{query.id}: {gold.first} …"


def test_the_set_on_the_paper_asks_in_every_way_and_spreads_over_the_paper() -> None:
    queries = read_queries(PAPER)
    assert len({query.id for query in queries}) == len({query.text for query in queries}) == len(queries)
    answered = [query for query in queries if query.gold]
    assert {query.way for query in answered} == set(WAYS)
    assert len(answered) >= 80
    assert len(queries) - len(answered) >= 60
    languages = Counter(query.language for query in answered)
    assert languages["es"] >= 10
    assert languages["fr"] >= 10
    assert languages["ar"] >= 5
    assert len({gold for query in answered for gold in query.gold}) >= 40


def test_gold_is_whole_in_the_file() -> None:
    for line in PAPER.read_text(encoding="utf-8").splitlines():
        for gold in json.loads(line)["gold"]:
            assert gold["exact"] == " ".join(gold["exact"].split())
            assert "*" not in gold["exact"]


@cache
def pdf_page_text(path: Path, page: int) -> str:
    """The text of a physical page (1-based), with words that a hyphen breaks over two lines mended."""
    with pypdfium2.PdfDocument(path) as pdf:
        return HYPHEN_AT_LINE_END.sub("", pdf[page - 1].get_textpage().get_text_range())


@cache
def docx_text(path: Path) -> str:
    """The words of a Word document, tables in their place: one line a paragraph."""
    with ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
    return "\n".join(unescape("".join(re.findall("<w:t(?: [^>]*)?>([^<]*)", p))) for p in xml.split("</w:p>"))


@cache
def html_text(path: Path) -> str:
    return unescape(re.sub("<[^>]+>", " ", path.read_text(encoding="utf-8")))


def test_every_gold_span_of_the_documents_stands_where_it_says() -> None:
    folder = require_shared("documents")
    readers = {".html": html_text, ".docx": docx_text, ".md": cache(markdown_text)}
    for query in read_queries(DOCUMENTS):
        for gold in query.gold:
            path = folder / gold.document
            if path.suffix == ".pdf":
                assert gold.page is not None
                text = pdf_page_text(path, gold.page)
            else:
                text = readers[path.suffix](path)
            assert find_gold(text, gold), f"{query.id}: {gold.document}, page {gold.page}: {gold.first} …"


def test_the_set_on_the_documents_asks_in_every_way_and_keeps_no_words_of_theirs() -> None:
    queries = read_queries(DOCUMENTS)
    assert len({query.id for query in queries}) == len({query.text for query in queries}) == len(queries)
    answered = [query for query in queries if query.gold]
    assert {query.way for query in answered} == set(WAYS)
    assert len(answered) >= 170
    assert len(queries) - len(answered) >= 60
    assert {query.language for query in answered} == {"en", "fr", "es", "ar"}
    documents = {gold.document for query in answered for gold in query.gold}
    assert len(documents) >= 45
    assert len({Path(document).parent for document in documents}) >= 8
    for line in DOCUMENTS.read_text(encoding="utf-8").splitlines():
        for gold in json.loads(line)["gold"]:
            assert gold.keys() == {"document", "page", "sha256", "first", "words"}
            assert len(gold["first"].split(" ")) <= 3


def test_queries_for_quote_precision_are_answered_queries_of_the_set() -> None:
    answered = {query.id for query in read_queries(DOCUMENTS) if query.gold}
    whole = (DOCUMENTS.parent / "whole-sentences.txt").read_text(encoding="utf-8").split()
    assert set(whole) <= answered
    assert len(set(whole)) == len(whole) >= 40
