"""Evaluation sets judged by gold spans, and what reads them."""
