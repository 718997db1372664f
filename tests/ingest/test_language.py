"""Each block of a document has the language it is in, documents that mix languages included."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.language import language_of
from tests.ingest.documents import read, read_text
from tests.shared import require_shared

CODES = {
    **{
        "arb": "ar",
        "ben": "bn",
        "cmn_hans": "zh",
        "cmn_hant": "zh",
        "deu_1996": "de",
        "ell_monotonic": "el",
        "eng": "en",
    },
    **{"fin": "fi", "fra": "fr", "hye": "hy", "khm": "km", "kor": "ko", "mya": "my", "nld": "nl", "por_BR": "pt"},
    **{"rus": "ru", "spa": "es", "swh": "sw", "tgl": "tl", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi"},
}


def test_every_block_of_the_declaration_in_its_language() -> None:
    folder = require_shared("documents", "html_udhr")
    wrong = []
    for path in sorted(folder.glob("*.html")):
        document = read(path)
        code = CODES[path.stem.removeprefix("udhr_")]
        wrong += [(code, block.language, block.start) for block in document.blocks if block.language != code]
        assert document.metadata.languages == (code,)
    assert not wrong


def test_both_languages_of_a_treaty_in_two() -> None:
    document = read(require_shared("documents", "md_treaties", "crc_1989.md"))
    assert set(document.metadata.languages) == {"nl", "en"}
    articles = {block.language for block in document.blocks if (block.number or "").startswith("article 3")}
    artikelen = {block.language for block in document.blocks if (block.number or "").startswith("artikel 3")}
    assert (articles, artikelen) == ({"en"}, {"nl"})


def test_short_blocks_take_the_language_around_them(tmp_path: Path) -> None:
    french = (
        "Les États parties s’engagent à respecter les droits énoncés dans la présente Convention et à les garantir. "
    )
    document = read_text(
        tmp_path, "x.md", f"# Article 3\n\n{french * 2}\n\n- Migration\n- 2011\n- الحق\n\n{french * 2}\n"
    )
    assert [block.language for block in document.blocks] == ["fr", "fr", "fr", None, "ar", "fr"]


def test_markup_that_states_the_language_of_a_block_stands(tmp_path: Path) -> None:
    html = "<html lang=qu><body><p>Tukuy runakuna qispi paqarinku.</p><p lang=es>Todos los seres humanos nacen.</p>"
    document = read_text(tmp_path, "x.html", html)
    assert [block.language for block in document.blocks] == ["qu", "es"]


@pytest.mark.parametrize("text", ["", "12 345 — …", "😀", "\u0301"])
def test_no_letters_no_language(text: str) -> None:
    assert language_of(text, "en", "en") is None
