"""Any sentence-transformers model as an encoder, with its prompts, its window and the vectors of its tokens.

Texts longer than the window are embedded in overlapping-free parts whose vectors are averaged by length, never cut.
On processors with bfloat16 arithmetic the network runs in it (three times quicker; cosine to float32 above 0.9999 on
the packaged models), else in float32; the fingerprint says which.
"""

from __future__ import annotations

import contextlib
import io
import logging
import threading
from pathlib import Path
from typing import Any

import numpy as np

from corpus.library import sha256_of
from index.encoder import EncoderSpec, Float32, TokenVectors, normalized
from index.errors import ModelError
from index.known_models import prompts_of

_BATCH_TOKENS = 2500
_PACKAGED = Path(__file__).parent


class TransformerEncoder:
    """See the module; an `index.encoder.TokenEncoder`.

    :param model: a folder, or a name that sentence-transformers can fetch.
    :param name: what people read; taken from `model` when not given.
    :raises ModelError: when the model cannot be loaded or would run code of its own.
    """

    def __init__(self, model: str, spec: EncoderSpec, name: str | None = None) -> None:
        self._lock = threading.Lock()
        self._model = _load(model)
        self._tokenizer = self._model.tokenizer
        self.name = name or model.rstrip("/").rsplit("/", 1)[-1]
        self.prompts = _prompts(self._model, spec, name or model)
        self.max_tokens = int(self._model.max_seq_length or 512)
        full = self._model.get_embedding_dimension()
        if full is None or (spec.dims or 0) > full:
            raise ModelError(f"The model {model} has {full} dimensions, not {spec.dims}", "Set dims to fewer, or none")
        self.dims = spec.dims or int(full)
        self.weights_sha256 = _weights_digest(model, self._model)
        self._mean_pooled = _pools_by_mean(self._model)
        self._half = _use_half_precision(self._model)
        self.fingerprint = (
            f"{self.name}@{self.weights_sha256[:16]}:{self.dims}:{self.max_tokens}"
            f":{'bf16' if self._half else 'f32'}:{self.prompts[0]!r}:{self.prompts[1]!r}"
        )

    def count_tokens(self, text: str) -> int:
        """Tokens of a passage with its prompt and the special tokens."""
        return len(self._tokenizer(self.prompts[1] + text, truncation=False, verbose=False)["input_ids"])

    def embed_queries(self, texts: list[str]) -> Float32:
        """`(n, dims)` float32, of length 1."""
        return self._embed(texts, self.prompts[0])

    def embed_passages(self, texts: list[str]) -> Float32:
        """`(n, dims)` float32, of length 1."""
        return self._embed(texts, self.prompts[1])

    def query_tokens(self, texts: list[str]) -> list[TokenVectors]:
        """Token vectors of queries."""
        return self._tokens(texts, self.prompts[0])

    def passage_tokens(self, texts: list[str]) -> list[TokenVectors]:
        """Token vectors of passages."""
        return self._tokens(texts, self.prompts[1])

    def _embed(self, texts: list[str], prompt: str) -> Float32:
        if not texts:
            return np.zeros((0, self.dims), np.float32)
        if self._mean_pooled:
            return np.stack([one.mean for one in self._tokens(texts, prompt)])
        parts, owners, lengths = self._parts(texts, prompt)
        with self._lock:
            vectors = self._model.encode(
                parts, batch_size=16, normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
            )
        sums = np.zeros((len(texts), vectors.shape[1]), np.float32)
        np.add.at(sums, owners, vectors.float().cpu().numpy() * np.asarray(lengths, np.float32)[:, None])
        return normalized(sums[:, : self.dims])

    def _parts(self, texts: list[str], prompt: str) -> tuple[list[str], list[int], list[int]]:
        """Cut texts to the window: prompted parts, which text each is of, and its length in characters."""
        parts, owners, lengths = [], [], []
        for owner, text in enumerate(texts):
            for start, end in self._windows(text, prompt):
                parts.append(prompt + text[start:end])
                owners.append(owner)
                lengths.append(max(1, end - start))
        return parts, owners, lengths

    def _windows(self, text: str, prompt: str) -> list[tuple[int, int]]:
        """Spans of the text, each of which fits the window with the prompt."""
        room = self.max_tokens - len(self._tokenizer(prompt, verbose=False)["input_ids"]) - 2
        if len(text) <= room:  # a token is one character at least
            return [(0, len(text))]
        offsets = self._tokenizer(
            text, truncation=False, verbose=False, return_offsets_mapping=True, add_special_tokens=False
        )["offset_mapping"]
        if len(offsets) <= room:
            return [(0, len(text))]
        starts = [offsets[at][0] for at in range(0, len(offsets), room)]
        starts[0] = 0
        return list(zip(starts, [*starts[1:], len(text)], strict=True))

    def _tokens(self, texts: list[str], prompt: str) -> list[TokenVectors]:
        import torch

        parts, owners, _ = self._parts(texts, prompt)
        starts: list[int] = []
        for owner, text in enumerate(texts):
            starts += [start for start, _ in self._windows(text, prompt)] if owners.count(owner) > 1 else [0]
        encoded = self._tokenizer(
            parts, truncation=True, max_length=self.max_tokens, return_offsets_mapping=True, verbose=False
        )
        ids, offsets = encoded["input_ids"], encoded["offset_mapping"]
        order = sorted(range(len(parts)), key=lambda part: -len(ids[part]))
        hidden: list[Float32] = [np.zeros((0, 0), np.float32)] * len(parts)
        transformer = self._model[0].auto_model
        at = 0
        with self._lock, torch.inference_mode():
            while at < len(order):
                width = len(ids[order[at]])
                batch = order[at : at + max(1, _BATCH_TOKENS // width)]
                at += len(batch)
                inputs = torch.full((len(batch), width), self._tokenizer.pad_token_id or 0)
                mask = torch.zeros((len(batch), width), dtype=torch.long)
                for row, part in enumerate(batch):
                    inputs[row, : len(ids[part])] = torch.tensor(ids[part])
                    mask[row, : len(ids[part])] = 1
                states = transformer(input_ids=inputs, attention_mask=mask).last_hidden_state.float().numpy()
                for row, part in enumerate(batch):
                    hidden[part] = states[row, : len(ids[part])]
        collected: list[list[tuple[Float32, Any, int]]] = [[] for _ in texts]
        for part, owner in enumerate(owners):
            collected[owner].append((hidden[part], offsets[part], starts[part]))
        return [self._assembled(text, one, len(prompt)) for text, one in zip(texts, collected, strict=True)]

    def _assembled(self, text: str, parts: list[tuple[Float32, Any, int]], prompt_length: int) -> TokenVectors:
        vectors, spans, total = [], [], np.zeros(parts[0][0].shape[1], np.float32)
        for states, raw, text_start in parts:
            # A word's first token claims the space before it, which may be the prompt's.
            offsets = np.maximum(np.asarray(raw, np.int32) - prompt_length, 0) + text_start
            wordy = np.array([_has_word(text[start:end]) for start, end in offsets.tolist()])
            vectors.append(states[wordy])
            spans.append(offsets[wordy])
            # A model's own pooling counts every token, prompt and special ones included.
            total += states.sum(axis=0)
        mean = normalized(total[None, : self.dims])[0]
        return TokenVectors(normalized(np.concatenate(vectors)), np.concatenate(spans), mean)


def _has_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _load(model: str) -> Any:
    folder = Path(model)
    if (folder.is_absolute() or model.startswith(".")) and not (folder / "modules.json").is_file():
        missing = "is not there" if not folder.is_dir() else "has no modules.json"
        raise ModelError(f"The model folder {model} {missing}", "Give the folder of a sentence-transformers model")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    quiet: Any = transformers_logging
    quiet.set_verbosity_error()
    quiet.disable_progress_bar()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            return SentenceTransformer(model, device="cpu", trust_remote_code=False)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if "trust_remote_code" in str(error) or "custom code" in str(error):
            raise ModelError(
                f"The model {model} needs code of its own to run, which Verbatim refuses", "Choose another model"
            ) from error
        raise ModelError(
            f"The model {model} cannot be loaded: {reason}",
            "Check its name, that its folder is complete, and that it can be downloaded; or use e5, use or minilm",
        ) from error


def _prompts(model: Any, spec: EncoderSpec, name: str) -> tuple[str, str]:
    known = prompts_of(name)
    own = {key: value for key, value in (model.prompts or {}).items() if value}
    query = own.get("query", known.query)
    passage = own.get("document", own.get("passage", known.passage))
    return (
        query if spec.query_prompt is None else spec.query_prompt,
        passage if spec.passage_prompt is None else spec.passage_prompt,
    )


def _pools_by_mean(model: Any) -> bool:
    """Whether a text's vector is the plain mean of its tokens', so that one pass gives both."""
    names = [type(module).__name__ for module in model]
    pooling = next((module for module in model if type(module).__name__ == "Pooling"), None)
    if pooling is None or any(name not in ("Transformer", "Pooling", "Normalize") for name in names):
        return False
    return pooling.pooling_mode in ("mean", ("mean",), ["mean"]) and bool(getattr(pooling, "include_prompt", True))


def _weights_digest(model: str, loaded: Any) -> str:
    folder = Path(model)
    if not folder.is_dir():
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(model, "modules.json")
        folder = Path(found).parent if isinstance(found, str) else folder
    weights = sorted((*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")))
    if weights:
        return sha256_of(weights[0])
    import hashlib

    digest = hashlib.sha256()
    for name, tensor in sorted(loaded.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().float().numpy().tobytes())
    return digest.hexdigest()


def _use_half_precision(model: Any) -> bool:
    import torch

    if not torch.cpu._is_avx512_bf16_supported():
        return False
    model.to(torch.bfloat16)
    return True
