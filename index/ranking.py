"""The order of passages that a query gives, with the parts it came from: what `search` makes and `support` judges."""

from __future__ import annotations

from dataclasses import dataclass

from index.encoder import Float32, Int32


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages in order.

    :param numbers: `(r,)` int32, best first; `fused` `(r,)` float32 their scores, for order only.
    :param semantic: `(n,)` float32 cosines of the first encoder, `sentence` those of the sentence encoder, `lexical`
        `(n,)` bm25; None where unused.
    :param rerank: `(r,)` float32 MaxSim of those ranked, NaN for those not compared.
    :param best_sentence: `(n,)` int32 numbers of each passage's best sentence; None without a sentence encoder.
    """

    numbers: Int32
    fused: Float32
    semantic: Float32 | None
    sentence: Float32 | None
    lexical: Float32 | None
    rerank: Float32 | None
    best_sentence: Int32 | None
    coverage: float
    parts: tuple[str, ...]
