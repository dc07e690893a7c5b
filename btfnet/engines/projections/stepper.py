"""`NetworkStepper`: a problem's iteration as the loop drives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import overwrite
from btfnet.engines.completion.completion_check import Scores, infer
from btfnet.engines.projections import layout
from btfnet.engines.projections.exchange import WeightExchange
from btfnet.errors import ProjectionError, UsageError
from btfnet.halting import Halt
from btfnet.kernels.projections.blocks import from_lanes
from btfnet.kernels.projections.sweep import (
    advance,
    advance_threads,
    close_iteration,
    set_rate,
    sweep_blocks,
    sweep_blocks_threads,
)
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.ranks.records import pieces, rows_of
from btfnet.settings import Settings

BLOCKED = ("w", "x", "y", "g", "z", "y_a", "a", "b", "w_sum", "gaps")
"""What of the state has a row for every block of items: a rank holds its own."""
PRECISIONS = ("float32", "float64")


@dataclass(frozen=True)
class Read:
    """Weights and codes as they were when they were read (see `completion_check.HasWeights`)."""

    weights: NDArray[np.float64]
    known_codes: NDArray[np.int8] | None

    def codes(self) -> NDArray[np.int8] | None:
        return self.known_codes


class NetworkStepper:
    """The iteration for a problem's training items (a `btfnet.projections.rrr.Stepper`).

    rng        draws the start; after it everything is deterministic, whatever the number of threads
    precision  float32 (default) or float64
    threads    threads that share the item blocks
    halt       once requested, `Halted` is raised while the start is drawn
    ranks      share the blocks of items; each holds its own part of the state, and all make the same calls

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
        ranks: Ranks = ALONE,
    ) -> None:
        if precision not in PRECISIONS:
            raise UsageError(f"precision is {precision!r}; choose one of {', '.join(PRECISIONS)}.")
        dtype = np.dtype(precision)
        self.problem, self.settings = problem, settings
        self._real = dtype.type
        self.ranks, n_blocks = ranks, len(layout.all_blocks(problem))
        self._blocks = ranks.share(n_blocks)
        self.state = layout.start_state(problem, dtype, rng, halt, self._blocks)
        self.wiring = layout.wiring_of(problem, settings.sigma, dtype, self._blocks)
        self._exchange = WeightExchange(ranks, self.wiring, self.state, n_blocks) if ranks.many else None
        self._threads = max(1, min(threads, len(self.state.w)))
        self.scratch = layout.scratch_for(problem, dtype, self._threads)
        self._terms = float(problem.n_train * problem.network.n_btf)
        self._iteration, self._gap = 0, float("inf")
        self.project_start()

    def project_start(self) -> None:
        """A sweep that moves nothing: it projects the start and adds up what the first B needs."""
        self._sweep(1, 0.0, 0.0)
        self.state.total[:] = 0

    def _sweep_shared(self, exchange: WeightExchange, iterations: int, beta: float, stop_gap: float) -> int:
        """The same among ranks: what one process does in an iteration, with the sums of all of them."""
        wiring, state, scratch = self.wiring, self.state, self.scratch
        sweep = sweep_blocks_threads if self._threads > 1 else sweep_blocks
        for iteration in range(iterations):
            exchange.weights(state)
            set_rate(state, self.settings.gamma)
            sweep(wiring, state, scratch, self._real(beta))
            if not close_iteration(exchange.all_gaps(state), self._terms) > stop_gap * stop_gap:
                return iteration + 1
        return iterations

    def _sweep(self, iterations: int, beta: float, stop_gap: float) -> int:
        if self._exchange is not None:
            return self._sweep_shared(self._exchange, iterations, beta, stop_gap)
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
        iterations = self.ranks.agreed(iterations)
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
        n_blocks = len(layout.all_blocks(self.problem))
        arrays = {
            name: pieces(self.ranks, array, n_blocks) if name in BLOCKED else array
            for name, array in self.state._asdict().items()
        }
        return {**arrays, "progress": np.array([self._iteration, self._gap])}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        progress, state = np.zeros(2), self.state._asdict()
        overwrite(
            {name: state[name] for name in state if name not in BLOCKED} | {"progress": progress}, saved
        )
        for name in BLOCKED:
            overwrite({name: state[name]}, {name: rows_of(self.ranks, saved, name, self._blocks)})
        self._iteration, self._gap = int(progress[0]), float(progress[1])

    # -- what it has found ----------------------------------------------------------------------------

    @property
    def weights(self) -> NDArray[np.float64]:
        """The B weights of the last iteration; (n_edges,), each BTF's with norm sqrt(fan-in)."""
        return self.state.mean_w.astype(np.float64)

    @property
    def state_bytes(self) -> int:
        """Bytes held for the iteration, the data not counted."""
        exchanged = 0 if self._exchange is None else self._exchange.n_bytes
        return exchanged + sum(array.nbytes for record in (self.state, self.scratch) for array in record)

    def codes(self) -> NDArray[np.int8] | None:
        """The A values of unknown inputs, int8 ±1, (n_train, n_inputs); None when the inputs are known."""
        if self.problem.input_kind.known:
            return None
        values = self.state.y_a[:, 1 : self.problem.network.n_inputs + 1].astype(np.int8)
        return from_lanes(self.ranks.gathered(values), self.problem.n_train)

    def read(self) -> Read:
        """The weights, and the codes of all ranks' items."""
        return Read(self.weights, self.codes())

    def scores(self) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words, by plain inference with the B weights."""
        problem, codes, weights = self.problem, self.codes(), self.weights
        return self.ranks.from_first(lambda: scores_at(problem, weights, codes))

    def point(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The iterate v of this rank's items: w and x, (n_train, n_edges), and y, (n_train, n_nodes)."""
        items, state = layout.items_of(self.problem, self._blocks), self.state
        n_items = items.stop - items.start
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
