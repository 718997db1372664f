"""The encoders that the settings name, and the window that passages must fit so that none of them cuts a passage."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from app.ingestion import Window
from app.settings import Settings, SettingsError
from index.encoder import ConfiguredEncoder, EncoderSpec, Unit
from index.profiles import PROFILES, open_encoders


def encoder_specs(settings: Settings) -> tuple[EncoderSpec, ...]:
    """The encoders by `VERBATIM_ENCODERS`, or else those of the profile.

    :raises SettingsError: when they are not described rightly.
    """
    if settings.encoders is None:
        if settings.profile not in PROFILES:
            raise SettingsError(
                f"VERBATIM_PROFILE is {settings.profile!r}, and there is no such profile",
                f"Use one of {', '.join(PROFILES)}",
            )
        return PROFILES[settings.profile]
    try:
        specs = TypeAdapter(tuple[EncoderSpec, ...]).validate_json(settings.encoders)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"])) or "the value"
        raise SettingsError(
            f"VERBATIM_ENCODERS cannot be used: {where}: {fault['msg']}",
            'Give a JSON list such as [{"model": "e5", "late_interaction": true}]',
        ) from error
    if not specs:
        raise SettingsError("VERBATIM_ENCODERS is an empty list", "Name an encoder, or leave the variable out")
    return specs


def configured_encoders(settings: Settings) -> tuple[ConfiguredEncoder, ...]:
    """The encoders, open.

    :raises SettingsError: when they are not described rightly.
    :raises index.errors.ModelError: when one cannot be had, or its weights are not those that were pinned.
    """
    cache = settings.models or settings.library / "models"
    return open_encoders(encoder_specs(settings), cache)


def passage_window(encoders: tuple[ConfiguredEncoder, ...]) -> Window:
    """The smallest window among the encoders that embed passages; of any, where none does."""
    of_passages = [one.encoder for one in encoders if one.spec.unit is Unit.PASSAGE] or [
        one.encoder for one in encoders
    ]
    smallest = min(of_passages, key=lambda encoder: encoder.max_tokens)
    fingerprint = json.dumps([smallest.name, smallest.max_tokens])
    return Window(smallest.count_tokens, smallest.max_tokens, fingerprint)
