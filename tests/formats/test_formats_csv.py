"""Items as .csv: in, and what is rejected."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from btfnet.errors import FormatError, UsageError
from btfnet.formats import Items, read_items, write_items
from btfnet.formats.csv.layout import Layout


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
        ("", None, None, "the file is empty"),
        ("in:a,out:y\n", None, 1, "no items below it"),
        (
            "a,y\n0,1\n",
            None,
            1,
            "add a header such as in:a,in:b,out:y. A table of numbers and words is for btfnet.learn.",
        ),
        ("0,1\n", None, 1, "add a header such as in:a,in:b,out:y"),
        ("1,1\n0,1\n", 2, 1, "all 2 columns are inputs"),
        ("in:a,out:y\n0,1\n1\n", None, 3, "item 2 has 1 values, but the first row has 2"),
        (
            "in:a,out:y\n0,1\n\n1,2\n",
            None,
            4,
            "item 2: column 2 ('y') is '2'; expected 0/1, -1/+1 or true/false",
        ),
        (
            "in:a,out:y\n0,1\n1,nan\n",
            None,
            3,
            "item 2: column 2 ('y') is 'nan', a missing value; write - where",
        ),
        (
            "in:a,out:y\n0,1\nNA,1\n",
            None,
            3,
            "item 2: column 1 ('a') is 'NA', a missing value; give it a value",
        ),
        ("in:a,out:y\n0,1\n1,\n", None, 3, "item 2: column 2 ('y') is empty; write - where the bit does not"),
        ("in:a,out:y\n0,1\n1,yess\n", None, 3, "item 2: column 2 ('y') is 'yess'"),
        ("in:a,out:y\n0,1\n1,--\n", None, 3, "or true/false, or - where the bit does not count"),
        (
            "in:a,out:y\n0,-\nx,1\n",
            None,
            3,
            "item 2: column 1 ('a') is 'x', an input that is left open; only",
        ),
        ("-,1\n0,1\n", 1, 1, "item 1: column 1 is '-', an input that is left open"),
        ("a,b,a\n0,1,1\n", 2, 1, "two columns are named 'a'; give all columns distinct names"),
        ("in:a,in:a,out\n0,1,1\n", 2, 1, "two input columns are named 'a'; give all inputs distinct names"),
        ("yes,no,on\n1,0,1\n", 2, 1, "is it a header, or an item? Say --header or --no-header"),
        ("true,false\n1,0\n", 1, 1, "the first row is 'true,false', in other words than the rows below"),
        ("Unnamed: 0,a,y\n0,1,1\n", 2, 1, "the first column is named 'Unnamed: 0'; it looks like an index"),
        ("a,b,y\n0,1,1,\n", 2, 2, "has 4 values, but the first row has 3; give it 3. The line ends with ','"),
        ("a,b,y\n0,1,1\n", 5, 1, "the rows have 3 columns; expected 5 inputs and at least one output"),
        (",a,y\n0,1,1\n", 2, 1, "the first column has no name; it looks like an index"),
        ('"","in:a","out:y"\n1,1,1\n', None, 1, "the first column has no name; it looks like an index"),
        (",0,1\n0,1,1\n1,0,0\n", 2, 1, "the first column has no name; it looks like an index"),
        ("a,y,\n0,1,\n", 1, 1, "the last column has no name; every line seems to end with ','"),
        ("id,a,y\n1,1,1\n2,0,0\n", 2, 3, "If the column counts the rows, leave it out"),
        ("id,a,y\n0,1,1\n1,0,0\n2,0,1\n", 2, 4, "column 1 ('id') is 2; it looks like an index"),
        ("a,y\n1,1,1\n2,0,0\n", 1, 2, "The first column may be an index without a name, as R writes it"),
        (
            '"a" "y"\n"1" 1 1\n"2" 0 0\n',
            1,
            2,
            "The first column may be an index without a name, as R writes it",
        ),
        ("in:a,b,out:y\n0,1,1\n", 2, 1, "column 2 is named 'b', but others say what they are ('in:a')"),
        (
            "0,1\n0,1\n1,0\n",
            1,
            1,
            "is it a header that counts the columns, as pandas writes it, or an item? Say --header",
        ),
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


# -- tables as people have them -----------------------------------------------------------------------------

EXPECTED = Items([[-1, 1], [1, -1]], [[1], [-1]], input_names=("a", "b"), output_names=("y",))


@pytest.mark.parametrize(
    "text",
    [
        "in:a;in:b;out:y\n0;1;1\n1;0;0\n",
        "in:a\tin:b\tout:y\n0\t1\t1\n1\t0\t0\n",
        "in:a|in:b|out:y\r\n0|1|1\r\n1|0|0\r\n",
        "in:a in:b out:y\n0  1 1\n1 0 0 \n",
        "In:a,IN:b,OUT :y\n0,1,1\n1,0,0\n",
        "in:a,in:b,out:y\r0,1,1\r1,0,0\r",
        "in:a,in:b,out:y\nFALSE,TRUE,TRUE\nTRUE,FALSE,FALSE\n",
        "in:a,in:b,out:y\nfalse,true,yes\nTrue,No,off\n",
        "in:a;in:b;out:y\n0,0;1,0;1,00\n1,0;0,0;0\n",
        "in:a,in:b,out:y\n0.0,1.0,1e0\n1.,0.000,-0\n",
        '"in:a","in:b","out:y"\n"0","1","1"\n"1","0","0"\n',
        "sep=;\nin:a;in:b;out:y\n0;1;1\n1;0;0\n",
        "\n\nin:a,in:b,out:y\n\n0,1,1\n  \n1,0,0\n\n",
        'in:a,in:b,"out:y"\n0,"1","1\n"\n1,0,0',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_tables_are_read_as_people_have_them(text, encoding, tmp_path):
    """Before, only commas and digits were read, and predict read other files than solve."""
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    assert read_items(tmp_path / "x.csv") == EXPECTED


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("a;b;y\n0;1;1\n1;0;0\n", Layout(";")),
        ("a~b~y\n0~1~1\n1~0~0\n", Layout("~")),
        ("a\tb\ty\n0\t1\t1\n1\t0\t0\n", Layout("tab")),
        ("a\tb\ty\n0\t1\t1\n1\t0\t0\n", Layout("\\t")),
        ("a,b,y\n0,1,1\n1,0,0\n", Layout(header=True)),
    ],
)
def test_what_is_said_about_a_table_holds(text, layout, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    assert read_items(tmp_path / "x.csv", n_inputs=2, layout=layout) == EXPECTED


def test_a_first_row_that_may_be_a_header_is_asked_for_and_either_answer_is_taken(tmp_path):
    (tmp_path / "x.csv").write_text("0,1\n0,1\n1,0\n")
    assert read_items(tmp_path / "x.csv", n_inputs=1, layout=Layout(header=True)).n_items == 2
    assert read_items(tmp_path / "x.csv", n_inputs=1, layout=Layout(header=False)).n_items == 3
    (tmp_path / "x.csv").write_text("0,1\n")
    assert read_items(tmp_path / "x.csv", n_inputs=1).n_items == 1


@pytest.mark.parametrize(
    ("text", "names", "n_items"),
    [
        ("0,1,2\n0,1,1\n1,0,0\n", (), 2),
        ("1,2,3\n0,1,1\n1,0,0\n", (), 2),
        ("x,t,y\n0,1,1\n1,0,0\n", ("x", "t"), 2),
        ("t,f,f\n0,1,1\n1,0,0\n", (), 3),
        ("t,f,y\nT,F,n\n", (), 2),
        ("yes,no,no\n0,1,1\n", (), 2),
        ("yes,no,no\nno,yes,yes\n", (), 2),
        ("x,y,z\nTRUE,FALSE,TRUE\n", ("x", "y"), 1),
        ("x,y,t\nTRUE,FALSE,TRUE\n", ("x", "y"), 1),
        ("n,y,t\n1,0,-\n", ("n", "y"), 1),
        ("y,n,t\nyes,no,?\n", ("y", "n"), 1),
        ("1,0,x\n0,1,1\n", (), 2),
    ],
)
def test_a_header_is_told_from_a_row(text, names, n_items, tmp_path):
    (tmp_path / "x.csv").write_text(text)
    found = read_items(tmp_path / "x.csv", n_inputs=2)
    assert (found.input_names, found.n_items) == (names, n_items)


def test_a_table_that_may_be_cut_in_two_ways_is_asked_for(tmp_path):
    (tmp_path / "x.csv").write_text("a;b,c;d\n")
    with pytest.raises(
        FormatError, match="may be cut at each comma or semicolon; say which with --separator"
    ):
        read_items(tmp_path / "x.csv", n_inputs=1)


@pytest.mark.parametrize("separator", ["", "ab", "0", "a", '"', "-", "\n"])
def test_what_cannot_separate_cells_is_refused(separator):
    with pytest.raises(UsageError, match="the separator is"):
        Layout(separator)


def test_layout_is_for_tables_alone(tmp_path):
    write_items(tmp_path / "x.npz", EXPECTED)
    with pytest.raises(UsageError, match="--separator and --header are for"):
        read_items(tmp_path / "x.npz", layout=Layout(";"))


def test_tab_separated_files_are_written_and_read(tmp_path):
    write_items(tmp_path / "x.tsv", EXPECTED)
    assert (tmp_path / "x.tsv").read_text() == "in:a\tin:b\tout:y\n0\t1\t1\n1\t0\t0\n"
    assert read_items(tmp_path / "x.tsv") == EXPECTED


# -- size -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["%d", '"%d"', "%d.0"])
def test_time_grows_with_the_number_of_cells_whatever_the_shape(spelling, tmp_path):
    """A hundred thousand columns took hours: every name was looked for among all others."""
    n_columns, n_items = 100_000, 4
    bits = np.random.default_rng(0).integers(0, 2, (n_items, n_columns))
    header = ",".join([*(f"in:n{index}" for index in range(n_columns - 1)), "out:y"])
    rows = [",".join(spelling % bit for bit in row) for row in bits.tolist()]
    (tmp_path / "wide.csv").write_text("\n".join([header, *rows]))
    begun = time.process_time()
    found = read_items(tmp_path / "wide.csv")
    assert time.process_time() - begun < 5
    assert (found.inputs > 0).tolist() == (bits[:, :-1] > 0).tolist()
