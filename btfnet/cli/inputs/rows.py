"""Rows of inputs for `btfnet predict`, and what is made of them, piece by piece: no file is too large."""

from __future__ import annotations

import io
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from btfnet.cli.inputs.models import Reading, boolean_inputs, check_raw, ports_of
from btfnet.committee.classifier import Classifier
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files.reading import is_pipe, pieces_of
from btfnet.formats.arrays.npy_rows import row_pieces
from btfnet.formats.by_suffix import TABLES, read_items
from btfnet.formats.csv.columns import row_columns
from btfnet.formats.csv.layout import Layout
from btfnet.formats.csv.rows import CsvRows, number_rows
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.format import Holds
from btfnet.formats.recognise import format_of
from btfnet.formats.registry import FORMATS
from btfnet.kernels.logic.byte_rows import MINUS, ZEROS, kinds_of_bytes
from btfnet.logic.circuit import Circuit
from btfnet.logic.simulation.rows import as_bytes, check_width
from btfnet.matching.columns import By, Unknown, order
from btfnet.problem.item_inputs import columns_in_order
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind

WITH_OUTPUTS = (".npz", ".dat")
"""Of our own formats those of items that are no table; those of plugins all are."""
"""Formats that always hold outputs beside the inputs; they are read whole."""
PIECE_BYTES = 1 << 22
"""Of the rows that are in work at once, for each job."""
READ_BYTES = 1 << 20
MIXED = "rows: the values mix 0 and -1, so false is unclear; use 0/1 or -1/+1 throughout."

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Rows:
    """Rows of inputs: 0/1 or ±1 of any type, still to be checked.

    path     what messages call the file
    n_rows   None where nobody knows before the end
    """

    path: str
    n_rows: int | None
    pieces: Iterable[NDArray[Any]]


def open_rows(path: str, circuit: Circuit, reading: Reading) -> Rows:
    """Rows of the circuit's inputs, from .csv (- is standard input), .npy, or an items file.

    Named columns are brought into the order of the circuit's inputs; those of outputs are left out.
    """
    suffix = row_suffix(path, reading)
    if suffix == ".npy":
        return _array(path, circuit, reading.by)
    if _has_outputs(suffix):
        return _items(path, circuit, reading)
    table = open_table(path, reading.layout)
    return Rows(table.path, None, CsvRows(table, columns_of(table, circuit, circuit.n_outputs, reading.by)))


def row_suffix(path: str, reading: Reading) -> str:
    """The suffix; .csv for standard input and all tables. Raises `UsageError` for one that holds no rows, and for
    options that do not belong to it.
    """
    suffix = ".csv" if path == "-" else format_of(path)
    if suffix not in FORMATS and is_pipe(path):  # <(zcat rows.csv.gz) has a name, but no suffix
        suffix = ".csv"
    if suffix in TABLES:
        return ".csv"
    if suffix != ".npy" and not _has_outputs(suffix):
        raise UsageError(
            f"{path}: rows of inputs are read from .csv, .npy, .npz and .dat files, or from - (as .csv)."
        )
    if not reading.layout.is_default:
        raise UsageError(f"{path}: --separator and --header are for .csv files, and this is none.")
    if suffix == ".npy" and reading.by is By.NAME:
        raise UsageError(f"{path}: an array has no names, so nothing can be matched by name.")
    return suffix


def _has_outputs(suffix: str) -> bool:
    if suffix in FORMATS.own:
        return suffix in WITH_OUTPUTS
    return suffix in FORMATS and Holds.ITEMS in FORMATS[suffix].read


def open_table(path: str, layout: Layout) -> CsvTable:
    """A .csv file, or standard input (-), with its header read."""
    return CsvTable(*csv_pieces(path), layout)


def columns_of(table: CsvTable, model: Circuit | Classifier, n_outputs: int, by: By) -> tuple[int, ...]:
    """The columns of a table in the order of the model's inputs."""
    return row_columns(table, ports_of(model), model.n_inputs, n_outputs, by)


def items_in_order(path: str, model: Circuit | Classifier, by: By) -> Items:
    """The items of a file with their inputs in the order of the model's."""
    items, ports = read_items(path, n_inputs=model.n_inputs), ports_of(model)
    columns = order(ports.inputs, items.input_names, "input", (ports.side, path), by, unknown=Unknown.REFUSED)
    if columns is None or not items.input_kind.known:
        return items
    return items.but(inputs=columns_in_order(items.held, columns), input_names=())


def csv_pieces(path: str) -> tuple[str, Iterator[bytes]]:
    """What messages call a .csv file, and its bytes; - is standard input."""
    return ("standard input", _standard_input()) if path == "-" else (path, _file(path))


def predicted(circuit: Circuit, rows: Rows, jobs: int) -> Iterator[NDArray[np.int8]]:
    """Rows of 0 and 1 for the rows of inputs, in order; pieces are worked on by so many threads.

    Raises `FormatError` naming the first row that holds anything but bits.
    """

    def work(first: int, piece: NDArray[Any]) -> tuple[set[int], NDArray[np.int8]]:
        bits = as_format_error(rows.path, as_bytes, piece, "rows", first=first)
        return _falses(piece), circuit.executor.rows(bits, threads=1)

    return answered(rows, work, jobs)


