"""Find what a test needs and a fresh machine may lack: the shared documents, and programs installed by apt.

For every test that reads real files or starts a program. The rule: on a developer's machine a test whose
means are absent is skipped with a line that says what is missing and how to get it; in CI
(`VERBATIM_NO_SKIPS=1`, set by `.ci/run`) the same absence is a failure, so that a green run has
run everything.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VERBATIM_SHARED") or REPOSITORY.parent / "shared").resolve()
"""The folder of real documents that tests read and the project never holds; it may be absent."""


def require_shared(*parts: str) -> Path:
    """Give the path of a shared file or folder, e.g. `require_shared("documents", "INDEX.tsv")`.

    Skips the test (fails it in CI) when it is not there. May be called at module level, to skip a whole file.
    """
    path = SHARED.joinpath(*parts)
    if not path.exists():
        _absent(f"{path} is absent: set VERBATIM_SHARED to the folder of shared test documents")
    return path


def require_program(*names: str, package: str) -> str:
    """Give the path of the first of `names` found on PATH.

    For example `require_program("tesseract", package="tesseract-ocr")`. Skips the test (fails it in CI)
    when none is installed, naming the Debian package that brings it.
    """
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _absent(f"{' or '.join(names)} is not installed: apt-get install -y {package}")
    return found


def require_file(path: Path | str, package: str) -> Path:
    """Give `path`, a file that the Debian package `package` installs (a font, a tesseract language)."""
    if not Path(path).exists():
        _absent(f"{path} is absent: apt-get install -y {package}")
    return Path(path)


def _absent(reason: str) -> NoReturn:
    if os.environ.get("VERBATIM_NO_SKIPS") == "1":
        pytest.fail(f"VERBATIM_NO_SKIPS=1 and {reason}", pytrace=False)
    pytest.skip(reason, allow_module_level=True)
