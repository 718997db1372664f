"""What a deployment may decide, read from the environment as `VERBATIM_*`; every other choice is made in the code.

`docs/command-line.md` and the README hold the table that `settings_table` writes, and a test compares them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.errors import VerbatimError

PREFIX = "VERBATIM_"
_OF_THE_TESTS = frozenset({"VERBATIM_SHARED", "VERBATIM_NO_SKIPS"})


class SettingsError(VerbatimError):
    """A `VERBATIM_*` variable that cannot be used."""


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    library: Path = Field(Path("library"), description="The library folder; made when it is missing.")
    catalogue: Path | None = Field(None, description="A catalogue file to use instead of the bundled one.")
    models: Path | None = Field(
        None, description="Where models that are converted once are kept; `models` in the library when not given."
    )
    profile: str = Field(
        "default", description="Which encoders rank: `default`, or `light`, which embeds many times quicker."
    )
    encoders: str | None = Field(
        None, description="A JSON list of encoders to use instead of a profile's; see `docs/ranking.md`."
    )
    read_processes: Annotated[int, Field(ge=0, le=256)] = Field(
        0, description="How many files `ingest` reads at once; 0 for as many as there are processors."
    )
    read_memory_bytes: Annotated[int, Field(ge=64 * 2**20)] = Field(
        3 * 2**30, description="The memory that reading one file may take, in bytes."
    )
    read_seconds: Annotated[int, Field(ge=1)] = Field(
        1800, description="The processor time that reading one file may take, in seconds; twice that by the clock."
    )
    fetch_contact: str | None = Field(
        None, description="An e-mail or web address that `fetch` gives to publishers, so that they can reach you."
    )
    fetch_allow_private: bool = Field(False, description="Whether `fetch` may speak to private and loopback addresses.")
    fetch_max_bytes: Annotated[int, Field(ge=1024)] = Field(
        200 * 2**20, description="The largest file that `fetch` takes, in bytes."
    )
    host: str = Field("127.0.0.1", description="The address that `serve` listens on; loopback unless told otherwise.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8000, description="The port that `serve` listens on; 0 takes a free one."
    )
    max_body_bytes: Annotated[int, Field(ge=1024)] = Field(
        12 * 2**20, description="The largest request body that the server reads, in bytes."
    )
    threads: Annotated[int, Field(ge=1, le=256)] = Field(
        16, description="How many requests the server works on at once; the others wait."
    )
    citation_style: str = Field(
        "united-nations", description="The CSL style of citations, where a request does not name one."
    )
    citation_locale: str | None = Field(
        None, description="The language of a citation's own words, such as `fr`; the style's own when not given."
    )
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = Field(
        "info", description="How much `serve` writes to standard error: debug, info, warning or error."
    )


def load_settings(**given: object) -> Settings:
    """The settings of the environment; what is given (and not None) wins over it.

    :raises SettingsError: that names the first variable that cannot be used, and why.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][0])
        variable = f"{PREFIX}{name.upper()}" if given.get(name) is None else f"--{name.replace('_', '-')}"
        raise SettingsError(
            f"{variable} is {fault['input']!r}, and {fault['msg'][:1].lower()}{fault['msg'][1:]}",
            f"{Settings.model_fields[name].description or ''}".rstrip("."),
        ) from error


def unknown_variables() -> tuple[str, ...]:
    """Variables of the environment that look like settings and are none: likely misspelt."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | _OF_THE_TESTS
    return tuple(sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known))


def settings_table() -> str:
    """The settings as a Markdown table, for the documentation."""
    rows = ["| variable | default | what it decides |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"
