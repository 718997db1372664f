-- Where each document was read from, so that a changed file is known again and a withdrawn one is noticed. Not part of
-- a generation's snapshot.
CREATE TABLE origins (
    origin      TEXT PRIMARY KEY,           -- an absolute path, or "catalogue:" and an id
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX origins_by_document ON origins (document_id);
