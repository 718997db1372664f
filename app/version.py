"""The version of the program, as its package says."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("verbatim")
except PackageNotFoundError:  # run from the source tree, not installed
    VERSION = "0.1.0"
