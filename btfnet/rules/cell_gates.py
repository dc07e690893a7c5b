"""A rule as a circuit of threshold gates, and the names of its ports."""

from __future__ import annotations

from btfnet.families.gate_builder import GateBuilder
from btfnet.logic.circuit import Circuit
from btfnet.rules.gates import GateRule
from btfnet.rules.lattice import Neighbourhood, Offset
from btfnet.rules.observations import bits_of
from btfnet.rules.records import AnyRule
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdRule


def circuit_of(rule: AnyRule, name: str = "cell") -> Circuit:
    """What computes the next state of one cell.

    Inputs are what it sees, in the order of the neighbourhood, the most significant bit of a state first; they are
    called by where they lie, such as left1, here, up1_right2. Outputs are the bits of the next state. Gates of
    masks and of cells of gates are those of the rule; a table becomes multiplexers, in which equal parts stand
    once, and its open entries are what the rule says of them.
    """
    bits = bits_of(rule.n_states)
    inputs, outputs = input_names(rule.neighbourhood, bits), output_names(bits)
    if isinstance(rule, GateRule):
        return rule.circuit.named(name=name, inputs=inputs, outputs=outputs)
    builder = GateBuilder(len(inputs))
    literals = _of_masks(rule, builder) if isinstance(rule, ThresholdRule) else _of_table(rule, builder)
    return builder.circuit(literals, input_names=inputs, output_names=outputs, name=name)


def _of_table(rule: TableRule, builder: GateBuilder) -> list[int]:
    """The first cell is the most significant of a pattern, and of a cell its first bit."""
    address = list(range(builder.n_inputs, 0, -1))
    return [
        builder.table(address, [bool(value) for value in rule.values >> bit & 1])
        for bit in reversed(range(rule.bits))
    ]


def _of_masks(rule: ThresholdRule, builder: GateBuilder) -> list[int]:
    """A gate for each node: a sum that must not exceed b is a gate "at least b + 1", negated."""
    nodes = []
    for weights, bound, above in zip(rule.weights.tolist(), rule.bounds, rule.form.above, strict=True):
        literals = [weight * index for index, weight in enumerate(weights, start=1) if weight]
        negative = sum(weight < 0 for weight in weights)  # -x is (not x) - 1
        least = bound + negative + (0 if above else 1)
        node = builder.at_least(least, literals)
        nodes.append(node if above else -node)
    return [builder.all_of(*nodes) if rule.form.joined else builder.any_of(*nodes)]


def input_names(neighbourhood: Neighbourhood, bits: int = 1) -> tuple[str, ...]:
    """Names of what a cell sees that every netlist can carry; distinct."""
    places = [_place(offset) for offset in neighbourhood.offsets]
    return tuple(name for place in places for name in bit_names(place, bits))


def output_names(bits: int = 1) -> tuple[str, ...]:
    return bit_names("next", bits)


def bit_names(place: str, bits: int) -> tuple[str, ...]:
    """A cell's bits, the most significant first."""
    return (place,) if bits == 1 else tuple(f"{place}_b{bit}" for bit in reversed(range(bits)))


def _place(offset: Offset) -> str:
    ways = (("left", "right"),) if len(offset) == 1 else (("up", "down"), ("left", "right"))
    parts = [
        f"{back if step < 0 else ahead}{abs(step)}"
        for step, (back, ahead) in zip(offset, ways, strict=True)
        if step
    ]
    return "_".join(parts) or "here"
