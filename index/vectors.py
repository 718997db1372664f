"""Keeps the vectors of one encoder as a FAISS index and scores every passage with them, exactly.

Inner products of vectors of length 1 are cosines. At the sizes that one machine serves, all products take tens of
milliseconds, so there is no approximation to tune and a filter can never hide a true result.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Float32, Int32, Unit
from index.errors import IndexDamaged


def write_vectors(path: Path, vectors: Float32) -> None:
    """Write `(n, dims)` float32 vectors as a FAISS flat inner-product index."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, np.float32))
    faiss.write_index(index, str(path))


class Vectors:
    """A FAISS index that `write_vectors` wrote.

    :param rows: how many vectors the generation's manifest counts.
    :param sentence_starts: `(n + 1,)` int32 where the unit is the sentence: which rows each passage has.
    :raises IndexDamaged: when the file cannot be read or holds another number of vectors.
    """

    def __init__(self, path: Path, unit: Unit, dims: int, rows: int, sentence_starts: Int32) -> None:
        import faiss

        try:
            index: Any = faiss.read_index(str(path))
            self._index = index
        except RuntimeError as error:
            raise IndexDamaged(f"{path} cannot be read as a FAISS index", "Run `verbatim index --rebuild`") from error
        if (self._index.d, self._index.ntotal) != (dims, rows):
            raise IndexDamaged(
                f"{path} holds {self._index.ntotal} vectors of {self._index.d} dimensions, expected {rows} of {dims}",
                "Run `verbatim index --rebuild`",
            )
        flat = faiss.rev_swig_ptr(self._index.get_xb(), rows * dims) if rows else np.zeros(0, np.float32)
        self._matrix: Float32 = flat.reshape(rows, dims)
        self._unit = unit
        self._starts = sentence_starts

    def score(self, query: Float32) -> tuple[Float32, Int32 | None]:
        """Cosines of a query, `(dims,)`, with every passage.

        :return: `(n,)` float32, the best sentence's where the unit is the sentence (-1 for a passage without any),
            and then `(n,)` int32 the number of that sentence among all; None for passages.
        """
        products: Float32 = self._matrix @ query
        if self._unit is Unit.PASSAGE:
            return products, None
        count = len(self._starts) - 1
        filled = np.flatnonzero(np.diff(self._starts))
        scores = np.full(count, -1.0, np.float32)
        best = np.full(count, -1, np.int32)
        if len(filled):
            bounds = self._starts[filled]
            scores[filled] = np.maximum.reduceat(products, bounds)
            owners = np.repeat(filled, np.diff(self._starts)[filled])
            winners = np.flatnonzero(products >= scores[owners])
            best[owners[winners][::-1]] = winners[::-1]
        return scores, best

    def row(self, number: int) -> Float32:
        """One vector."""
        row: Float32 = self._matrix[number]
        return row
