"""Preparing the kernels before they are needed, so that the wait has a reason that the user is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from btfnet.problem import Problem

SECONDS_BEFORE_MESSAGE = 2.0
MESSAGE = "Preparing the kernels: the first run compiles them, later ones load them …"


@contextmanager
def compile_message(*, quiet: bool) -> Iterator[None]:
    """Say that kernels are being prepared, but only when that takes so long that one wonders.

    On a busy machine even loading them from the cache may, so that the words are true of both.
    """
    timer = threading.Timer(SECONDS_BEFORE_MESSAGE, lambda: click.echo(MESSAGE, err=True))
    timer.daemon = True
    if not quiet:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def warm_up_search(problem: Problem, *, precision: str, jobs: int | None) -> None:
    """Compile, or load, what a search for the problem runs: the sweep, and the way from weights to gates."""
    import numpy as np

    from btfnet import boolnet
    from btfnet.descent import DescentStepper
    from btfnet.problem import Problem
    from btfnet.search.search import SHARED_EDGE_ITEMS, solve
    from btfnet.settings import Settings

    boolnet.warm_up(precision, 1)
    if problem.edge_items >= SHARED_EDGE_ITEMS and jobs != 1:
        boolnet.warm_up(precision, 2)
    conjunction = Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]], hidden=(2,))
    solve(conjunction, Settings(max_iterations=50), trials=1, jobs=1, precision=precision)
    DescentStepper(conjunction, np.random.default_rng(0)).advance(2, 0.0)


def warm_up_circuits() -> None:
    """Compile, or load, what evaluates circuits, unless that takes no time anyway."""
    import numpy as np

    from btfnet.circuit import Circuit, Gate

    with compile_message(quiet=False):
        conjunction = Circuit(2, (Gate(2, (1, 2)),), (3,))
        conjunction.predict([[0, 1]])
        conjunction.program.rows(np.zeros((1, 2), dtype=np.uint8))
        conjunction.program.words(np.zeros((2, 1), dtype=np.uint64))
