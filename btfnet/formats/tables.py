"""Ordinary tables from files: `.csv` and its relatives, Parquet, `.npz`, `.npy`, and the items of all formats.

A header is a first row that the rows below do not look like; whoever knows better says so (`Layout`).
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from btfnet.arguments import PATH, need
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files.reading import pieces_that_fit
from btfnet.formats.by_suffix import TABLES, read_items
from btfnet.formats.csv.layout import SEPARATORS, Layout, is_counted, reader
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.recognise import format_of, suffix_of
from btfnet.matching.cells import number
from btfnet.problem.items import Items
from btfnet.problem.values import OutputKind
from btfnet.tables.cells import MISSING, plain, typed
from btfnet.tables.table import Table
from btfnet.tables.targets import OUTPUT

PARQUET = (".parquet", ".pq")
TEXT = (*TABLES, ".txt", ".data", ".tab")
SAMPLE = 200
"""Rows that tell a header from a row of values, and what separates cells."""
READ_BYTES, CELL_BYTES = 1 << 20, 60.0
"""Read at once; memory for each byte of a text, as cells are kept until their column is known."""
AnyPath = str | os.PathLike[str]


def read_table(path: AnyPath, layout: Layout | None = None) -> Table:
    """The table of a file.

    layout  separator and header of a text, where they are not to be found out
    Of items (`.npz`, `.npy`, `.dat`, `.pla`) the outputs are columns named out:…; of an `.npz` file whose arrays are
    columns these. Raises `FormatError` when the file breaks its format's rules, `UsageError` where it is no table.
    """
    need("read_table", path=(path, PATH))
    suffix = suffix_of(path)
    if suffix in PARQUET:
        return _parquet(path)
    if suffix in TEXT or suffix not in _ITEMS and format_of(path) in (".csv", *_NOT_KNOWN):
        return text_table(str(path), pieces_that_fit(path, READ_BYTES, per_byte=CELL_BYTES), layout)
    if layout is not None and not layout.is_default:
        raise UsageError(f"{path}: --separator and --header are for tables of text, and this is none.")
    return of_items(read_items(path), str(path))


_ITEMS = (".npz", ".npy", ".dat", ".pla")
_NOT_KNOWN = ("",)


def text_table(path: str, pieces: Iterable[bytes], layout: Layout | None = None) -> Table:
    """The table of a text; path is for messages."""
    layout = layout or Layout()
    asked = Layout(layout.separator or _separator(path, pieces := _Again(pieces)), header=False)
    table = CsvTable(path, pieces, asked)
    rows: list[list[str]] = []
    for item, (line, cells) in enumerate(table.rows(), start=1):
        table.check_width(line, item, cells)
        rows.append(cells)
    header = layout.header if layout.header is not None else is_header(rows[: SAMPLE + 1])
    names = [cell.strip() for cell in rows[0]] if header else []
    if header and is_counted(rows[0]):
        names = []
    body = rows[1:] if header else rows
    if not body:
        raise FormatError(
            path, table.line, "found a header, but no rows below it; expected one for each item."
        )
    columns = [typed(column) for column in zip(*body, strict=True)]
    if names and not names[0] and _counts(columns[0]):  # an index, as pandas writes it
        names, columns = names[1:], columns[1:]
    titles = tuple(name or f"column{place}" for place, name in enumerate(names, start=1))
    titles = titles or tuple(f"x{place}" for place in range(len(columns)))
    return _named(path, titles, columns)


class _Again:
    """Pieces of a text that can be looked at before they are read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._rest = iter(pieces)
        self.head: list[bytes] = list(islice(self._rest, 1))

    def __iter__(self) -> Iterator[bytes]:
        yield from self.head
        yield from self._rest


def _separator(path: str, pieces: Iterable[bytes]) -> str | None:
    """The sign that cuts most rows into as many cells, more than one; None where the reader shall say."""
    head = pieces.head[0] if isinstance(pieces, _Again) and pieces.head else b""
    try:
        text = head.decode("utf-8-sig", errors="ignore")
    except ValueError:
        return None
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if "\0" in text or not lines or lines[0].lower().startswith("sep="):
        return None
    lines = lines[: min(SAMPLE, len(lines) - 1) or 1]
    best, most = None, 0.0
    for sign in SEPARATORS:
        widths = _widths("\n".join(lines), sign)
        width = widths[0] if widths else 1
        if width < 2:
            continue
        alike = sum(each == width for each in widths) / len(widths)
        if alike > most + 0.05 and alike > 0.8:
            best, most = sign, alike
    return best


def _widths(text: str, sign: str) -> list[int]:
    try:
        return [len(row) for row in reader(text, sign) if row]
    except csv.Error:
        return []


def is_header(rows: list[list[str]]) -> bool:
    """Whether the first row holds names: distinct texts, none of them a number, that do not stand in the rows
    below, as values do.
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:]
    if not below or is_counted(rows[0]):
        return bool(below)
    if any(number(cell) is not None for cell in first) or len(set(first)) < len(first):
        return False
    again = sum(
        cell.lower() in {row[place].strip().lower() for row in below} for place, cell in enumerate(first)
    )
    if again:
        return False
    over_numbers = any(
        cell.lower() not in MISSING and all(_is_number(row[place]) for row in below)
        for place, cell in enumerate(first)
    )
    return over_numbers or len(below) >= 2


def _is_number(cell: str) -> bool:
    return cell.strip().lower() in MISSING or number(cell) is not None


def _counts(column: np.ndarray) -> bool:
    return column.dtype == np.float64 and len(column) > 1 and bool((np.diff(column) == 1).all())


def _named(path: str, names: tuple[str, ...], columns: list[np.ndarray]) -> Table:
    try:
        return Table(names, tuple(columns), {}, path)
    except DataError as error:
        raise FormatError(path, None, str(error).removeprefix(f"{path}: ")) from error


def _parquet(path: AnyPath) -> Table:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise UsageError(f"{path}: reading Parquet needs pyarrow: pip install 'btfnet[parquet]'.") from error
    try:
        frame = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else "unreadable"
        raise FormatError(path, None, f"this is no Parquet file, or a damaged one ({reason}).") from error
    return Table.of(frame, str(path))


def of_items(items: Items, side: str) -> Table:
    """Items as a table: inputs, then outputs named out:…, of classes one column of their numbers or names."""
    if not items.input_kind.known:
        raise UsageError(f"{side}: the inputs are {items.input_kind}, and a table has known ones.")
    n_inputs = items.inputs.shape[1]
    values = (items.inputs > 0).astype(float) if items.input_kind.boolean else items.inputs.astype(float)
    names = items.input_names or tuple(f"x{place}" for place in range(n_inputs))
    columns = list(map(plain, values.T))
    if items.output_kind is OutputKind.CLASS:
        chosen = items.outputs.argmax(axis=1)
        labels = np.array(items.output_names or range(items.n_outputs), dtype=object)
        outputs = [plain(labels[chosen])]
        titles: tuple[str, ...] = ("class",)
    else:
        outputs = [plain((column > 0).astype(float)) for column in items.outputs.T]
        titles = items.output_names or tuple(f"y{place}" for place in range(items.n_outputs))
    if items.care is not None:
        own = (
            items.care if items.output_kind is not OutputKind.CLASS else items.care.all(axis=1, keepdims=True)
        )
        outputs = [np.where(known, column, None if column.dtype == object else np.nan)
                   for column, known in zip(outputs, own.T, strict=True)]  # fmt: skip
    return _named(side, (*names, *(f"{OUTPUT}{title}" for title in titles)), columns + outputs)
