"""The lock files fit pyproject.toml, agree with each other, hash every file, and bring no CUDA."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.shared import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
RUNTIME = PROJECT["dependencies"]
DEV = PROJECT["optional-dependencies"]["dev"]


def locked(name: str) -> dict[str, dict[Version, int]]:
    """Each package of a lock file with its versions (one for every kind of machine) and how many hashes each has."""
    packages: dict[str, dict[Version, int]] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", (REPOSITORY / name).read_text()):
        if match := re.match(r"([A-Za-z0-9._-]+)==(\S+)", entry):
            versions = packages.setdefault(canonicalize_name(match[1]), {})
            versions[Version(match[2])] = entry.count("--hash=sha256:")
    return packages


@pytest.mark.parametrize(("lock", "wanted"), [("requirements.lock", RUNTIME), ("requirements-dev.lock", RUNTIME + DEV)])
def test_every_dependency_is_locked_at_a_version_it_admits(lock: str, wanted: list[str]) -> None:
    packages = locked(lock)
    stale = [
        line
        for line in wanted
        if (need := Requirement(line)).name != "torch"
        and not any(need.specifier.contains(version) for version in packages.get(canonicalize_name(need.name), {}))
    ]
    assert stale == [], "run `make lock`"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_file_has_a_hash_and_none_is_of_cuda(lock: str) -> None:
    packages = locked(lock)
    assert [name for name, versions in packages.items() if not all(versions.values())] == []
    assert [name for name in packages if name.startswith(("nvidia", "cuda", "triton", "torch"))] == []
    assert "://" not in (REPOSITORY / lock).read_text()


def test_the_development_lock_holds_the_serving_lock() -> None:
    serving, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: versions for name, versions in development.items() if name in serving} == serving
