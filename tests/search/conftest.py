"""A search that is too hard for its iterations: whole, and interrupted."""

from __future__ import annotations

import numpy as np
import pytest
from support.search_samples import ENGINES, Interruption, solve

from btfnet.checkpoint.folder import Checkpoint
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem


@pytest.fixture(scope="session")
def problem():
    """Too hard for so few iterations: three bits of a random function through a narrow waist."""
    rng = np.random.default_rng(5)
    inputs = np.where(np.arange(64)[:, None] >> np.arange(6) & 1, 1, -1)
    return Problem(
        "random", Network.layered([6, 8, 4, 8, 3]), Items(inputs, np.where(rng.random((64, 3)) < 0.5, -1, 1))
    )


@pytest.fixture(scope="session")
def whole(problem):
    """Every engine's search without an interruption."""
    return {engine: solve(problem, engine) for engine in ENGINES}


@pytest.fixture
def unfinished(problem, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        Interruption(patch, 8)
        solve(problem, "rrr", Checkpoint(tmp_path / "c"))
    return tmp_path / "c"
