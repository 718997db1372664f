"""The verbs do what they say, in words or JSON, with exit codes that scripts can use; errors are one line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.cli import run
from app.settings import Settings, SettingsError, load_settings, unknown_variables
from corpus.store import Store
from tests.app.conftest import HANDBOOK, PAPER, STATEMENT, TEXTS
from tests.shared import REPOSITORY


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment in which commands find the tests' library."""
    for name, value in {
        "VERBATIM_LIBRARY": str(settings.library),
        "VERBATIM_MODELS": str(settings.models),
        "VERBATIM_CATALOGUE": str(settings.catalogue),
        "VERBATIM_PROFILE": settings.profile,
    }.items():
        monkeypatch.setenv(name, value)
    return dict(os.environ)


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def verbatim(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command in this process."""

    def ran(*arguments: str) -> Ran:
        code = run(list(arguments))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(code, out, err)

    assert environment
    return ran


def process(*arguments: str, environment: dict[str, str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def one_line(ran: Ran | subprocess.CompletedProcess[str]) -> str:
    err = ran.err if isinstance(ran, Ran) else ran.stderr
    assert err.startswith("verbatim: ")
    assert err.count("\n") == 1, err
    return err


def test_help_loads_nothing_heavy(environment: dict[str, str]) -> None:
    heavy = "torch", "faiss", "fastapi", "transformers", "citeproc", "pypdfium2", "pydantic", "numpy"
    code = (
        "import sys\nfrom app.cli import run\nrun(['--help'])\n"
        f"print(*[name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip() == ""
    assert "serve" in ran.stdout


def test_search_answers_as_the_api_does(verbatim: Any, client: httpx.Client) -> None:
    ran = verbatim("search", "who pays for the trip home", "--limit", "3", "--json")
    over_http = client.get("/v1/search", params={"q": "who pays for the trip home", "limit": 3}).json()
    answer = ran.json
    assert [r["passage"]["id"] for r in answer["results"]] == [r["passage"]["id"] for r in over_http["results"]]
    assert set(answer) == set(over_http)
    assert ran.code == (3 if answer["support"] == "none" else 0)


def test_search_in_words_gives_quote_citation_and_id(verbatim: Any, store: Store) -> None:
    ran = verbatim("search", "portability of social security entitlements", "--mode", "exact")
    assert ran.code == 0
    passage = next(p for p in store.passages(PAPER) if "portability" in p.text)
    assert passage.id in ran.out
    assert "verbatim fetch gmg-handbook-2010" in ran.out


def test_search_that_finds_nothing_ends_with_3(verbatim: Any) -> None:
    ran = verbatim("search", "zeppelin hangars on the moon", "--mode", "exact", "--json")
    assert ran.code == 3
    assert ran.json["results"] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("search", ""), "q: "),
        (("search", "\x00"), "q: "),
        (("search", "a" * 10_001), "q: "),
        (("search", "letters", "--limit", "0"), "limit"),
        (("search", "letters", "--limit", "ten"), "limit"),
        (("search", "letters", "--mode", "fuzzy"), "mode"),
        (("search", "letters", "--document", "nothing"), "document: "),
        (("search", "letters", "--language", "zz"), "language: "),
        (("search", "letters", "--unknown"), "--unknown"),
        (("search",), "QUERY"),
        (("serach", "letters"), "serach"),
        (("cite", "x", "--format", "pdf"), "format: "),
        ((), ""),
    ],
)
def test_wrong_usage_ends_with_2_and_one_line(verbatim: Any, arguments: tuple[str, ...], says: str) -> None:
    ran = verbatim(*arguments)
    assert ran.code == 2
    if arguments:
        assert says.lower() in one_line(ran).lower()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("cite", "no-such-passage"), "no-such-passage"),
        (("search", "letters", "--library", "/nowhere/at/all"), "no index yet"),
        (("documents", "--library", "/nowhere/at/all"), "no index yet"),
        (("ingest", "/no/such/file"), "/no/such/file"),
        (("serve", "--port", "99999"), "--port"),
    ],
)
def test_what_cannot_be_done_ends_with_1_and_one_line(verbatim: Any, arguments: tuple[str, ...], says: str) -> None:
    ran = verbatim(*arguments)
    assert ran.code == 1
    assert says in one_line(ran)


def test_cite_takes_a_passage_and_a_document(verbatim: Any, store: Store, client: httpx.Client) -> None:
    passage = next(store.passages(HANDBOOK))
    assert verbatim("cite", passage.id).out.strip() == client.get(f"/v1/passages/{passage.id}/citation").text
    assert verbatim("cite", passage.id, "--style", "apa", "--json").json["text"] != verbatim("cite", passage.id).out
    whole = verbatim("cite", HANDBOOK)
    assert whole.code == 0
    assert "Handbook of Letters" in whole.out
    assert verbatim("cite", HANDBOOK, "--format", "bibtex").out.startswith("@")


def test_documents_lists_held_and_not_held(verbatim: Any) -> None:
    everything = verbatim("documents", "--json").json["documents"]
    held = verbatim("documents", "--held", "--json").json["documents"]
    assert {document["id"] for document in held} == {d["id"] for d in everything if d["held"]}
    words = verbatim("documents")
    assert "gmg-handbook-2010" in words.out
    assert "broken.pdf" in words.err


def test_doctor_finds_the_library_well(verbatim: Any) -> None:
    ran = verbatim("doctor", "--json")
    faults = [finding for finding in ran.json["findings"] if finding["state"] == "fault"]
    assert faults == []
    assert ran.code == 0


def test_doctor_says_what_to_do_about_each_fault(
    verbatim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBATIM_PROFIL", "light")
    ran = verbatim("doctor", "--library", str(tmp_path / "none"), "--json")
    assert ran.code == 3
    findings = ran.json["findings"]
    assert all(finding["remedy"] for finding in findings if finding["state"] == "fault")
    assert any("VERBATIM_PROFIL is no setting" in finding["detail"] for finding in findings)


def test_ingest_index_and_search_a_folder(verbatim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_LIBRARY", str(tmp_path / "library"))
    folder = tmp_path / "texts"
    folder.mkdir()
    statement = folder / f"{STATEMENT}.md"
    statement.write_bytes((TEXTS / f"{STATEMENT}.md").read_bytes())
    (folder / "empty.pdf").touch()
    (folder / "no.pdf").write_bytes(b"this is no PDF at all \x00\x01\x02")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cata")
    first = verbatim("ingest", str(folder), "--json")
    states = {source["source_name"]: source["state"] for source in first.json["sources"]}
    assert states == {f"{STATEMENT}.md": "read", "empty.pdf": "failed", "no.pdf": "failed", "cut.pdf": "failed"}
    assert first.code == 3
    assert all(source["reason"] for source in first.json["sources"] if source["state"] == "failed")
    assert verbatim("index", "--json").json["documents"] == 1
    found = verbatim("search", "open the doors of the school", "--json").json["results"][0]
    again = verbatim("ingest", str(folder), "--json").json["sources"]
    assert {source["state"] for source in again if source["source_name"] == f"{STATEMENT}.md"} == {"unchanged"}
    statement.write_text(statement.read_text(encoding="utf-8") + "\nA new last line.\n", encoding="utf-8")
    assert "read" in {source["state"] for source in verbatim("ingest", str(folder), "--json").json["sources"]}
    verbatim("index")
    anew = verbatim("search", "open the doors of the school", "--json").json["results"][0]
    assert anew["passage"] == found["passage"], "a passage whose words stay keeps its id"
    statement.unlink()
    assert "withdrawn" in {source["state"] for source in verbatim("ingest", str(folder), "--json").json["sources"]}
    assert verbatim("index", "--json").json["documents"] == 0


def test_a_file_that_becomes_unreadable_leaves_what_was_good(
    verbatim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBATIM_LIBRARY", str(tmp_path / "library"))
    page = tmp_path / "page.md"
    page.write_text("# A page\n\nThe ferry waits for everyone who runs.\n", encoding="utf-8")
    assert verbatim("ingest", str(page)).code == 0
    page.write_bytes(b"")
    broken = verbatim("ingest", str(page))
    assert broken.code == 3
    assert "empty" in broken.err
    verbatim("index")
    assert verbatim("search", "the ferry waits", "--mode", "exact").code == 0


@pytest.mark.parametrize("text", ["documents = 3", "[[documents]]\nid = 'x'\ntitel = 'y'", "not toml ["])
def test_a_wrong_catalogue_is_named(verbatim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(text, encoding="utf-8")
    monkeypatch.setenv("VERBATIM_CATALOGUE", str(catalogue))
    ran = verbatim("ingest")
    assert ran.code == 1
    assert "catalogue.toml" in one_line(ran)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VERBATIM_PORT", "no-port"),
        ("VERBATIM_PROFILE", "heaviest"),
        ("VERBATIM_ENCODERS", "[{]"),
        ("VERBATIM_ENCODERS", "[]"),
        ("VERBATIM_ENCODERS", '[{"modell": "use"}]'),
        ("VERBATIM_ENCODERS", '[{"model": "/no/such/model"}]'),
    ],
)
def test_a_wrong_setting_is_named(
    verbatim: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    ran = verbatim("index", "--library", str(tmp_path / "library"))
    assert ran.code == 1
    line = one_line(ran)
    assert name in line or "/no/such/model" in line


def test_settings_name_the_flag_that_was_wrong() -> None:
    with pytest.raises(SettingsError, match="--port is 99999"):
        load_settings(port=99999)


def test_variables_of_the_tests_are_no_unknown_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_SHARED", "/somewhere")
    assert "VERBATIM_SHARED" not in unknown_variables()


def test_a_port_in_use_is_one_line(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = process("serve", "--port", port, environment=environment)
    assert ran.returncode == 1
    assert f"Port {port}" in one_line(ran)
    assert "in use" in ran.stderr


def test_a_read_only_folder_is_one_line_and_can_still_be_served(verbatim: Any, tmp_path: Path) -> None:
    folder = tmp_path / "file-in-the-way"
    folder.write_text("")
    ran = verbatim("ingest", str(TEXTS), "--library", str(folder / "library"))
    assert ran.code == 1
    assert "library" in one_line(ran)


def test_a_closed_pipe_is_no_crash(environment: dict[str, str]) -> None:
    ran = subprocess.run(
        ["bash", "-c", f"{sys.executable} -c 'from app.cli import main; main()' documents --json | head -c 1"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    assert "Exception" not in ran.stderr


@pytest.mark.parametrize("asked_first", [True, False], ids=["after an answer", "while it starts"])
def test_serve_ends_well_on_sigterm(environment: dict[str, str], asked_first: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0"],
        cwd=REPOSITORY,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        said = ""
        for line in server.stderr:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            pytest.fail(f"the server did not start: {said}")
        try:
            if asked_first:
                assert httpx.get(f"{found[0]}/readyz", timeout=60).status_code == 200
        finally:
            server.send_signal(signal.SIGTERM)
        rest = server.stderr.read()
        assert "Traceback" not in rest
    assert server.returncode == 0
