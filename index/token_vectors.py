"""Keeps the vectors of every token of every passage small, and compares a query's tokens with them (late interaction).

A query's score for a passage is the mean, over the query's tokens, of the best cosine with any of the passage's tokens
(MaxSim; Khattab and Zaharia 2020). Each vector is rotated by a fixed orthogonal matrix, which spreads its weight
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


def _levels() -> Float32:
    """For each byte, the two values that it stands for: `(256, 2)` float32."""
    byte = np.arange(256)
    return np.stack([(byte & 15) - _HALF, (byte >> 4) - _HALF], axis=1).astype(np.float32)


_LEVELS = _levels()


def write_token_vectors(folder: Path, passages: Iterable[TokenCodes]) -> None:
    """Write the codes of passages, in their order and one at a time, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = [0]
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
    np.save(folder / "starts.npy", np.array(starts, np.int64))


class PassageTokens:
    """Token vectors that `write_token_vectors` wrote, mapped into memory."""

    def __init__(self, folder: Path, dims: int) -> None:
        self._dims = dims
        self._starts: npt.NDArray[np.int64] = np.load(folder / "starts.npy")
        count = int(self._starts[-1])
        self._codes: UInt8 = _mapped(folder / "codes.bin", np.uint8, (count, (dims + 1) // 2))
        self._scales: npt.NDArray[np.float16] = _mapped(folder / "scales.bin", np.float16, (count,))
        self._spans: Int32 = _mapped(folder / "spans.bin", np.int32, (count, 2))

    def similarities(self, query: Float32, passage: int) -> tuple[Float32, Int32]:
        """Cosines of every query token with every token of one passage, `(q, t)`, and the tokens' spans, `(t, 2)`."""
        start, end = int(self._starts[passage]), int(self._starts[passage + 1])
        turned: Float32 = np.matmul(query, rotation(self._dims))
        cosines: Float32 = np.matmul(turned, self._decoded(start, end).T)
        return cosines, np.asarray(self._spans[start:end])

    def maxsim(self, query: Float32, passages: Int32) -> Float32:
        """Score passages for a query.

        :param query: `(q, dims)` float32, of length 1 each.
        :param passages: their numbers.
        :return: `(len(passages),)` float32; 0 for a passage without words.
        """
        result = np.zeros(len(passages), np.float32)
        if not len(query) or not len(passages):
            return result
        turned = query @ rotation(self._dims)
        order = np.argsort(passages, kind="stable")
        for batch in np.array_split(order, max(1, len(order) // 64)):
            chosen = passages[batch]
            starts, ends = self._starts[chosen], self._starts[chosen + 1]
            lengths = ends - starts
            filled = lengths > 0
            if not filled.any():
                continue
            rows = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
            cosines: Float32 = self._levels(rows) @ turned.T
            cosines *= self._scales[rows, None]
            bounds = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            result[batch[filled]] = np.maximum.reduceat(cosines, bounds, axis=0).mean(axis=1)
        return result

    def _decoded(self, start: int, end: int) -> Float32:
        decoded: Float32 = self._levels(slice(start, end)) * self._scales[start:end, None].astype(np.float32)
        return decoded

    def _levels(self, rows: npt.NDArray[np.int64] | slice) -> Float32:
        """The vectors of tokens before scaling, `(t, dims)`."""
        codes = self._codes[rows]
        levels: Float32 = _LEVELS[codes].reshape(len(codes), -1)[:, : self._dims]
        return levels


def _mapped(path: Path, kind: Any, shape: tuple[int, ...]) -> Any:
    if not shape[0]:  # an empty file cannot be mapped
        return np.zeros(shape, kind)
    return np.memmap(path, kind, "r", shape=shape)
