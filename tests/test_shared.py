"""The helpers that skip do skip, name the way out, and turn into failures in CI."""

from pathlib import Path

import pytest

from tests.shared import require_file, require_program, require_shared


def test_what_is_there_is_given() -> None:
    assert Path(require_program("no-such-program", "sh", package="dash")).name == "sh"
    assert require_file(__file__, package="x") == Path(__file__)


def test_absence_skips_and_says_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERBATIM_NO_SKIPS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install -y tesseract-ocr"):
        require_program("no-such-program", package="tesseract-ocr")
    with pytest.raises(pytest.skip.Exception, match="VERBATIM_SHARED"):
        require_shared("no", "such", "file")


def test_absence_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_NO_SKIPS", "1")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        require_program("no-such-program", package="x")
    with pytest.raises(pytest.fail.Exception, match="fonts-dejavu"):
        require_file("/no/such/font.ttf", package="fonts-dejavu")
    with pytest.raises(pytest.fail.Exception, match="VERBATIM_SHARED"):
        require_shared("no", "such", "file")
