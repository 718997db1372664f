"""Web pages: what a browser shows is what is read, notes hang on their links, and the site's own words are marked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from corpus.documents import BlockKind, Document, Metadata
from ingest.canonical import make_document
from ingest.extract.draft import Draft, SourceError
from ingest.extract.flow import draft_blocks
from ingest.extract.html import blocks_of_html, extract_html
from ingest.extract.limits import ExtractOptions
from tests.corpus.promise import check_document, check_passages, words_lost_and_added, words_of
from tests.ingest.documents import passages_of, read, read_text, words
from tests.shared import require_shared


def made(markup: str) -> Document:
    draft = Draft(draft_blocks(blocks_of_html(markup)))
    document = make_document(draft, Metadata("sample", "Sample"), "text/html", "sample.html", "0" * 64)
    check_document(document)
    return document


def kinds(document: Document) -> list[tuple[str, BlockKind, int, int | None]]:
    texts = zip(words(document), document.blocks, strict=True)
    return [(text, block.kind, block.level, block.parent) for text, block in texts]


def test_structure() -> None:
    assert kinds(
        made(
            "<h2>Head <em>ing</em></h2><div>Loose <b>words</b><p>A<br>line</p>tail</div>"
            "<ol start=3 type=a><li>one<ul><li>inner</ul><li><p>two</p><p>more</p></ol>"
            "<blockquote><p>quoted</p></blockquote><figure><img alt=no><figcaption>A figure</figcaption></figure>"
            "<table><caption>A table</caption><tr><th>a<th>b<tr><td>c<td>d</table>"
        )
    ) == [
        ("Head ing", BlockKind.HEADING, 2, None),
        ("Loose words", BlockKind.PARAGRAPH, 0, None),
        ("A\nline", BlockKind.PARAGRAPH, 0, None),
        ("tail", BlockKind.PARAGRAPH, 0, None),
        ("one", BlockKind.LIST_ITEM, 1, 3),
        ("inner", BlockKind.LIST_ITEM, 2, 4),
        ("two", BlockKind.LIST_ITEM, 1, 3),
        ("more", BlockKind.PARAGRAPH, 0, 6),
        ("quoted", BlockKind.QUOTATION, 0, None),
        ("A figure", BlockKind.CAPTION, 0, None),
        ("A table", BlockKind.CAPTION, 0, None),
        ("a", BlockKind.TABLE_CELL, 1, None),
        ("b", BlockKind.TABLE_CELL, 1, 11),
        ("c", BlockKind.TABLE_CELL, 2, None),
        ("d", BlockKind.TABLE_CELL, 2, 13),
    ]


def test_numbers_of_lists_are_those_that_a_browser_prints() -> None:
    blocks = blocks_of_html("<ol type=i><li>x<li>y<li value=9>z</ol><ol type=A start=3><li>w</ol>")
    assert [block.number for block in blocks] == ["i", "ii", "ix", "C"]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    document = made(
        "<style>p{}</style><script>var a;</script><template>t</template><noscript>n</noscript>"
        "<p>seen<!-- comment --><span hidden>h</span><button>b</button></p><div style='display: none'>gone</div>"
        "<p>字<ruby>漢<rp>(</rp><rt>かん</rt></ruby></p><select><option>o</select>"
    )
    assert [text for text, block in zip(words(document), document.blocks, strict=True) if not block.hidden] == [
        "seen",
        "字漢",
    ]


def test_two_line_breaks_end_a_paragraph_and_tables_that_lay_out_a_page_are_no_data() -> None:
    document = made("<table><tr><td>One.<br><br>Two.<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>")
    assert [(text, kind) for text, kind, _, _ in kinds(document)] == [
        ("One.", BlockKind.PARAGRAPH),
        ("Two.", BlockKind.PARAGRAPH),
        ("a", BlockKind.TABLE_CELL),
        ("b", BlockKind.TABLE_CELL),
    ]


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("<sup><a id=r1 href='#n1'>1</a></sup>", "<ol><li id=n1>The source. <a href='#r1'>↩</a></li></ol>"),
        ("<a name=r1></a><a href='#n1'>[1]</a>", "<p><a name=n1></a><a href='#r1'>[1]</a> The source.</p>"),
        ("<a id=r1 href='#n1'><sup>1</sup></a>", "<div id=n1><a href='#r1'><sup>1</sup></a> <p>The source.</p></div>"),
        ("<sup>1</sup>", "<p><sup>1</sup> The source.</p>"),
        ("*", "<p>* The source.</p>"),
    ],
)
def test_notes_hang_on_their_call(call: str, note: str) -> None:
    document = made(f"<p>A claim{call}. More.</p>{note}")
    assert words(document) == ["A claim. More.", "The source."]
    (found,) = document.notes
    assert found.anchors == (7,)
    assert found.marker in ("1", "*")


def test_a_note_called_twice_and_links_of_a_contents_list() -> None:
    document = made(
        "<ol><li><a href='#s1'>1</a></li></ol><p>One<a href='#n'>a</a>, two<a href='#n'>a</a>.</p>"
        "<h2 id=s1>Section</h2><p>Text.</p><p id=n>Note.</p>"
    )
    assert words(document) == ["1", "One, two.", "Section", "Text.", "Note."]
    assert document.notes[0].anchors == (6, 11)


def test_the_site_is_marked_and_kept() -> None:
    article = "<p>The document speaks of the rights of all who move. </p>" * 20
    document = made(
        "<nav><a href=/>Home</a></nav><div class='cookie-banner'>We use cookies</div>"
        f"<main><h1>Title</h1>{article}<ul><li><a href='/p'>A point of the text</a></ul></main>"
        "<ul>" + "".join(f"<li><a href='/{n}'>Other page {n}</a></li>" for n in range(5)) + "</ul>"
        "<footer>All rights reserved</footer>"
    )
    noise = {text: block.noise for text, block in zip(words(document), document.blocks, strict=True)}
    assert noise["Home"] == noise["All rights reserved"] == "looks_like_navigation"
    assert noise["We use cookies"] == "looks_like_site_furniture"
    assert noise["Other page 3"] == "looks_like_menu_of_links"
    assert (
        noise["Title"]
        is noise["A point of the text"]
        is noise["The document speaks of the rights of all who move."]
        is None
    )


def test_a_page_that_calls_itself_furniture_is_still_the_document() -> None:
    document = made(f"<div class='menu sidebar'>{'<p>The whole text of it.</p>' * 30}</div><p>x</p>")
    assert {block.noise for block in document.blocks} == {None}


def test_metadata_and_declared_encoding(tmp_path: Path) -> None:
    head = "<meta charset=windows-1252><title>Un  titre</title><meta name=citation_title content='Le vrai titre'>"
    head += "<meta name=DC.date content='2011-02-17'><meta name=citation_author content='A. Auteur'>"
    page = f"<html lang=fr><head>{head}</head><body><p>Été à l’œuvre"
    path = tmp_path / "x.html"
    path.write_bytes(page.encode("cp1252"))
    draft = extract_html(path, ExtractOptions())
    assert draft.blocks[0].text == "Été à l’œuvre"
    assert (draft.metadata.title, draft.metadata.date, draft.metadata.authors) == (
        "Le vrai titre",
        "2011-02-17",
        ("A. Auteur",),
    )
    assert draft.problems == ()


def test_nesting_that_no_person_wrote_is_survived() -> None:
    document = made("<div>" * 3000 + "<p>deep <b>words</b></p><script>no</script>" + "</div>" * 3000 + "<p>behind</p>")
    assert words(document) == ["deep words", "behind"]


def test_every_page_of_the_declaration_loses_no_word() -> None:
    for path in sorted(require_shared("documents", "html_udhr").glob("*.html")):
        document = read(path)
        check_passages(document, passages_of(document))
        body = html.fromstring(path.read_text("utf-8")).find("body")
        assert body is not None
        # A browser shows a break where a block ends; text_content alone would run two words together.
        for element in body.iter("h1", "h2", "p", "li"):
            element.tail = f" {element.tail or ''}"
        assert words_lost_and_added(words_of(str(body.xpath("string()"))), document) == ({}, {}), path.name


TAGS = ["p", "div", "li", "ul", "ol", "b", "sup", "td", "tr", "table", "h2", "br", "blockquote", "pre", "script"]
OPEN = [f"<{tag}>" for tag in (*TAGS, "a href='#n'", "p id=n")]
PIECES = st.sampled_from(["word", "1", "*", " ", "字", "&amp;", "<", *OPEN, *(f"</{tag}>" for tag in TAGS)])


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None, max_examples=300)
def test_any_markup_keeps_the_promise(markup: str) -> None:
    document = made(markup)
    check_passages(document, passages_of(document))
    assert len(re.findall("word", document.text)) <= markup.count("word")
    if "script" not in markup and "<" not in re.sub(r"</?[a-z]+\d?(?: [^>]*)?>", "", markup):
        assert document.text.count("字") == markup.count("字")


@pytest.mark.parametrize("content", ["<html></html>", "<!DOCTYPE html><html><body> &nbsp; </body></html>"])
def test_a_page_without_words_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match=r"x\.html holds no"):
        read_text(tmp_path, "x.html", content)


def test_hostile_markup_is_read_in_time() -> None:
    links = "<li><a href=/x>y</a></li>" * 5
    assert len(made(f"<ul>{links}</ul>" * 3000).blocks) == 15_000
