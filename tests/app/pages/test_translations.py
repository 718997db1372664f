"""The catalogues say every message of the templates, once, with the same placeholders, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.pages.translations import DEFAULT, FOLDER, LANGUAGES, chosen_language, translations

TEMPLATES = FOLDER.parent / "templates"
OTHERS = sorted(set(LANGUAGES) - {DEFAULT})
Id = str | tuple[str, ...]


def extracted() -> set[Id]:
    """Every message of every template, as `pybabel extract` finds them."""
    found = extract_from_dir(
        TEMPLATES,
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}},
        keywords={"gettext": None, "ngettext": (1, 2)},
    )
    return {message for _, _, message, _, _ in found}


def messages(language: str) -> list[Message]:
    """The messages of a catalogue, its header left out."""
    with (FOLDER / language / "LC_MESSAGES" / "verbatim.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s|%%", text))


def test_templates_have_messages() -> None:
    assert {"Search", "Check a draft", ("%(count)s match", "%(count)s matches")} <= extracted()


@pytest.mark.parametrize("language", OTHERS)
def test_each_catalogue_says_all_that_the_templates_say_and_no_more(language: str) -> None:
    told = {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(language)}
    assert sorted(map(str, extracted() - told)) == [], "missing"
    assert sorted(map(str, told - extracted())) == [], "no longer used"


@pytest.mark.parametrize("language", OTHERS)
def test_each_translation_is_there_and_keeps_its_placeholders(language: str) -> None:
    for message in messages(language):
        assert not message.fuzzy
        assert len(forms(message.string)) == len(forms(message.id)), message.id
        for translated in forms(message.string):
            assert translated.strip() == translated != "", message.id
            # A singular may leave the number out, never take another placeholder.
            assert placeholders(translated) == placeholders(forms(message.id)[-1]), message.id


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("fr", r"[“”\"]|(?<![\u202f\u00a0])[;!?»](?![\w/])|(?<!\u00a0)»|«(?!\u00a0)|(?<!\u00a0):(?!\w)"),
        ("es", r"[“”\"]|« | »|[\u202f\u00a0][;:!?»]"),
    ],
)
def test_punctuation_is_that_of_the_language(language: str, pattern: str) -> None:
    """French and Spanish guillemets, and the spaces before high punctuation that French alone has."""
    told = [translated for message in messages(language) for translated in forms(message.string)]
    assert [text for text in told if re.search(pattern, text)] == []


def test_numbers_choose_the_form_that_the_language_asks_for() -> None:
    def said(language: str, count: int) -> str:
        return translations(language).ngettext("%(count)s match", "%(count)s matches", count)

    assert [said("en", count) for count in (0, 1, 2)] == ["%(count)s matches", "%(count)s match", "%(count)s matches"]
    assert [said("fr", count) for count in (0, 1, 2)] == [
        "%(count)s occurrence",
        "%(count)s occurrence",
        "%(count)s occurrences",
    ]
    assert said("es", 0) == "%(count)s coincidencias"


@pytest.mark.parametrize(
    ("asked", "accepted", "shown"),
    [
        ("fr", "es", "fr"),
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de, es;q=0.5, fr;q=0.4", "es"),
        (None, "en;q=0.2, es;q=0.9", "es"),
        (None, "", "en"),
        (None, "tlh", "en"),
        (None, "fr;q=abc, es", "es"),
        ("xx-nowhere", "fr", "fr"),
        ("../../etc/passwd", "", "en"),
    ],
)
def test_the_language_asked_for_wins_then_the_browser_s(asked: str | None, accepted: str, shown: str) -> None:
    assert chosen_language(asked, accepted) == shown


def test_every_catalogue_is_of_a_language_that_is_offered() -> None:
    assert catalogue_folders(FOLDER.iterdir()) == OTHERS


def catalogue_folders(paths: Iterable[Path]) -> list[str]:
    return sorted(path.name for path in paths if path.is_dir())
