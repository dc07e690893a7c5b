"""`.blif`, the writing half: circuits in the Berkeley Logic Interchange Format. See blif.md."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from btfnet.circuit import Circuit, Gate
from btfnet.formats.atomic import write_text
from btfnet.formats.names import port_names, remarks, wire_prefix

_COVER_INPUTS = 7
"""Up to so many weighted literals a gate is one cover (35 cubes for Maj7); beyond, a chain of small nodes."""

Literals = list[tuple[str, bool]]
"""Signals, and whether each counts as it is (True) or negated."""


def write(path: str | os.PathLike[str], circuit: Circuit) -> None:
    """Write a circuit as one model. Raises `OutputError` when the file cannot be written."""
    inputs, outputs = port_names(circuit, clean)
    prefix = wire_prefix([*inputs, *outputs])
    names = ["", *inputs, *(f"{prefix}{node}" for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1))]
    lines = [f"# {sentence}" for sentence in remarks(circuit, inputs, outputs)]
    lines += [
        f".model {clean(circuit.name)}",
        " ".join([".inputs", *inputs]),
        " ".join([".outputs", *outputs]),
    ]
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        lines += gate_lines(gate, names, names[node])
    for name, literal in zip(outputs, circuit.outputs, strict=True):
        lines += _conjunction([(names[abs(literal)], literal > 0)], name)
    write_text(path, "\n".join([*lines, ".end", ""]))


def clean(name: str) -> str:
    """A name that BLIF can carry: printable, without spaces and the signs that have a meaning there.

    ABC takes 1'b0 and 1'b1 for constants, and crashes where an input is called so.
    """
    kept = "".join(
        sign if sign.isprintable() and not sign.isspace() and sign not in '#\\="' else "_" for sign in name
    )
    return re.sub(r"^\.|(?<=^1)'(?=b[01]$)", "_", kept) or "_"


def gate_lines(gate: Gate, names: list[str], output: str) -> Iterator[str]:
    """The `.names` lines of a gate; `names[node]` is the signal of a node."""
    weights = Counter(gate.literals)
    at_least = gate.at_least
    for literal in [literal for literal in weights if literal > 0 and -literal in weights]:
        both = min(weights[literal], weights[-literal])  # one of the two is true, whatever the node is
        weights[literal] -= both
        weights[-literal] -= both
        at_least -= both
    terms = [((names[abs(literal)], literal > 0), count) for literal, count in weights.items() if count]
    literals, counts = [term[0] for term in terms], [term[1] for term in terms]
    if at_least <= 0 or at_least > sum(counts):
        yield f".names {output}"
        yield from ["1"] if at_least <= 0 else []
    elif at_least > sum(counts) - min(counts):
        yield from _conjunction(literals, output)
    elif at_least <= min(counts):
        yield _header(literals, output)
        yield "".join("01"[not positive] for _, positive in literals) + " 0"
    elif len(literals) <= _COVER_INPUTS:
        yield from _cover(literals, counts, at_least, output)
    else:
        yield from _chain(literals, counts, at_least, output)


def _header(literals: Literals, output: str) -> str:
    return " ".join([".names", *(name for name, _ in literals), output])


def _conjunction(literals: Literals, output: str) -> list[str]:
    return [_header(literals, output), "".join("01"[positive] for _, positive in literals) + " 1"]


def _cover(literals: Literals, counts: list[int], at_least: int, output: str) -> Iterator[str]:
    """One cube for every least set of literals that is enough."""
    yield _header(literals, output)
    for size in range(1, len(literals) + 1):
        for chosen in combinations(range(len(literals)), size):
            weight = sum(counts[index] for index in chosen)
            if at_least <= weight < at_least + min(counts[index] for index in chosen):
                cube = ["-"] * len(literals)
                for index in chosen:
                    cube[index] = "01"[literals[index][1]]
                yield "".join(cube) + " 1"


def _chain(literals: Literals, counts: list[int], at_least: int, output: str) -> Iterator[str]:
    """Nodes t(i, j) = "the first i literals weigh at least j", each of at most three others.

    t(i, j) = t(i-1, j) or (literal i and t(i-1, j - count i)); at most (number of literals) * at_least nodes.
    """
    totals = [0]
    for count in counts:
        totals.append(totals[-1] + count)
    needed: list[set[int]] = [set() for _ in totals]
    needed[-1].add(at_least)
    for i in range(len(literals), 0, -1):
        for j in needed[i]:
            needed[i - 1].update(low for low in (j, j - counts[i - 1]) if 0 < low <= totals[i - 1])
    for i in range(1, len(totals)):
        signal, positive = literals[i - 1]
        for j in sorted(needed[i]):
            name = output if i == len(literals) else f"{output}_{i}_{j}"
            without, rest = j <= totals[i - 1], j - counts[i - 1]
            yield " ".join(
                [
                    ".names",
                    *[f"{output}_{i - 1}_{j}"] * without,
                    signal,
                    *[f"{output}_{i - 1}_{rest}"] * (rest > 0),
                    name,
                ]
            )
            if without:
                yield "1-" + "-" * (rest > 0) + " 1"
            yield "-" * without + "01"[positive] + "1" * (rest > 0) + " 1"
