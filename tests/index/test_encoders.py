"""Encoders: packaged ones are the models they say, others are used by their own rules, and bad ones are refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import e5_weights, minilm_weights, universal
from index.encoder import ConfiguredEncoder, EncoderSpec, TokenEncoder, Unit
from index.errors import ModelError
from index.known_models import prompts_of
from index.profiles import PROFILES, open_encoder, open_encoders
from index.transformer import TransformerEncoder

Encoders = tuple[ConfiguredEncoder, ...]
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    *"abcdefghijklmnopqrstuvwxyz:",
    *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
]


def tiny_model(folder: Path, pooling: str = "mean", remote: bool = False) -> Path:
    """A sentence-transformers folder of a BERT with random weights: 32 dimensions, a window of 24 tokens."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel
    from transformers.models.bert.tokenization_bert import BertTokenizer

    torch.manual_seed(1)
    folder.mkdir(parents=True)
    vocabulary = folder / "words.txt"
    vocabulary.write_text("\n".join(WORDS), encoding="utf-8")
    plain = folder / "plain"
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=37,
        max_position_embeddings=24,
    )  # fmt: skip
    BertModel(config).save_pretrained(plain)
    BertTokenizer(vocab={word: i for i, word in enumerate(WORDS)}, model_max_length=24).save_pretrained(plain)
    made = folder / "made"
    transformer = Transformer(str(plain))
    SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode=pooling)]).save(str(made))
    if remote:
        path = made / "config.json"
        changed = json.loads(path.read_text()) | {
            "model_type": "unheard-of", "auto_map": {"AutoConfig": "own.Config", "AutoModel": "own.Model"},
        }  # fmt: skip
        path.write_text(json.dumps(changed))
        (made / "own.py").write_text("raise SystemExit('ran code of its own')\n")
    return made


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny")


ENGINE = {
    "passage": {
        "Everyone has the right to leave any country.": [0.0491, -0.0148, -0.0223, -0.0517, 0.0605, -0.0156],
        "Toda persona tiene derecho a salir de cualquier país.": [0.0544, -0.0047, -0.0368, -0.0666, 0.0513, -0.0213],
        "لكل فرد حق مغادرة أي بلد": [0.0536, -0.0129, -0.0372, -0.0717, 0.0582, 0.02],
    },
    "query": {"Everyone has the right to leave any country.": [0.0367, -0.0315, -0.0562, -0.0544, 0.053, -0.0245]},
}
"""The first components that the package's own engine gives."""


def test_the_converted_e5_gives_the_vectors_of_the_packages_own_engine(encoders: Encoders) -> None:
    e5 = encoders[0].encoder
    for kind, embed in (("passage", e5.embed_passages), ("query", e5.embed_queries)):
        for text, expected in ENGINE[kind].items():
            vector = embed([text])[0]
            assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)
            # Four-bit activations on their side, bfloat16 on ours: cosines of 0.9999.
            assert np.abs(vector[: len(expected)] - np.array(expected)).max() < 0.004


@pytest.mark.parametrize("at", [0, 1])
def test_a_translation_is_nearer_than_another_sentence(encoders: Encoders, at: int) -> None:
    encoder = encoders[at].encoder
    texts = ["Everyone has the right to leave any country.", "Toute personne a le droit de quitter tout pays.",
             "Le chat dort sur le tapis."]  # fmt: skip
    vectors = encoder.embed_passages(texts)
    assert vectors.shape == (3, encoder.dims)
    assert vectors.dtype == np.float32
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05


def test_a_text_has_the_same_vector_alone_and_in_company(encoders: Encoders) -> None:
    texts = ["Short.", "A rather longer sentence about the families of workers who went abroad.", "x " * 700]
    for one in encoders:
        together = one.encoder.embed_passages(texts)
        alone = np.concatenate([one.encoder.embed_passages([text]) for text in texts])
        assert (together * alone).sum(axis=1).min() > 0.999
        assert one.encoder.embed_passages([]).shape == (0, one.encoder.dims)
        assert one.encoder.count_tokens(texts[1]) > one.encoder.count_tokens(texts[0]) > 2


