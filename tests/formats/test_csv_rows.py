"""Rows of a table, piece by piece: the same however they are cut, and what is wrong has its place."""

import numpy as np
import pytest

from btfnet.errors import FormatError
from btfnet.formats.csv import table as csv_text_module
from btfnet.formats.csv.columns import row_columns
from btfnet.formats.csv.rows import CsvRows
from btfnet.formats.csv.table import CsvTable, whole_lines
from btfnet.matching.columns import Ports


def samples(n_items, seed=0):
    """Rows of the multiplier's inputs, and its products as bits."""
    rows = np.random.default_rng(seed).integers(0, 2, (n_items, 6), dtype=np.int8)
    products = (rows[:, :3] @ [1, 2, 4]) * (rows[:, 3:] @ [1, 2, 4])
    return rows, (products[:, None] >> np.arange(6) & 1).astype(np.int8)


A_B = Ports("the circuit", ("a", "b"), ("y",))


def read(data, ports=A_B, size=1 << 20):
    table = CsvTable("x.csv", [data[first : first + size] for first in range(0, len(data), size)])
    columns = row_columns(table, ports, len(ports.inputs), len(ports.outputs))
    return np.concatenate(list(CsvRows(table, columns))).tolist()


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"0,1\n", [[0, 1]]),
        (b"1,0\r\n1,1", [[1, 0], [1, 1]]),
        (b"1,0\r1,1\r", [[1, 0], [1, 1]]),
        (b"\xef\xbb\xbf1, 0\n\n1,1\n", [[1, 0], [1, 1]]),
        (b"-1,1\n1,1\n+1,-1\n", [[-1, 1], [1, 1], [1, -1]]),
        (b"a,b\n1,1\n 0 ,0\n", [[1, 1], [0, 0]]),
        (b"b,a\n1,0\n1,1\n", [[0, 1], [1, 1]]),
        (b"y,b,a\n?,1,0\nwhatever,1,1\n", [[0, 1], [1, 1]]),
        (b"in:a,out:y,in:b\n1,?,0\n1,0,1\n0,1,1\n", [[1, 0], [1, 1], [0, 1]]),
        (b"out:y,in:b,in:a\n0,-1,1\n0,1,1\n", [[1, -1], [1, 1]]),
        (b'"1","0"\n1,"1\n"\n', [[1, 0], [1, 1]]),
        (b'"b","a"\n"1","0"\n"1","1"\n', [[0, 1], [1, 1]]),
        (b"a,b\n\n\n1,0\n", [[1, 0]]),
        (b"1;0\n1;1\n", [[1, 0], [1, 1]]),
        (b"1,0;0,0\n1;1\n", [[1, 0], [1, 1]]),
        (b"1\t0\n1\t1\n", [[1, 0], [1, 1]]),
        (b"1|0\n1|1\n", [[1, 0], [1, 1]]),
        (b"1 0\n 1  1 \n", [[1, 0], [1, 1]]),
        (b"sep=;\na;b\n0;1\n", [[0, 1]]),
        (b"TRUE,FALSE\ntrue,True\nyes,no\nT,F\n1.0,0.0\n", [[1, 0], [1, 1], [1, 0], [1, 0], [1, 0]]),
        (b"1.000e+00 0.000e+00\n1.000e+00 1.000e+00\n", [[1, 0], [1, 1]]),
    ],
)
def test_rows_mean_the_same_however_they_are_cut_into_pieces(data, rows, size):
    assert read(data, size=size) == rows


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"1,1\n0,1\n0,1,1\n", 3, "item 3 has 3 values, but the first row has 2"),
        (b"0,1,1,1\n", 1, r"the row has 4 values, but the circuit has 2 inputs \(a, b\)"),
        (b"a,b,c\n0,1,1\n", 1, "no input of the circuit is named c"),
        (b"1,1\n\n0,2\n", 3, "item 2: column 2 is '2'; expected 0/1, -1/\\+1 or true/false"),
        (b"a,b\n0,1\n1-1,0\n", 3, r"item 2: column 1 \('a'\) is '1-1'"),
        (b"b,a\n0,1\n1,NA\n", 3, r"item 2: column 2 \('a'\) is 'NA', a missing value"),
        (b"b,a\n0,1\n,1\n", 3, r"item 2: column 1 \('b'\) is empty"),
        (b"b,a\n0,1\n1,?\n", 3, r"item 2: column 2 \('a'\) is '\?', an input that is left open"),
        (b"1,0\n1,1\n1,-1\n", 3, "0 and -1 both stand"),
        (b"1,-1\n1,1\n1,0\n", 3, "0 and -1 both stand"),
        (b"1,1\n0,-1\n", 2, "0 and -1 both stand"),
        (b"1,1\n1,\xff\n", 2, "the byte 0xff"),
        (b"1,1\n1,1\n1,\0\n", 3, "a zero byte"),
        (b"a,b\n", 1, "there are no rows"),
        (b"", None, "there are no rows"),
        (b"\n \n", None, "there are no rows"),
        (b'a,b\n1,"1\n', 2, "the row is no comma-separated text"),
        (b"1,1\n1\x0c1,1\n", 2, r"column 1 is '1\\x0c1'"),
        (b"1,1\n1,1\x0c1,1\n", 2, "item 2 has 3 values"),
        (b"1,1\n1,1\x0b\n", 2, r"column 2 is '1\\x0b'"),
        (b"1,1\n1,1\xc2\x85\n", 2, r"column 2 is '1\\x85'"),
        (b"1,1\n1,1\xe2\x80\xa8\n", 2, r"column 2 is '1\\u2028'"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_however_the_pieces_are_cut(data, line, message, size):
    """Rows used to be cut at form feeds and the like, which str.splitlines takes for ends of lines."""
    with pytest.raises(FormatError, match=message) as caught:
        read(data, size=size)
    assert caught.value.line == line


def test_line_without_end_is_given_up_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(csv_text_module, "LONGEST_LINE", 1000)
    with pytest.raises(FormatError, match="longer than 1000 bytes"):
        list(whole_lines("x.csv", (b"0," * 100 for _ in range(100))))
    with pytest.raises(FormatError, match="longer than 1000 bytes"):
        list(whole_lines("x.csv", [b'0,"1\n', *[b"0,1\n" * 100] * 100]))


@pytest.mark.parametrize("header", [b"", b'"a","b","c","d","e","f"\n', b"f,e,d,c,b,a\n"])
@pytest.mark.parametrize("spelling", [b"%d", b'"%d"', b" %d"])
@pytest.mark.parametrize("separator", [b",", b";"])
def test_plain_pieces_take_no_step_for_each_row(header, spelling, separator, monkeypatch):
    rows = samples(10_000)[0]
    lines = [separator.join(spelling % value for value in row).lstrip() for row in rows.tolist()]
    data = header.replace(b",", separator) + b"\n".join(lines) + b"\n"
    monkeypatch.setattr(CsvTable, "cells", counting := Counting(CsvTable.cells))
    table = CsvTable("x", [data])
    columns = row_columns(table, Ports("m", tuple("abcdef")), 6, 0)
    parts = np.concatenate(list(CsvRows(table, columns)))
    assert (parts == (rows[:, ::-1] if header.startswith(b"f") else rows)).all()
    assert counting.calls == 0


def test_whoever_sends_row_after_row_gets_an_answer_to_each():
    """A row that may be a header waits for the next one; no other does."""
    sent = []

    def lines():
        for row in (b"1,0\n", b"0,1\n", b"1,1\n"):
            sent.append(row)
            yield row

    rows = CsvRows(CsvTable("x", lines()), (0, 1))
    for number, part in enumerate(rows, start=1):
        assert (len(sent), len(part)) == (number, 1)


class Counting:
    """A method that counts its calls."""

    def __init__(self, method):
        self.method, self.calls = method, 0

    def __get__(self, owner, kind):
        def call(*arguments):
            self.calls += 1
            return self.method(owner, *arguments)

        return call
