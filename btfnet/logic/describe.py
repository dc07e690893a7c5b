"""Circuits in words: one line for every gate, in terms of the names of inputs and outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from btfnet.logic.gate import Gate
from btfnet.logic.netlist import Netlist
from btfnet.printable import printable

TITLES = {"and": "And", "or": "Or", "maj": "Maj{m}"}


def describe(circuit: Netlist) -> str:
    """The whole circuit as text.

    A line with the counts, one for training bits that are wrong, then a line for every gate,
    `n9 = And(a1, ~b0)`, and for every output, `p3 = n12`. `~` is negation; `at least 3 of (2*a, b, ~c)` counts
    a twice.
    """
    name_of = node_names(circuit)
    lines = [headline(circuit), *wrong_in_words(circuit)]
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        lines.append(f"{name_of(node)} = {gate_in_words(gate, name_of)}")
    for name, output in zip(circuit.output_names, circuit.outputs, strict=True):
        lines.append(f"{printable(name)} = {literal_in_words(output, name_of)}")
    return "\n".join(lines)


def headline(circuit: Netlist) -> str:
    """Name, shape and gates by kind, in one line."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in circuit.counts().items())
    return (
        f"{printable(circuit.name)}: {_many(circuit.n_inputs, 'input')}, {_many(circuit.n_outputs, 'output')}, "
        f"{_many(len(circuit.gates), 'gate')}{f' ({kinds})' if kinds else ''}, depth {circuit.depth}"
    )


def wrong_in_words(circuit: Netlist) -> list[str]:
    """A line where the circuit is known not to reproduce all its training items."""
    fit = circuit.training
    return [] if fit is None or fit.exact else [f"not exact: {fit}"]


def gate_in_words(gate: Gate, name_of: Callable[[int], str]) -> str:
    """A gate in terms of the names of its senders, such as `And(a1, ~b0)`."""
    if gate.constant is not None:
        return "true" if gate.constant else "false"
    if gate.kind in ("copy", "not"):
        return literal_in_words(gate.literals[0], name_of)
    if gate.kind in TITLES:
        words = [literal_in_words(literal, name_of) for literal in gate.literals]
        return f"{TITLES[gate.kind].format(m=len(words))}({', '.join(words)})"
    words = [
        f"{f'{weight}*' if weight > 1 else ''}{literal_in_words(literal, name_of)}"
        for literal, weight in Counter(gate.literals).items()
    ]
    return f"at least {gate.at_least} of ({', '.join(words)})"


def literal_in_words(literal: int, name_of: Callable[[int], str]) -> str:
    return f"{'~' if literal < 0 else ''}{name_of(abs(literal))}"


def node_names(circuit: Netlist) -> Callable[[int], str]:
    """Printable names of nodes: inputs by their own, gates n9, n10, … or other letters where these are taken."""
    taken = {*circuit.input_names, *circuit.output_names}
    candidates = ("n", "g", *(f"node{'_' * length}" for length in range(1, 9)))
    gates = range(circuit.n_inputs + 1, circuit.n_nodes + 1)
    prefix = next((p for p in candidates if not any(f"{p}{node}" in taken for node in gates)), "#")
    return lambda node: (
        printable(circuit.input_names[node - 1]) if node <= circuit.n_inputs else f"{prefix}{node}"
    )


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
