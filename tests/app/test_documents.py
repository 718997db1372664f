"""What the API gives of documents and passages, against the store itself."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import httpx
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from PIL import Image, ImageChops

from app.models import DocumentAnswer, DocumentsAnswer, PassageAnswer, ReferencesAnswer, SimilarAnswer
from corpus.store import Store
from tests.app.conftest import HANDBOOK, PAGE, PAPER, STATEMENT
from tests.app.test_search_answer import check_result


def get(client: httpx.Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_catalogue_lists_what_is_held_and_what_is_not(client: httpx.Client, store: Store) -> None:
    answer = DocumentsAnswer.model_validate(get(client, "/v1/documents?limit=1000"))
    by_id = {document.id: document for document in answer.documents}
    held = {record.metadata.id for record in store.records()}
    assert {id_ for id_, document in by_id.items() if document.held} == held
    missing = by_id["gmg-handbook-2010"]
    assert missing.identifiers["isbn"] == "978-92-1-126293-3"
    assert "verbatim fetch gmg-handbook-2010" in (missing.missing or "")
    assert [failure.source_name for failure in answer.failures] == ["broken.pdf"]
    assert not any(document["held"] for document in get(client, "/v1/documents?held=false&limit=1000")["documents"])


def test_the_catalogue_pages_through_every_document_once(client: httpx.Client) -> None:
    whole = [document["id"] for document in get(client, "/v1/documents?limit=1000")["documents"]]
    paged, address = [], "/v1/documents?limit=2"
    while address:
        found = get(client, address)
        paged += [document["id"] for document in found["documents"]]
        address = found["next"]
    assert paged == whole


@pytest.mark.parametrize("id_", [PAPER, HANDBOOK, STATEMENT, PAGE])
def test_a_document_is_given_whole(client: httpx.Client, store: Store, id_: str) -> None:
    document = store.document(id_)
    answer = DocumentAnswer.model_validate(get(client, f"/v1/documents/{id_}"))
    assert answer.title == document.metadata.title
    assert answer.characters == len(document.text)
    assert [page.label for page in answer.page_list] == [page.label for page in document.pages]
    for heading in answer.outline:
        assert document.text.startswith(heading.text, heading.start)
    text = get(client, f"/v1/documents/{id_}/text")
    assert text["text"] == document.text
    assert hashlib.sha256(text["text"].encode()).hexdigest() == text["edition"]["text_sha256"]
    source = client.get(f"/v1/documents/{id_}/source")
    assert hashlib.sha256(source.content).hexdigest() == text["edition"]["source_sha256"]
    assert source.headers["content-type"].split(";")[0] == document.source_type


def test_offsets_count_code_points(client: httpx.Client, store: Store) -> None:
    text = store.document(STATEMENT).text
    start = text.index("👩🏽‍🌾")
    stretch = get(client, f"/v1/documents/{STATEMENT}/text?start={start}&end={start + 4}")
    assert stretch["text"] == "👩🏽‍🌾"


def test_a_source_that_holds_scripts_cannot_run_them(client: httpx.Client) -> None:
    assert "sandbox" in client.get(f"/v1/documents/{PAGE}/source").headers["content-security-policy"]


def test_every_passage_is_given_with_its_surroundings(client: httpx.Client, store: Store) -> None:
    for passage in list(store.passages())[::7]:
        answer = get(client, f"/v1/passages/{passage.id}?context=3")
        PassageAnswer.model_validate(answer)
        check_result(client, store, {**answer, "highlights": []})
        text = store.document(passage.document_id).text
        blocks = [*answer["context"]["before"], *answer["context"]["after"]]
        assert [block["text"] for block in blocks] == [text[block["start"] : block["end"]] for block in blocks]
        assert blocks


def test_similar_passages_are_of_other_documents(client: httpx.Client, store: Store) -> None:
    passage = next(passage for passage in store.passages(HANDBOOK) if "pension" in passage.text)
    answer = get(client, f"/v1/passages/{passage.id}/similar?limit=3")
    SimilarAnswer.model_validate(answer)
    assert answer["results"]
    for result in answer["results"]:
        assert result["document"]["id"] != HANDBOOK
        check_result(client, store, result)


def test_a_citation_comes_in_every_format(client: httpx.Client, store: Store) -> None:
    passage = next(passage for passage in store.passages(HANDBOOK) if "second letter" in passage.text)
    address = f"/v1/passages/{passage.id}/citation"
    text = client.get(address).text
    assert "Handbook of Letters" in text
    assert "75" in text
    assert client.get(f"{address}?style=apa").text != text
    assert "<i>" in client.get(f"{address}?style=apa&format=html").text
    edition = store.document(HANDBOOK).edition
    bibtex = client.get(f"{address}?format=bibtex").text
    assert len(parse_string(bibtex).entries) == 1
    ris = client.get(f"{address}?format=ris").text
    assert len(rispy.loads(ris)) == 1
    csl = client.get(f"{address}?format=csl-json")
    (item,) = json.loads(csl.text)
    assert item["id"] == HANDBOOK
    for data in (bibtex, ris, csl.text):
        assert edition.source_sha256 in data
        assert edition.text_sha256 in data


def test_a_citation_of_a_span_names_the_page_of_the_span(client: httpx.Client, store: Store) -> None:
    passage = next(passage for passage in store.passages(PAPER) if len(passage.sentences) > 1)
    sentence = passage.sentences[-1]
    address = f"/v1/passages/{passage.id}/citation"
    assert client.get(address, params={"start": sentence.start, "end": sentence.end}).status_code == 200
    outside = client.get(address, params={"start": passage.start, "end": passage.end + 1})
    assert outside.status_code == 422
    assert str(passage.end) in outside.json()["detail"]


def picture(client: httpx.Client, address: str) -> Image.Image:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def test_a_page_is_drawn_and_the_words_outlined_where_they_stand(client: httpx.Client, store: Store) -> None:
    document = store.document(HANDBOOK)
    plain = picture(client, f"/v1/documents/{HANDBOOK}/pages/74.png")
    assert picture(client, f"/v1/documents/{HANDBOOK}/pages/index:2.png").tobytes() == plain.tobytes()
    start = document.text.index("the border")
    outlined = picture(client, f"/v1/documents/{HANDBOOK}/pages/74.png?highlight={start}-{start + 10}")
    changed = ImageChops.difference(plain, outlined).getbbox()
    assert changed is not None
    box = next(
        box for block in document.blocks for box in block.boxes if box.start <= start < box.end and box.page == 2
    )
    scale = plain.width / document.pages[1].width
    assert changed[1] == pytest.approx(box.top * scale, abs=4 * scale)
    elsewhere = picture(client, f"/v1/documents/{HANDBOOK}/pages/iv.png?highlight={start}-{start + 10}")
    assert elsewhere.tobytes() == picture(client, f"/v1/documents/{HANDBOOK}/pages/iv.png").tobytes()


@pytest.mark.parametrize("asked", ["pages/76.png", "pages/index:9.png", "pages/.png"])
def test_a_page_that_is_not_there_is_said_to_be_not_there(client: httpx.Client, asked: str) -> None:
    assert client.get(f"/v1/documents/{HANDBOOK}/{asked}").status_code == 404


@pytest.mark.parametrize("span", ["5-5", "9-3", "1-99999999", "a-b", "-", "1"])
def test_a_highlight_that_is_no_span_is_refused(client: httpx.Client, span: str) -> None:
    answer = client.get(f"/v1/documents/{HANDBOOK}/pages/74.png?highlight={span}")
    assert answer.status_code == 422
    assert answer.json()["field"] == "highlight"


def test_references_lead_out_and_in(client: httpx.Client, store: Store) -> None:
    out = ReferencesAnswer.model_validate(get(client, f"/v1/documents/{STATEMENT}/references"))
    text = store.document(STATEMENT).text
    assert {(r.document, r.pages, r.resolved) for r in out.out if r.pages} == {
        (HANDBOOK, "74-75", True),
        (HANDBOOK, "iv", True),
        (HANDBOOK, "74", True),
    }
    assert all(r.words == text[r.start : r.end] for r in out.out)
    into = ReferencesAnswer.model_validate(get(client, f"/v1/documents/{HANDBOOK}/references?page=75"))
    assert [(r.document.id, r.pages) for r in into.incoming] == [(STATEMENT, "74-75")]
    missing = ReferencesAnswer.model_validate(get(client, "/v1/documents/gmg-handbook-2010/references?page=109"))
    assert {r.document.id for r in missing.incoming} == {PAPER}


def test_the_reading_page_marks_exactly_the_quote(client: httpx.Client, store: Store) -> None:
    for passage in list(store.passages())[::9]:
        page = client.get(f"/read/{passage.document_id}?start={passage.start}&end={passage.end}")
        assert page.status_code == 200
        marked = "".join(part.split("</mark>")[0].split(">", 1)[-1] for part in page.text.split("<mark")[1:])
        assert "".join(_unescaped(marked).split()) == "".join(passage.text.split())


def test_a_hostile_text_cannot_run_on_a_page(client: httpx.Client) -> None:
    for path in (f"/read/{PAGE}", f"/read/{STATEMENT}", "/?q=lantern", "/?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def _unescaped(text: str) -> str:
    import html

    return html.unescape(text)
