"""Makes drafts whose right verdict is known, from sentences of documents: true quotations in disguise, changed ones.

Every draft is made by a seeded generator, so that a failure can be made again from its seed. A change is checked to be
one: the changed words must not stand anywhere in the same library as they are.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import regex

from app.quotes.check import Verdict

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
MARKS = (
    ("“", "”"),
    ('"', '"'),
    ("‘", "’"),
    ("'", "'"),
    ("„", "“"),
    ("„", "”"),
    ("«", "»"),
    ("« ", " »"),
    ("»", "«"),
    ("‹", "›"),
    ("「", "」"),
    ("<<", ">>"),
)
NEGATIONS = ("not", "no", "never", "without", "nor", "ne", "pas", "aucun", "sans")
DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda t: t.replace(" ", "\N{NO-BREAK SPACE}", 3),
    lambda t: regex.sub(r"(?<=\p{L}{3})(?=\p{L}{3})", "\N{SOFT HYPHEN}", t, count=2),
    lambda t: t.replace("’", "'").replace("–", "-").replace("—", "-"),
    lambda t: t.replace("'", "’").replace("-", "‑"),
    lambda t: unicodedata.normalize("NFD", t),
    lambda t: t.replace("fi", "ﬁ").replace("fl", "ﬂ"),
    lambda t: regex.sub(r"(?<=\w) (?=\w)", "\n", t, count=4),
    lambda t: regex.sub(r"(?<=\w) (?=\w)", "  ", t),
    lambda t: t.rstrip(".;:") + ",",
    lambda t: t[:1].swapcase() + t[1:],
    lambda t: "\N{ZERO WIDTH SPACE}".join((t[:9], t[9:])),
)
MODALS = ("shall", "should", "must", "may", "can", "will")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document, with the labels of the pages it stands on."""

    document_id: str
    text: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """How a draft may name a document, and a page label of it on which a sentence does not stand."""

    document_id: str
    title: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownDraft:
    """A draft of one quotation and what must be said of it.

    :param documents: where the quotation comes from: the first place must be in one of these; empty for none.
    """

    way: str
    text: str
    verdict: Verdict
    documents: frozenset[str]


