"""Typesets documents with Typst in many layouts, and keeps what was set: blocks, notes and page labels in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pypdf
import typst

from corpus.documents import BlockKind
from tests.ingest.typeset.words import Words


@dataclass(frozen=True)
class Layout:
    """How a document is set; `footer` is Typst content for the foot of a page, `body` words of Typst settings."""

    name: str
    language: str = "en"
    columns: int = 1
    justify: bool = True
    indent: str = "1.2em"
    spacing: str = "0.65em"
    font: str = "Libertinus Serif"
    size: str = "10.5pt"
    paper: str = "a4"
    footer: str = "#align(center, counter(page).display())"
    running_head: bool = True
    seed: int = 1
    items: int = 26


@dataclass(frozen=True)
class TrueNote:
    """A note: the words it hangs on (the last ones before its marker), its marker and its text."""

    before: str
    marker: str
    text: str


@dataclass
class Truth:
    """What stands in the document, in reading order."""

    blocks: list[tuple[BlockKind, str]] = field(default_factory=list)
    notes: list[TrueNote] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


LAYOUTS = (
    Layout("one column"),
    Layout("two columns", columns=2, size="9.5pt", seed=2, items=40),
    Layout(
        "no indent, ragged",
        justify=False,
        indent="0pt",
        spacing="1.3em",
        paper="us-letter",
        seed=3,
        footer="#align(right)[Example Coalition | #counter(page).display()]",
    ),
    Layout("French", language="fr", seed=4, footer="#align(right)[n | #counter(page).display()]"),
    Layout(
        "Spanish",
        language="es",
        columns=2,
        seed=5,
        items=40,
        footer="#align(center)[Página #counter(page).display() de 40]",
    ),
    Layout("Arabic", language="ar", font="Noto Naskh Arabic", seed=6, items=22),
    Layout("Chinese", language="zh", font="Noto Serif CJK SC", indent="2em", seed=7, items=30),
)

_SPECIAL = str.maketrans({c: "\\" + c for c in "\\#$*_`<>@[]~/"})


def typeset(layout: Layout, path: Path) -> Truth:
    """Set a document to `path`; its own page labels are taken out, so that only the printed ones are left."""
    truth, source = _compose(layout)
    set_path = path.with_suffix(".typ")
    set_path.write_text(source, encoding="utf-8")
    typst.compile(set_path, output=path)
    reader = pypdf.PdfReader(path)
    truth.labels = list(reader.page_labels)
    writer = pypdf.PdfWriter(clone_from=reader)
    del writer.root_object["/PageLabels"]
    writer.write(path)
    return truth


def _escape(text: str) -> str:
    return text.translate(_SPECIAL)


def _compose(layout: Layout) -> tuple[Truth, str]:
    words = Words(layout.language, layout.seed)
    truth = Truth()
    parts = [_settings(layout)]
    for place in range(layout.items):
        if place == layout.items // 5:
            parts.append('#pagebreak()\n#set page(numbering: "1")\n#counter(page).update(1)\n')
        if place % 7 == 0:
            title = f"{place // 7 + 1}. {words.title()}"
            truth.blocks.append((BlockKind.HEADING, title))
            parts.append(f"#heading(level: 1)[{_escape(title)}]\n")
        elif place % 7 == 4:
            _list(words, truth, parts)
        elif place % 14 == 5:
            _table(words, truth, parts)
        _paragraph(words, truth, parts)
    return truth, "\n".join(parts)


def _settings(layout: Layout) -> str:
    head = "[Example Coalition #h(1fr) Annual review of the Elder valley]" if layout.running_head else "none"
    return f"""#set document(title: "Annual review")
#set text(font: "{layout.font}", size: {layout.size}, lang: "{layout.language}", hyphenate: true)
#set par(justify: {str(layout.justify).lower()}, first-line-indent: {layout.indent}, spacing: {layout.spacing})
#set page(paper: "{layout.paper}", margin: 2.2cm, columns: {layout.columns}, numbering: "i",
  header: {head}, footer: context [{layout.footer}])
#set list(indent: 1em)
#show heading: set block(above: 1.4em, below: 0.9em)
"""


def _paragraph(words: Words, truth: Truth, parts: list[str]) -> None:
    sentences = [words.sentences(1, 2) for _ in range(3)]
    source = []
    text = ""
    space = "" if words.language == "zh" else " "
    for sentence in sentences:
        text += (space if text else "") + sentence
        marked = _escape(sentence)
        if words.chance(0.3):
            note = words.sentences(6, 9) if words.chance(0.25) else words.sentences(1, 2)
            truth.notes.append(TrueNote(text[-12:], str(len(truth.notes) + 1), note))
            marked += f"#footnote[{_escape(note)}]"
        source.append(marked)
    truth.blocks.append((BlockKind.PARAGRAPH, text))
    parts.append(space.join(source) + "\n")


def _list(words: Words, truth: Truth, parts: list[str]) -> None:
    items = [words.sentences(1, 2) for _ in range(3)]
    truth.blocks += [(BlockKind.LIST_ITEM, item) for item in items]
    parts.append("\n".join(f"- {_escape(item)}" for item in items) + "\n")


def _table(words: Words, truth: Truth, parts: list[str]) -> None:
    cells = [words.title() for _ in range(6)]
    truth.blocks += [(BlockKind.TABLE_CELL, cell) for cell in cells]
    inner = ", ".join(f"[{_escape(cell)}]" for cell in cells)
    parts.append(f"#block(breakable: false)[#set par(justify: false); #table(columns: (1fr, 1fr, 1fr), {inner})]\n")
