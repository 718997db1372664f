"""Reads the YAML front matter of a Markdown file into what the file says about itself."""

from __future__ import annotations

import datetime

from ingest.extract.draft import FileMetadata

LARGEST = 2**16
"""Code points: longer front matter is no front matter."""


def read_front_matter(content: str) -> FileMetadata:
    """Title, authors, date and language, as far as they are plainly stated; anything else is ignored."""
    import yaml

    if len(content) > LARGEST:
        return FileMetadata()
    try:
        # Only plain scalars of the top level are used, so that aliases cannot grow into a bomb.
        stated = yaml.safe_load(content)
    except (yaml.YAMLError, RecursionError, ValueError):
        return FileMetadata()
    if not isinstance(stated, dict):
        return FileMetadata()
    authors = stated.get("authors") or stated.get("author") or ()
    return FileMetadata(
        title=_words(stated.get("title")),
        authors=tuple(filter(None, map(_words, authors if isinstance(authors, list) else [authors]))),
        date=_date(stated.get("date")),
        language=_words(stated.get("lang") or stated.get("language")),
    )


def _words(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _date(value: object) -> str | None:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, int) and 1000 <= value <= 9999:
        return str(value)
    if isinstance(value, str):
        for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
            try:
                datetime.datetime.strptime(value.strip(), form).replace(tzinfo=datetime.UTC)
            except ValueError:
                continue
            return value.strip()
    return None
