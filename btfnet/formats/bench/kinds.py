"""The kinds of gates that `.bench` files have: how many inputs they take, and what they are in literals."""

from __future__ import annotations

from btfnet.formats.netlists.circuit_builder import CircuitBuilder

MAX_TABLE = 16
"""Most inputs of a LUT."""
ANY = 10**9
CONSTANTS = {"VDD": True, "GND": False, "ALWAYS_TRUE": True, "ALWAYS_FALSE": False}
"""Kinds, and (the first two) signals that a file uses and does not define."""

INPUTS = {
    **dict.fromkeys(("AND", "NAND", "OR", "NOR", "XOR", "XNOR", "NXOR", "MAJ"), (1, ANY)),
    **dict.fromkeys(("NOT", "INV", "BUF", "BUFF", "IFF"), (1, 1)),
    **dict.fromkeys(("LIFF", "RIFF", "LNOT", "RNOT", "GT", "GEQ", "LT", "LEQ"), (2, 2)),
    "MUX": (3, 3),
    "LUT": (0, MAX_TABLE),
    "VDD": (0, 0),
    "GND": (0, 0),
    "ALWAYS_TRUE": (0, ANY),
    "ALWAYS_FALSE": (0, ANY),
}
"""Least and most inputs of every kind; NXOR, IFF, LIFF, …, LEQ and ALWAYS_… are cirbo's."""


def literal(gates: CircuitBuilder, kind: str, signals: list[int], table: str) -> int:
    """The literal of a gate whose signals are literals already; `table` is a LUT's, in hexadecimal digits."""
    if kind in CONSTANTS:
        return gates.constant(CONSTANTS[kind])
    first, last = (signals[0], signals[-1]) if signals else (0, 0)
    match kind:
        case "BUF" | "BUFF" | "IFF" | "LIFF":
            return first
        case "NOT" | "INV" | "LNOT":
            return -first
        case "RIFF":
            return last
        case "RNOT":
            return -last
        case "GT" | "GEQ":
            return gates.add(2 if kind == "GT" else 1, first, -last)
        case "LT" | "LEQ":
            return gates.add(2 if kind == "LT" else 1, -first, last)
        case "MUX":
            return gates.mux(*signals)
        case "LUT":
            return gates.table(int(table, 16), signals)
    return _of_many(gates, kind, signals)


def _of_many(gates: CircuitBuilder, kind: str, signals: list[int]) -> int:
    """And, Or, Xor and Majority of any number, and the first three negated."""
    size = len(signals)
    match kind:
        case "AND" | "NAND":
            node = gates.add(size, *signals)
        case "OR" | "NOR":
            node = gates.add(1, *signals)
        case "MAJ":
            node = gates.add((size + 1) // 2, *signals)
        case _:
            node = signals[0]
            for signal in signals[1:]:
                node = gates.xor(node, signal)
    return -node if kind in ("NAND", "NOR", "XNOR", "NXOR") else node
