"""BLIF: written and read back, and as other programs write it."""

from __future__ import annotations

import re
from itertools import pairwise
from math import comb

import numpy as np
import pytest
from support.naive_circuit import corner_circuits, evaluate, every_input, random_circuit, table

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.netlists.circuit_builder import binomial
from btfnet.logic.circuit import Circuit, Gate

CORNERS = {
    key: circuit.named(name=key) if circuit.name == "circuit" else circuit
    for key, circuit in corner_circuits().items()
}
RANDOM = {
    f"random{seed}": random_circuit(np.random.default_rng(seed), name=f"random{seed}") for seed in range(40)
}
CIRCUITS = {**CORNERS, **RANDOM}


@pytest.mark.parametrize("name", CIRCUITS)
def test_blif_read_back_computes_the_same_function(name, tmp_path):
    circuit = CIRCUITS[name]
    write_circuit(tmp_path / "c.blif", circuit)
    again = read_circuit(tmp_path / "c.blif")
    assert table(again) == table(circuit)


def test_blif_keeps_names_that_it_can_hold_and_says_which_it_cannot(tmp_path):
    write_circuit(tmp_path / "c.blif", CORNERS["names"])
    again, text = read_circuit(tmp_path / "c.blif"), (tmp_path / "c.blif").read_text(encoding="utf-8")
    assert again.input_names == ("a[0]", "n5", "two_words", "module")
    assert again.output_names == ("n6", "a[0]_2", "ü_")
    assert "# input 'two words' is named two_words here\n" in text


def test_blif_covers_of_gates_read_back_as_the_same_gates(tmp_path):
    gates = (
        Gate(2, (1, 2, -3)),
        Gate(3, (1, 2, 3, -4, 5)),
        Gate(3, (-1, 2, 3)),
        Gate(1, (1, -4)),
        Gate(2, (1, 2, 4, 5)),
    )
    circuit = Circuit(5, gates, (6, -7, 8, 9, 10))
    write_circuit(tmp_path / "c.blif", circuit)
    assert read_circuit(tmp_path / "c.blif") == circuit


@pytest.mark.parametrize("seed", range(12))
def test_blif_of_wide_threshold_gates_stays_small_and_right(seed, tmp_path):
    rng = np.random.default_rng(seed)
    n_inputs, weights = 10, rng.integers(1, 4, 10)
    literals = [int(sign * node) for node, sign in zip(range(1, 11), rng.choice([-1, 1], 10), strict=True)]
    literals = tuple(
        literal for literal, weight in zip(literals, weights, strict=True) for _ in range(weight)
    )
    circuit = Circuit(n_inputs, (Gate(int(rng.integers(1, len(literals) + 1)), literals),), (11,))
    write_circuit(tmp_path / "c.blif", circuit)
    assert table(read_circuit(tmp_path / "c.blif")) == table(circuit)


def test_the_number_of_subsets_is_counted_no_further_than_there_are_cubes():
    assert [binomial(n, k, 100) for n in range(9) for k in range(n + 1)] == [
        comb(n, k) for n in range(9) for k in range(n + 1)
    ]
    assert binomial(10**9, 5 * 10**8, 100) == 100  # in full it has 3 * 10^8 digits


