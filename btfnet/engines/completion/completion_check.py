"""Looking early: the present weights become gates, checked on every training item; what is saved of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.fit import MOST_CANDIDATES, Completion, TargetBits, complete
from btfnet.engines.completion.rationalise import rationalise
from btfnet.kernels.bits import unpack_bits
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.evaluate import exhaustive_words
from btfnet.logic.verify import verify_items
from btfnet.printable import shown
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import Bits
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.projections.rrr import Schedule


def infer(
    network: Network, weights: NDArray[np.float64], inputs: NDArray[np.floating]
) -> NDArray[np.float32]:
    """The preactivations w·x of all threshold nodes.

    weights  (n_edges,); inputs  (n_items, n_inputs), ±1 or analog
    Returns float32, (n_btf, n_items). Source: arXiv 2602.17493, section 4.
    """
    values = np.empty((network.n_nodes, len(inputs)), dtype=np.float32)
    values[0] = -1
    values[1 : network.n_inputs + 1] = inputs.T
    preactivations = np.empty((network.n_btf, len(inputs)), dtype=np.float32)
    for group in network.groups:
        senders = network.senders(group.start)
        edges = slice(network.edges(group.start).start, network.edges(group[-1]).stop)
        matrix = weights[edges].reshape(len(group), senders.size).astype(np.float32)
        rows = slice(group.start - network.n_inputs - 1, group.stop - network.n_inputs - 1)
        preactivations[rows] = matrix @ values[senders]
        values[group.start : group.stop] = signs(preactivations[rows])
    return preactivations


def signs(values: NDArray[np.floating]) -> NDArray[np.int8]:
    """+1 where positive, -1 elsewhere, at 0 too."""
    return np.where(values > 0, np.int8(1), np.int8(-1))


MOST_CODE_BITS = 12
Scores = tuple[float, float, float, float]
"""Fractions of training bits and words, test bits and words, that are right; NaN where there are no such items."""


@dataclass(frozen=True)
class Candidate:
    """A circuit, checked: output bits that it gets wrong, and the codes of unknown inputs that it needs.

    weights  its gates as integer weights on the network's edges, (n_edges,), before anything was simplified
    network  which that is, where the problem's grows; None: the problem's
    """

    circuit: Circuit
    wrong_bits: int
    codes: NDArray[np.int8] | None
    doubts: tuple[str, ...] = ()
    weights: NDArray[np.int64] | None = None
    network: Network | None = None

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
    inputs = np.asarray(problem.train_inputs) if codes is None else codes > 0
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
    inputs: Bits,
    doubts: tuple[str, ...] = (),
    *,
    weights: NDArray[np.int64] | None = None,
    network: Network | None = None,
) -> Candidate:
    """A simplified circuit and what `verify_items` says of it; codes are chosen anew where they are ours."""
    circuit = circuit.simplified()
    outputs = problem.outputs[: problem.n_train] > 0
    known = problem.input_kind.known
    if not known:
        inputs = recode(circuit, np.asarray(inputs), outputs, problem.input_kind, problem.train_care)
    verdict = verify_items(circuit, inputs, outputs, problem.train_care)
    codes = None if known else np.where(np.asarray(inputs), 1, -1).astype(np.int8)
    doubts = () if verdict.exact else doubts
    return Candidate(circuit, verdict.n_wrong_bits, codes, doubts, weights, network)


def exact_scores(problem: Problem, candidate: Candidate) -> Scores:
    """An exact circuit's scores, counted in whole bits."""
    if candidate.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    outputs = candidate.circuit.predict(problem.items.bits(problem.n_train))
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


def circuit_values(circuit: Circuit | None) -> dict[str, Any] | None:
    """A circuit's fields; unlike the JSON format this keeps every field as it is."""
    if circuit is None:
        return None
    return {
        "n_inputs": circuit.n_inputs,
        "gates": [(int(gate.at_least), [int(i) for i in gate.literals]) for gate in circuit.gates],
        "outputs": circuit.outputs,
        "input_names": circuit.input_names,
        "output_names": circuit.output_names,
        "name": circuit.name,
    }


def circuit_of(values: dict[str, Any] | None) -> Circuit | None:
    if values is None:
        return None
    gates = tuple(
        Gate(whole(at_least), tuple(map(whole, literals))) for at_least, literals in values["gates"]
    )
    names = (tuple(values["input_names"]), tuple(values["output_names"]))
    outputs = tuple(map(whole, values["outputs"]))
    return Circuit(whole(values["n_inputs"]), gates, outputs, *names, str(values["name"]))


def whole(value: Any) -> int:
    """JSON has no other way to say it; NaN or 1.5 would only be noticed much later."""
    if type(value) is not int or abs(value) >= 2**31:
        raise TypeError(f"expected a whole number of 32 bits, found {shown(value)}")
    return value


def candidate_values(candidate: Candidate | None) -> tuple[dict[str, Any] | None, dict[str, NDArray[Any]]]:
    """Its values, and its codes and weights where it has some."""
    if candidate is None:
        return None, {}
    values = {
        "circuit": circuit_values(candidate.circuit),
        "wrong_bits": int(candidate.wrong_bits),
        "doubts": candidate.doubts,
    }
    arrays = {"codes": candidate.codes, "weights": candidate.weights}
    return values, {name: array for name, array in arrays.items() if array is not None}


def candidate_of(values: dict[str, Any] | None, arrays: Mapping[str, NDArray[Any]]) -> Candidate | None:
    if values is None:
        return None
    circuit = circuit_of(values["circuit"])
    if circuit is None:
        raise ValueError("a candidate without a circuit")
    codes, weights = arrays.get("codes"), arrays.get("weights")
    return Candidate(circuit, int(values["wrong_bits"]), codes, tuple(values["doubts"]), weights)
