"""PLA as people write it: every spelling that espresso or ABC takes means the same table.

Until these were written the reader took only what ABC itself writes, and our tests only what the reader took:
142 of the 187 tables that come with espresso were refused. The shapes here are those of espresso's own examples.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import run

from btfnet.errors import BtfnetWarning, DataError
from btfnet.formats import read_items
from btfnet.formats.pla.reader import read_table

CASES = Path(__file__).parents[3] / "shared" / "cases"
PLAIN = ".i 3\n.o 2\n11- 1-\n001 01\n.e\n"


def table_of(tmp_path, text):
    (tmp_path / "x.pla").write_text(text, newline="")
    return read_table(tmp_path / "x.pla")


def same(a, b):
    return all(
        np.array_equal(getattr(a, field), getattr(b, field)) for field in ("cubes", "marks", "rest", "parity")
    )


@pytest.mark.parametrize(
    "text",
    [
        ".i 3\n.o 2\n11- 1-\n001 01\n",  # espresso's own examples have no .e and no .p
        ".i 3\n.o 2\n.p 2\n11- 1-\n001 01\n.end\n",
        ".o 2\n.i 3\n11- 1-\n001 01\n",
        ".i 3 .o 2 .p 2 .type fd\n11- 1-\n001 01\n.e\n",  # ABC wants a line for each
        ".mv 4 3 2\n11- 1-\n001 01\n",
        ".I 3\n.O 2\n11- 1-\n001 01\n.E\n",
        "\n \n  .i 3\n\t.o 2\n  11- 1-\n\n\t001 01 \n  .e",
        ".i 3\r\n.o 2\r\n11- 1-\r\n001 01\r\n.e\r\n",
        "﻿.i 3\n.o 2\n11- 1-\n001 01\n",
        "my table, version 2\n.i 3\n-------------\n.o 2\n11- 1-\n001 01\n",
        "# 3 inputs\n.i 3 # three\n.o 2#two\n#.type fr\n11- 1- # and\n001 01#or\n",
        ".i 3\n.o 2\n.type fd\n11- 1-\n001 01\n",
        ".type FD\n.i 3\n.o 2\n11- 1-\n001 01\n",
        ".i 3\n.o 2\n11-1-\n00101\n",
        ".i 3\n.o 2\n11-|1-\n|001|01|\n",
        ".i 3\n.o 2\n1 1 - 1 -\n0\t0\t1\t0\t1\n",
        ".i 3\n.o 2\n11-=1-\n001=01\n",
        ".i 3\n.o 2\n1_1_- 1_-\n0_0_1_01\n",
        ".i 3\n.o 2\n11- 1- 001 01\n",
        ".i 3\n.o 2\n11-\n1-\n001\n01\n",
        ".i 3\n.o 2\n11- 1\n- # the second output\n001 0\n1\n",
        ".i 3\n.o 2\n112 42\n001 ~1\n",
        ".i 3\n.o 2\n11x 1x\n001 31\n",
        ".i 3\n.o 2\n11X 4X\n001 01\n",
        ".i 3\n.o 2\n.phase 11\n11- 1-\n001 01\n",
        ".i 3\n.o 2\n.label var=0 low high\n11- 1-\n001 01\n",
        "11- 1-\n001 01\n",
        "11-|1-\n001|01\n.e\n",
        ".i 3\n11- 1-\n001 01\n",
        ".i 3\n.i 3\n.o 2\n.o 2\n11- 1-\n001 01\n",
    ],
)
@pytest.mark.filterwarnings("ignore:.*goes over several lines")
def test_spellings_of_one_table_are_one_table(text, tmp_path):
    found = table_of(tmp_path, text)
    assert found.cubes.tolist() == [[1, 1, 2], [0, 0, 1]]
    assert found.marks.tolist() == [[1, 4], [0, 1]]


@pytest.mark.parametrize(
    "names",
    [
        ".i 3\n.o 2\n.ilb a b<1> c[0]\n.ob y z+1\n",
        ".ilb a b<1> c[0]\n.ob y z+1\n.i 3\n.o 2\n",
        ".i 3\n.o 2\n.ilb a \\\n b<1> c[0]\n.ob y\\\nz+1\n",
        ".i 3\n.o 2\n.ilb a\n  b<1>\n  c[0]\n\n.ob y # the first\n\tz+1\n",
        ".i 3\n.ilb a\n b<1> c[0]\n.o 2\n.ob y z+1\n",
        ".i 3\n.o 2\n.ILB a b<1> c[0] \n.OB y z+1 \n",
        ".i 3\n.o 2\n.ilb a b<1> c[0]\n.label var=3 y z+1\n",
    ],
)
def test_names_may_stand_anywhere_and_go_over_several_lines(names, tmp_path):
    table = table_of(tmp_path, names + "11- 1-\n001 01\n")
    assert (table.input_names, table.output_names) == (("a", "b<1>", "c[0]"), ("y", "z+1"))
    assert table.n_lines == 2


def test_a_name_may_hold_a_number_sign(tmp_path):
    table = table_of(tmp_path, ".i 2\n.o 1\n.ilb a#1 b#2 # not c#3\n11 1\n")
    assert table.input_names == ("a#1", "b#2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".i 3\n.o 2\n.p 5\n11- 1-\n001 01\n.e\n", r"x\.pla:6: \.p promises 5 terms, but there are 2"),
        (".i 3\n.o 2\n11- 1-\n001 01\n.e\n111 11\n", r"x\.pla:6: the table ends with \.e above"),
        (".i 3\n.o 2\n11- 1-\n001 01\n.type fd\n", r"x\.pla:5: \.type fd stands behind terms"),
        (".i 3\n.o 2\n11- 1\n-\n001 01\n", r"x\.pla:3: a term goes over several lines from here"),
        (".i 3\n.o 2\n.ilb a b\n11- 1-\n001 01\n", r"x\.pla:3: \.ilb has 2 names for 3 inputs"),
        (".i 3\n.o 2\n.ob y y\n11- 1-\n001 01\n", r"x\.pla:3: \.ob gives the name 'y' twice"),
        (".i 3\n.o 2\n.na adder\n11- 1-\n001 01\n", r"x\.pla:3: '\.na' is no keyword of espresso"),
    ],
)
def test_what_is_odd_but_clear_is_read_with_a_warning(text, message, tmp_path):
    with pytest.warns(BtfnetWarning, match=message):
        table = table_of(tmp_path, text)
    assert same(table, table_of(tmp_path, PLAIN))


def test_too_few_names_are_completed_and_repeated_ones_are_told_apart(tmp_path):
    with pytest.warns(BtfnetWarning):
        table = table_of(tmp_path, ".i 4\n.o 2\n.ilb a x2 a\n.ob y y\n11-- 1-\n")
    assert table.input_names == ("a", "x2", "a_2", "x3")
    assert table.output_names == ("y", "y_2")


def test_the_terms_of_an_esop_are_joined_by_exclusive_or(tmp_path):
    (tmp_path / "x.pla").write_text(".i 2\n.o 1\n.type esop\n1- 1\n-1 1\n.e\n")
    items = read_items(tmp_path / "x.pla")
    assert items.outputs.ravel().tolist() == [-1, 1, 1, -1]


EXPECTED = {
    "blank_before": "11 1", "comment_in": "11 1|00 1", "crlf": "110 1|111 0", "eq": "11 1|00 0",
    "fd_overlap": "1- 1|11 -", "ilb_split": "11- 1", "label": "11- 1", "noe": "11 1|00 1",
    "outx": "11 1|00 -|01 0", "p34": "110 1|111 0", "pwrong": "11 1|00 1", "rowsonly": "11 1|00 0",
    "type_mid": "11 1|00 0", "unders": "11-- 1", "upper": "11 1",
}  # fmt: skip
TYPES = {"crlf": "fr", "eq": "fr", "outx": "fr", "p34": "fr", "type_mid": "fr", "blank_before": "esop"}


@pytest.mark.skipif(not CASES.exists(), reason="the cases lie beside the repository")
@pytest.mark.filterwarnings("ignore:.*promises 5 terms")
@pytest.mark.parametrize("case", sorted(EXPECTED))
def test_every_case_means_what_its_terms_say(case, tmp_path):
    rows = EXPECTED[case].split("|")
    n_inputs, n_outputs = map(len, rows[0].split())
    head = [f".i {n_inputs}", f".o {n_outputs}", f".type {TYPES.get(case, 'fd')}"]
    assert same(read_table(CASES / f"{case}.pla"), table_of(tmp_path, "\n".join([*head, *rows, ".e\n"])))


@pytest.mark.skipif(not CASES.exists(), reason="the cases lie beside the repository")
@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("f_conflict", "is 1 by line 4 and 0 by line 5 for the inputs '11'; make the lines agree"),
        ("mv", "Write each of them as bits"),
        ("phase", "remove the line to read the table as it is"),
    ],
)
def test_cases_that_are_refused_say_why_and_what_helps(case, message, tmp_path):
    with pytest.raises(DataError, match=message):
        read_table(CASES / f"{case}.pla")


def test_the_command_line_tells_a_warning_once(tmp_path):
    (tmp_path / "x.pla").write_text(".i 2\n.o 1\n.p 5\n11 1\n.e\n")
    result = run("solve", "--data", tmp_path / "x.pla", "--widths", "2,1", "--engine", "descent", "--quiet")
    assert result.exit_code == 0
    assert result.stderr.count("Warning: ") == 1
    assert ".p promises 5 terms, but there are 1" in result.stderr
