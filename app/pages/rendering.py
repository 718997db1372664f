"""Renders a page in the reader's language, with what every page needs: addresses that keep the state, and messages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel import Locale, UnknownLocaleError, dates, numbers
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.pages.translations import LANGUAGES, chosen_language, translations
from app.service import Service
from app.static_files import STATIC

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb"})


def service_of(request: Request) -> Service:
    """The service that the app answers from."""
    service: Service = request.app.state.service
    return service


def language_of(request: Request) -> str:
    """The interface language of a request: its `lang` parameter, else what the browser accepts."""
    return chosen_language(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def render(
    request: Request, template: str, context: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] = {}
) -> HTMLResponse:
    """A page.

    :param context: what the template shows; it also gets `lang`, `here(address)`, which keeps the chosen language in an
        address of this server, and the interface's messages.
    """
    language = language_of(request)
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    kept = {"lang": language} if "lang" in request.query_params else {}
    page = _environment(language).get_template(template)
    html = page.render(
        lang=language,
        languages={
            code: (name, f"{request.url.path}?{urlencode([*query, ('lang', code)])}")
            for code, name in LANGUAGES.items()
        },
        kept=kept,
        here=lambda address, **more: _with_query(address, {**kept, **more}),
        static=STATIC,
        path=request.url.path,
        base_url=str(request.base_url).rstrip("/"),
        **context,
    )
    return HTMLResponse(
        html, status_code=status, headers={"Vary": "Accept-Language", "Content-Language": language, **headers}
    )


def _with_query(address: str, more: Mapping[str, str]) -> str:
    """An address with more in its query, before its fragment; what is empty is left out."""
    path, hash_mark, fragment = address.partition("#")
    added = urlencode({name: value for name, value in more.items() if value})
    if added:
        path += ("&" if "?" in path else "?") + added
    return path + hash_mark + fragment


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters["number"] = lambda value: numbers.format_decimal(value, locale=language)
    environment.filters["date"] = lambda value: _date(value, language)
    environment.filters["language"] = lambda tag: _language_name(tag, language)
    environment.filters["query"] = lambda pairs: urlencode(list(pairs.items()), doseq=True)
    environment.filters["direction"] = lambda tag: "rtl" if (tag or "").split("-")[0] in RIGHT_TO_LEFT else "auto"
    return environment


def _date(value: str | None, language: str) -> str:
    """An ISO date to the precision it has, in words."""
    if value is None:
        return ""
    parts = [int(part) for part in value[:10].split("-")]
    if len(parts) == 1:
        return str(parts[0])
    # Day before month, as the United Nations writes dates in English too.
    locale = "en_GB" if language == "en" else language
    if len(parts) == 2:
        return dates.format_skeleton("yMMMM", _day(parts), locale=locale)
    return dates.format_date(_day(parts), format="long", locale=locale)


def _language_name(tag: str, language: str) -> str:
    """A language's name in the reader's own; the tag itself where it has none."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def _day(parts: list[int]) -> Any:
    from datetime import date

    return date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
