"""The data formats that a citation is given in, for the API, exports, `Link` headers and unAPI alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from app.citation.bibtex import to_bibtex
from app.citation.csl import to_csl
from app.citation.locator import Locator
from app.citation.ris import to_ris
from corpus.documents import Edition, Metadata

Emitter = Callable[[Metadata, Locator | None, Edition | None], str]


@dataclass(frozen=True, slots=True)
class DataFormat:
    """A format of citation data.

    :param name: what is asked for ("ris"); `suffix` that of its files.
    """

    name: str
    media_type: str
    suffix: str
    emit: Emitter


def csl_json(metadata: Metadata, locator: Locator | None = None, edition: Edition | None = None) -> str:
    """A CSL-JSON document, which is a list, of one item."""
    return json.dumps([to_csl(metadata, locator, edition)], ensure_ascii=False, indent=2) + "\n"


FORMATS = {
    data.name: data
    for data in (
        DataFormat("csl-json", "application/vnd.citationstyles.csl+json", "json", csl_json),
        DataFormat("bibtex", "application/x-bibtex", "bib", to_bibtex),
        DataFormat("ris", "application/x-research-info-systems", "ris", to_ris),
    )
}
