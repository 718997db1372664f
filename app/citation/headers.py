"""`Link` headers of a page that shows a document or a quote: how to cite it, its terms, its data (RFC 8288)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote as percent_encoded

from app.citation.csl import identifier
from corpus.documents import Metadata

_ADDRESS = re.compile(r"https?://[^\s,;<>\"]+[^\s,;<>\".)]")


def link_header(metadata: Metadata, alternates: Mapping[str, str]) -> str:
    """The value of a `Link` header; empty when there is nothing to say.

    `cite-as` (RFC 8574) is the lasting address: the DOI, else the publisher's page. `license` is given only where the
    terms name an address.

    :param alternates: address of the same in another form, by media type.
    """
    doi = identifier(metadata, "doi")
    cite_as = f"https://doi.org/{doi}" if doi else metadata.url
    terms = _ADDRESS.search(metadata.licence)
    links = [
        *([f'<{_safe(cite_as)}>; rel="cite-as"'] if cite_as else []),
        *([f'<{_safe(terms[0])}>; rel="license"'] if terms else []),
        *(f'<{_safe(address)}>; rel="alternate"; type="{media}"' for media, address in alternates.items()),
    ]
    return ", ".join(links)


def _safe(address: str) -> str:
    """An address that cannot end its own angle brackets or the header line."""
    return percent_encoded(address, safe="!#$%&'()*+,/:;=?@[]~-._")
