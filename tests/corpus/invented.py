"""A small document under an invented organization's name, made by hand, for tests that need no extractor."""

from __future__ import annotations

import hashlib

from corpus.documents import (
    BLOCK_SEPARATOR,
    Block,
    BlockKind,
    Box,
    Document,
    Metadata,
    Note,
    Page,
    Passage,
    Reference,
    Span,
    passage_id,
)

SENTENCES = (
    "Seasonal workers keep the pension rights that they earn abroad.",
    "Every consulate should answer a letter within ten days (p. 12).",
)


def invented_document(id_: str = "example-coalition-2020", *, extra: str = "") -> tuple[Document, tuple[Passage, ...]]:
    """A document of a heading, two paragraphs and a note on two pages, with its passages."""
    texts = ["Rights that travel", SENTENCES[0], SENTENCES[1] + extra, "Example Coalition, Handbook of Letters."]
    kinds = [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.NOTE]
    blocks: list[Block] = []
    start = 0
    for ordinal, (kind, text) in enumerate(zip(kinds, texts, strict=True)):
        end = start + len(text)
        blocks.append(
            Block(
                ordinal=ordinal,
                kind=kind,
                start=start,
                end=end,
                level=1 if kind is BlockKind.HEADING else 0,
                language="en",
                section=() if kind is BlockKind.HEADING else ("Rights that travel",),
                paragraph=ordinal if kind is BlockKind.PARAGRAPH else None,
                boxes=(Box(1, start, end, 72.0, 72.0 + 20 * ordinal, 500.0, 84.0 + 20 * ordinal),),
            )
        )
        start = end + len(BLOCK_SEPARATOR)
    text = BLOCK_SEPARATOR.join(texts)
    call = text.index("(p. 12)")
    document = Document(
        metadata=Metadata(
            id=id_,
            title="Rights that travel",
            organization="Example Coalition",
            kind="statement",
            date="2020-05",
            languages=("en",),
            identifiers=(("isbn", "978-0-00-000000-2"),),
        ),
        text=text,
        source_type="text/markdown",
        source_name=f"{id_}.md",
        source_sha256=hashlib.sha256(text.encode()).hexdigest(),
        blocks=tuple(blocks),
        pages=(
            Page(1, "iv", "4", 595.0, 842.0, (Span(0, blocks[1].end), blocks[3].span)),
            Page(2, "v", None, 595.0, 842.0, (blocks[2].span,)),
        ),
        notes=(Note(0, "1", (blocks[1].end,), 3),),
        references=(Reference(0, call, call + len("(p. 12)"), "example-handbook", "12", 0),),
        problems=("Page 3 gave no text",),
    )
    passages = tuple(
        Passage(
            id=passage_id(id_, text[block.start : block.end], 0),
            document_id=id_,
            ordinal=place,
            start=block.start,
            end=block.end,
            text=text[block.start : block.end],
            sentences=(block.span,),
            first_block=block.ordinal,
            last_block=block.ordinal,
            section=block.section,
            paragraph=block.paragraph,
            language="en",
        )
        for place, block in enumerate(blocks[1:])
    )
    return document, passages