def answered(
    rows: Rows, work: Callable[[int, NDArray[Any]], tuple[set[int], NDArray[np.int8]]], jobs: int
) -> Iterator[NDArray[np.int8]]:
    """What `work` says to each piece and the number of its first row, in order: how false is written there, and
    the outputs. Raises `FormatError` when false is written in two ways.
    """
    falses = set[int]()

    def numbered() -> Iterator[tuple[int, NDArray[Any]]]:
        first = 0
        for piece in rows.pieces:
            yield first, piece
            first += len(piece)

    for false, outputs in in_order(lambda given: work(*given), numbered(), jobs):
        falses |= false
        if len(falses) > 1:
            raise FormatError(rows.path, None, MIXED)
        yield outputs


def in_order(work: Callable[[T], R], given: Iterable[T], jobs: int) -> Iterator[R]:
    """The results of `work` in order; a few more pieces are taken than there are threads, never all."""
    if jobs == 1:
        yield from map(work, given)
        return
    with ThreadPoolExecutor(jobs) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for piece in given:
                waiting.append(pool.submit(work, piece))
                if len(waiting) > jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _array(path: str, circuit: Circuit, by: By) -> Rows:
    """Rows of an array; by position its last columns may be those of the outputs, which are left out."""
    size = max(1, PIECE_BYTES // max(1, 2 * circuit.n_outputs) * circuit.n_inputs)
    shape, pieces = row_pieces(path, min(PIECE_BYTES, size))
    if len(shape) == 2:
        both = shape[1] == circuit.n_inputs + circuit.n_outputs
        if both and by is not By.POSITION:
            raise FormatError(
                path,
                None,
                f"the rows have {shape[1]} values, but the circuit {circuit.name} has {circuit.n_inputs} inputs. "
                f"If the first {circuit.n_inputs} are the inputs, and outputs follow, say --by-position.",
            )
        if both:
            pieces = (piece[:, : circuit.n_inputs] for piece in pieces)
        else:
            as_format_error(path, check_width, circuit.ports, shape[1])
    return Rows(path, shape[0] if shape else 0, pieces)


def _items(path: str, circuit: Circuit, reading: Reading) -> Rows:
    inputs = boolean_inputs(items_in_order(path, circuit, reading.by), circuit, path)
    count = max(1, PIECE_BYTES // max(1, inputs.shape[1], 2 * circuit.n_outputs))
    pieces = [inputs[first : first + count] for first in range(0, len(inputs), count)]
    return Rows(path, len(inputs), pieces)


def _file(path: str) -> Iterator[bytes]:
    return pieces_of(path, READ_BYTES)


def _standard_input() -> Iterator[bytes]:
    """What is there already, at most so many bytes: whoever sends row after row need not wait for the end."""
    stream = cast("io.BufferedReader", sys.stdin.buffer)
    while piece := stream.read1(READ_BYTES):
        yield piece


def _falses(piece: NDArray[Any]) -> set[int]:
    """How false is written: 0, -1, or both."""
    if piece.dtype.itemsize == 1 and piece.flags.c_contiguous:
        kinds = kinds_of_bytes(piece.view("u1").reshape(-1))
        return {value for value, kind in ((0, ZEROS), (-1, MINUS)) if kinds & kind}
    return {value for value in (0, -1) if (piece == value).any()}


def as_format_error(path: str, function: Callable[..., R], *arguments: object, **options: object) -> R:
    """What a function returns; its `DataError` becomes one that names the file."""
    try:
        return function(*arguments, **options)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


ROWS_A_PIECE = 512


def open_raw(path: str, classifier: Classifier, reading: Reading) -> Rows:
    """Rows of raw inputs from .csv (- is standard input), .npy, or an items file; still to be checked.

    Named columns are brought into the order of the classifier's inputs; those of classes are left out.
    """
    suffix = row_suffix(path, reading)
    if suffix == ".npy":
        shape, pieces = row_pieces(path, 8 * ROWS_A_PIECE * classifier.n_inputs)
        return Rows(path, shape[0] if shape else 0, pieces)
    if _has_outputs(suffix):
        items = items_in_order(path, classifier, reading.by)
        check_raw(items, classifier, path)
        inputs, starts = items.inputs, range(0, items.n_items, ROWS_A_PIECE)
        return Rows(path, items.n_items, [inputs[at : at + ROWS_A_PIECE] for at in starts])
    table = open_table(path, reading.layout)
    columns = columns_of(table, classifier, len(classifier.class_names), reading.by)
    if classifier.input_kind is InputKind.BITS:
        return Rows(table.path, None, CsvRows(table, columns))
    return Rows(table.path, None, number_rows(table, columns, ROWS_A_PIECE))


def classified(classifier: Classifier, rows: Rows, jobs: int) -> Iterator[NDArray[np.int8]]:
    """One-hot rows of 0 and 1, in order; pieces are worked on by so many threads.

    Raises `FormatError` naming the first row that is too long or too short or holds another value.
    """

    def work(first: int, piece: NDArray[Any]) -> tuple[set[int], NDArray[np.int8]]:
        one_hot = as_format_error(rows.path, classifier.one_hot, piece, first=first)
        is_bits = classifier.input_kind is InputKind.BITS
        return {value for value in (0, -1) if is_bits and (piece == value).any()}, one_hot

    return answered(rows, work, jobs)
