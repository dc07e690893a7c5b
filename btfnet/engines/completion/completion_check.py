"""Looking early: at checkpoints, turn the present weights into gates and check them on every training item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.fit import MOST_CANDIDATES, Completion, TargetBits, complete
from btfnet.engines.completion.rationalise import rationalise
from btfnet.engines.infer import infer
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import exhaustive_words
from btfnet.logic.verify import verify_items
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.projections.rrr import Schedule

MOST_CODE_BITS = 12
Scores = tuple[float, float, float, float]
"""Fractions of training bits and words, test bits and words, that are right; NaN where there are no such items."""


@dataclass(frozen=True)
class Candidate:
    """A circuit, checked: output bits that it gets wrong, and the codes of unknown inputs that it needs.

    weights  its gates as integer weights on the network's edges, (n_edges,), before anything was simplified
    """

    circuit: Circuit
    wrong_bits: int
    codes: NDArray[np.int8] | None
    doubts: tuple[str, ...] = ()
    weights: NDArray[np.int64] | None = None

    @property
    def exact(self) -> bool:
        return self.wrong_bits == 0


@dataclass(frozen=True)
class CompletedNetwork:
    """A network's weights read as gates: the completion, on the inputs (or codes) that it was fitted to."""

    completion: Completion
    inputs: NDArray[np.bool_]
    doubts: tuple[str, ...] = ()


class HasWeights(Protocol):
    """Such as the stepper of the projections."""

    @property
    def weights(self) -> NDArray[np.float64]:
        """(n_edges,)"""

    def codes(self) -> NDArray[np.int8] | None:
        """±1, (n_train, n_inputs), of unknown inputs; None where they are known."""


def complete_at(
    problem: Problem, stepper: HasWeights, sigma: float, *, thorough: bool = False
) -> CompletedNetwork:
    """Gates for the stepper's weights.

    thorough: spend seconds on the nodes that no small gate reproduces, and name those that nothing does
    """
    codes = stepper.codes()
    inputs = problem.inputs[: problem.n_train] > 0 if codes is None else codes > 0
    weights, network = stepper.weights, problem.network
    hidden = (
        infer(network, weights, np.where(inputs, np.float32(1), np.float32(-1)))[: -network.n_outputs] > 0
    )
    sheet = TargetBits.of(
        network, inputs, hidden.T, problem.outputs[: problem.n_train] > 0, problem.train_care
    )
    if not thorough:
        return CompletedNetwork(complete(network, weights, sheet, sigma), inputs)
    outcome = rationalise(network, weights, sheet, sigma)
    return CompletedNetwork(outcome.completion, inputs, outcome.doubts)


def verify_completion(problem: Problem, reading: CompletedNetwork) -> Candidate:
    """The circuit of a reading, verified on every training item where it may be exact."""
    circuit = reading.completion.circuit(problem.name, problem.input_names, problem.output_names)
    if reading.completion.wrong_bits and problem.input_kind.known:
        return Candidate(circuit, reading.completion.wrong_bits, None, reading.doubts)
    return complete_and_verify(
        problem, circuit, reading.inputs, reading.doubts, weights=np.asarray(reading.completion.weights)
    )


def complete_and_verify(
    problem: Problem,
    circuit: Circuit,
    inputs: NDArray[np.bool_],
    doubts: tuple[str, ...] = (),
    *,
    weights: NDArray[np.int64] | None = None,
) -> Candidate:
    """A simplified circuit and what `verify_items` says of it; codes are chosen anew where they are ours."""
    circuit = circuit.simplified()
    outputs = problem.outputs[: problem.n_train] > 0
    known = problem.input_kind.known
    if not known:
        inputs = recode(circuit, inputs, outputs, problem.input_kind, problem.train_care)
    verdict = verify_items(circuit, inputs, outputs, problem.train_care)
    codes = None if known else np.where(inputs, 1, -1).astype(np.int8)
    return Candidate(circuit, verdict.n_wrong_bits, codes, () if verdict.exact else doubts, weights)


def exact_scores(problem: Problem, candidate: Candidate) -> Scores:
    """An exact circuit's scores, counted in whole bits."""
    if candidate.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    outputs = candidate.circuit.predict(problem.inputs[problem.n_train :] > 0)
    return 1.0, 1.0, *problem.fractions_right(outputs, problem.n_train)


def recode(
    circuit: Circuit,
    codes: NDArray[np.bool_],
    outputs: NDArray[np.bool_],
    kind: InputKind,
    care: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """For each item the input whose output is nearest to the item's, where it counts: codes are ours to choose.

    All inputs are tried, if there are few enough; on equal terms the code at hand stays.
    """
    candidates = _all_codes(circuit.n_inputs, kind)
    if candidates is None:
        return codes
    offered = circuit.predict(candidates) > 0
    differs, kept = offered[None] != outputs[:, None], (circuit.predict(codes) > 0) != outputs
    if care is not None:
        differs &= care[:, None]
        kept &= care
    distance = differs.sum(axis=2)
    best = distance.argmin(axis=1)
    better = distance[np.arange(len(codes)), best] < kept.sum(axis=1)
    return np.where(better[:, None], candidates[best], codes)


def _all_codes(n_inputs: int, kind: InputKind) -> NDArray[np.bool_] | None:
    if kind is InputKind.UNKNOWN_ONE_HOT:
        return np.eye(n_inputs, dtype=bool)
    if n_inputs > MOST_CODE_BITS:
        return None
    return unpack_bits(exhaustive_words(n_inputs, 0, -(-(2**n_inputs) // 64)), 2**n_inputs)


SHARE = 0.1
"""Part of the time that looks may take, by the estimates below."""


def schedule_for(problem: Problem) -> Schedule:
    """Looks as often as they pay. Estimated from sizes alone, so that a trial does not depend on timing."""
    network = problem.network
    fan_ins = np.minimum(np.diff(network.fan_in_start)[network.n_inputs + 1 :], MOST_CANDIDATES)
    triples = (fan_ins.astype(np.float64) ** 3 / 6).sum()
    words = -(-problem.n_train // 64)
    look_ns = 3e5 + 2.0 * triples * min(words, 3) + 0.5 * network.n_edges * problem.n_items
    interval = int(look_ns / iteration_ns(problem) / SHARE) + 1
    return Schedule(first=max(50, interval), growth=1.2, longest=max(2000, interval))


def iteration_ns(problem: Problem) -> float:
    """Estimated nanoseconds of one iteration of the projections."""
    return 2000 + 1.3 * problem.edge_items
