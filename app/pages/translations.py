"""The interface's words in each of its languages, read from the message catalogues in `app/locale`.

English is the language of the templates; a message that a catalogue lacks is shown in English, and a test keeps the
catalogues whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.core import Locale, negotiate_locale
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[1] / "locale"
DEFAULT = "en"
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español"}


@dataclass(frozen=True, slots=True)
class Messages:
    """What one catalogue says for each English message; plural messages give their forms in order."""

    single: dict[str, str]
    plural: dict[str, tuple[str, ...]]
    locale: Locale


class Translations(NullTranslations):
    """A catalogue as Jinja's i18n extension asks for it."""

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages

    def gettext(self, message: str) -> str:
        """The message in this language."""
        return self._messages.single.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The message in the form that the number asks for."""
        forms = self._messages.plural.get(msgid1)
        chosen = {"one": 0}.get(self._messages.locale.plural_form(n), 1)
        return forms[chosen] if forms else (msgid1, msgid2)[chosen]


@cache
def translations(language: str) -> Translations:
    """The messages of a language of `LANGUAGES`."""
    path = FOLDER / language / "LC_MESSAGES" / "verbatim.po"
    single: dict[str, str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    if language != DEFAULT:
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and isinstance(message.string, str):
                    single[message.id] = message.string
                elif not isinstance(message.id, str) and not isinstance(message.string, str):
                    plural[message.id[0]] = tuple(message.string or ())
    return Translations(Messages(single, plural, Locale.parse(language)))


def chosen_language(asked: str | None, accepted: str) -> str:
    """The language to show: what was asked for, else the first of `Accept-Language` that there is, else English.

    :param accepted: the header's value; quality values are honoured.
    """
    if asked in LANGUAGES:
        return asked
    weighted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weighted.append((-float(quality or 1), tag.replace("_", "-")))
        except ValueError:
            continue
    preferred = [tag for _, tag in sorted(weighted, key=lambda item: item[0])]
    return negotiate_locale([tag.partition("-")[0] for tag in preferred], list(LANGUAGES)) or DEFAULT
