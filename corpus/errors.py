"""Every error that Verbatim raises on purpose, as one tree.

    VerbatimError                 what went wrong, where, and what to do
    ├── CatalogueError            an entry of the catalogue is wrong                 (corpus.catalogue)
    ├── StoreError                the library's database cannot be used              (corpus.store)
    ├── NotHeld                   an id that the library does not hold               (corpus.store)
    ├── SourceError               a file cannot be read as a document                (ingest)
    └── …                         further ones stand beside the code that raises them

A message is written for the person who reads it: one sentence that names what is wrong and where, and one that says
what to do about it.
"""


class VerbatimError(Exception):
    """Something a person can act on.

    :param what: what is wrong and where, one sentence without a final stop.
    :param remedy: what to do about it, one sentence without a final stop; empty when nothing can be done.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}." if self.remedy else f"{self.what}."