def test_token_vectors_lie_on_the_words_of_the_text(encoders: Encoders) -> None:
    encoder = encoders[0].encoder
    assert isinstance(encoder, TokenEncoder)
    text = "Pensions, too, should move: l’État les doit."
    (tokens,) = encoder.passage_tokens([text])
    pieces = [text[start:end] for start, end in tokens.spans.tolist()]
    assert all(any(map(str.isalnum, piece)) for piece in pieces)
    assert "".join(piece.strip() for piece in pieces).startswith("Pensions")
    assert np.allclose(np.linalg.norm(tokens.vectors, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize(
    ("module", "name", "opened"),
    [(e5_weights, "SOURCE_SHA256", "e5"), (minilm_weights, "WEIGHTS_SHA256", "minilm"),
     (universal, "WEIGHTS_SHA256", "use")],
)  # fmt: skip
def test_packaged_weights_that_are_not_the_pinned_ones_are_refused(
    module: object, name: str, opened: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, "0" * 64)
    with pytest.raises(ModelError, match="expected 0000"):
        open_encoder(EncoderSpec(model=opened), tmp_path)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_any_model_gives_the_vectors_that_sentence_transformers_gives(pooling: str, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = tiny_model(tmp_path / pooling, pooling)
    encoder = TransformerEncoder(str(folder), EncoderSpec(model=str(folder), query_prompt="q: "))
    own = SentenceTransformer(str(folder), device="cpu").encode(["q: abc de", "q: f"], normalize_embeddings=True)
    assert (encoder.embed_queries(["abc de", "f"]) * own).sum(axis=1).min() > 0.999
    assert encoder.dims == 32
    assert encoder.max_tokens == 24
    assert encoder.prompts == ("q: ", "")
    long = encoder.embed_passages(["a b c " * 40])
    assert np.linalg.norm(long) == pytest.approx(1, abs=1e-3)


def test_dimensions_may_be_cut(tiny: Path) -> None:
    full = TransformerEncoder(str(tiny), EncoderSpec(model=str(tiny))).embed_passages(["abc"])[0]
    cut = TransformerEncoder(str(tiny), EncoderSpec(model=str(tiny), dims=8))
    assert cut.dims == 8
    assert np.allclose(cut.embed_passages(["abc"])[0], full[:8] / np.linalg.norm(full[:8]), atol=0.02)
    with pytest.raises(ModelError, match="32 dimensions, not 64"):
        TransformerEncoder(str(tiny), EncoderSpec(model=str(tiny), dims=64))


def test_what_differs_in_use_differs_in_fingerprint(tiny: Path) -> None:
    specs: tuple[dict[str, Any], ...] = ({}, {"dims": 8}, {"query_prompt": "q "}, {"passage_prompt": "p "})
    prints = {TransformerEncoder(str(tiny), EncoderSpec(model=str(tiny), **more)).fingerprint for more in specs}
    assert len(prints) == len(specs)


def test_a_model_that_needs_its_own_code_is_refused_and_its_code_not_run(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "remote", remote=True)
    with pytest.raises(ModelError, match=r"code of its own|cannot be loaded"):
        TransformerEncoder(str(folder), EncoderSpec(model=str(folder)))


def test_a_missing_or_incomplete_folder_is_refused_by_name(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is not there"):
        open_encoder(EncoderSpec(model=str(tmp_path / "none")), tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"no modules\.json"):
        open_encoder(EncoderSpec(model=str(tmp_path / "empty")), tmp_path)
    import shutil

    shutil.copytree(tiny, tmp_path / "partial")
    (tmp_path / "partial" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_encoder(EncoderSpec(model=str(tmp_path / "partial")), tmp_path)


def test_settings_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    use = EncoderSpec(model="use", unit=Unit.SENTENCE)
    with pytest.raises(ModelError, match="configured twice"):
        open_encoders((use, use), tmp_path)
    with pytest.raises(ModelError, match="no token vectors"):
        open_encoders((EncoderSpec(model="use", late_interaction=True),), tmp_path)


@pytest.mark.parametrize(
    ("model", "query", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("BAAI/bge-small-en-v1.5", "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", "", ""),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("Snowflake/snowflake-arctic-embed-m-v2.0", "query: ", ""),
        ("google/embeddinggemma-300m", "task: search result | query: ", "title: none | text: "),
        ("sentence-transformers/LaBSE", "", ""),
        ("thenlper/gte-base", "", ""),
        ("/somewhere/of-my-own", "", ""),
    ],
)
def test_prompts_of_well_known_models_are_known(model: str, query: str, passage: str) -> None:
    prompts = prompts_of(model)
    assert (prompts.query, prompts.passage) == (query, passage)


def test_the_default_profile_ranks_every_language() -> None:
    assert {spec.model for spec in PROFILES["default"]} == {"e5", "use"}
