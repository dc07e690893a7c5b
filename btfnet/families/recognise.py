"""`recognise`: which outputs of a problem belong to a known family of functions, by the items alone.

Every family is tried on the training items, and what explains them is checked on the validation items. What is
found is reported apart from what is learned: it was not, somebody had written its family down before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from typing import Protocol

import numpy as np

from btfnet.arguments import a, need, number, optional, whole
from btfnet.families.counting import tables
from btfnet.families.evidence import Bits, Sample, contradicted
from btfnet.families.gate_builder import AndBuilder, GateBuilder, TooManyGates
from btfnet.families.polynomials import parities, polynomials
from btfnet.families.relations import Relation, relations
from btfnet.families.weighted import weighted_thresholds
from btfnet.halting import Stop, question
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind

HELD_OUT = 0.2
"""Part of the training items, the last ones, that check candidates where there are no validation items."""

UNUSED = 4
"""A circuit under construction may have so many times the gates of the finished one: not all are used."""


class Function(Protocol):
    """A candidate: a function of the inputs that has a name and gates."""

    @property
    def name(self) -> str: ...

    def answers(self, inputs: Bits) -> Bits: ...

    def build(self, builder: GateBuilder) -> int: ...


@dataclass(frozen=True, eq=False)
class Recognised:
    """An output that is a function of a known family.

    output        its number, from 0
    name          the function in words
    function      the function itself, exact
    circuit       gates for this output alone; None where no circuit is small enough
    exact         whether the circuit is the function; else a nearby one, as large as was allowed
    train, validation  parts of the items that the circuit, or without one the function, gets right; or NaN
    """

    output: int
    name: str
    function: Function = field(repr=False)
    circuit: Circuit | None = field(repr=False)
    exact: bool
    train: float
    validation: float

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {
            "output": self.output,
            "name": self.name,
            "exact": self.exact,
            "gates": None if self.circuit is None else len(self.circuit.gates),
            "train": None if np.isnan(self.train) else self.train,
            "validation": None if np.isnan(self.validation) else self.validation,
        }


def recognise(
    problem: Problem,
    *,
    error: float = 0.0,
    max_ands: int | None = None,
    stop: Stop | None = None,
) -> tuple[Recognised, ...]:
    """The outputs of a problem that are functions of known families, in their order; at most one for each.

    error     part of the output bits that may be wrong in the items, from 0 to 0.5; at least what training items
              show where they contradict each other
    max_ands  largest circuit, in two-input Ands; where the function needs more, a nearby one takes its place
    stop      asked between candidates whether to try no more; what it has by then may not be the best

    Only problems with Boolean inputs have any. Takes seconds for thousands of items.
    """
    need(
        "recognise",
        problem=(problem, a(Problem)),
        error=(error, number(0, 0.5)),
        max_ands=(max_ands, optional(whole(0))),
    )
    sample = sample_of(problem, error, question(stop))
    if sample is None:
        return ()
    names, reported = (problem.input_names, problem.output_names), replace(sample, n_train=problem.n_train)
    return tuple(
        _described(reported, output, function, max_ands, names)
        for output, function in best_functions(sample)
        if not sample.over()
    )


def sample_of(
    problem: Problem, error: float = 0.0, over: Callable[[], bool] = lambda: False
) -> Sample | None:
    """A problem's training and validation items as Booleans; None where its inputs are no bits."""
    if problem.input_kind is not InputKind.BITS:
        return None
    n_items = problem.first_test
    wanted = problem.outputs[:n_items] > 0
    care = np.ones_like(wanted) if problem.care is None else problem.care[:n_items]
    n_train = problem.n_train if problem.n_validation else problem.n_train - int(HELD_OUT * problem.n_train)
    sample = Sample(np.asarray(problem.items.bits(0, n_items)), wanted, care, n_train, error, over)
    return replace(sample, error=max(error, contradicted(sample)))


