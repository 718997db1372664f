"""Sentences end where a reader says they do, and no character falls between two of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sentences import LONGEST_ENCLOSED, sentence_spans


def cut(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, language)]


@pytest.mark.parametrize(
    "text",
    [
        "See Art. 5, para. 3, of resolution No. 12. |It was adopted.",
        "It is in paras. 12-14 and pp. 3-4. |The Committee noted it.",
        "Mr. A. Smith vs. the U.S. in 2011. |Dr. Lee et al. said so.",
        "Cf. Rev. 1. |See A/CONF.231/3 and Corr. 1. |No. |The end.",
        "It costs 3.5 million. |Yes! |It does?",
        "He said “I go. Now.” |Then he left.",
        'She "went home. And then" slept. |Good.',
        "(See Art. 5. Also para. 6.) |The next one.",
        "“Why?” he asked. |“Because,” she said. |“Go!”",
        "It ends (here.) |More follows.",
        "1. Everyone has the right. |2. No one shall be held.",
        "(a) First; (b) second. |(c) A third.",
        "Section 1. Policy. |For generations it was so.",
        "women, e.g. mothers, i.e. parents. |Done.",
        "the claim.¹ |Another claim.",
        "It has ended.|The next lacks its space. |Done.",
        "See www.example.org/a.b for it. |Done.",
        "NGOs with Consulates\n|Latin America: Encouraging development;\n|Asia: more.",
        "a line that is\nbroken in the middle. |Done.",
        ". Stray stops. |And more words. 2..",
    ],
)
def test_english(text: str) -> None:
    assert cut(text.replace("|", "")) == [sentence.strip() for sentence in text.split("|")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Voir l’art. 5 et la p. 3. | « Pourquoi ? » dit-elle. | C’est M. Dupont."),
        ("es", "Véase el art. 5 y la pág. 3. | ¿Por qué? | ¡Ya!"),
        ("ru", "См. ст. 5 и п. 3. | Что? | Конец."),
        ("ar", "انظر الفقرة 3. | كيف الحال؟ | أنا بخير."),
        ("hi", "मैं हूँ। | तुम हो।"),
        ("el", "Τι είναι; | Ναι. | Τέλος."),
        ("de", "Siehe Nr. 5 und Abs. 3. | Das ist z.B. so. | Ja."),
    ],
)
def test_other_languages(language: str, text: str) -> None:
    assert cut(text.replace(" | ", " "), language) == text.split(" | ")


def test_scripts_without_spaces() -> None:
    assert cut("第一条。自由！平等？好。", "zh") == ["第一条。", "自由！", "平等？", "好。"]
    assert cut("ក្នុងនាម។ មនុស្ស។", "km") == ["ក្នុងនាម។", "មនុស្ស។"]


def test_a_long_quotation_is_cut_between_its_sentences_and_a_short_one_is_not() -> None:
    short = "“One. Two.”"
    long = "“" + "This is a sentence of the quotation. " * (LONGEST_ENCLOSED // 30) + "It ends.”"
    assert len(cut(f"He said {short} and left.")) == 1
    assert len(cut(long)) > LONGEST_ENCLOSED // 40


CHARACTERS = "aB .?!“”\"'()«»1\n;…。？！؟۔।\u0301😀№“„—-A.B.\u200f\u00a0\u2028[]「」\u0085"


@given(
    st.text(st.sampled_from(CHARACTERS), max_size=60) | st.text(max_size=60),
    st.sampled_from(["en", "fr", "ar", "zh", "my", "el", "xx", None, "pt-BR"]),
)
@settings(deadline=None, max_examples=600)
def test_every_character_but_white_space_is_in_one_sentence(text: str, language: str | None) -> None:
    spans = sentence_spans(text, language)
    at = 0
    for start, end in spans:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "text", ["(" * 20_000, '"' * 20_000, "“" * 20_000, "a. " * 20_000, "." * 20_000, "(a. " * 20_000]
)
def test_hostile_text_is_cut_in_time(text: str) -> None:
    spans = sentence_spans(text, "en")
    assert spans[-1][1] == len(text.rstrip())
