"""`btfnet predict`: rows in pieces, in every format, with the line of what is wrong."""

import io
import tracemalloc

import numpy as np
import pytest
from support.circuit_samples import full_adder, multiplier
from support.cli_samples import run

from btfnet import formats
from btfnet.cli.console import Counted
from btfnet.cli.inputs import rows as rows_module
from btfnet.errors import FormatError, OutputError
from btfnet.files.atomic import replacing
from btfnet.formats.arrays.npy_rows import RowWriter, row_pieces
from btfnet.formats.csv import rows as csv_rows
from btfnet.formats.csv.rows import csv_text


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
