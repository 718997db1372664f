"""Brings what the catalogue names from its publishers into the library, politely and from public addresses only."""

from ingest.fetch.client import Client, FetchOptions
from ingest.fetch.errors import FetchError, Refused
from ingest.fetch.source import Fetched, Outcome, add_source, fetch_source, fetch_sources, wanted_entries

__all__ = [
    "Client",
    "FetchError",
    "FetchOptions",
    "Fetched",
    "Outcome",
    "Refused",
    "add_source",
    "fetch_source",
    "fetch_sources",
    "wanted_entries",
]
