"""Items as .csv: in, and what is rejected."""

from __future__ import annotations

import re

import numpy as np
import pytest

from btfnet.errors import FormatError
from btfnet.formats import Items, read_items


@pytest.mark.parametrize(
    ("text", "n_inputs"),
    [
        ("in:a,in:b,out:y\n0,1,1\n1,0,0\n", None),
        ("out:y,in:a,in:b\n1,-1,1\n-1,1,-1\n", None),
        ("a,b,y\n0, 1, 1\n\n1, 0, 0\n", 2),
        ('\ufeff"a","b","y"\r\n0,1,+1\r\n1.0,0,0', 2),
    ],
)
def test_csv_takes_bits_in_either_spelling_and_names_from_the_header(text, n_inputs, tmp_path):
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    expected = Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b"), output_names=("y",))
    assert read_items(tmp_path / "x.csv", n_inputs=n_inputs) == expected


@pytest.mark.parametrize(
    ("text", "n_inputs", "line", "message"),
    [
        ("", None, 1, "the file is empty"),
        ("in:a,out:y\n", None, 1, "no items below it"),
        ("a,y\n0,1\n", None, 1, "nothing says how many of the 2 columns are inputs"),
        ("0,1\n", None, 1, "add a header such as in:a,in:b,out:y"),
        ("0,1\n1,1\n", 2, 1, "all 2 columns are inputs"),
        ("in:a,out:y\n0,1\n1\n", None, 3, "item 1 has 1 values, but the first row has 2"),
        ("in:a,out:y\n0,1\n\n1,2\n", None, 4, "item 1 has '2' in column 2; expected 0/1 or -1/+1"),
        ("in:a,out:y\n0,1\n1,nan\n", None, 3, "item 1 has 'nan' in column 2"),
        ("in:a,out:y\n0,1\n1,yes\n", None, 3, "item 1 has 'yes' in column 2"),
        ("in:a,out:y\n0,1\n1,--\n", None, 3, "expected 0/1 or -1/+1, or - where the bit does not count"),
        ("in:a,out:y\n0,-\nx,1\n", None, 3, "item 1 has 'x' in column 1, an input; only outputs may be left"),
        ("-,1\n0,1\n", 1, 1, "item 0 has '-' in column 1, an input"),
        ("in:a,out:y\n0,1\n1,-1\n", None, 3, "0 and -1 both stand in the file"),
        ("in:a,in:a,out:y\n0,1,1\n", None, 1, "give all inputs distinct names"),
        ("in:a,in:b,out:y\n0,1,1\n", 3, 1, "the header names 2 inputs, but 3 are expected"),
        ('in:a,out:y\n0,"1\n', None, 2, "the row is no comma-separated text"),
    ],
)
def test_csv_that_breaks_a_rule_is_rejected_with_line_and_rule(text, n_inputs, line, message, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_items(tmp_path / "x.csv", n_inputs=n_inputs)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "n_inputs"),
    [
        ("in:a,in:b,out:y,out:z\n0,0,1,-\n0,1,?,0\n1,1,x,X\n", None),
        ("out:y,in:a,out:z,in:b\n1,-1,- ,-1\n x,-1,-1,1\n-,1,-,1\n", None),
        ("a,b,y,z\n0,0,1,X\n0,1,x,0\n1,1,-,-\n", 2),
    ],
)
def test_marks_in_csv_outputs_are_bits_that_do_not_count(text, n_inputs, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    expected = Items(
        [[-1, -1], [-1, 1], [1, 1]],
        [[1, -1], [-1, -1], [-1, -1]],
        input_names=("a", "b"),
        output_names=("y", "z"),
        care=np.array([[1, 0], [0, 1], [0, 0]]),
    )
    assert read_items(tmp_path / "x.csv", n_inputs=n_inputs) == expected


def test_a_first_row_with_marks_alone_beside_its_numbers_is_no_header(tmp_path):
    (tmp_path / "x.csv").write_text("0,1,-\n1,x,0\n")
    found = read_items(tmp_path / "x.csv", n_inputs=1)
    assert found.n_items == 2
    assert found.care.tolist() == [[True, False], [False, True]]
