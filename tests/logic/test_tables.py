"""Truth tables that stay cubes: proofs, contradictions, circuits and reports, however many inputs there are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.pla_tables import covers

from btfnet import Circuit, Gate
from btfnet.errors import FormatError
from btfnet.formats.pla.reader import read_table
from btfnet.logic.proof.difference import certain
from btfnet.logic.proof.names import either
from btfnet.logic.proof.tables import contradiction_of
from btfnet.logic.truth_table import OFF, ON, OPEN, Table

KINDS = ["f", "fd", "fr", "fdr", "r", "dr", "esop"]
WIDE = "-" * 20


def random_text(rng, kind, n_inputs=4, n_outputs=3, n_lines=5):
    """A table of a type; listed ones may contradict themselves."""
    lines = [
        "".join(rng.choice(list("01--"), n_inputs)) + " " + "".join(rng.choice(list("0011-~"), n_outputs))
        for _ in range(n_lines)
    ]
    return "\n".join([f".i {n_inputs}", f".o {n_outputs}", f".type {kind}", *lines, ".e\n"])


def written(tmp_path, text, name="x.pla"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def naive(text):
    """For each input and output True, False or None where it does not count, from the definition alone; None for a
    table that contradicts itself.
    """
    head, lines = {}, []
    for line in text.split("\n"):
        words = line.split()
        if line.startswith("."):
            head[words[0]] = words[1:]
        elif words:
            lines.append(words)
    kind, found = head[".type"][0], []
    for row in itertools.product("01", repeat=int(head[".i"][0])):
        meets = [outputs for inputs, outputs in lines if covers(inputs, row)]
        values = []
        for output in range(int(head[".o"][0])):
            marks = [outputs[output] for outputs in meets]
            if kind == "esop":
                values.append(marks.count("1") % 2 == 1)
                continue
            on, off, open_ = (
                mark in marks and letter in kind for mark, letter in (("1", "f"), ("0", "r"), ("-", "d"))
            )
            if on and off and not open_:
                return None
            rest = {"f": False, "fd": False, "r": True, "dr": True}.get(kind)
            values.append(None if open_ else True if on else False if off else rest)
        found.append(values)
    return found


def every_input(n_inputs):
    return np.array(list(itertools.product((False, True), repeat=n_inputs)))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", KINDS)
def test_circuit_and_dont_cares_of_a_table_say_what_its_lines_say(kind, seed, tmp_path):
    text = random_text(np.random.default_rng([seed, KINDS.index(kind)]), kind)
    path, expected = written(tmp_path, text), naive(text)
    if expected is None:
        with pytest.raises(
            FormatError, match=r"output 'y\d' is 1 by line \d and 0 by line \d for the inputs"
        ):
            read_table(path)
        return
    table, rows = read_table(path), every_input(4)
    free = table.dont_care()
    got = table.circuit().predict(rows).tolist()
    open_here = [[-1] * 3] * len(rows) if free is None else free.predict(rows).tolist()
    found = [
        [None if f > 0 else o > 0 for o, f in zip(*pair, strict=True)]
        for pair in zip(got, open_here, strict=True)
    ]
    assert found == expected


@pytest.mark.parametrize("seed", range(40))
def test_a_sat_solver_and_an_expansion_find_the_same_contradictions(seed, tmp_path):
    """The reader expands small tables and asks a solver about large ones; here both look at the same."""
    rng = np.random.default_rng(seed)
    kind = ("fr", "fdr")[seed % 2]
    text = random_text(rng, kind, n_inputs=5, n_outputs=2, n_lines=3)
    lines = text.split("\n")
    wide = "\n".join([".i 25", *lines[1:3], *(WIDE + line for line in lines[3:-2]), ".e\n"])
    torn = naive(text) is None
    for path in (written(tmp_path, text), written(tmp_path, wide, "wide.pla")):
        if torn:
            with pytest.raises(FormatError, match=r"by line \d and 0 by line \d"):
                read_table(path)
        else:
            assert contradiction_of(read_table(path)) is None


def test_a_contradiction_of_a_large_table_is_named_with_both_lines(tmp_path):
    text = f".i 26\n.o 2\n.ob p q\n.type fr\n{WIDE}1----- 1~\n{WIDE}-0---- 01\n{WIDE}------ ~1\n.e\n"
    with pytest.raises(FormatError) as caught:
        read_table(written(tmp_path, text))
    assert caught.value.line == 6
    assert "output 'p' is 1 by line 5 and 0 by line 6 for the inputs" in str(caught.value)


def test_dont_cares_take_a_contradiction_away_only_where_they_cover_all_of_it(tmp_path):
    head, torn = ".i 24\n.o 1\n.type fdr\n", f"{WIDE}1--- 1\n{WIDE}--1- 0\n"
    assert read_table(written(tmp_path, f"{head}{torn}{WIDE}1-1- -\n")).n_lines == 3
    assert read_table(written(tmp_path, f"{head}{torn}{WIDE}111- -\n{WIDE}101- -\n")).n_lines == 4
    with pytest.raises(FormatError, match="is 1 by line 4 and 0 by line 5"):
        read_table(written(tmp_path, f"{head}{torn}{WIDE}111- -\n"))


def test_equal_cubes_are_one_gate_and_constants_are_constants():
    cubes = np.array([[1, 1, 2], [1, 1, 2], [2, 2, 2]], dtype=np.uint8)
    marks = np.array([[ON, ON, 0, 0], [ON, 0, 0, 0], [0, 0, ON, 0]], dtype=np.uint8)
    circuit = Table(cubes, marks, OFF, (1, 2, 3)).circuit()
    assert circuit.outputs[0] == circuit.outputs[1]
    assert [gate.kind for gate in circuit.gates] == ["and", "const", "const"]
    assert circuit.predict([[1, 1, 0], [0, 1, 0]]).tolist() == [[1, 1, 1, 0], [0, 0, 1, 0]]


@pytest.mark.parametrize("rest", [ON, OFF, OPEN])
def test_a_table_without_lines_is_what_it_says_of_the_rest(rest):
    table = Table(np.zeros((0, 2), np.uint8), np.zeros((0, 1), np.uint8), rest, ())
    assert table.circuit().predict([[0, 0]]).tolist() == [[int(rest == ON)]]
    assert table.has_open == (rest == OPEN)


def test_either_of_two_circuits_and_what_is_certain_of_one():
    both, one = Circuit(2, (Gate(2, (1, 2)),), (3,)), Circuit(2, (), (-1,))
    assert either(both, one).predict(every_input(2)).ravel().tolist() == [True, True, False, True]
    assert certain(both, [None, False]) == [False]
    assert certain(both, [None, True]) == [None]
    assert certain(one, [True, None]) == [False]
