"""Names for several outputs together: words in arithmetic, buses, counts of ones, decoders, one of several."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from btfnet.explaining import arithmetic
from btfnet.explaining.arithmetic import Proposal
from btfnet.explaining.conditions import plain
from btfnet.explaining.function import MOST_INPUTS, function_of
from btfnet.explaining.identity import Identity, Single, choice_words
from btfnet.explaining.naming import Naming, how, over_these
from btfnet.explaining.spoken import span
from btfnet.explaining.symmetric import Choice, Counted, counting
from btfnet.families.gate_builder import GateBuilder
from btfnet.families.words import Layout

MOST_INPUTS_OF_WORDS = 128
MOST_GATES = 20_000
MOST_OUTPUTS = 512
"""Of larger circuits only single outputs are named."""
LEAST_DECODED = 4
LEAST_ONE_HOT = 3


def name_groups(naming: Naming) -> None:
    """The largest groups first. Raises `OutOfTime`."""
    if len(naming.circuit.gates) <= MOST_GATES and naming.circuit.n_outputs <= MOST_OUTPUTS:
        _words(naming)
    _buses(naming)
    _counters(naming)
    _decoders(naming)
    _comparisons(naming)


def _words(naming: Naming) -> None:
    """Outputs that are bits of an operation on words."""
    supports = [naming.support(output) for output in range(naming.circuit.n_outputs)]
    inputs = tuple(sorted(set().union(*supports)))
    if not 2 <= len(inputs) <= MOST_INPUTS_OF_WORDS or naming.circuit.n_outputs < 2:
        return
    ways = arithmetic.layouts_of(naming.circuit.input_names, inputs)
    ways += arithmetic.layouts_by_support([support for support in supports if support])
    ways += [way for f in naming.functions if f.is_small for way in arithmetic.layouts_by_influence(f)]
    _take(naming, arithmetic.distinct(ways), naming.waiting(), 2)


def _comparisons(naming: Naming) -> None:
    """Single outputs that compare two words, each among the inputs below it."""
    for output in naming.waiting():
        naming.deadline.check()
        function = naming.functions[output]
        inputs = naming.support(output)
        if output in naming.singles or len(inputs) > MOST_INPUTS_OF_WORDS:
            continue
        ways = arithmetic.layouts_of(naming.circuit.input_names, inputs)
        ways += arithmetic.layouts_by_influence(function) if function.is_small else ()
        _take(naming, [way for way in ways if len(way.words) == 2], [output], 1)


def _take(naming: Naming, ways: Sequence[Layout], outputs: list[int], least: int) -> None:
    """Prove the proposals that explain most outputs, as long as there are any."""
    rows = naming.screen()
    answers = naming.circuit.predict(rows, kind="bool")[:, outputs]
    likely = list(arithmetic.proposals(ways, rows, answers, naming.until(0.5), compare=least == 1))
    likely.sort(key=lambda proposal: -len(proposal.bits))
    for proposal in likely:
        waiting = set(naming.waiting())
        bits = {outputs[place]: relation for place, relation in proposal.bits.items()}
        bits = {output: bits[output] for output in bits if output in waiting}
        if len({relation.bit for relation in bits.values()}) < least or all(map(naming.is_trivial, bits)):
            continue
        if proposal.kind == "arithmetic" and all(output in naming.singles for output in bits):
            continue
        ordered = dict(sorted(bits.items(), key=lambda item: (item[1].inverted, item[1].bit)))
        _prove(naming, Proposal(proposal.operation, proposal.layout, ordered))


def _prove(naming: Naming, proposal: Proposal) -> None:
    outputs = tuple(proposal.bits)
    function = function_of(naming.circuit, outputs)
    builder = GateBuilder(naming.circuit.n_inputs)
    whole = builder.circuit([relation.build(builder) for relation in proposal.bits.values()])
    other = over_these(whole, function.inputs)
    if other is None or not naming.equal(function.circuit, other):
        return
    words = arithmetic.in_words(proposal, naming.circuit.input_names, naming.names_of(outputs))
    inputs = tuple(sorted(index for word in proposal.layout.words for index in word))
    naming.found.append(Identity(outputs, proposal.kind, words, inputs, how(function)))


def _grouped(naming: Naming, kind: type) -> dict[object, list[Single]]:
    """Outputs without a name that are a choice by the same inputs, or a count of the same literals."""
    groups: dict[object, list[Single]] = {}
    for output in naming.waiting():
        found = naming.singles.get(output)
        if found is None or not isinstance(found.is_, kind):
            continue
        if isinstance(found.is_, Choice):
            key: object = tuple(found.inputs[index] for index in found.is_.selects)
        else:
            key = found.inputs
        groups.setdefault(key, []).append(found)
    return groups


def _buses(naming: Naming) -> None:
    """Multiplexers that are switched by the same inputs: a choice between words."""
    for members in _grouped(naming, Choice).values():
        if len(members) < 2:
            continue
        outputs = tuple(member.output for member in members)
        names = naming.circuit.input_names
        each = [
            f"{plain(naming.circuit.output_names[member.output])} is "
            f"{choice_words(member.is_, member.inputs, names)}"
            for member in members
            if isinstance(member.is_, Choice)
        ]
        inputs = tuple(sorted({index for member in members for index in member.inputs}))
        proof = max((member.proof for member in members), key=len)
        naming.found.append(Identity(outputs, "multiplexer", "; ".join(each), inputs, proof))


def _counters(naming: Naming) -> None:
    """The number of true literals, as a word."""
    for members in _grouped(naming, Counted).values():
        first = next((member for member in members if "parity" not in member.kind), None)
        if first is None or not isinstance(first.is_, Counted):
            continue
        bits: dict[int, Single] = {}
        for member in members:
            assert isinstance(member.is_, Counted)
            values = counting(member.is_, first.is_.signs)
            numbers = np.arange(len(member.is_.values))
            for bit in range(len(numbers).bit_length()):
                if values is not None and np.array_equal(values, numbers >> bit & 1 == 1):
                    bits.setdefault(bit, member)
        if len(bits) < 2:
            continue
        order = sorted(bits)
        outputs = tuple(bits[bit].output for bit in order)
        words = (
            f"{span([plain(name) for name in naming.names_of(outputs)])} are bits {span(list(map(str, order)))} "
            f"of how many of ({span(first.literals(naming.circuit.input_names))}) are true"
        )
        naming.found.append(Identity(outputs, "count of ones", words, first.inputs, first.proof))


def _decoders(naming: Naming) -> None:
    """Outputs each of which is true for one value of a word."""
    minterms: dict[tuple[int, ...], dict[int, int]] = {}
    for output in naming.waiting():
        found = naming.singles.get(output)
        if found is None or len(found.inputs) < 2 or not naming.functions[output].is_small:
            continue
        true = np.flatnonzero(naming.functions[output].reduced[1])
        if len(true) == 1:
            minterms.setdefault(found.inputs, {}).setdefault(int(true[0]), output)
    for inputs, values in minterms.items():
        if len(values) < LEAST_DECODED:
            continue
        order = sorted(values)
        outputs = tuple(values[value] for value in order)
        word = f"({', '.join(plain(naming.circuit.input_names[index]) for index in inputs)})"
        told = f"{span([plain(name) for name in naming.names_of(outputs)])} are true when the number {word}, "
        words = f"{told}lowest bit first, is {span(list(map(str, order)))}"
        kind = "decoder" if len(values) == 1 << len(inputs) else "part of a decoder"
        proof = how(function_of(naming.circuit, outputs))
        naming.found.append(Identity(outputs, kind, words, inputs, proof))


def name_one_hot(naming: Naming) -> None:
    """All outputs, where exactly one of them is true at any time and they have no other name together."""
    n = naming.circuit.n_outputs
    together = any(len(each.outputs) == n for each in naming.found)
    function = function_of(naming.circuit, tuple(range(n)))
    if n < LEAST_ONE_HOT or together or len(function.inputs) > MOST_INPUTS:
        return
    true = np.count_nonzero(function.tables, axis=0)
    words = {
        (1, 1): "exactly one of the outputs is true",
        (0, 1): "at most one of the outputs is true",
    }.get((int(true.min()), int(true.max())))
    if words is not None:
        naming.found.append(Identity(function.outputs, "one-hot", words, function.inputs, how(function)))
