"""Opened once or anew for each query, token vectors compare alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import token_vectors
from index.encoder import Float32, TokenVectors, normalized
from index.token_vectors import PassageTokens, Sentences, encode_tokens, write_token_vectors

PASSAGES, TOKENS, DIMS = 12, 20, 48


def random_unit(rows: int, seed: int) -> Float32:
    return normalized(np.random.default_rng(seed).normal(size=(rows, DIMS)).astype(np.float32))


def test_codes_opened_once_give_the_same_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spans = np.stack([np.arange(TOKENS) * 5, np.arange(TOKENS) * 5 + 4], axis=1).astype(np.int32)
    vectors = [random_unit(TOKENS, seed) for seed in range(PASSAGES)]
    made = (TokenVectors(vectors=one, spans=spans, mean=one.mean(axis=0)) for one in vectors)
    write_token_vectors(tmp_path, (encode_tokens(one) for one in made), DIMS)
    starts = np.tile(np.array([0, 50], np.int32), PASSAGES)
    sentences = Sentences(np.repeat(np.arange(PASSAGES, dtype=np.int32), 2), starts)
    query, numbers = random_unit(4, 99), np.array([7, 1, 3, 11], np.int32)
    found = []
    for bound in (0, 2**30):
        monkeypatch.setattr(token_vectors, "OPENED_BYTES", bound)
        found.append(PassageTokens(tmp_path, DIMS, sentences).maxsim(query, numbers))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    np.testing.assert_array_equal(found[0][1], found[1][1])
    assert len(set(found[0][0].tolist())) == len(numbers)
