"""The rooms stay as CONTRIBUTING.md draws them: arrows one way, one idea a file, named for what it makes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import REPOSITORY

ROOMS = ("corpus", "ingest", "index", "app")
MODULES = sorted(path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py"))
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "core", "misc", "shared"}


def test_arrows_point_one_way() -> None:
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    outcome = subprocess.run(lint, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_module_says_what_it_is(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "begin with what it makes, from what, for whom, and what always holds"
    assert module.stem not in NAMES_THAT_SAY_NOTHING, "name the file for the thing it makes or is"
