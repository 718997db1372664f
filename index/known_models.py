"""The prompts and windows of well-known embedding models, so that naming a model is enough to use it rightly.

Read from the models' own cards. A model's own `config_sentence_transformers.json` wins where it names prompts; an
`EncoderSpec` wins over both.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is put before a text.

    :param query: before a question; `passage` before what is searched.
    :param matryoshka: dimensions that the first part of a vector may be cut to.
    """

    query: str = ""
    passage: str = ""
    matryoshka: tuple[int, ...] = ()


_BGE_EN = "Represent this sentence for searching relevant passages: "
_BGE_ZH = "为这个句子生成表示以用于检索相关文章："

# The first family whose every word is part of the model's name (lower case) is taken, so special ones come first.
_FAMILIES: tuple[tuple[tuple[str, ...], Prompts], ...] = (
    (("bge-m3",), Prompts()),
    (("bge-", "-zh"), Prompts(query=_BGE_ZH)),
    (("bge-",), Prompts(query=_BGE_EN)),
    (("e5-", "-instruct"), Prompts(query="Instruct: Given a query, retrieve passages that answer it\nQuery: ")),
    (("e5",), Prompts(query="query: ", passage="passage: ")),
    (("arctic-embed", "-v2"), Prompts(query="query: ", matryoshka=(256,))),
    (("arctic-embed",), Prompts(query=_BGE_EN)),
    (
        ("nomic-embed",),
        Prompts(query="search_query: ", passage="search_document: ", matryoshka=(64, 128, 256, 512)),
    ),
    (
        ("embeddinggemma",),
        Prompts(query="task: search result | query: ", passage="title: none | text: ", matryoshka=(128, 256, 512)),
    ),
    (("mxbai-embed",), Prompts(query=_BGE_EN, matryoshka=(64, 128, 256, 512))),
    (("gte-",), Prompts()),
    (("minilm",), Prompts()),
    (("labse",), Prompts()),
)


def prompts_of(name: str) -> Prompts:
    """The prompts of a model by its name or path; none for a model that is not known."""
    last = name.rstrip("/").rsplit("/", 1)[-1].lower()
    return next((prompts for words, prompts in _FAMILIES if all(word in last for word in words)), Prompts())
