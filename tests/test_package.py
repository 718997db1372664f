"""An installed Verbatim holds every file of the rooms: a text, template or migration left out would be missed late."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.shared import REPOSITORY

ROOMS = ("corpus", "ingest", "index", "app")


def test_a_wheel_holds_every_file_of_the_rooms(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, tmp_path / room, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, tmp_path)
    wanted = {
        str(path.relative_to(tmp_path)) for room in ROOMS for path in (tmp_path / room).rglob("*") if path.is_file()
    }

    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "made", "."]
    subprocess.run(wheel, cwd=tmp_path, check=True, capture_output=True)

    with zipfile.ZipFile(next((tmp_path / "made").glob("verbatim-*.whl"))) as archive:
        held = set(archive.namelist())
    assert wanted - held == set(), "name them in [tool.setuptools.package-data] of pyproject.toml"
