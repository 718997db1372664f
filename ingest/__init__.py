"""A source becomes a document with structure, then passages. Depends on corpus."""
