"""Says how well a library speaks to a query, and gives each hit a score between 0 and 1 that means the same everywhere.

Calibrated without labels when a generation is made: see `calibrate`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from index.generation import Calibration
from index.query import Support

if TYPE_CHECKING:
    from index.search import Ranking


def judge_support(ranking: Ranking, calibration: Calibration | None, *, exact: bool) -> Support:
    """How well the best result answers."""
    if not len(ranking.numbers):
        return Support.NONE
    if exact:
        return Support.STRONG
    score = score_of(ranking, 0, calibration)
    if score >= 0.75:
        return Support.STRONG
    if score >= 0.5:
        return Support.FAIR
    return Support.WEAK if score >= 0.25 else Support.NONE


def score_of(ranking: Ranking, position: int, calibration: Calibration | None) -> float:
    """A hit's score, 0–1."""
    if calibration is None or ranking.rerank is None:
        return 1 / (1 + math.exp(-float(ranking.fused[position]) / 2))
    z = (float(ranking.rerank[position]) - calibration.mean) / calibration.deviation
    return 1 / (1 + math.exp(-z))
