"""What can go wrong in index/, beside `corpus.errors.VerbatimError`.

ModelError       a model that is absent, incomplete, altered, of another dimension, or in need of remote code
IndexDamaged     a generation with a missing or altered file, or made by other models than those configured
QueryError       a query that cannot be asked: empty, too long, a filter or limit out of range
EvaluationError  an evaluation set that is incomplete or contradicts itself
"""

from corpus.errors import VerbatimError


class ModelError(VerbatimError):
    """A model that is absent, incomplete, altered, of another dimension, or in need of remote code."""


class IndexDamaged(VerbatimError):
    """A generation that cannot be trusted: a file is missing or altered, or other models made it."""


class QueryError(VerbatimError):
    """A query that cannot be asked.

    :param field: the parameter at fault, as the API names it.
    """

    def __init__(self, what: str, remedy: str = "", *, field: str = "q") -> None:
        super().__init__(what, remedy)
        self.field = field


class EvaluationError(VerbatimError):
    """An evaluation set that is incomplete or contradicts itself."""
