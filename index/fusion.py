"""Makes scores of different kinds comparable and adds them.

Each part's scores are normalized within the passages of one language (mean 0, deviation 1 for this query), because
encoders prefer passages in the query's own language; small languages lean on the whole library's figures. The sum is
weighted. Weights and their reasons: `docs/ranking.md`.
"""

from __future__ import annotations

import numpy as np

from index.encoder import Float32, Int32

_LEAN = 30.0
"""How many passages of the whole library a language's own figures are mixed with."""


def normalized_within(scores: Float32, groups: Int32) -> Float32:
    """Scores at mean 0 and deviation 1 within each group.

    :param scores: `(n,)` float32, `groups` `(n,)` int32 from 0.
    """
    if not len(scores):
        return scores
    count = np.bincount(groups).astype(np.float64)
    total = np.bincount(groups, scores.astype(np.float64))
    squares = np.bincount(groups, scores.astype(np.float64) ** 2)
    mean = (total + _LEAN * scores.mean()) / (count + _LEAN)
    overall = float(np.mean(scores.astype(np.float64) ** 2))
    second = (squares + _LEAN * overall) / (count + _LEAN)
    deviation = np.sqrt(np.maximum(second - mean**2, 1e-12))
    result: Float32 = ((scores - mean[groups]) / deviation[groups]).astype(np.float32)
    return result


def normalized(scores: Float32) -> Float32:
    """Scores at mean 0 and deviation 1."""
    return normalized_within(scores, np.zeros(len(scores), np.int32))
