"""Quotes of invented documents, with every kind of character that an export could trip over."""

from app.citation import Locator
from app.export import QuotedPassage
from corpus.documents import Edition, Metadata

EDITION = Edition(source_sha256="a" * 64, text_sha256="b" * 64)
REPORT = Metadata(
    id="example-report",
    title='Working <b>Far</b> & "Home"',
    organization="Example Coalition",
    kind="report",
    date="2018",
    languages=("en",),
    publisher="Example Press",
    place="Nairobi",
    url="https://example.org/far",
)
STATEMENT = Metadata(
    id="example-statement",
    title="بيان المثال",
    organization="تحالف المثال",
    kind="statement",
    date="2012",
    languages=("ar",),
)
LINK = "https://example.org/far.pdf#page=80&search=Workers%20shall&phrase=true"

HOSTILE = (
    "Workers shall keep *their* [pensions]_now_ & <forever>; it's “theirs”.",
    "First line.\nSecond line,\twith a tab and  two spaces.",
    "# not a heading",
    "1. not a list",
    "- not a list either",
    '=HYPERLINK("https://example.org")',
    "+1 @mention -2",
    "Nul \x00, bell \x07, vertical tab \x0b and a noncharacter \ufffe end.",
    "{\\rtf1 $x^2$ ~ % _ ` | [^1]: ![a](b) https://example.org}",
    "ER  - \r\nTY  - JOUR",
    "𝒜 family 👩‍👧 emoji, e\u0301 as given",
)


def passage(quote: str, page: str = "74", note: str = "") -> QuotedPassage:
    """A quote of the report."""
    return QuotedPassage(quote, REPORT, Locator(page, page), EDITION, "en", LINK, note=note)


def pack() -> list[QuotedPassage]:
    """Every hostile quote, each with itself as note, and one in Arabic."""
    arabic = QuotedPassage(
        "للعمال الحق في معاشاتهم.", STATEMENT, Locator(paragraph=3, section=("مقدمة",)), EDITION, "ar"
    )
    return [*(passage(quote, str(page), quote) for page, quote in enumerate(HOSTILE, start=1)), arabic]
