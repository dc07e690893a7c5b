"""Names of single outputs: by their tables, or guessed from samples and proven by SAT."""

from __future__ import annotations

import numpy as np

from btfnet.explaining.conditions import plain
from btfnet.explaining.function import Function
from btfnet.explaining.identity import BY_SAT, Identity, Single, single
from btfnet.explaining.naming import Naming, how
from btfnet.explaining.proposals import circuit_of, counted_likely, witnesses
from btfnet.families.evidence import Sample
from btfnet.families.gate_builder import GateBuilder, TooManyGates
from btfnet.families.polynomials import Polynomial
from btfnet.families.recognise import Function as Family
from btfnet.families.recognise import best_functions
from btfnet.families.relations import Relation
from btfnet.logic.proof.deadline import Deadline, OutOfTime

WITNESSES = 8
"""Rows at which an output is true, and as many at which it is false, that candidates must meet."""
RECOGNISED_ON = 2048
"""Random rows on which the families of `btfnet.recognise` are tried."""
MOST_RECOGNISED = 64
"""Inputs up to which they are."""
MOST_GATES = 20_000


def name_singles(naming: Naming) -> None:
    """What each output is by itself. Raises `OutOfTime`."""
    for function in naming.functions:
        naming.deadline.check()
        found = _small(naming, function) if function.is_small else _wide(naming, function)
        if found is not None:
            naming.singles[function.outputs[0]] = found


def _small(naming: Naming, function: Function) -> Single | None:
    n, (table,) = len(function.inputs), function.tables
    for value in (False, True):
        entries = np.flatnonzero(table == value)[:WITNESSES].tolist()
        naming.rows += [naming.row(function.inputs, [x >> j & 1 == 1 for j in range(n)]) for x in entries]
    return single(function)


def _wide(naming: Naming, function: Function) -> Single | None:
    (output,) = function.outputs
    share = Deadline(max(0.01, naming.deadline.left / 4))
    try:
        low, high = witnesses(function, share)
        if low is None or high is None:
            return Single(output, (), high is not None, BY_SAT)
        naming.rows += [naming.row(function.inputs, row) for row in (low, high)]
        likely = counted_likely(function, low, high, share)
        if likely is None or not naming.equal(function.circuit, circuit_of(likely), share):
            return None
    except OutOfTime:
        naming.complete = False
        return None
    return Single(output, function.inputs, likely, BY_SAT)


def name_by_families(naming: Naming) -> None:
    """What `btfnet.recognise` says of outputs without a name, where it can be proven. Raises `OutOfTime`."""
    for output in naming.waiting():
        naming.deadline.check()
        function = naming.functions[output]
        if len(function.inputs) <= MOST_RECOGNISED:
            _by_family(naming, output, function)


def _by_family(naming: Naming, output: int, function: Function) -> None:
    n = len(function.inputs)
    rows = np.random.default_rng(0).random((RECOGNISED_ON, n)) < 0.5
    if 1 << n <= RECOGNISED_ON:
        rows = (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(bool)
    answers = function.circuit.predict(rows, kind="bool")
    sample = Sample(rows, answers, np.ones_like(answers), len(rows), 0.0, naming.until(0.5))
    for _, found in best_functions(sample):
        if isinstance(found, Polynomial) and len(found.terms) > n:
            continue  # any function is one of many terms
        builder = GateBuilder(n, MOST_GATES)
        try:
            circuit = builder.circuit([found.build(builder)])
        except TooManyGates:
            continue
        if naming.equal(function.circuit, circuit):
            inputs = ", ".join(plain(name) for name in function.circuit.input_names)
            words = f"{plain(naming.circuit.output_names[output])}: {found.name}, of the inputs ({inputs})"
            naming.found.append(Identity((output,), _kind(found), words, function.inputs, how(function)))


def _kind(found: Family) -> str:
    if isinstance(found, Polynomial):
        return "polynomial over GF(2)"
    return "arithmetic" if isinstance(found, Relation) else "table of a count"
