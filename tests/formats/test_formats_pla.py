"""PLA in: types, don't cares, limits, and what is refused."""

from __future__ import annotations

import json
import re
import time
import tracemalloc

import numpy as np
import pytest
from support.cli_samples import run

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats import Items, read_items, write_circuit, write_items
from btfnet.logic.circuit import Circuit, Gate


def items_of(tmp_path, *lines, **options):
    (tmp_path / "x.pla").write_text("\n".join([*lines, ".e", ""]))
    return read_items(tmp_path / "x.pla", **options)


def rows(items):
    """Items in words: inputs, a space, outputs with - where they do not count."""
    care = np.ones(items.outputs.shape, dtype=bool) if items.care is None else items.care
    outputs = np.where(care, np.where(items.outputs > 0, "1", "0"), "-")
    inputs = np.where(items.inputs > 0, "1", "0")
    return ["".join(a) + " " + "".join(b) for a, b in zip(inputs.tolist(), outputs.tolist(), strict=True)]


def test_without_a_type_what_no_line_speaks_of_is_false(tmp_path):
    items = items_of(tmp_path, ".i 2", ".o 2", "1- 1-", "-1|01")
    assert rows(items) == ["00 00", "01 01", "10 1-", "11 1-"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("f", ["00 0", "01 1", "10 0", "11 0"]),
        ("fd", ["00 0", "01 1", "11 0"]),
        ("r", ["00 0", "01 1", "10 1", "11 1"]),
        ("dr", ["00 0", "01 1", "11 1"]),
        ("fr", ["01 1", "00 0"]),
        ("fdr", ["01 1", "00 0"]),
    ],
)
def test_the_type_says_what_marks_mean_and_what_silence_means(kind, expected, tmp_path):
    assert (
        rows(items_of(tmp_path, f".type {kind}", ".i 2", ".o 1", "01 1", "00 0", "10 -", "11 ~")) == expected
    )


def test_synonyms_names_comments_and_blanks(tmp_path):
    items = items_of(
        tmp_path,
        "# header",
        ".i 3 # three",
        ".o 2",
        ".ilb a b[1] c",
        ".ob y z",
        ".p 2",
        "\t1 2 1 | 4 2",
        "000 3 4",
    )
    assert (items.input_names, items.output_names) == (("a", "b[1]", "c"), ("y", "z"))
    assert [row for row in rows(items) if not row.endswith("00")] == ["000 01", "101 1-", "111 1-"]


def test_listed_items_stand_in_the_order_of_the_lines_and_once(tmp_path):
    items = items_of(tmp_path, ".type fr", ".i 3", ".o 2", "1-0 1-", "011 01", "110 -0", "--0 1-")
    assert rows(items) == ["100 1-", "110 10", "011 01", "000 1-", "010 1-"]


def test_many_inputs_are_fine_where_few_are_open(tmp_path):
    items = items_of(tmp_path, ".type fr", ".i 200", ".o 1", "1" * 198 + "-- 1", "0" * 200 + " 0")
    assert items.inputs.shape == (5, 200)
    assert items.outputs.ravel().tolist() == [1, 1, 1, 1, -1]


