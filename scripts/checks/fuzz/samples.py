"""Good files for readers.py: btfnet's own, and others where a reader knows more than its writer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from btfnet.formats import Items
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.values import InputKind, OutputKind
from scripts.checks.fuzz.text import Rng

PLA = (
    b".i 4\n.o 3\n.ilb a b c d\n.ob x y z\n.p 4\n1-0- 10-\n-111 -11\n0000 1~1\n1111 11-\n.e\n",
    b"# title\n.type fr\n.i 3\n.o 2\n0-1 10 # one\n110|01\n11\n1 10\n.end\n",
)
BLIF = (
    b".model top\n.inputs a b c\n.outputs y z\n"
    b".names a b n\n11 1\n.names n c y\n1- 1\n-1 1\n.names a z\n0 1\n.end\n",
    b".model d\n.inputs a b\n.outputs y\n.names a b y\n11 0\n.exdc\n.names a b y\n00 1\n.end\n",
    b".model s\n.inputs a\n.outputs q\n.latch d q re clk 0\n.names a q d\n10 1\n01 1\n.end\n",
)
BENCH = (
    b'# Benchmark "t"\nINPUT(a)\nINPUT(b)\nINPUT(c)\nOUTPUT(y)\nOUTPUT(z)\nn = NAND(a, b)\ny = XOR(n, c)\n'
    b"z = LUT 0xe8 ( a, b, c )\n",
    b"INPUT(a)\nOUTPUT(y)\nq = DFF(d)\nd = NOT(q)\ny = MUX(a, q, d)\nv = vdd\n",
)
AAG = (
    b"aag 4 2 0 2 2\n2\n4\n6\n9\n6 2 4\n8 7 3\ni0 a\ni1 b\no0 y\nc\nhello\n",
    b"aag 3 1 1 1 1\n2\n4 6 0\n6\n6 4 2\n",
    b"aag 3 1 1 1 1 1 1\n2\n4 6\n6\n6\n4\n6 4 2\n",
)
TOML = (
    b'format = 1\nname = "x"\nsummary = "s"\n'
    b'[data]\ngenerator = "parity"\nbits = 3\n[network]\nwidths = [3, 3, 1]\n'
    b"[train]\nitems = 6\n[settings]\nsigma = 3.0\nmax_iterations = 10\n[expected]\nexact = true\n",
    b'format = 1\nname = "y"\n[data]\nfile = "items.csv"\ninputs = 3\n[network]\ninputs = 3\noutputs = 2\n'
    b"edges = [[4, 1], [4, 2], [5, 3], [5, 4]]\n",
    b'format = 1\nname = "z"\n[data]\ngenerator = "andor"\ndepth = 2\nwidth = 4\nitems = 5\nseed = 3\n'
    b"[network]\nwidths = [4, 4, 4]\nfan_in = 2\nseed = 1\n",
)
CSV = (
    b"a,b,c\n0,1,1\n1,0,0\n",
    b"0,1,1\n1,0,0\n",
    b"in:a,out:y,in:b,in:c\n0,1,1,1\n1,0,0,0\n",
    b"a;b;c\nTRUE;FALSE;TRUE\nFALSE;FALSE;TRUE\n",
)


def written(name: str, write: Callable[[Path], None]) -> bytes:
    """The bytes of a file that a function writes."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def layered(rng: Rng, widths: tuple[int, ...], fan_in: int) -> Circuit:
    """Random gates of so many literals, which may repeat, over the layer below."""
    gates, first = [], 1
    for below, width in pairwise(widths):
        for _ in range(width):
            literals = rng.integers(first, first + below, fan_in) * rng.choice([-1, 1], fan_in)
            gates.append(Gate(int(rng.integers(0, fan_in + 2)), tuple(literals.tolist())))
        first += below
    return Circuit(widths[0], tuple(gates), tuple(range(first, first + widths[-1])))


def circuits(rng: Rng) -> list[Circuit]:
    """No gates, constants, names, several layers, weights."""
    return [
        Circuit(3, (), (1, -3)),
        Circuit(
            2,
            (Gate(0, ()), Gate(1, (1, 3)), Gate(3, (1, 1, 1, -2, 4))),
            (4, -5),
            ("a", "b"),
            ("y", "z"),
            "small",
        ),
        layered(rng, (4, 4, 4, 3), 3),
        layered(rng, (9, 5, 2), 7),
    ]


def items() -> dict[str, Items]:
    """Of every kind."""
    rng = np.random.default_rng(5)
    none: Any = np.zeros((6, 0))
    bits, two = (rng.choice([-1, 1], (6, width)) for width in (3, 2))
    analog: Any = bits / 4
    classes = np.where(np.arange(4) == rng.integers(0, 4, (6, 1)), 1, -1)
    care = np.arange(12).reshape(6, 2) % 3 > 0
    return {
        "bits": Items(bits, two),
        "named": Items(bits, two, input_names=("a", "b", "c"), output_names=("y", "z")),
        "care": Items(bits, two, care=care),
        "analog": Items(analog, two, InputKind.ANALOG),
        "classes": Items(bits, classes, output_kind=OutputKind.CLASS),
        "unknown": Items(none, bits, InputKind.UNKNOWN_ONE_HOT),
        "counted": Items(none, bits, InputKind.UNKNOWN_BITS, n_unknown=4),
    }
