"""`btfnet predict`: rows in pieces, in every format, with the line of what is wrong."""

import io
import tracemalloc

import numpy as np
import pytest
from support.circuit_samples import full_adder, multiplier
from support.cli_samples import run

from btfnet import formats
from btfnet.cli.inputs import rows as rows_module
from btfnet.cli.reports.counted import Counted
from btfnet.errors import FormatError, OutputError
from btfnet.files.atomic import replacing
from btfnet.formats.arrays.npy_rows import RowWriter, row_pieces
from btfnet.formats.csv import rows as csv_rows
from btfnet.formats.csv import text as csv_text_module
from btfnet.formats.csv.columns import row_columns
from btfnet.formats.csv.rows import CsvRows, csv_text
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.csv.text import whole_lines
from btfnet.matching.columns import Ports


@pytest.fixture
def model(tmp_path):
    formats.write_circuit(tmp_path / "model.json", multiplier(3))
    return tmp_path / "model.json"


@pytest.fixture
def little_pieces(monkeypatch):
    """Pieces of some hundred bytes, so that small files have many."""
    monkeypatch.setattr(rows_module, "PIECE_BYTES", 300)
    monkeypatch.setattr(rows_module, "READ_BYTES", 100)
    monkeypatch.setattr(csv_rows, "CELLS_A_PIECE", 42)


def samples(n_items, seed=0):
    """Rows of the multiplier's inputs, and its products as bits."""
    rows = np.random.default_rng(seed).integers(0, 2, (n_items, 6), dtype=np.int8)
    products = (rows[:, :3] @ [1, 2, 4]) * (rows[:, 3:] @ [1, 2, 4])
    return rows, (products[:, None] >> np.arange(6) & 1).astype(np.int8)


def text(rows):
    return "".join(",".join(map(str, row)) + "\n" for row in rows.tolist())


# -- the command ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("out", ["out.csv", "out.npy", None])
@pytest.mark.parametrize("source", ["rows.csv", "rows.npy", "fortran.npy", "float.npy", "-"])
def test_every_way_in_and_out_gives_the_products(model, tmp_path, little_pieces, source, out, jobs):
    rows, products = samples(500)
    (tmp_path / "rows.csv").write_text(text(rows))
    np.save(tmp_path / "rows.npy", rows)
    np.save(tmp_path / "fortran.npy", np.asfortranarray(2 * rows - 1))
    np.save(tmp_path / "float.npy", rows.astype(np.float32))
    path = source if source == "-" else tmp_path / source
    outs = [] if out is None else [tmp_path / out]
    result = run("predict", model, path, *outs, "--jobs", jobs, text=text(rows) if source == "-" else None)
    assert (result.exit_code, result.stderr) == (0, "")
    if out == "out.npy":
        found = np.load(tmp_path / out)
        assert found.dtype == np.int8
        assert (found == products).all()
    else:
        assert (result.stdout if out is None else (tmp_path / out).read_text()) == text(products)


