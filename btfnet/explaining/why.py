"""`why`: why a circuit says what it says of one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, list_of, need, number, optional, whole
from btfnet.errors import DataError, UsageError
from btfnet.explaining.changes import Changes, smallest_changes
from btfnet.explaining.conditions import columns_of, connected, impossible
from btfnet.explaining.decisive import decisive_gates, inputs_below, turned, values_of
from btfnet.explaining.questions import Questions
from btfnet.explaining.sufficient import Sufficient, sufficient
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline
from btfnet.matching.frames import input_rows
from btfnet.problem.values import booleans, regular

SECONDS = 5.0
LEAST_SECONDS = 0.05
"""That an output gets at least, however many there are."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Why one output has its value.

    output   its number, from 0
    value    what it is
    gates    nodes of the gates whose change, with all above following, changes it, from the inputs up; None where
             there are too many below it
    enough   inputs that force the value, whatever the others are
    changes  the smallest changes of the row that turn it
    """

    output: int
    value: bool
    gates: tuple[int, ...] | None
    enough: Sufficient
    changes: Changes


@dataclass(frozen=True, eq=False)
class Why:
    """Why a circuit says what it says of one row.

    row       bool, (n_inputs,)
    values    bool, (n_nodes + 1,): of every node; entry 0 is false
    outputs   one `Decision` for each output that was asked for
    rules     clauses, signed numbers of inputs from 1, that rows must satisfy: what their names say of each other,
              such as `age>=37` or not `age>=50`; empty where the row does not satisfy them itself
    """

    circuit: Circuit
    row: NDArray[np.bool_]
    values: NDArray[np.bool_]
    outputs: tuple[Decision, ...]
    rules: tuple[tuple[int, int], ...]


def why(
    circuit: Circuit,
    row: ArrayLike,
    *,
    outputs: Sequence[int] | None = None,
    alternatives: int = 3,
    seconds: float = SECONDS,
) -> Why:
    """What decided the outputs for a row: gates, inputs that are enough, and the smallest changes that turn them.

    row           (n_inputs,): bool, 0/1 or ±1
    outputs       numbers of the outputs that are looked at, from 0; None: all
    alternatives  smallest changes that are listed, at most
    seconds       for all of it; the records say what was not proven by then

    Where inputs are named after conditions, such as `age>=37` and `age>=50`, and the row does not contradict them,
    no row that does counts as an input or a change, and changes are counted by columns. Raises `DataError` for a
    row that does not fit.
    """
    need(
        "why",
        circuit=(circuit, a(Circuit)),
        outputs=(outputs, optional(list_of(whole(0), "a list of numbers of outputs from 0"))),
        alternatives=(alternatives, whole(1)),
        seconds=(seconds, number(0, 1e9, open_low=True)),
    )
    bits = one_row(circuit, row)
    asked = tuple(range(circuit.n_outputs)) if outputs is None else tuple(int(output) for output in outputs)
    if any(output >= circuit.n_outputs for output in asked):
        raise UsageError(f"why: outputs is {list(asked)}; {circuit.name} has {circuit.n_outputs}, from 0.")
    rules = impossible(circuit.input_names)
    if not all(any(bits[abs(x) - 1] == (x > 0) for x in rule) for rule in rules):
        rules = []
    deadline = Deadline(seconds)
    values, gates = values_of(circuit, bits), decisive_gates(circuit, bits, asked)
    below = inputs_below(circuit)
    order = _least_telling_first(circuit, bits)
    decisions = []
    with Questions(circuit, bits, rules) as questions:
        for place, output in enumerate(asked):
            value = bool(values[abs(circuit.outputs[output])]) ^ (circuit.outputs[output] < 0)
            telling = connected(
                set(below[output]), rules
            )  # age >= 65 tells that age >= 37, which alone is heard
            inputs = [index for index in order[output] if index in telling]
            share = max((seconds - deadline.seconds) / (len(asked) - place), LEAST_SECONDS)
            every = sorted(inputs)
            columns = columns_of(circuit.input_names, every) if rules else [[index] for index in every]
            changes = smallest_changes(questions, output, value, columns, alternatives, Deadline(share / 2))
            enough = sufficient(questions, output, value, inputs, Deadline(share / 2))
            decisions.append(Decision(output, value, gates[place], enough, changes))
    return Why(circuit, bits, values, tuple(decisions), tuple(rules))


def one_row(circuit: Circuit, row: Any) -> NDArray[np.bool_]:
    """A row of inputs as Booleans. Raises `DataError` where it is none."""
    rows = booleans(regular(f"{circuit.name}: the row", input_rows([row], circuit.ports)), circuit.name)
    if rows.ndim != 2 or rows.shape != (1, circuit.n_inputs):
        raise DataError(
            f"{circuit.name}: the row has {np.size(rows)} values, but there are {circuit.n_inputs} inputs."
        )
    found: NDArray[np.bool_] = rows[0] > 0
    return found


def _least_telling_first(circuit: Circuit, row: NDArray[np.bool_]) -> list[list[int]]:
    """For each output the inputs, those first that do not change it when they alone are turned."""
    answers = turned(circuit, row, np.arange(circuit.n_inputs + 1))
    differs = answers[1:] != answers[0]
    return [np.argsort(differs[:, output], kind="stable").tolist() for output in range(circuit.n_outputs)]