def test_open_marks_win_and_an_input_without_any_count_is_left_out(tmp_path):
    assert rows(items_of(tmp_path, ".type fdr", ".i 1", ".o 1", "1 1", "1 0", "1 -", "0 1")) == ["0 1"]
    with pytest.raises(FormatError, match="no output of any item counts"):
        items_of(tmp_path, ".i 2", ".o 1", "-- -")


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (3, ".i 2\n.o 1\n11 11", "the line has 4 signs; expected 2 inputs and 1 outputs"),
        (3, ".i 2\n.o 1\n1a 1", "found 'a' among the inputs; expected 0, 1, -, 2, x, X."),
        (3, ".i 2\n.o 1\n1~ 1", "found '~' among the inputs"),
        (3, ".i 2\n.o 1\n11 5", "found '5' among the outputs; expected 0, 1, -, ~, 2, 3, 4, x, X."),
        (4, ".type fr\n.i 2\n.o 1\n11 3", "espresso's manual takes it for ~, espresso for 0"),
        (1, ".i 0", "found '.i 0'; expected .i and a number from 1"),
        (1, ".i 1000000000000", "expected .i and a number"),
        (1, ".i ٢", "expected .i and a number"),
        (2, ".i 2\n.i 3", "there are 3 inputs here, but 2 above"),
        (3, ".i 2\n.o 1\n.ilb a b c", ".ilb has 3 names; expected 2, one for each of the inputs"),
        (1, ".ob a b\n.i 2\n.o 1\n11 1", ".ob has 2 names; expected 1, one for each of the outputs"),
        (3, ".i 2\n.o 1\n.ilb a b\n.ilb a b", ".ilb stands twice, before on line 3"),
        (3, ".i 2\n.o 1\n.ilb a \x07b\n11 1", "expected printable names"),
        (1, ".type ff", "expected .type and one of f, fd, fr, fdr, r, dr, esop"),
        (2, ".type f\n.type fr", "the type is fr here, but f above"),
        (3, ".i 2\n.o 1\n.tpye fr\n11 1", "found '.tpye', which is no keyword; did you mean .type?"),
        (1, ".mv 8 4 3", "expected .mv, two counts of variables, and the sizes"),
        (1, ".mv 4 2 3 2", "found '.mv 4 2 3 2', variables with several values; expected bits"),
        (1, ".mv 8 5 -10 -10 6", "Write each of them as bits, one for each value, and say .i and .o."),
        (1, ".pair 2 (a b)", "joins inputs for decoders of two bits"),
        (1, ".kiss", "Encode the states in bits first"),
        (1, ".symbolic a b ; s0 s1 ;", "remove the line to read the table as it is"),
        (1, ".symbolic-output a b ; s0 s1 ;", "remove the line to read the table as it is"),
        (3, ".i 2\n.o 2\n.phase 01\n11 1", "'.phase 01' asks for the complement of outputs"),
        (3, ".i 2\n.o 1\n.label A B\n11 1", "expected var=N"),
        (1, ".i 2", "nothing says how many outputs there are; expected .o and a number"),
        (2, "11 1\n000 1", "nothing says how many inputs there are"),
        (1, "11 1\n.i 2\n.o 1", "found a line of the table above .i and .o"),
        (3, ".i 3\n.o 1\n11 1", "has 3 signs when '.e' comes; expected 3 inputs and 1 outputs"),
        (3, ".i 3\n.o 1\n11 1\n.type f", "has 3 signs when '.type' comes"),
        (3, ".i 3\n.o 1\n11\n011", "the term from here to line 4 has 5 signs"),
        (
            5,
            ".i 2\n.o 1\n.type fr\n1- 1\n11 0",
            "output 'y0' is 1 by line 4 and 0 by line 5 for the inputs '11'",
        ),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused_with_the_line(line, text, message, tmp_path):
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        items_of(tmp_path, *text.split("\n"))
    assert caught.value.line in (line, line + 1)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([".i 21", ".o 1"], "makes 2097152 items of 21 + 1 bits; expected at most 2^20 items and 2^25 bits"),
        ([".i 1000000", ".o 1000000"], "makes at least 2^64 items"),
        ([".i 19", ".o 100"], "makes 524288 items of 19 + 100 bits"),
        ([".type fr", ".i 40", ".o 1", "-" * 40 + "1"], "makes at least 2^40 items"),
        ([".type fr", ".i 30", ".o 1", *["0" * 11 + "-" * 19 + "1"] * 3], "makes 1572864 items"),
        ([".i 20", ".o 1", *["-" * 20 + "1"] * 2049], "the lines mark 2148532224 outputs"),
    ],
)
def test_large_expansions_are_refused_before_they_are_made(lines, message, tmp_path):
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(FormatError, match=re.escape(message)):
        items_of(tmp_path, *lines)
    assert time.process_time() - start < 1
    assert tracemalloc.get_traced_memory()[1] < 3 * 10**6
    tracemalloc.stop()


def test_the_number_of_inputs_is_compared_and_nothing_is_written(tmp_path):
    with pytest.raises(FormatError, match="2 inputs, but 3 are expected"):
        items_of(tmp_path, ".i 2", ".o 1", "11 1", n_inputs=3)
    with pytest.raises(UsageError, match=r"use one of \.dat, \.csv, \.tsv, \.npy, \.npz\.$"):
        write_items(tmp_path / "y.pla", Items([[1]], [[1]]))
    assert not (tmp_path / "y.pla").exists()


def test_solve_and_verify_take_a_table(tmp_path):
    (tmp_path / "x.pla").write_text(".i 3\n.o 1\n.p 3\n11- 1\n1-1 1\n-11 1\n.e\n")
    data, model = str(tmp_path / "x.pla"), str(tmp_path / "run")
    options = ["--engine", "descent", "--seed", "1", "--quiet", "--json", "--out", model]
    assert json.loads(run("solve", "--data", data, "--widths", "3,2,1", *options).stdout)["exact"]
    assert "all 8 items" in run("verify", model, data).stdout
    write_circuit(tmp_path / "and.bench", Circuit(3, (Gate(3, (1, 2, 3)),), (4,)))
    result = run("verify", tmp_path / "and.bench", "--data", data)
    assert (result.exit_code, "3 of 8 items" in result.stdout) == (3, True)


def test_a_table_for_another_number_of_inputs_is_one_clear_sentence(tmp_path):
    with pytest.raises(DataError, match="3 inputs"):
        items_of(tmp_path, ".i 3", ".o 1", "111 1", n_inputs=4)
