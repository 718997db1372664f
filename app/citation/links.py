"""Links that open a source on the quoted words: a text fragment for HTML, a page and a search for PDF.

Text fragments: <https://wicg.github.io/scroll-to-text-fragment/>. PDF: `page` of RFC 8118, `search` and `phrase` as
PDF.js knows them; a viewer that does not know them opens the page all the same. `page` is the physical page, never a
label.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote as percent_encoded

from corpus.documents import Metadata

PDF = "application/pdf"
HTML = frozenset({"text/html", "application/xhtml+xml"})

LONGEST_EXACT = 120
"""Code points of a quote that a text fragment spells out; a longer one is given by its first and last words."""
WORDS_AT_AN_END = 6
LONGEST_SEARCH = 80
"""Code points that a PDF viewer is asked to search for."""


@dataclass(frozen=True, slots=True)
class Words:
    """Quoted words and those around them.

    :param repeated: the same words stand elsewhere in the document too, so that a link needs those around them.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    repeated: bool = False


def source_link(metadata: Metadata, source_type: str, words: Words, page_index: int | None = None) -> str | None:
    """The published source, opened on the words as far as its kind allows; None where no address is known.

    :param source_type: media type of the file that was read.
    :param page_index: physical page, 1-based.
    """
    if source_type == PDF and metadata.source_url:
        return _without_fragment(metadata.source_url) + (pdf_fragment(page_index, words.exact) if page_index else "")
    if source_type in HTML and (address := metadata.source_url or metadata.url):
        return _without_fragment(address) + text_fragment(words)
    return metadata.source_url or metadata.url


def text_fragment(words: Words) -> str:
    """`#:~:text=[prefix-,]start[,end][,-suffix]` of quoted words.

    Prefix and suffix are whole words, and stand only where the quote is repeated: a fragment that asks for less still
    works after an edit nearby.
    """
    quoted = words.exact.split()
    if (len(words.exact) > LONGEST_EXACT and len(quoted) > 2 * WORDS_AT_AN_END) or "\n" in words.exact.strip():
        ends = min(WORDS_AT_AN_END, max(1, len(quoted) // 2))
        parts = [_encoded(" ".join(quoted[:ends])), _encoded(" ".join(quoted[-ends:]))]
    else:
        parts = [_encoded(" ".join(quoted))]
    if words.repeated:
        before = " ".join(words.prefix.rpartition("\n")[2].split()[1:][-WORDS_AT_AN_END:])
        after = " ".join(words.suffix.partition("\n")[0].split()[:-1][:WORDS_AT_AN_END])
        parts = [
            *([f"{_encoded(before)}-"] if before else []),
            *parts,
            *([f"-{_encoded(after)}"] if after else []),
        ]
    return "#:~:text=" + ",".join(parts)


def pdf_fragment(page_index: int, exact: str) -> str:
    """`#page=N&search=…&phrase=true`, the search being the quote's first words."""
    searched = ""
    for word in exact.split():
        if len(searched) + len(word) + 1 > LONGEST_SEARCH:
            break
        searched = f"{searched} {word}".strip()
    search = f"&search={percent_encoded(searched, safe='')}&phrase=true" if searched else ""
    return f"#page={page_index}{search}"


def _encoded(text: str) -> str:
    """Percent-encoded, with the "-" that would be read as part of the directive's own grammar."""
    return percent_encoded(text, safe="").replace("-", "%2D")


def _without_fragment(address: str) -> str:
    return address.partition("#")[0]
