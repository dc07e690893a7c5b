"""The names of this room: `btfnet/sklearn/__init__.py` reads this file, and type checkers do."""

from .binarizer import TableBinarizer as TableBinarizer
from .classifier import BTFClassifier as BTFClassifier

__all__ = ["BTFClassifier", "TableBinarizer"]
