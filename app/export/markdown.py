"""A quote pack as CommonMark with footnotes (`[^1]`), as pandoc, GitHub and markdown-it read them.

Every character of the words that Markdown would act on is escaped, so that what is rendered is what was quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.citation.seams import Run
from app.export.docx import xml_text
from app.export.pack import QuotePack, words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&|~^$])")
_AT_THE_START = re.compile(r"^([#+\-=:!]|\d+(?=[.)]))")


def write_markdown(pack: QuotePack) -> bytes:
    """Write the document, in UTF-8."""
    own = words(pack.language)
    parts = [f"# {_escaped(pack.title)}"]
    for quote in pack.quotes:
        cited = f" {_runs(quote.in_text)}" if quote.in_text else ""
        parts.append(f"{_quoted(quote.passage.quote)}{cited}[^{quote.number}]")
        if quote.passage.note.strip():
            parts.append("\n\n".join(_escaped(line) for line in quote.passage.note.split("\n") if line.strip()))
    notes = []
    for quote in pack.quotes:
        link = quote.passage.source_link
        source = f" \\[[{_escaped(own.source)}](<{_address(link)}>)\\]" if link else ""
        notes.append(f"[^{quote.number}]: {_runs(quote.footnote)}{source}")
    if any(work.entry for work in pack.works):
        parts.append(f"## {_escaped(own.works)}")
        parts.extend(_runs(work.entry) for work in pack.works if work.entry)
    parts.append(f"## {_escaped(own.editions)}")
    parts.extend(
        f"{_escaped(work.metadata.title)} (`{work.metadata.id}`)  \n"
        f"source sha256 `{edition.source_sha256}`  \ntext sha256 `{edition.text_sha256}`"
        for work in pack.works
        for edition in work.editions
    )
    return ("\n\n".join([*parts, *notes]) + "\n").encode()


def _quoted(text: str) -> str:
    lines = xml_text(text).strip("\n").split("\n")
    return "\n".join(
        f"> {_escaped(line)}" + ("\\" if number < len(lines) - 1 else "") for number, line in enumerate(lines)
    )


def _escaped(text: str) -> str:
    """One line of text that CommonMark renders as it is; spaces at its ends are kept as character references."""
    line = _SPECIAL.sub(r"\\\1", " ".join(xml_text(text).split("\n")).replace("\t", " "))
    spaces = len(line) - len(line.lstrip(" "))
    return "&#32;" * spaces + _AT_THE_START.sub(_disarmed, line[spaces:])


def _disarmed(match: re.Match[str]) -> str:
    """A sign, or a number before a full stop, that would open a heading, a list or a rule."""
    return f"&#{ord(match[1][0])};{match[1][1:]}"


def _runs(runs: Iterable[Run]) -> str:
    done = ""
    for run in runs:
        text = _escaped(run.text) if run.text.strip() else run.text
        mark = "*" * (("i" in run.look) + 2 * ("b" in run.look))
        done += f"{mark}{text}{mark}" if mark and run.text.strip() == run.text else text
    return done


def _address(link: str) -> str:
    """A link destination in angle brackets, which may hold anything but these and line breaks."""
    return xml_text(link).replace("\n", "").replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