class DraftMaker:
    """Makes one draft after the other from the sentences of a library.

    :param library: the folded text of all documents, to see whether changed words stand somewhere by chance.
    """

    def __init__(self, sentences: Sequence[Sentence], titles: Sequence[Title], library: str, seed: int) -> None:
        self._sentences = [s for s in sentences if 6 <= len(WORD.findall(s.text)) <= 60]
        self._titles = {title.document_id: title for title in titles}
        self._library = library
        self._random = random.Random(seed)  # noqa: S311
        self._vocabulary = sorted(
            {w for s in self._sentences for w in WORD.findall(s.text) if len(w) > 3 and w.islower()}
        )
        self._at: dict[str, set[str]] = {}
        for sentence in sentences:
            self._at.setdefault(folded(sentence.text), set()).add(sentence.document_id)

    def drafts(self, count: int) -> Iterator[KnownDraft]:
        """So many drafts, the ways in turn."""
        ways = (
            self._disguised,
            self._disguised,
            self._part,
            self._with_ellipsis,
            self._with_bracket,
            self._one_word,
            self._negation_lost,
            self._negation_added,
            self._number_swapped,
            self._name_swapped,
            self._modal_swapped,
            self._word_lost,
            self._spliced,
            self._wrong_document,
            self._wrong_page,
            self._right_place,
            self._invented,
        )
        for made in range(count):
            way = ways[made % len(ways)]
            tries = (way(self._random.choice(self._sentences)) for _ in range(2_000))
            yield next(draft for draft in tries if draft is not None)

    def _quoted(self, words: str) -> str:
        inner = set(words)
        opening, closing = self._random.choice(
            [m for m in MARKS if not inner & {*m[0].strip(), *m[1].strip()}] or [("「", "」")]
        )
        if opening in "‘'" and regex.search(r"['’]", words):
            opening, closing = ("“", "”") if not inner & {"“", "”"} else ("「", "」")
        lead = self._random.choice(("As was said, ", "The text has it: ", "We recall that ", ""))
        return f"{lead}{opening}{words}{closing} and we agree."

    def _sources(self, words: str) -> frozenset[str]:
        key = folded(words)
        return frozenset(id_ for text, ids in self._at.items() if key in text for id_ in ids)

    def _is_new(self, words: str) -> bool:
        return folded(words) not in self._library

    def _verbatim(self, way: str, words: str, sources: frozenset[str]) -> KnownDraft:
        return KnownDraft(way, self._quoted(words), Verdict.VERBATIM, sources)

    def _altered(self, way: str, words: str, sentence: Sentence) -> KnownDraft | None:
        if not self._is_new(words):
            return None
        return KnownDraft(
            way, self._quoted(words), Verdict.ALTERED, self._sources(sentence.text) | {sentence.document_id}
        )

    def _disguise(self, words: str) -> str:
        for change in self._random.sample(DISGUISES, 2):
            words = change(words)
        return words

    def _disguised(self, sentence: Sentence) -> KnownDraft | None:
        return self._verbatim("disguised", self._disguise(sentence.text), self._sources(sentence.text))

    def _part(self, sentence: Sentence) -> KnownDraft | None:
        words = list(WORD.finditer(sentence.text))
        first = self._random.randrange(len(words) - 5)
        last = self._random.randrange(first + 4, len(words))
        part = sentence.text[words[first].start() : words[last].end()]
        return self._verbatim("part", part, frozenset())

    def _with_ellipsis(self, sentence: Sentence) -> KnownDraft | None:
        words = list(WORD.finditer(sentence.text))
        if len(words) < 12:
            return None
        first = self._random.randrange(3, len(words) - 6)
        last = self._random.randrange(first, min(first + 6, len(words) - 4))
        left_out = sentence.text[words[first].start() : words[last].end()]
        if {w.casefold() for w in WORD.findall(left_out)} & {*NEGATIONS, "neither", "none", "unless", "except", "t"}:
            return None
        if regex.search(r"[\[\]()]|\.(?=.)", sentence.text):
            return None
        mark = self._random.choice(("…", "...", "[…]", "[...]", ". . .", "(…)"))
        text = f"{sentence.text[: words[first].start()].rstrip()} {mark} {sentence.text[words[last].end() :].lstrip()}"
        return self._verbatim("ellipsis", text, self._sources(sentence.text))

    def _with_bracket(self, sentence: Sentence) -> KnownDraft | None:
        words = list(WORD.finditer(sentence.text))
        if regex.search(r"[\[\]]", sentence.text):
            return None
        if (
            self._random.random() < 0.5
            and words[0].start() == 0
            and words[0].group()[0].isascii()
            and len(words[0].group()) > 1
        ):
            text = f"[{sentence.text[0].swapcase()}]{sentence.text[1:]}"
        else:
            chosen = self._random.choice(words[3:-2])
            if chosen.group().casefold() in {*NEGATIONS, "neither", "none", "unless", "except", "t"}:
                return None
            text = f"{sentence.text[: chosen.start()]}[those concerned]{sentence.text[chosen.end() :]}"
        return self._verbatim("bracket", text, self._sources(sentence.text))

    def _replaced(self, sentence: Sentence, chosen: regex.Match[str], by: str) -> str:
        return f"{sentence.text[: chosen.start()]}{by}{sentence.text[chosen.end() :]}"

    def _one_word(self, sentence: Sentence) -> KnownDraft | None:
        chosen = self._random.choice(list(WORD.finditer(sentence.text)))
        return self._altered(
            "one word", self._replaced(sentence, chosen, self._random.choice(self._vocabulary)), sentence
        )

    def _word_lost(self, sentence: Sentence) -> KnownDraft | None:
        chosen = self._random.choice(list(WORD.finditer(sentence.text))[1:-1])
        return self._altered("word lost", " ".join(self._replaced(sentence, chosen, "").split()), sentence)

    def _negation_lost(self, sentence: Sentence) -> KnownDraft | None:
        found = [m for m in WORD.finditer(sentence.text) if m.group() in NEGATIONS]
        if not found:
            return None
        return self._altered("negation lost", " ".join(self._replaced(sentence, found[0], "").split()), sentence)

    def _negation_added(self, sentence: Sentence) -> KnownDraft | None:
        chosen = self._random.choice(list(WORD.finditer(sentence.text))[1:])
        return self._altered("negation added", self._replaced(sentence, chosen, f"not {chosen.group()}"), sentence)

    def _number_swapped(self, sentence: Sentence) -> KnownDraft | None:
        found = [m for m in WORD.finditer(sentence.text) if m.group().isdecimal() and m.group().isascii()]
        if not found:
            return None
        chosen = self._random.choice(found)
        return self._altered("number", self._replaced(sentence, chosen, str(int(chosen.group()) + 1)), sentence)

    def _name_swapped(self, sentence: Sentence) -> KnownDraft | None:
        found = [m for m in list(WORD.finditer(sentence.text))[1:] if m.group().istitle() and len(m.group()) > 3]
        if not found:
            return None
        return self._altered("name", self._replaced(sentence, self._random.choice(found), "Ruritania"), sentence)

    def _modal_swapped(self, sentence: Sentence) -> KnownDraft | None:
        found = [m for m in WORD.finditer(sentence.text) if m.group() in MODALS]
        if not found:
            return None
        other = self._random.choice([m for m in MODALS if m != found[0].group()])
        return self._altered("modal", self._replaced(sentence, found[0], other), sentence)

    def _spliced(self, sentence: Sentence) -> KnownDraft | None:
        other = self._random.choice(self._sentences)
        left, right = sentence.text.split(), other.text.split()
        text = " ".join(left[: max(5, len(left) * 2 // 3)] + right[len(right) * 2 // 3 :])
        if not self._is_new(text):
            return None
        return KnownDraft("spliced", self._quoted(text), Verdict.ALTERED, frozenset())

    def _named(self, words: str, title: str, page: str | None) -> str:
        where = f"{title}, p. {page}" if page else title
        return self._random.choice(
            (f"“{words}” ({where}).", f"According to {where}, “{words}”.", f"It says: “{words}”[^1]\n\n[^1]: {where}.")
        ).replace("““", "“")

    def _wrong_document(self, sentence: Sentence) -> KnownDraft | None:
        sources = self._sources(sentence.text) | {sentence.document_id}
        others = [t for id_, t in self._titles.items() if id_ not in sources and len(WORD.findall(t.title)) > 2]
        if not others or set('“”"„«»') & set(sentence.text):
            return None
        return KnownDraft(
            "wrong document",
            self._named(sentence.text, self._random.choice(others).title, None),
            Verdict.MISATTRIBUTED,
            sources,
        )

    def _wrong_page(self, sentence: Sentence) -> KnownDraft | None:
        title = self._titles[sentence.document_id]
        others = [label for label in title.pages if label not in sentence.pages]
        sources = self._sources(sentence.text)
        if not sentence.pages or len(others) < 3 or len(sources) > 1 or set('“”"„«»') & set(sentence.text):
            return None
        if self._library.count(folded(sentence.text)) > 1:
            return None
        page = self._random.choice(others)
        return KnownDraft("wrong page", self._named(sentence.text, title.title, page), Verdict.MISATTRIBUTED, sources)

    def _right_place(self, sentence: Sentence) -> KnownDraft | None:
        if set('“”"„«»') & set(sentence.text):
            return None
        title = self._titles[sentence.document_id]
        page = self._random.choice(sentence.pages) if sentence.pages else None
        return KnownDraft(
            "right place",
            self._named(sentence.text, title.title, page),
            Verdict.VERBATIM,
            frozenset({sentence.document_id}),
        )

    def _invented(self, _: Sentence) -> KnownDraft | None:
        text = " ".join(self._random.choices(self._vocabulary, k=self._random.randrange(8, 25)))
        if not self._is_new(text):
            return None
        return KnownDraft("invented", self._quoted(text.capitalize() + "."), Verdict.NOT_FOUND, frozenset())


def folded(text: str) -> str:
    """A text's words alone, for a plain look-up that shares no code with the product."""
    plain = regex.sub(r"\p{Cf}", "", unicodedata.normalize("NFC", text)).casefold()
    return " " + " ".join(WORD.findall(plain)) + " "
