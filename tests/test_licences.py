"""Nothing that an installation brings binds its user more than Apache-2.0 does: no licence of the GPL family."""

import importlib.metadata

import pytest

from tests.test_lock import locked

RUNTIME = sorted({*locked("requirements.lock"), "torch"})


def licence(package: str) -> str:
    """What a package says its licence is: the expression, else the classifiers, else the first line of its text."""
    metadata = importlib.metadata.metadata(package)
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    return metadata["License-Expression"] or " ".join(classifiers) or (metadata["License"] or "").split("\n")[0]


@pytest.mark.parametrize("package", RUNTIME)
def test_a_dependency_is_permissively_licensed(package: str) -> None:
    try:
        stated = licence(package)
    except importlib.metadata.PackageNotFoundError:
        return  # locked for another kind of machine
    assert stated, "it states no licence: look at its repository before using it"
    assert "GPL" not in stated.upper().replace("LGPL", "")
    assert "AFFERO" not in stated.upper()
