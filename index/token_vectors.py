"""Keeps the vectors of every token of every passage small, and compares a query's tokens with them (late interaction).

A query's score for a sentence is the mean, over the query's tokens, of the best cosine with any of its own tokens
(MaxSim; Khattab and Zaharia 2020); a passage scores as its best sentence, so that a long one has no more chances than a
short one. Cosines are taken from the mean of the library's token vectors, since all of a model's vectors lean one way.

Each vector is rotated by a fixed orthogonal matrix, which spreads its weight
evenly over the dimensions, and each dimension is kept in 4 bits: on the development sets the order of results stays
the same (`docs/ranking.md`). Nothing is trained, so a passage's codes never depend on its neighbours and can be kept by
its text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import Float32, Int32, TokenVectors

_SEED = 7
_HALF = 7.5  # 16 levels: -7.5 … 7.5
_BATCH = 64
_SAMPLED = 8
"""Every eighth token counts for the mean."""
_HEADER = struct.Struct("<ii")
CODEC = "dct4-1"
"""Names the form of the codes; part of the key they are kept under."""

UInt8 = npt.NDArray[np.uint8]


@cache
def rotation(dims: int) -> Float32:
    """An orthogonal `(dims, dims)` matrix, the same everywhere: a cosine transform after random changes of sign."""
    row, column = np.arange(dims)[:, None], np.arange(dims)[None]
    matrix = np.sqrt(2 / dims) * np.cos(np.pi * (2 * column + 1) * row / (2 * dims))
    matrix[0] /= np.sqrt(2)
    signs = np.where(np.random.Generator(np.random.PCG64(_SEED)).random(dims) < 0.5, -1, 1)
    result: Float32 = np.ascontiguousarray((matrix * signs).T, np.float32)
    return result


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The tokens of one passage.

    :param codes: `(t, dims / 2)` uint8, two dimensions a byte.
    :param scales: `(t,)` float16: what one level is worth.
    :param spans: `(t, 2)` int32, code points of the passage's text.
    """

    codes: UInt8
    scales: npt.NDArray[np.float16]
    spans: Int32

    def to_bytes(self) -> bytes:
        """For the store."""
        header = _HEADER.pack(*self.codes.shape)
        return header + self.codes.tobytes() + self.scales.tobytes() + self.spans.astype("<i4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> TokenCodes:
        """What `to_bytes` wrote."""
        count, width = _HEADER.unpack_from(data)
        at = _HEADER.size
        codes = np.frombuffer(data, np.uint8, count * width, at).reshape(count, width)
        at += count * width
        scales = np.frombuffer(data, np.float16, count, at)
        spans = np.frombuffer(data, "<i4", 2 * count, at + 2 * count).reshape(count, 2)
        return cls(codes, scales, spans.astype(np.int32))


def encode_tokens(tokens: TokenVectors) -> TokenCodes:
    """Make a passage's token vectors small."""
    dims = tokens.vectors.shape[1]
    turned: Float32 = (tokens.vectors @ rotation(dims)).astype(np.float32)
    if dims % 2:
        turned = np.pad(turned, ((0, 0), (0, 1))).astype(np.float32)
    largest = np.abs(turned).max(axis=1, keepdims=True) if len(turned) else np.zeros((0, 1), np.float32)
    scales = (np.maximum(largest, 1e-6) / _HALF).astype(np.float16)
    levels = np.clip(np.floor(turned / scales.astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    return TokenCodes(levels[:, 0::2] | (levels[:, 1::2] << 4), scales[:, 0], tokens.spans)


_BYTES = np.arange(256)
_VALUES = np.stack([(_BYTES & 15) - _HALF, (_BYTES >> 4) - _HALF], axis=1).astype(np.float32)
"""For each byte the two values that it stands for."""


def _levels(codes: UInt8, dims: int) -> Float32:
    """Codes as numbers, before scaling: `(t, dims)` float32."""
    levels: Float32 = _VALUES[codes].reshape(len(codes), -1)[:, :dims]
    return levels


def write_token_vectors(folder: Path, passages: Iterable[TokenCodes], dims: int) -> None:
    """Write the codes of passages, in their order and one at a time, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = [0]
    total, counted = np.zeros(dims, np.float64), 0
    with (
        (folder / "codes.bin").open("wb") as codes,
        (folder / "scales.bin").open("wb") as scales,
        (folder / "spans.bin").open("wb") as spans,
    ):
        for one in passages:
            starts.append(starts[-1] + len(one.codes))
            codes.write(one.codes.tobytes())
            scales.write(one.scales.tobytes())
            spans.write(one.spans.astype("<i4").tobytes())
            sample = slice(None, None, _SAMPLED)
            total += (_levels(one.codes[sample], dims) * one.scales[sample, None].astype(np.float32)).sum(axis=0)
            counted += len(one.codes[sample])
    np.save(folder / "starts.npy", np.array(starts, np.int64))
    np.save(folder / "mean.npy", (total / max(counted, 1)).astype(np.float32))


OPENED_BYTES = 2**28
"""Memory that opened codes may take: opening them anew for each query is most of what a comparison costs."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Where the sentences of passages lie, for a generation's `m` sentences in order.

    :param owners: `(m,)` int32: the passage of each.
    :param starts: `(m,)` int32: its first character, counted from the passage's start.
    """

    owners: Int32
    starts: Int32


class PassageTokens:
    """Token vectors that `write_token_vectors` wrote, mapped into memory."""

    def __init__(self, folder: Path, dims: int, sentences: Sentences) -> None:
        self._dims = dims
        self._starts: npt.NDArray[np.int64] = np.load(folder / "starts.npy")
        self._mean: Float32 = np.load(folder / "mean.npy")
        count = int(self._starts[-1])
        self._codes: UInt8 = _mapped(folder / "codes.bin", np.uint8, (count, (dims + 1) // 2))
        self._scales: npt.NDArray[np.float16] = _mapped(folder / "scales.bin", np.float16, (count,))
        self._spans: Int32 = _mapped(folder / "spans.bin", np.int32, (count, 2))
        self._sentence_keys = _key(sentences.owners, sentences.starts)
        self._opened: Float32 | None = None

    def similarities(self, query: Float32, passage: int) -> tuple[Float32, Int32]:
        """Cosines of every query token with every token of one passage, `(q, t)`, and the tokens' spans, `(t, 2)`."""
        rows = np.arange(self._starts[passage], self._starts[passage + 1])
        cosines: Float32 = np.ascontiguousarray(self._cosines(rows, self._centred(query)).T)
        return cosines, np.asarray(self._spans[rows])

    def maxsim(self, query: Float32, passages: Int32) -> tuple[Float32, Int32]:
        """Score passages for a query.

        :param query: `(q, dims)` float32, of length 1 each.
        :param passages: their numbers.
        :return: `(p,)` float32, 0 for a passage without words; `(p,)` int32 the number of its best sentence, or -1.
        """
        scores, best = np.zeros(len(passages), np.float32), np.full(len(passages), -1, np.int32)
        if not len(query) or not len(passages):
            return scores, best
        centred = self._centred(query)
        order = np.argsort(passages, kind="stable")
        for batch in np.array_split(order, max(1, len(order) // _BATCH)):
            counts = self._starts[passages[batch] + 1] - self._starts[passages[batch]]
            rows = np.concatenate(
                [np.arange(self._starts[number], self._starts[number + 1]) for number in passages[batch]]
            )
            if not len(rows):
                continue
            at = np.repeat(np.arange(len(batch)), counts)
            sentence = self._sentence_of(passages[batch][at], self._spans[rows])
            bounds = np.flatnonzero(np.r_[True, (sentence[1:] != sentence[:-1]) | (at[1:] != at[:-1])])
            late = np.maximum.reduceat(self._cosines(rows, centred), bounds, axis=0).mean(axis=1)
            owner = at[bounds]
            # Ascending, so that the best sentence of a passage is written last.
            for one in np.argsort(late, kind="stable"):
                scores[batch[owner[one]]] = late[one]
                best[batch[owner[one]]] = sentence[bounds[one]]
        return scores, best

    def _sentence_of(self, owners: Int32, spans: Int32) -> Int32:
        """The number of the sentence that each token's last character lies in."""
        found = np.searchsorted(self._sentence_keys, _key(owners, spans[:, 1] - 1), side="right") - 1
        sentences: Int32 = np.maximum(found, 0).astype(np.int32)
        return sentences

    def _centred(self, query: Float32) -> Float32:
        """The query's vectors, turned, taken from the mean and at length 1; then the mean itself: `(q + 1, dims)`."""
        turned = np.matmul(query, rotation(self._dims)) - self._mean
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-6)
        return np.concatenate([turned, self._mean[None]]).astype(np.float32)

    def _cosines(self, rows: npt.NDArray[np.int64], centred: Float32) -> Float32:
        """`(t, q)`: for a unit token x and the mean m, (x - m)·q / |x - m|, where |x - m|² = 1 - 2 x·m + |m|²."""
        products: Float32 = np.matmul(self._numbers(rows), centred.T)
        products *= self._scales[rows, None]
        toward = products[:, -1]
        square = float(self._mean @ self._mean)
        lengths = np.sqrt(np.maximum(1 - 2 * toward + square, 1e-4))
        cosines: Float32 = (products[:, :-1] - centred[:-1] @ self._mean) / lengths[:, None]
        return cosines

    def _numbers(self, rows: npt.NDArray[np.int64]) -> Float32:
        """The codes of rows as numbers, before scaling: `(t, dims)`; opened once and for all in a small library."""
        if len(self._codes) * self._dims * 4 > OPENED_BYTES:
            return _levels(self._codes[rows], self._dims)
        if self._opened is None:
            self._opened = _levels(np.asarray(self._codes), self._dims)
        return self._opened[rows]


def _key(owners: Int32, offsets: Int32) -> npt.NDArray[np.int64]:
    """Sorts by passage, then by place in it."""
    return (owners.astype(np.int64) << 32) + offsets


def _mapped(path: Path, kind: Any, shape: tuple[int, ...]) -> Any:
    if not shape[0]:  # an empty file cannot be mapped
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", shape=shape)
