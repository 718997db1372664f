-- Documents as ingest made them. Offsets are Unicode code points of documents.text, end exclusive.
CREATE TABLE documents (
    id            TEXT PRIMARY KEY,
    metadata      TEXT NOT NULL,             -- corpus.documents.Metadata as JSON
    organization  TEXT NOT NULL,
    kind          TEXT NOT NULL,
    year          INTEGER,
    source_type   TEXT NOT NULL,
    source_name   TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    text_sha256   TEXT NOT NULL,
    text          TEXT NOT NULL,
    problems      TEXT NOT NULL,             -- JSON list of sentences
    reader        TEXT NOT NULL,             -- version of the code that read it: another one reads it again
    ingested_at   TEXT NOT NULL              -- ISO 8601, UTC
) STRICT;

CREATE TABLE blocks (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    start       INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    level       INTEGER NOT NULL,
    language    TEXT,
    parent      INTEGER,
    section     TEXT NOT NULL,               -- JSON list, outermost first
    paragraph   INTEGER,
    number      TEXT,
    noise       TEXT,
    confidence  REAL,
    hidden      INTEGER NOT NULL,
    boxes       BLOB NOT NULL,               -- corpus.rows.pack_boxes
    PRIMARY KEY (document_id, ordinal),
    CHECK (start < "end")
) STRICT, WITHOUT ROWID;

CREATE TABLE pages (
    document_id  TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    page_index   INTEGER NOT NULL CHECK (page_index >= 1),
    label        TEXT,
    file_label   TEXT,
    width        REAL NOT NULL,
    height       REAL NOT NULL,
    spans        TEXT NOT NULL,              -- JSON list of [start, end]
    recognized   REAL,
    problem      TEXT,
    PRIMARY KEY (document_id, page_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    marker      TEXT NOT NULL,
    anchors     TEXT NOT NULL,               -- JSON list of offsets
    block       INTEGER NOT NULL,
    PRIMARY KEY (document_id, ordinal),
    FOREIGN KEY (document_id, block) REFERENCES blocks (document_id, ordinal) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

CREATE TABLE "references" (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    target      TEXT,                        -- a catalogue id; the document may not be held
    pages       TEXT,
    note        INTEGER,
    PRIMARY KEY (document_id, ordinal),
    CHECK (start < "end")
) STRICT, WITHOUT ROWID;
CREATE INDEX references_by_target ON "references" (target) WHERE target IS NOT NULL;

CREATE TABLE passages (
    id          TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    "end"       INTEGER NOT NULL,
    text        TEXT NOT NULL,
    sentences   TEXT NOT NULL,               -- JSON list of [start, end]
    first_block INTEGER NOT NULL,
    last_block  INTEGER NOT NULL,
    section     TEXT NOT NULL,
    paragraph   INTEGER,
    language    TEXT,
    noise       TEXT,
    UNIQUE (document_id, ordinal),
    CHECK (start < "end")
) STRICT;

-- Files that could not be read, and why: shown to people until they are read or withdrawn.
CREATE TABLE failures (
    source_name   TEXT PRIMARY KEY,
    source_sha256 TEXT,
    reason        TEXT NOT NULL,
    failed_at     TEXT NOT NULL
) STRICT;

-- Vectors by what was embedded, so that a rebuild embeds only what is new. Not part of a generation's snapshot.
CREATE TABLE embeddings (
    model       TEXT NOT NULL,               -- encoder name and weights' digest
    text_sha256 TEXT NOT NULL,
    vector      BLOB NOT NULL,               -- little-endian; its type and shape are the encoder's business
    PRIMARY KEY (model, text_sha256)
) STRICT, WITHOUT ROWID;