@pytest.mark.parametrize(
    ("name", "bad"), [("rows.npy", 2), ("rows.npy", -1), ("rows.csv", 2), ("rows.csv", -1)]
)
def test_error_in_the_last_piece_names_its_row_and_leaves_the_old_output(
    model, tmp_path, little_pieces, name, bad
):
    rows = samples(500)[0]
    rows[497, 3] = bad
    np.save(tmp_path / "rows.npy", rows)
    (tmp_path / "rows.csv").write_text(text(rows))
    (tmp_path / "out.npy").write_text("old")
    before = sorted(path.name for path in tmp_path.iterdir())
    result = run("predict", model, tmp_path / name, tmp_path / "out.npy", "--force")
    assert result.exit_code == 1
    where = "rows.csv:498: " if name == "rows.csv" else "rows.npy: rows: "
    assert where in result.stderr
    if bad == 2:
        assert (
            "item 498: column 4 is '2'" if name == "rows.csv" else "item 498 has the value 2 in column 4"
        ) in result.stderr
    assert (tmp_path / "out.npy").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_false_must_be_written_the_same_way_in_all_pieces(model, tmp_path, little_pieces):
    ones = np.ones((200, 6), dtype=np.float64)
    ones[3, 0], ones[150, 0] = 0, -1
    np.save(tmp_path / "rows.npy", ones)
    result = run("predict", model, tmp_path / "rows.npy")
    assert result.exit_code == 1
    assert "rows.npy: rows: the values mix 0 and -1" in result.stderr


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((3, 5), dtype=np.int8), "the rows have 5 values, but the circuit has 6 inputs"),
        (np.zeros(6, dtype=np.int8), "1 dimensions"),
        (np.zeros((0, 6), dtype=np.int8), "which is empty"),
    ],
)
def test_arrays_of_other_shapes_are_refused(model, tmp_path, array, message):
    np.save(tmp_path / "rows.npy", array)
    result = run("predict", model, tmp_path / "rows.npy", tmp_path / "out.npy")
    assert (result.exit_code, (tmp_path / "out.npy").exists()) == (1, False)
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize("suffix", ["npy", "csv"])
def test_memory_does_not_grow_with_the_file(model, tmp_path, suffix, monkeypatch):
    monkeypatch.setattr(rows_module, "PIECE_BYTES", 1 << 16)
    monkeypatch.setattr(rows_module, "READ_BYTES", 1 << 16)
    run("predict", model, "-", text="0,0,0,0,0,0\n")  # imports and compiles
    peaks = []
    for n_items in (60_000, 480_000):
        rows = samples(n_items)[0]
        path = tmp_path / f"rows.{suffix}"
        np.save(path, rows) if suffix == "npy" else path.write_bytes(csv_text(rows))
        del rows
        tracemalloc.start()
        assert run("predict", model, path, tmp_path / "out.npy", "--jobs", 2, "--force").exit_code == 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (np.load(tmp_path / "out.npy") == samples(n_items)[1]).all()
    assert peaks[1] < 1.3 * peaks[0] + 500_000


# -- comma-separated rows ---------------------------------------------------------------------------------


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
    monkeypatch.setattr(CsvRows, "_one_by_one", counting := Counting(CsvRows._one_by_one))
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


# -- arrays, files, progress ------------------------------------------------------------------------------


def test_array_written_row_by_row_is_what_numpy_would_have_written():
    rows = samples(123)[0]
    for promised in (None, 123):
        file = io.BytesIO()
        writer = RowWriter(file, 6, promised)
        for first in range(0, 123, 50):
            writer.write(rows[first : first + 50])
        writer.close()
        expected = io.BytesIO()
        np.save(expected, rows)
        assert file.getvalue() == expected.getvalue()


def test_file_that_is_cut_while_it_is_read_is_an_error(tmp_path):
    np.save(tmp_path / "x.npy", samples(1000)[0])
    shape, pieces = row_pieces(str(tmp_path / "x.npy"), 600)
    assert shape == (1000, 6)
    next(pieces)
    with open(tmp_path / "x.npy", "r+b") as file:
        file.truncate(2000)
    with pytest.raises(FormatError, match="became shorter"):
        list(pieces)
    with pytest.raises(FormatError, match="cut short or damaged"):
        row_pieces(str(tmp_path / "x.npy"), 600)


def test_interrupted_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "out").write_text("old")

    def interrupted():
        with replacing(tmp_path / "out") as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out").read_text() == "old"
    with pytest.raises(OutputError), replacing(tmp_path / "no" / "out"):
        pass


def test_long_predictions_say_how_far_they_are(capsys):
    now = [0.0]
    counted = Counted(2000, "row", clock=lambda: now[0])
    for _ in range(3):
        now[0] += 3.0
        counted.add(250)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[-3:] for line in lines] == [["500 rows", "25.00 %", "83 rows/s"]]


def test_threads_keep_the_order_and_take_no_more_pieces_than_they_need():
    taken = []

    def pieces():
        for number in range(50):
            taken.append(number)
            yield number

    results = rows_module.in_order(lambda number: number * number, pieces(), 3)
    assert next(results) == 0
    assert len(taken) <= 5
    assert list(results) == [number * number for number in range(1, 50)]


def test_full_adder_of_named_columns(tmp_path):
    formats.write_circuit(tmp_path / "adder.json", full_adder())
    data = "in:a,in:b,in:c,out:sum,out:carry\n1,1,1,0,0\n1,0,0,0,0\n"
    assert run("predict", tmp_path / "adder.json", "-", text=data).stdout == "1,1\n1,0\n"
