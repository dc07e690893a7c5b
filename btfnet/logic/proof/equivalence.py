"""`prove_equal`: the door, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from btfnet import arguments
from btfnet.arguments import need, optional, said
from btfnet.errors import UsageError
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.logic.aig.aig import Builder
from btfnet.logic.aig.gates import add_circuit
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.evaluate import evaluate_words
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.logic.proof.sweep import Different, Effort, prove
from btfnet.logic.verify import Counterexample, check_shapes, compare

CIRCUIT = arguments.a(Circuit)
SECONDS = arguments.a(Real, "a number of seconds")
METHODS = ("auto", "exhaustive", "sat")
EXHAUSTIVE_INPUTS = 24
"""Up to so many inputs `auto` tries them all."""
MOST_INPUTS = 40
"""More than these nobody can wait for."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Whether two circuits compute the same.

    equal           None when the time limit came first
    method          "exhaustive": every input was tried, or "sat": solver and patterns
    seconds         wall clock
    counterexample  inputs on which they differ, evaluated on both circuits; None unless they do
    n_items         inputs tried, wrong items and wrong bits among them; counted by "exhaustive" only
    effort          what "sat" took
    n_bits          output bits that were compared, where some did not count
    """

    equal: bool | None
    method: str
    seconds: float
    counterexample: Counterexample | None = None
    n_items: int | None = None
    n_wrong_items: int | None = None
    n_wrong_bits: int | None = None
    effort: Effort | None = None
    n_bits: int | None = None


def prove_equal(
    a: Circuit,
    b: Circuit,
    *,
    time_limit: float | None = None,
    method: str = "auto",
    dont_care: Circuit | None = None,
) -> Equivalence:
    """Does b compute the same as a? Inputs and outputs correspond by position; names do not matter.

    time_limit  seconds after which the answer is None
    method      "exhaustive" tries every input, "sat" proves by SAT sweeping, "auto" the first up to 24 inputs
    dont_care   a circuit of the same shape: where its output is true, that output does not count
    A counterexample's `expected` are the outputs of a (None where they do not count), its `got` those of b.
    Raises `DataError` when the counts of inputs or outputs differ, `UsageError` for an unknown method, a time
    limit that is not positive, and more than 40 inputs to try.
    """
    need("prove_equal", a=(a, CIRCUIT), b=(b, CIRCUIT), dont_care=(dont_care, optional(CIRCUIT)))
    need("prove_equal", time_limit=(time_limit, optional(SECONDS)))
    if not isinstance(method, str) or method not in METHODS:
        raise UsageError(f"there is no method {said(method)}; choose one of {', '.join(METHODS)}.")
    check_shapes(a, b)
    if dont_care is not None:
        check_shapes(a, dont_care)
    deadline = Deadline(time_limit)
    if method == "exhaustive" or (method == "auto" and a.n_inputs <= EXHAUSTIVE_INPUTS):
        return _by_trying(a, b, deadline, dont_care)
    return _by_sat(a, b, deadline, dont_care)


def all_true(circuit: Circuit, time_limit: float | None = None) -> bool:
    """Whether every output is proven to be true for every input, within so many seconds."""
    always = Circuit(circuit.n_inputs, (Gate(0, ()),), (circuit.n_inputs + 1,) * circuit.n_outputs)
    return prove_equal(always, circuit, time_limit=time_limit, method="sat").equal is True


def _by_trying(a: Circuit, b: Circuit, deadline: Deadline, dont_care: Circuit | None) -> Equivalence:
    verdict = compare(a, b, max_inputs=MOST_INPUTS, stop=lambda: deadline.over, dont_care=dont_care)
    complete = verdict.n_items == 1 << a.n_inputs
    return Equivalence(
        False if not verdict.exact else True if complete else None,
        "exhaustive",
        deadline.seconds,
        verdict.counterexample,
        verdict.n_items,
        verdict.n_wrong_items,
        verdict.n_wrong_bits,
    )


def _by_sat(a: Circuit, b: Circuit, deadline: Deadline, dont_care: Circuit | None) -> Equivalence:
    equal: bool | None = True
    counterexample, effort = None, Effort()
    try:
        builder = Builder(a.n_inputs)
        outputs = [*add_circuit(builder, a), *add_circuit(builder, b)]
        if dont_care is not None:  # both are false there, which is equal
            free = add_circuit(builder, dont_care)
            outputs = [builder.both(o, f ^ 1) for o, f in zip(outputs, [*free, *free], strict=True)]
        graph = builder.finish(outputs, (), (), a.name)
        effort.ands = graph.n_ands
        prove(graph, deadline, effort)
    except Different as difference:
        equal, counterexample = False, _checked(a, b, difference.inputs, dont_care)
    except OutOfTime:
        equal = None
    return Equivalence(equal, "sat", deadline.seconds, counterexample, effort=effort)


def _checked(a: Circuit, b: Circuit, inputs: NDArray[np.bool_], dont_care: Circuit | None) -> Counterexample:
    """The counterexample, evaluated on all circuits."""
    words = pack_bits(inputs[None, :])

    def outputs(circuit: Circuit) -> list[bool]:
        row: list[bool] = unpack_bits(evaluate_words(circuit, words), 1)[0].tolist()
        return row

    free = [False] * a.n_outputs if dont_care is None else outputs(dont_care)
    expected = tuple(None if f else bit for bit, f in zip(outputs(a), free, strict=True))
    item = sum(1 << index for index, bit in enumerate(inputs.tolist()) if bit)
    example = Counterexample(item, tuple(inputs.tolist()), expected, tuple(outputs(b)))
    if not example.wrong_outputs:
        raise AssertionError(f"{inputs.astype(int).tolist()} is no counterexample for {a.name} and {b.name}")
    return example
