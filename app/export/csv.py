"""A quote pack as a table: one quote a row, for spreadsheets.

Spreadsheets run a cell that begins with "=", "+", "-" or "@" as a formula. The words of a quote stay exact: the `quote`
column holds them between “ and ”, always, so that taking off the first and the last character gives the words. Any
other cell that would begin so is set between the same marks, and only then. All cells are quoted, lines end in CR LF,
and the file begins with a byte order mark, by which Excel knows UTF-8 (RFC 4180).
"""

from __future__ import annotations

import csv
import io

from app.citation.csl import authors_of, full_title
from app.export.pack import QuotePack

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = (
    "number",
    "quote",
    "citation",
    "note",
    "document",
    "title",
    "author",
    "date",
    "pages",
    "article",
    "division",
    "paragraph_number",
    "section",
    "paragraph",
    "language",
    "source_link",
    "read_link",
    "source_sha256",
    "text_sha256",
)
"""`paragraph_number` is printed in the document, `paragraph` is counted."""


def write_csv(pack: QuotePack) -> bytes:
    """Write the table, in UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for quote in pack.quotes:
        passage, place = quote.passage, quote.passage.locator
        rest = (
            "".join(run.text for run in quote.footnote),
            passage.note,
            passage.metadata.id,
            full_title(passage.metadata),
            "; ".join(authors_of(passage.metadata)),
            passage.metadata.date,
            place.pages,
            place.article,
            place.division,
            place.number,
            " > ".join(place.section),
            place.paragraph,
            passage.language,
            passage.source_link,
            passage.read_link,
            passage.edition.source_sha256,
            passage.edition.text_sha256,
        )
        writer.writerow((str(quote.number), f"“{passage.quote}”", *(_safe(value) for value in rest)))
    return ("\ufeff" + out.getvalue()).encode("utf-8", "surrogatepass")


def _safe(value: object) -> str:
    text = "" if value is None else str(value)
    return f"“{text}”" if text.startswith(_FORMULA) else text
