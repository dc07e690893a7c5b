"""`NetworkStepper`: a problem's iteration as the loop drives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import overwrite
from btfnet.engines.completion.completion_check import Scores, infer
from btfnet.engines.projections import layout
from btfnet.errors import ProjectionError, UsageError
from btfnet.halting import Halt
from btfnet.kernels.projections.blocks import from_lanes
from btfnet.kernels.projections.sweep import advance, advance_threads
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

PRECISIONS = ("float32", "float64")


class NetworkStepper:
    """The iteration for a problem's training items (a `btfnet.projections.rrr.Stepper`).

    rng        draws the start; after it everything is deterministic, whatever the number of threads
    precision  float32 (default) or float64
    threads    threads that share the item blocks
    halt       once requested, `Halted` is raised while the start is drawn

    Raises `CapacityError` when the state does not fit into memory.
    """

    def __init__(
        self,
        problem: Problem,
        settings: Settings,
        rng: np.random.Generator,
        *,
        precision: str = "float32",
        threads: int = 1,
        halt: Halt | None = None,
    ) -> None:
        if precision not in PRECISIONS:
            raise UsageError(f"precision is {precision!r}; choose one of {', '.join(PRECISIONS)}.")
        dtype = np.dtype(precision)
        self.problem, self.settings = problem, settings
        self._real = dtype.type
        self.state = layout.start_state(problem, dtype, rng, halt)
        self.wiring = layout.wiring_of(problem, settings.sigma, dtype)
        self._threads = max(1, min(threads, len(self.state.w)))
        self.scratch = layout.scratch_for(problem, dtype, self._threads)
        self._terms = float(problem.n_train * problem.network.n_btf)
        self._iteration, self._gap = 0, float("inf")
        self.project_start()

    def project_start(self) -> None:
        """A sweep that moves nothing: it projects the start and adds up what the first B needs."""
        self._sweep(1, 0.0, 0.0)
        self.state.total[:] = 0

    def _sweep(self, iterations: int, beta: float, stop_gap: float) -> int:
        many = self._threads > 1
        sweep = advance_threads if many else advance
        return int(
            sweep(
                iterations,
                stop_gap,
                self.wiring,
                self.state,
                self.scratch,
                self._real(beta),
                self.settings.gamma,
                self._terms,
            )
        )

    # -- what the loop needs --------------------------------------------------------------------------

    @property
    def iteration(self) -> int:
        return self._iteration

    @property
    def gap(self) -> float:
        return self._gap

    def advance(self, iterations: int, stop_gap: float) -> None:
        """Raises `ProjectionError` when a value of the state is no longer finite."""
        if iterations < 1:
            return
        self._iteration += self._sweep(iterations, self.settings.beta, stop_gap)
        mean = float(self.state.total[3])
        if not np.isfinite(mean):
            raise ProjectionError(
                f"{self.problem.name}: the gap is {mean} at iteration {self._iteration}; the state has left the "
                f"range of {self.state.w.dtype}. Use a smaller beta or gamma, or float64."
            )
        self._gap = mean**0.5

    def measure(self) -> dict[str, float]:
        """Gap parts, and the fractions of bits that plain inference gets right."""
        return spread_gaps(self.state.total[:3], self.scores())

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything that the next iteration reads, by name; not copied."""
        return {**self.state._asdict(), "progress": np.array([self._iteration, self._gap])}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        progress = np.zeros(2)
        overwrite({**self.state._asdict(), "progress": progress}, saved)
        self._iteration, self._gap = int(progress[0]), float(progress[1])

    # -- what it has found ----------------------------------------------------------------------------

    @property
    def weights(self) -> NDArray[np.float64]:
        """The B weights of the last iteration; (n_edges,), each BTF's with norm sqrt(fan-in)."""
        return self.state.mean_w.astype(np.float64)

    @property
    def state_bytes(self) -> int:
        """Bytes held for the iteration, the data not counted."""
        return sum(array.nbytes for record in (self.state, self.scratch) for array in record)

    def codes(self) -> NDArray[np.int8] | None:
        """The A values of unknown inputs, int8 ±1, (n_train, n_inputs); None when the inputs are known."""
        if self.problem.input_kind.known:
            return None
        network = self.problem.network
        return from_lanes(self.state.y_a[:, 1 : network.n_inputs + 1], self.problem.n_train).astype(np.int8)

    def scores(self) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words, by plain inference with the B weights."""
        return scores_at(self.problem, self.weights, self.codes())

    def point(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The iterate v: w and x, (n_train, n_edges), and y, (n_train, n_nodes)."""
        n_items, state = self.problem.n_train, self.state
        w, x, y = (from_lanes(blocks, n_items).astype(np.float64) for blocks in (state.w, state.x, state.y))
        return w, x, y


def spread_gaps(squares: NDArray[np.floating], scores: Scores) -> dict[str, float]:
    """Columns of a `TraceRow`: gap parts from the mean squares of w, x, y, and the fractions of bits right."""
    parts = np.sqrt(squares)
    return {
        "gap_w": float(parts[0]),
        "gap_x": float(parts[1]),
        "gap_y": float(parts[2]),
        "train_bits": scores[0],
        "test_bits": scores[2],
    }


def scores_at(problem: Problem, weights: NDArray[np.float64], codes: NDArray[np.int8] | None) -> Scores:
    """Fractions of training bits and words, test bits and words, by plain inference.

    weights  (n_edges,); codes  of unknown inputs, (n_train, n_inputs); None where they are known
    """
    inputs = problem.inputs if codes is None else codes.astype(np.float32)
    return problem.scores(infer(problem.network, weights, inputs)[-problem.network.n_outputs :].T)


def state_bytes(problem: Problem, precision: str = "float32") -> int:
    """Bytes that a run of a problem keeps in memory, the data not counted."""
    return layout.state_bytes(problem, np.dtype(precision))


def state_bytes_of(n_items: int, n_nodes: int, n_edges: int, precision: str = "float32") -> int:
    """The same for a network and items that need not exist yet."""
    return layout.state_bytes_of(n_items, n_nodes, n_edges, np.dtype(precision))


def warm_up(precision: str = "float32", threads: int = 1) -> None:
    """Compile the kernels, or load them from the cache, so that the first run does not wait for it."""
    bits = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=np.float32)
    outputs = np.where(bits.sum(axis=1, keepdims=True) > 0, 1, -1)
    items = 40 if threads > 1 else 1
    network = Network.layered([2, 2, 1])
    problem = Problem("warm-up", network, Items(np.tile(bits, (items, 1)), np.tile(outputs, (items, 1))))
    stepper = NetworkStepper(
        problem, Settings(), np.random.default_rng(0), precision=precision, threads=threads
    )
    stepper.advance(2, 0.0)
