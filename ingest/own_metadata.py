"""Makes the metadata of a document that no catalogue knows, from what its file says and shows.

Word processors and PDF writers put the title of an old draft and the name of whoever typed it into a file. Invariant:
what such a file states is believed only where the document itself says so near its beginning; nothing is made up.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from corpus.documents import BlockKind, Metadata
from ingest import detect
from ingest.extract.draft import Draft

STATED_BY_PROGRAMS = frozenset({detect.PDF, detect.DOCX, detect.ODT, detect.DOC, detect.RTF})
"""Types whose metadata a person seldom writes; those of web pages, books and Markdown are written for readers."""
OPENING = 6_000
"""Code points from the beginning of a document among which its own title and authors stand."""
_NO_TITLE = re.compile(
    r"|unknown title|untitled.*|(?:new )?document ?\d*|microsoft \w+ - .*|.*\.[a-z]{2,4}", re.IGNORECASE
)
"""What programs put into a file whose author gave it no title, or the name it once had."""


def own_metadata(path: Path, draft: Draft, source_type: str) -> Metadata:
    """What the file says of itself; its first heading, or else its name, stands in for a title."""
    opening = " ".join(block.text for block in draft.blocks)[:OPENING]
    trusted = source_type not in STATED_BY_PROGRAMS
    stated = draft.metadata.title or ""
    if _NO_TITLE.fullmatch(stated) or not (trusted or says(opening, stated)):
        stated = ""
    headings = (block.text for block in draft.blocks if block.kind is BlockKind.HEADING and not block.noise)
    title = stated or next(headings, path.stem)
    return Metadata(
        id=slug(path.stem),
        title=" ".join(_printable(title).split()) or slug(path.stem),
        authors=tuple(author for author in draft.metadata.authors if trusted or says(opening, author)),
        date=draft.metadata.date if trusted or says(opening, (draft.metadata.date or "")[:4]) else None,
    )


def says(text: str, words: str) -> bool:
    """Whether every word of `words` stands in the text, and there is one."""
    wanted = set(re.findall(r"\w+", words.casefold()))
    return bool(wanted) and wanted <= set(re.findall(r"\w+", text.casefold()))


def slug(name: str) -> str:
    """A readable id, `[a-z0-9-]+`, from a file's name; a hash of it where no letter can be kept."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    return words or "document-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
