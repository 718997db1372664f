"""Gives blocks the number that people cite them by: "article 12, paragraph 3 (b)", "57 (c) (ii)".

Treaties are cited by article and United Nations reports by paragraph, not by page. The numbers are read from what is
printed at the head of each block, or from the list item's own number, for every format alike. Invariant: a number is
one that the document prints; where the sequence does not hold (a year, a quantity that begins a line) there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.documents import BlockKind
from ingest.extract.draft import DraftBlock

LARGEST_JUMP = 5
"""Numbers that may be missing between two that follow each other: lost in extraction, or left out by the editor."""
LONGEST_ARTICLE_LINE = 120
"""Code points of a line that only names an article."""

_NAMES = (
    "article|articles|art\\.|artículo|articulo|artigo|artikel|articolo|статья|стаття|artikla|madde|điều|rule|principle|"
    "guideline|objective|objetivo|objectif|standard|principe|principio|section|sec\\."
)
_ARTICLE = re.compile(
    rf"(?P<name>{_NAMES})\s+(?P<number>\d{{1,3}}(?:\s?(?:bis|ter|quater)\b|[a-z]\b)?|[IVXLC]+\b|premier\b)"
    r"(?P<rest>\s*(?:$|\n|[.:–—-])?)",
    re.IGNORECASE,
)
_ARTICLE_IN_OTHER_SCRIPTS = re.compile(
    r"(?P<words>第\s?[\d一二三四五六七八九十百零〇]+\s?[条條]|المادة\s+[\d٠-٩]+|제\s?\d+\s?조)(?P<rest>\s*)"
)
_CLOSING = re.compile(
    r"(?:in\s+(?:witness|faith)\s+where?of|done\s+(?:at|in)\b|en\s+foi\s+de\s+quoi|fait\s+à|en\s+fe\s+de\s+lo|hecho\s+en|ten\s+blijke\s+waarvan|"
    r"в\s+удостоверение|совершено\s+в)",
    re.IGNORECASE,
)
_LABELS = (
    ("decimal", re.compile(r"(\d{1,3}(?:\.\d{1,3})+)\.?(?=\s+[^\sa-zß-ÿ\d])")),
    ("1.", re.compile(r"(\d{1,3})\.(?=\s|$|[A-ZÀ-ÞА-Я“\"«(])")),
    ("1)", re.compile(r"(\d{1,3})\)")),
    ("(1)", re.compile(r"\((\d{1,3})\)")),
    ("(a)", re.compile(r"\(([a-z]{1,5})\)")),
    ("a)", re.compile(r"([a-z]{1,5})\)")),
    ("a.", re.compile(r"([a-z]{1,5})\.(?=\s|[^\W\d_]{3})")),
    ("(A)", re.compile(r"\(([A-Z])\)")),
    ("A.", re.compile(r"([A-Z])\.(?=\s?[A-Z(])")),
)
_RUN_IN = re.compile(r"[^.\n]{0,200}\.\s*(?=\((?:a|1|i)\)\s)")
"""A statute's title of a section, with the first label on the same line: "Sec. 4. Asylum. (a) The Secretary …"."""
_ROMAN = ["", *"i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()]  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class _Label:
    """What is printed at the head of a block: in what style, the words, and which place in its sequence it has."""

    style: str
    words: str
    place: int


@dataclass(slots=True)
class _Path:
    """Where in the numbering the document now is."""

    article: str | None = None
    article_level: int = 0
    labels: list[_Label] = field(default_factory=list)
    headed: bool = False
    """Whether the article is a heading, so that all below it is in it."""
    lost_below: int | None = None
    """Depth at which a sequence began anew although nothing above it moved on: a label was lost there, and what is
    counted at that depth is unknown until something above it does move."""

    interrupted: bool = False
    """Whether a paragraph without a label has come since the last label: it may have lost its own, and what is counted
    anew below may be below it."""

    def enter(self, article: str | None, level: int, headed: bool) -> None:
        """Begin an article, or leave it."""
        self.article, self.article_level, self.headed = article, level, headed
        self.labels, self.lost_below, self.interrupted = [], None, False

    def take(self, depth: int, label: _Label) -> bool:
        """Take the label at its depth, whereupon what was counted below is over; False where the count is lost."""
        if self.lost_below is not None and depth >= self.lost_below:
            return False
        self.labels[depth:] = [label]
        self.lost_below, self.interrupted = None, False
        return True

    def lose(self, depth: int) -> bool:
        """Note that the count at a depth began anew without reason."""
        self.labels, self.lost_below = self.labels[:depth], depth
        return False


def numbered(blocks: Sequence[DraftBlock]) -> tuple[DraftBlock, ...]:
    """The same blocks, each with its citable number; a `number` that a block already has is its printed label."""
    path = _Path()
    return tuple(replace(block, number=_number(block, path)) for block in blocks)


def _number(block: DraftBlock, path: _Path) -> str | None:
    if block.kind in (BlockKind.NOTE, BlockKind.TABLE_CELL, BlockKind.CAPTION) or block.noise or block.hidden:
        return block.number
    text = block.text.strip()
    article, after = _article(text, block.kind)
    if article is not None:
        path.enter(article, block.level, block.kind is BlockKind.HEADING)
        if block.kind is BlockKind.HEADING:
            return article
    elif block.kind is BlockKind.HEADING:
        if path.article is not None and block.level <= path.article_level:
            path.enter(None, 0, headed=False)
        # Reports count their paragraphs through all their headings; what is below a paragraph ends at one.
        path.labels = path.labels[:1]
        return None
    elif _CLOSING.match(text):
        path.enter(None, 0, headed=False)
        return None
    own = text[after:].lstrip()
    if article is not None:
        own = own[run_in.end() :] if (run_in := _RUN_IN.match(own)) else own
    if _accepted(block, own, path):
        return _printed(path)
    path.interrupted = path.interrupted or (block.kind is BlockKind.PARAGRAPH and block.parent is None)
    if path.lost_below is not None:
        return path.article if path.headed else None
    return path.article if not path.labels or article is not None else None


def _article(text: str, kind: BlockKind) -> tuple[str | None, int]:
    """The article that the block opens, and where its own words begin."""
    match = _ARTICLE_IN_OTHER_SCRIPTS.match(text)
    if match is not None:
        alone = match.end() == len(text) or kind is BlockKind.HEADING
        return (match["words"], match.end()) if alone else (None, 0)
    match = _ARTICLE.match(text)
    if match is None:
        return None, 0
    name = match["name"].lower()
    if name in ("section", "sec.") and (kind is BlockKind.HEADING or match["rest"].strip() != "."):
        return None, 0  # Sections of a report head its parts; only statutes print "Sec. 4." before the words.
    if match.end() != len(text) and kind is not BlockKind.HEADING:
        stop = match["rest"].strip()
        statute = stop == "." and name in ("section", "sec.", "article", "art.")
        if not statute and not (stop and len(text) <= LONGEST_ARTICLE_LINE):
            return None, 0  # "Article 12 provides that …" speaks of an article and opens none.
    return f"{name} {' '.join(match['number'].split())}", match.end()


def _accepted(block: DraftBlock, text: str, path: _Path) -> bool:
    """Whether the block's label continues the numbering; the path then ends with it."""
    given = block.number is not None
    for label in _labels(f"{block.number}. X" if given else text, path):
        styles = [open_label.style for open_label in path.labels]
        depth = styles.index(label.style) if label.style in styles else len(styles)
        if label.style == "decimal":
            return path.take(depth, label)  # "3.2" says itself what it is below.
        if depth < len(styles):
            last = path.labels[depth].place
            if last < label.place <= last + LARGEST_JUMP:
                return path.take(depth, label)
            if depth > 0 or path.article is not None:
                return path.lose(depth)
            # Reports may count anew in each chapter; any other break at the top begins a count that is not yet known.
            path.labels = []
            return label.place == 1 and path.take(0, label)
        if label.place == 1 and depth > 0 and path.interrupted:
            return path.lose(depth)
        if label.place == 1 or given or (not path.labels and label.style == "1."):
            return path.take(depth, label)
    return False


def _labels(text: str, path: _Path) -> Iterator[_Label]:
    """What the head of the text may be read as, the likelier first: "(i)" is a roman one or the letter behind (h)."""
    for style, pattern in _LABELS:
        match = pattern.match(text)
        if match is None:
            continue
        words = match.group(1)
        if style == "decimal":
            yield _Label(style, words, int(words.rpartition(".")[2]))
        elif words.isdecimal():
            yield _Label(style, words, int(words))
        elif words.isupper():
            yield _Label(style, words, ord(words) - ord("A") + 1)
        else:
            yield from _lettered(style, words, path)


def _lettered(style: str, words: str, path: _Path) -> Iterator[_Label]:
    letter = _Label(style, words, ord(words[0]) - ord("a") + 1 + 26 * (len(words) - 1))
    is_letter = len(set(words)) == 1 and len(words) <= 2
    follows = any(label.style == style and label.place + 1 == letter.place for label in path.labels)
    if is_letter and follows:
        yield letter
    if words in _ROMAN:
        yield _Label(style.replace("a", "i"), words, _ROMAN.index(words))
    if is_letter and not follows:
        yield letter


def _printed(path: _Path) -> str:
    """The path in words: "article 12, paragraph 3 (b)", "57 (c) (ii)"."""
    first, *below = path.labels
    words = first.words if first.words[0].isdigit() else f"({first.words})"
    if path.article is not None:
        words = f"{path.article}, paragraph {words}" if first.words[0].isdigit() else f"{path.article} {words}"
    return " ".join([words, *(f"({label.words})" for label in below)])
