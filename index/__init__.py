"""Passages become vectors and terms; a query becomes ranked quotes.

`build` makes a generation from the store, a `Searcher` answers a `Query` from one generation with an `Answer`.
"""
