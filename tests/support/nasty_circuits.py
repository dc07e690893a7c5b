"""Circuits that programs may stumble over: every gate, 1 to 64 inputs, names that nobody would choose."""

from __future__ import annotations

import numpy as np

from btfnet.logic.circuit import Circuit
from support.naive_circuit import corner_circuits, random_circuit

NAMES = (
    "two words", "module", "a[0]", "a[1:0]", "n5", "x0", "y0", "ü", "\\", "\\a ", "`define", "//",
    "/*", '"', "'", "#", "@", "*", "a,b", "a=b", "a.b", ".end", ".names", "INPUT", "OUTPUT(y)", "(",
    ")", "{}", "$and", "$1", "1", "1st", "-", "_", "__", "int", "main", "uint64_t", "and", "AND",
    "vdd", "gnd", "const0", "1'b1", "0", "%s", "%d", "<&>", "&amp;", "]]>", "?x", ";", "~", "!a", "é́",
    "日本", "🙂", "a\tb", "a\nb", "\x1b[0m", "x" * 300, "this", "super", "in", "out", "i0", "o0", "c", "",
)  # fmt: skip
"""Some hold signs that no format but JSON can carry."""


def nasty_circuit(seed: int) -> Circuit:
    """Seeded. Outputs repeat, are negated, are inputs, are constant. The name ends with the seed: names differ."""
    rng = np.random.default_rng(seed)
    n_inputs = int(rng.integers(1, 65)) if rng.random() < 0.6 else int(rng.integers(1, 11))
    base = random_circuit(
        rng,
        n_inputs=n_inputs,
        n_gates=int(rng.integers(0, 31)),
        n_outputs=int(rng.integers(1, 9)),
        widest=int(rng.choice([2, 3, 6, 12])),
    )
    more = [base.outputs[0], -base.outputs[-1], int(rng.integers(1, n_inputs + 1))]
    kept = rng.random(3) < 0.4
    outputs = (*base.outputs, *(output for output, keep in zip(more, kept, strict=True) if keep))
    circuit = Circuit(n_inputs, base.gates, outputs, name=f"{rng.choice(NAMES[:40])}_{seed}")
    if rng.random() < 0.5:
        return circuit
    return circuit.named(inputs=_names(rng, n_inputs, "x"), outputs=_names(rng, len(outputs), "y"))


def nasty_corners() -> list[Circuit]:
    """The corner circuits, under names that differ."""
    corners = corner_circuits().values()
    return [circuit.named(name=f"{circuit.name}_c{index}") for index, circuit in enumerate(corners)]


def plainly_named(circuit: Circuit) -> Circuit:
    """The same with names that every format can carry."""
    numbered = Circuit(circuit.n_inputs, circuit.gates, circuit.outputs)
    name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in circuit.name)
    return numbered.named(name=f"p{name}")


def _names(rng: np.random.Generator, count: int, letter: str) -> tuple[str, ...]:
    """Distinct names, about half of them nasty."""
    chosen = rng.permutation(len(NAMES))[:count].tolist()
    names = [NAMES[index] if rng.random() < 0.5 else f"{letter}{place}" for place, index in enumerate(chosen)]
    names += [f"{letter}{place}" for place in range(len(names), count)]
    taken: set[str] = set()
    for place, name in enumerate(names):
        if name in taken:
            names[place] = f"{letter}_{place}"
        taken.add(names[place])
    return tuple(names)
