"""Passages become vectors and terms; a query becomes ranked quotes. Depends on corpus."""
