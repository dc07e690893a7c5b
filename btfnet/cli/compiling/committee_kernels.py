"""What training a committee runs beside gate descent, and the model that is saved, on four items."""

from __future__ import annotations

from btfnet.committee.training import train_committee
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind


def committee() -> None:
    """Compile the kernels, or load them from the cache."""
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    network = Network.layered([2, 2])
    problem = Problem.from_arrays(corners, [0, 0, 0, 1], network, output_kind=OutputKind.CLASS)
    trained = train_committee(problem, members=1, hidden=2, code_bits=2, bits=4, fan_in=2)
    trained.classifier().one_hot(corners)
