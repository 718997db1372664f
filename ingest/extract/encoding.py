"""Turns the bytes of a text file into characters: for plain text, Markdown and HTML.

A byte order mark decides, then UTF-8, then what the bytes look like. Invariant: never a guess in silence; every
decoding that was not certain comes with a sentence that says so.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from ingest.extract.draft import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE_BYTES = 2**18
"""How much of a file is looked at when its encoding has to be told from the bytes."""
BINARY_SHARE = 0.02
"""Share of control characters above which bytes are not text: real texts in any encoding have almost none."""
_TYPOGRAPHY = "“”„‘’‚«»‹›–—…·•§°º¿¡©®№€£\xa0"
_LATIN = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "áéíñóúüª",  # Spanish
    "äöüß",  # German
    "àáâãçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "áéëïóöü",  # Dutch
    "åäöæøé",  # Nordic
    "áéíóöőúüű",  # Hungarian
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýžľôä",  # Czech, Slovak
    "čćđšž",  # Slovene, Croatian
    "ăâîșțşţ",  # Romanian
    "çğıİöşüâîû",  # Turkish
    "āčēģīķļņšūžąęėįųõ",  # Baltic
)
_ALPHABETS = [
    *(re.compile(f"[{letters}{letters.upper()}{_TYPOGRAPHY}]") for letters in _LATIN),
    *(
        re.compile(f"[{block}{_TYPOGRAPHY}]")
        for block in (
            "\u0400-\u045f\u0490-\u0491",
            "\u0370-\u03ff",
            "\u0590-\u05ff",
            "\u0600-\u06ff",
            "\u0e00-\u0e7f",
            "\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef",
            "\uac00-\ud7a3\u3000-\u303f",
        )
    ),
]


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The characters of a file, the encoding they were read in, and what was doubtful, in words, or None."""

    text: str
    encoding: str
    problem: str | None = None


def decode_text(data: bytes, name: str, declared: str | None = None) -> DecodedText:
    """Decode a text file.

    :param name: the file's name, for messages.
    :param declared: the encoding that the file or its carrier states, tried before any guess.
    :raises SourceError: when the bytes are not text in any encoding.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, len(mark), encoding, name)
    for encoding in dict.fromkeys(filter(None, ("utf-8", _known(declared)))):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not looks_binary(text):
            return DecodedText(text, encoding)
    return _guessed(data, name)


def looks_binary(text: str) -> bool:
    """Whether the characters hold more control characters than any text does."""
    sample = text[:SAMPLE_BYTES]
    controls = sum(character < " " and character not in "\t\n\r\f\v\x1b" for character in sample)
    return controls > max(1, BINARY_SHARE * len(sample))


def _known(encoding: str | None) -> str | None:
    try:
        return codecs.lookup(encoding).name if encoding else None
    except LookupError:
        return None


def _marked(data: bytes, mark: int, encoding: str, name: str) -> DecodedText:
    try:
        return DecodedText(data[mark:].decode(encoding), encoding)
    except UnicodeDecodeError as error:
        return DecodedText(
            data[mark:].decode(encoding, errors="replace"),
            encoding,
            f"{name} says it is {encoding} but is not from byte {mark + error.start} on: the doubtful characters are "
            "shown as \ufffd",
        )


def _guessed(data: bytes, name: str) -> DecodedText:
    from charset_normalizer import from_bytes

    candidates = [match.encoding for match in from_bytes(data[:SAMPLE_BYTES], threshold=0.3)]
    # The sort is stable: among encodings that fit a script equally well, the library's own order stands.
    candidates.sort(key=lambda encoding: -_share_in_one_alphabet(data[:SAMPLE_BYTES].decode(encoding, "replace")))
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode(encoding, errors="replace")
        if not looks_binary(text):
            return DecodedText(text, encoding, f"the encoding of {name} is not stated; it was read as {encoding}")
    raise SourceError(
        f"{name} is not text: its bytes fit no known encoding",
        "Give the document itself (PDF, DOCX, ODT, EPUB, HTML, Markdown or plain text)",
    )


def _share_in_one_alphabet(text: str) -> float:
    """Share of the characters beyond ASCII that one language's writing explains, to two digits.

    Single-byte encodings differ in a few letters only, and a text that needs the letters of two languages at once was
    decoded wrongly: "č" for "è" in a French page.
    """
    beyond = [character for character in text if character > "\x7f"]
    if not beyond:
        return 1.0
    most = max(len(alphabet.findall("".join(beyond))) for alphabet in _ALPHABETS)
    return round(most / len(beyond), 2)
