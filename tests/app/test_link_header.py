"""The `Link` header of a document's page, and that its addresses answer."""

import re

import httpx

from tests.app.conftest import HANDBOOK


def test_a_document_page_says_how_to_cite_it_and_where_its_data_are(client: httpx.Client) -> None:
    links = re.findall(
        r'<([^>]+)>; rel="([a-z-]+)"(?:; type="([^"]+)")?', client.get(f"/read/{HANDBOOK}").headers["Link"]
    )
    kinds = {kind for _, kind, _ in links}
    assert kinds <= {"cite-as", "license", "alternate"}
    alternates = {media: address for address, kind, media in links if kind == "alternate"}
    assert len(alternates) == 3
    for media, address in alternates.items():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media
