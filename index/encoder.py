"""What an encoder is to the rest of index/, and how one is named in the settings.

An encoder makes unit vectors of texts; one that can also gives the vectors of single tokens, for late interaction.
Two runs of one encoder over one text agree within rounding, so a vector may be kept by (fingerprint, text).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

Float32 = npt.NDArray[np.float32]
Int32 = npt.NDArray[np.int32]


class Unit(StrEnum):
    """What one vector stands for."""

    PASSAGE = "passage"
    SENTENCE = "sentence"


class EncoderSpec(BaseModel):
    """One encoder as the settings name it.

    :param model: `minilm`, `e5` or `use` (packaged, offline), or a sentence-transformers name or folder.
    :param unit: whether passages or their sentences are embedded.
    :param weight: its share in the sum of normalized scores.
    :param late_interaction: keep its token vectors and compare those too (transformers only).
    :param query_prompt: put before a query; None takes what the model is known to need. Likewise `passage_prompt`.
    :param dims: cut vectors to their first dimensions (Matryoshka models); None keeps all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    unit: Unit = Unit.PASSAGE
    weight: float = Field(default=1.0, gt=0, le=10)
    late_interaction: bool = False
    query_prompt: str | None = None
    passage_prompt: str | None = None
    dims: int | None = Field(default=None, ge=1)


@runtime_checkable
class Encoder(Protocol):
    """Makes vectors of texts. Thread-safe."""

    @property
    def name(self) -> str:
        """Short, for people and for file names."""
        ...

    @property
    def fingerprint(self) -> str:
        """Tells two encoders whose vectors differ apart: name, digest of the weights, prompts, window."""
        ...

    @property
    def weights_sha256(self) -> str:
        """Hex digest of the weight file."""
        ...

    @property
    def dims(self) -> int:
        """Length of a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """The window: texts beyond are embedded in parts and averaged, never cut."""
        ...

    @property
    def prompts(self) -> tuple[str, str]:
        """Before a query, before a passage."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens that a passage takes of the window, prompt and special tokens included."""
        ...

    def embed_queries(self, texts: list[str]) -> Float32:
        """`(n, dims)` float32, of length 1."""
        ...

    def embed_passages(self, texts: list[str]) -> Float32:
        """`(n, dims)` float32, of length 1."""
        ...


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of one text that carry its words (no prompt, no special tokens).

    :param vectors: `(t, dims)` float32, each of length 1.
    :param spans: `(t, 2)` int32, code points of the text.
    :param mean: `(dims,)` float32 of length 1: the text's own vector, from the same pass.
    """

    vectors: Float32
    spans: Int32
    mean: Float32


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives the vectors of single tokens."""

    def query_tokens(self, texts: list[str]) -> list[TokenVectors]:
        """Token vectors of queries."""
        ...

    def passage_tokens(self, texts: list[str]) -> list[TokenVectors]:
        """Token vectors of passages."""
        ...


@dataclass(frozen=True, slots=True)
class ConfiguredEncoder:
    """An encoder with the place that the settings give it."""

    spec: EncoderSpec
    encoder: Encoder

    @property
    def key(self) -> str:
        """Names its files in a generation."""
        return f"{self.encoder.name}-{self.spec.unit.value}"


def normalized(vectors: Float32) -> Float32:
    """Each row at length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Float32 = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return result
