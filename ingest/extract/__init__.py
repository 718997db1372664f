"""One module for each format: a source file becomes a draft (see draft.py)."""
