"""What the documentation says is so: its examples run and print what they show, its tables are what the code has."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import typer.core
import typer.main

from app.cli import verbatim
from app.settings import settings_table
from tests.documented import Example, calls_table, environment, examples, run, texts
from tests.shared import REPOSITORY, require_program

TEXT = texts()
ALL_TEXT = "\n".join(TEXT.values())
EXAMPLES = list(examples())
ADDRESS = "127.0.0.1:8000"
"""Where the documentation says that the server answers."""


class Served(NamedTuple):
    """A server of a fresh library of the bundled corpus, and the environment in which its commands find it."""

    address: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    variables = environment(tmp_path_factory.mktemp("documentation"))
    program = str(tmp_path_factory.getbasetemp() / "documentation0" / "verbatim")
    with subprocess.Popen(
        [program, "serve", "--port", "0"], env=variables, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            said = ""
            for line in server.stderr:
                said += line
                if match := re.search(r"http://(127\.0\.0\.1:\d+)", line):
                    yield Served(match[1], variables)
                    break
            else:
                pytest.fail(f"the server did not start: {said}")
        finally:
            server.terminate()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.page}: {example.command[:60]}")
def test_an_example_prints_what_it_shows(example: Example, served: Served) -> None:
    require_program("curl", package="curl")
    printed = run(example.command.replace(ADDRESS, served.address), served.environment).replace(served.address, ADDRESS)
    wanted = ".*".join(map(re.escape, example.printed.strip("\n").split("…")))
    assert re.fullmatch(wanted, printed, re.DOTALL), f"`make docs` may mend it: {example.command}\nprints:\n{printed}"


def test_the_readme_has_examples_of_the_api_and_of_the_command_line() -> None:
    commands = [example.command for example in EXAMPLES if example.page == "README.md"]
    assert any("curl " in command for command in commands)
    assert any("verbatim search" in command for command in commands)


def test_every_setting_is_documented() -> None:
    assert settings_table() in TEXT["README.md"], "run `make docs`"


def test_every_variable_that_the_code_reads_is_documented() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("corpus", "ingest", "index", "app")
        for path in (REPOSITORY / room).rglob("*.py")
    )
    variable = r"\bVERBATIM_[A-Z][A-Z_]*[A-Z]\b"
    assert set(re.findall(variable, code)) - set(re.findall(variable, ALL_TEXT)) == set()


def test_every_command_shows_its_help() -> None:
    group = typer.main.get_command(verbatim)
    assert isinstance(group, typer.core.TyperGroup)
    shown = {example.command for example in EXAMPLES if example.page == "docs/command-line.md"}
    assert {f"verbatim {name} --help" for name in group.commands} - shown == set()


def test_every_call_of_the_api_is_documented(tmp_path: Path) -> None:
    assert calls_table(tmp_path) in TEXT["docs/api.md"], "run `make docs`"


def test_every_link_to_a_file_leads_to_one() -> None:
    lost = [
        f"{page}: {target}"
        for page, text in TEXT.items()
        for target in re.findall(r"\]\((?!https?://|#|mailto:|/)([^)#\s]+)", text)
        if not (REPOSITORY / page).parent.joinpath(target).exists()
    ]
    assert lost == []


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", ALL_TEXT)) | set(re.findall(r"^make ([a-z-]+)", ALL_TEXT, re.MULTILINE))
    assert {target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()
