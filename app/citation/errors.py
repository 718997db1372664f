"""What can be asked of a citation and not be given: a style, a language or a format that does not exist."""

from corpus.errors import VerbatimError


class CitationError(VerbatimError):
    """A citation that cannot be made as it was asked for."""


class UnknownStyle(CitationError):
    """A style that is neither in the menu nor among the CSL styles installed."""

    def __init__(self, name: str, nearest: tuple[str, ...]) -> None:
        near = f"Did you mean {', '.join(repr(style) for style in nearest)}" if nearest else "See the list of styles"
        super().__init__(f"There is no citation style {name!r}", near)
        self.name = name
        self.nearest = nearest


class UnknownLocale(CitationError):
    """A language that the citation terms ("p.", "para.") have not been translated to."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no citation language {name!r}", f"Use one of {', '.join(known)}")
        self.name = name
        self.known = known
