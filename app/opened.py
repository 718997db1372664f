"""The service over a library, opened for one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from app.encoders import configured_encoders
from app.service import Service
from app.serving import Serving
from app.settings import Settings
from corpus.catalogue import load_catalogue
from corpus.library import Library


def serving_of(settings: Settings) -> Serving:
    """What serves the library that the settings name, with the encoders that they name."""
    return Serving(Library(settings.library), partial(configured_encoders, settings))


@contextmanager
def opened_service(settings: Settings) -> Iterator[Service]:
    """The service over the library that the settings name; its files are closed afterwards."""
    serving = serving_of(settings)
    serving.start()
    try:
        yield Service(serving, load_catalogue(settings.catalogue), settings)
    finally:
        serving.stop()
