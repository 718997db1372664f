"""Tells a language tag from a slip of the pen, by the languages that Unicode's CLDR knows."""

from __future__ import annotations

from functools import lru_cache


def is_language(tag: str) -> bool:
    """Whether the tag's language is one that CLDR names ("en", "pt-br", "nah")."""
    return tag.split("-")[0].lower() in _languages()


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from babel import Locale

    return frozenset(str(code).split("_")[0].lower() for code in Locale("en").languages)
