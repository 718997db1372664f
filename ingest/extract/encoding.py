"""Turns the bytes of a text file into characters: for plain text, Markdown and HTML.

A byte order mark decides, then UTF-8, then what the bytes look like. Invariant: never a guess in silence; every
decoding that was not certain comes with a sentence that says so.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ingest.extract.draft import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 2**18
"""How much of a file is looked at when its encoding has to be told from the bytes."""
BINARY_SHARE = 0.02
"""Share of control characters above which bytes are not text: real texts in any encoding have almost none."""


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
            return _strictly_or_marked(data, encoding, name)
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


def _strictly_or_marked(data: bytes, encoding: str, name: str) -> DecodedText:
    try:
        return DecodedText(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        return DecodedText(
            data.decode(encoding, errors="replace").removeprefix("\ufeff"),
            encoding,
            f"{name} says it is {encoding} but is not from byte {error.start} on: the doubtful characters are "
            "shown as \ufffd",
        )


def _guessed(data: bytes, name: str) -> DecodedText:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE_BYTES], threshold=0.3).best()
    if best is not None:
        try:
            text = data.decode(best.encoding)
        except UnicodeDecodeError:
            text = data.decode(best.encoding, errors="replace")
        if not looks_binary(text):
            return DecodedText(
                text, best.encoding, f"the encoding of {name} is not stated; it was read as {best.encoding}"
            )
    raise SourceError(
        f"{name} is not text: its bytes fit no known encoding",
        "Give the document itself (PDF, DOCX, ODT, EPUB, HTML, Markdown or plain text)",
    )
