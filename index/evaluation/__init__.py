"""Measures ranking: test sets are read, run through the product's own index, and scored; see `docs/ranking.md`."""
