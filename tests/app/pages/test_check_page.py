"""Checking a draft without JavaScript: pasted, or as a file of each kind; and what is no draft is said to be none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import httpx
import pytest
import typst
from lxml import html

from app.service import Service
from tests.app.conftest import HANDBOOK, PAPER
from tests.app.pages.conftest import page_of, words_of
from tests.app.pages.test_read_page import document_of

TRUE = "They keep the receipts for three years"
DRAFT = f"It is said that “{TRUE}”, and also that “They keep the receipts for thirteen years”."


def odt(text: str) -> bytes:
    """A minimal OpenDocument text of one paragraph."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        f'office:version="1.2"><office:body><office:text><text:p>{text}</text:p></office:text></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(text: str, folder: Path) -> bytes:
    source = folder / "draft.typ"
    source.write_text(f'#set text(font: "Libertinus Serif")\n{text}\n', encoding="utf-8")
    return bytes(typst.compile(source))


def bomb() -> bytes:
    """A DOCX whose document unpacks to 400 MB of one letter."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(DRAFT))) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name in whole.namelist():
            if name != "word/document.xml":
                package.writestr(name, whole.read(name))
        with package.open("word/document.xml", "w") as document:
            for _ in range(400):
                document.write(b"a" * 2**20)
    return out.getvalue()


def verdicts(page: html.HtmlElement) -> list[str]:
    return [str(item.get("class")) for item in page.findall(".//ol[@class='checked']/li")]


def test_the_form_takes_a_text_or_a_file(desk: httpx.Client) -> None:
    page = page_of(desk.get("/check"))
    (form,) = page.xpath("//form[@id='check']")
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")
    assert form.xpath(".//textarea[@name='text']")
    assert form.xpath(".//input[@name='file'][@type='file']")


def test_a_pasted_draft_is_judged_and_shown(desk: httpx.Client, desk_service: Service) -> None:
    page = page_of(desk.post("/check", data={"text": DRAFT.replace(" and", "\r\nand")}))
    assert verdicts(page) == ["verbatim", "altered"]
    assert words_of(page, "//h2[@id='verdicts']") == "2 quotations"
    assert words_of(page, "//table[@class='differences']//del") == "thirteen"
    assert words_of(page, "//table[@class='differences']//ins") == "three"
    assert "The meaning could turn" in words_of(page, "//li[@class='altered']//strong")
    assert page.xpath("//button[@data-text]/@data-text")[-1] == TRUE
    assert page.xpath("//div[@class='draft']")[0].text_content() == DRAFT.replace(" and", "\nand")
    for link in page.xpath("//p[@class='citation']/a/@href"):
        assert page_of(desk.get(link)).xpath("//mark[@id='quote']")
    true = page.xpath("//blockquote[@class='true-words']")[0]
    assert true.text_content() in document_of(desk_service, HANDBOOK).text


@pytest.mark.parametrize("kind", ["docx", "odt", "pdf", "md", "txt"])
def test_a_file_of_each_kind_is_judged(desk: httpx.Client, tmp_path: Path, kind: str) -> None:
    makers = {"docx": lambda: word(DRAFT), "odt": lambda: odt(DRAFT), "pdf": lambda: pdf(DRAFT, tmp_path)}
    content = makers[kind]() if kind in makers else DRAFT.encode()
    page = page_of(desk.post("/check", files={"file": (f"draft.{kind}", content)}))
    assert verdicts(page) == ["verbatim", "altered"]


def test_a_misattributed_and_an_unknown_quotation(desk: httpx.Client) -> None:
    text = f"“{TRUE}” (Example Handbook of Letters, p. 75). “No dragon ever crossed the northern harbour wall.”"
    page = page_of(desk.post("/check", data={"text": text}))
    assert verdicts(page) == ["misattributed", "not_found"]
    assert "proves nothing" in words_of(page, "//ol/li[@class='not_found']")


def test_a_draft_without_quotations_says_so(desk: httpx.Client) -> None:
    page = page_of(desk.post("/check", data={"text": "Nothing is quoted here."}))
    assert words_of(page, "//h2[@id='verdicts']") == "0 quotations"
    assert "no quotation marks" in words_of(page, "//section[@aria-labelledby='verdicts']/p")


def test_an_empty_draft_says_so(desk: httpx.Client) -> None:
    page = page_of(desk.post("/check", data={"text": " \n "}, files={"file": ("", b"")}), 422)
    assert "The draft is empty" in words_of(page, "//p[@role='alert']")
    page_of(desk.post("/check", files={"file": ("empty.md", b"")}), 422)


def test_a_draft_that_is_too_long_says_how_long_it_may_be(desk: httpx.Client) -> None:
    page = page_of(desk.post("/check", files={"file": ("long.txt", b"a " * 2_600_000)}), 422)
    assert "5,000,000" in words_of(page, "//p[@role='alert']")
    page = page_of(desk.post("/check", files={"file": ("larger.txt", b"a" * (13 * 2**20))}), 413)
    assert "too large" in words_of(page, "//p[@role='alert']") or "larger" in words_of(page, "//p[@role='alert']")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.docx", None),
        ("torn.docx", word(DRAFT)[:2_000]),
        ("not.pdf", b"%PDF-1.7 and then nothing"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200)),
    ],
)
def test_what_is_no_draft_is_named_with_the_reason(desk: httpx.Client, name: str, content: bytes | None) -> None:
    page = page_of(desk.post("/check", files={"file": (name, bomb() if content is None else content)}), 422)
    assert words_of(page, "//p[@role='alert']")
    assert "/tmp" not in words_of(page, "//p[@role='alert']")  # noqa: S108


def test_markup_in_a_draft_and_in_its_name_stays_words(desk: httpx.Client) -> None:
    hostile = "<script>window.ran = 4</script> “<img src=x onerror=alert(1)> and many more words” </textarea>"
    name = '"><script>alert(1)</script>.docx'
    for answer in (
        desk.post("/check", data={"text": hostile}),
        desk.post("/check", files={"file": (name, b"PK\x03\x04")}),
    ):
        page = page_of(answer, answer.status_code)
        assert not page.xpath("//script[not(@src)]")
        assert not page.xpath("//img")
    assert page_of(desk.post("/check", data={"text": hostile})).xpath("//textarea")[0].text_content().strip() == hostile


def test_the_verdicts_are_said_in_french(desk: httpx.Client) -> None:
    page = page_of(desk.post("/check?lang=fr", data={"text": DRAFT}))
    assert words_of(page, "//h2[@id='verdicts']") == "2 citations"
    assert words_of(page, "//li[@class='altered']//h3") == "Modifiée"
    assert "un nombre" in words_of(page, "//table[@class='differences']")


def test_the_paper_quoted_whole_is_verbatim(desk: httpx.Client, desk_service: Service) -> None:
    document = document_of(desk_service, PAPER)
    block = max(document.blocks, key=lambda block: block.end - block.start)
    page = page_of(desk.post("/check", data={"text": "> " + document.text[block.start : block.end]}))
    assert verdicts(page) == ["verbatim"]
