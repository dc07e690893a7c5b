"""Problems: items and a network, what is checked of both, values, scores and contradictions."""

from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind, booleans, one_hot

__all__ = ["InputKind", "OutputKind", "Problem", "booleans", "one_hot"]