def best_functions(sample: Sample) -> list[tuple[int, Function]]:
    """For each output that any function explains, the best one.

    The fewest wrong items decide, then how many outputs the same operation on the same words explains, then
    which is simpler: the order in which they are tried.
    """
    found = list(_explanations(sample))
    groups = Counter(_group(function) for _, function in found)
    best: dict[int, tuple[tuple[float, int], Function]] = {}
    for output, function in found:
        right = (function.answers(sample.inputs) == sample.outputs[:, output])[sample.care[:, output]]
        merit = (float(right.mean()), groups[_group(function)])
        if output not in best or merit > best[output][0]:
            best[output] = (merit, function)
    return [(output, best[output][1]) for output in sorted(best)]


def _explanations(sample: Sample) -> Iterator[tuple[int, Function]]:
    yield from parities(sample)
    yield from tables(sample)
    yield from weighted_thresholds(sample)
    yield from chain.from_iterable(relations(sample))
    yield from polynomials(sample)


def _group(function: Function) -> object:
    """What relations of different outputs share; other functions stand alone."""
    if isinstance(function, Relation):
        return function.operation.phrase, function.layout
    return id(function)


def joint_circuit(problem: Problem, found: Sequence[Recognised]) -> Circuit | None:
    """One circuit for all outputs, gates shared; None unless every output is recognised."""
    if len(found) < problem.network.n_outputs:
        return None
    builder = GateBuilder(problem.network.n_inputs)
    outputs = [each.function.build(builder) for each in found]
    names = (problem.input_names, problem.output_names)
    return builder.circuit(outputs, input_names=names[0], output_names=names[1], name=problem.name)


Names = tuple[tuple[str, ...], tuple[str, ...]]


def _described(
    sample: Sample, output: int, function: Function, max_ands: int | None, names: Names
) -> Recognised:
    """A function with the largest circuit that is allowed, and what that gets right."""
    own = names[1][output : output + 1]
    circuit, exact = _exact(sample.n_inputs, function, max_ands), True
    if circuit is None and isinstance(function, Relation):
        circuit, exact = _nearest(sample, output, function, max_ands or 0), False
    if circuit is None:
        answers = function.answers(sample.inputs)
    else:
        circuit = circuit.named(inputs=names[0], outputs=own, name=f"y{output}")
        answers = circuit.predict(sample.inputs, kind="bool")[:, 0]
    train, validation = sample.accuracies(output, answers)
    return Recognised(output, function.name, function, circuit, exact, train, validation)


def _exact(n_inputs: int, function: Function, max_ands: int | None) -> Circuit | None:
    """The function in the fewest gates, or in the fewest Ands where only these are few enough."""
    for kind in (GateBuilder, AndBuilder):
        circuit = _small(kind, n_inputs, function.build, max_ands)
        if circuit is not None:
            return circuit
    return None


def _nearest(sample: Sample, output: int, relation: Relation, max_ands: int) -> Circuit | None:
    """A nearby circuit that is small enough: of so much effort as no item needs more, or as is allowed."""
    best, most_right = None, 0
    for effort in relation.efforts():
        build = partial(relation.build_near, effort=effort)
        circuit = _small(AndBuilder, sample.n_inputs, build, max_ands)
        if circuit is None:
            break
        answers = circuit.predict(sample.inputs, kind="bool")[:, 0]
        right = int(np.count_nonzero((answers == sample.outputs[:, output]) & sample.care[:, output]))
        if right > most_right:
            best, most_right = circuit, right
        if right == sample.care[:, output].sum():
            break
    return best


def _small(
    kind: type[GateBuilder], n_inputs: int, build: Callable[[GateBuilder], int], max_ands: int | None
) -> Circuit | None:
    """A circuit of one output; None where it takes more Ands than are allowed."""
    builder = kind(n_inputs, None if max_ands is None else UNUSED * max_ands)
    try:
        circuit = builder.circuit([build(builder)])
    except TooManyGates:
        return None
    if max_ands is None:
        return circuit
    if len(circuit.gates) > max_ands or aig_of(circuit).n_ands > max_ands:
        return None
    return circuit
