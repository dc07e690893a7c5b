"""Searches that the tests interrupt, and how their trials are compared."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

import btfnet
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search import side_by_side
from btfnet.search.records import Trial
from btfnet.search.trial import StopToken
from btfnet.settings import Settings

SETTINGS = Settings(beta=0.4, gamma=1e-3, gap=1e-9, max_iterations=400)
ENGINES = ("rrr", "descent", "rrr+descent")
PAIRS = tuple(itertools.combinations(range(4), 2))
"""Every output is the majority of such a pair of inputs and of input 4; input 5 is its copy in training items."""


def sixty_four() -> Problem:
    """Items on which inputs 4 and 5 are alike, to train; and the others."""
    inputs = np.array(sorted(itertools.product((-1, 1), repeat=6), key=lambda row: row[4] != row[5]))
    outputs = np.array([[np.sign(row[a] + row[b] + row[4]) for a, b in PAIRS] for row in inputs])
    return Problem("pairs", Network.layered([6, len(PAIRS)]), Items(inputs, outputs), n_train=32)


def solve(problem, engine, checkpoint=None, **options):
    options = {"trials": 2, "all_trials": True, "jobs": 1, "seed": 3, **options}
    return btfnet.solve(problem, SETTINGS, engine=engine, checkpoint=checkpoint, **options)


def same(one: Trial, other: Trial) -> bool:
    """Bit for bit, but for the time."""
    looks = [[(look.iteration, look.gap, look.train_bits) for look in trial.trace] for trial in (one, other)]
    return (
        (one.index, one.seed, one.status, one.iterations, one.gap, one.circuit, one.wrong_bits, one.found_by)
        == (other.index, other.seed, other.status, other.iterations, other.gap, other.circuit,
            other.wrong_bits, other.found_by)
        and np.array_equal(one.weights, other.weights)
        and np.array_equal(one.integer_weights, other.integer_weights)
        and one.network == other.network
        and looks[0] == looks[1]
    )  # fmt: skip


def same_trials(found: Sequence[Trial], expected: Sequence[Trial]) -> bool:
    return all(same(*pair) for pair in zip(found, expected, strict=True))


class Interruption:
    """Ends a search as Ctrl-C does, when it has been asked so often whether it must end."""

    def __init__(self, monkeypatch, after: int) -> None:
        self.left, self.real = after, StopToken.__call__
        interruption = self

        def asked(guard: StopToken):
            interruption.left -= 1
            if interruption.left == 0:
                raise_in_main()
            return interruption.real(guard)

        def raise_in_main() -> None:
            interruption.search.interrupted.set()

        module = side_by_side
        real = module.Search.__init__

        def remember(search, *arguments):
            interruption.search = search
            real(search, *arguments)

        monkeypatch.setattr(module.Search, "__init__", remember)
        monkeypatch.setattr(StopToken, "__call__", asked)