def test_blif_of_other_programs_is_read_whatever_its_order_and_covers(tmp_path):
    (tmp_path / "c.blif").write_text(
        "# xor and a multiplexer, outputs first\n.model other\n.inputs a b \\\n  s\n.inputs unused\n"
        ".outputs y z one\n.names t z\n0 1\n.names s a b y\n01- 1\n1-1 1\n"
        ".names a b t # equal\n10 0\n01 0\n.names one\n1\n.end\n"
    )
    circuit = read_circuit(tmp_path / "c.blif")
    assert circuit.input_names == ("a", "b", "s", "unused")
    for a, b, s, unused in every_input(4):
        assert evaluate(circuit, (a, b, s, unused)) == [b if s else a, a != b, True]


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (
            4,
            ".latch a y 0",
            "'y' is a latch, but the circuit must be combinational. Read it with --cut-latches",
        ),
        (4, ".latch a", "expected the signal that it stores"),
        (4, ".latch a y up clock 0", "a type (fe, re, ah, al, as) with its control or neither"),
        (4, ".subckt f x=a y=y", "another model, 'f', is used here"),
        (5, ".names a b y\n11 11", "a cover has one output. Write a .names for each"),
        (4, "names a b y\n11 1", "If .names is meant, write its dot"),
        (6, ".names a b y\n11 1\n.exdc now", "found '.exdc'"),
        (7, ".names a b y\n11 1\n.exdc\n.latch a y", "don't cares must be combinational"),
        (7, ".names a b y\n11 1\n.exdc\n.inputs q", "'q' is an input of .exdc, but none of the model"),
        (7, ".names a b y\n11 1\n.exdc\n.outputs q", "'q' is an output of .exdc, but none of the model"),
        (7, ".names a b y\n11 1\n.exdc\n.names q y\n1 1", "'q' is used here, but it is no input"),
        (5, ".names a y\n2 1", "found '2 1'; expected 1 of the signs"),
        (5, ".names a y\n11 1", "expected 1 of the signs"),
        (6, ".names a b y\n11 1\n00 0", "all of a cover must give the same"),
        (4, ".names a q y\n11 1", "'q' is used here"),
        (6, ".names t y\n1 1\n.names y t\n1 1", "depends on itself"),
        (4, ".names y y\n1 1", "depends on itself"),
        (4, ".gate and2 A=a B=b O=y", "found .gate, a cell of a library"),
        (6, ".names a y\n1 1\n.names b y\n1 1", "defined twice, before on line 4"),
        (4, ".names y a\n1 1", "the input 'a' is also defined here"),
        (3, "", "is driven by nothing"),
        (4, "1 1", "a cube may only follow .names"),
        (4, ".model again", "a second model, 'again', begins here"),
        (7, ".names a y\n1 1\n.end\n.model next", "a second model, 'next', begins here"),
        (7, ".names a y\n1 1\n.end\n.names b z", "after .end"),
        (4, ".inputs a", "stands twice"),
        (4, ".names", "stands alone"),
    ],
)
def test_blif_that_cannot_be_read_names_the_line(line, text, message, tmp_path):
    (tmp_path / "c.blif").write_text(f".model m\n.inputs a b\n.outputs y\n{text}\n.end\n")
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_circuit(tmp_path / "c.blif")
    if text.startswith(".names t y"):
        assert caught.value.line in (4, 6)
    else:
        assert caught.value.line == line


def test_blif_without_an_end_is_read_with_a_warning_that_it_may_be_cut_short(tmp_path):
    """SIS and ABC ask for no .end, and other programs leave it out."""
    (tmp_path / "c.blif").write_text(".model m\n.inputs a\n.outputs y\n.names a y\n1 1\n")
    with pytest.warns(BtfnetWarning, match=r"c\.blif:5: the file ends without \.end; it may be cut short"):
        assert read_circuit(tmp_path / "c.blif").outputs == (1,)


def test_deep_chains_do_not_exhaust_the_stack(tmp_path):
    circuit = Circuit(1, tuple(Gate(1, (-(node + 1), 1)) for node in range(5000)), (5001,))
    for suffix in (".blif", ".json", ".v", ".dot"):
        write_circuit(tmp_path / f"c{suffix}", circuit)
    assert evaluate(read_circuit(tmp_path / "c.blif"), [True]) == evaluate(circuit, [True])
    lines = (tmp_path / "c.blif").read_text().splitlines()
    covers = [index for index, line in enumerate([*lines[:-1], ".names"]) if line.startswith(".names")]
    backwards = [line for a, b in reversed([*pairwise(covers)]) for line in lines[a:b]]
    (tmp_path / "c.blif").write_text("\n".join([*lines[: covers[0]], *backwards, ".end\n"]))
    assert evaluate(read_circuit(tmp_path / "c.blif"), [True]) == evaluate(circuit, [True])
