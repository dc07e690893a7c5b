"""Which columns of a table are inputs and which are outputs: by a typed header, by name, or by position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from btfnet.arguments import called, on_command_line
from btfnet.errors import DataError, FormatError
from btfnet.formats.csv.table import INDEX_ADVICE, CsvTable
from btfnet.matching.columns import By, Ports, generated, input_places, listed, repeated
from btfnet.printable import shown

IN, OUT = "in", "out"


@dataclass(frozen=True)
class Columns:
    """Places of the inputs and of the outputs in a row, and their names, empty where they have none."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()


def item_columns(
    table: CsvTable, n_inputs: int | None, ports: Ports | None = None, by: By = By.AUTO
) -> Columns:
    """The columns of items.

    n_inputs   how many are inputs, where the header does not say it; 0 for none
    ports      the other side's names: columns of a plain header are told apart by them

    Raises `FormatError` where nothing tells inputs from outputs, or there are no outputs.
    """
    typed = _typed(table)
    if typed is not None:
        named = ports is not None and by is not By.POSITION and any(typed.input_names)
        if n_inputs and typed.inputs and len(typed.inputs) != n_inputs and not named:
            raise FormatError(
                table.path,
                table.line,
                f"the header names {len(typed.inputs)} inputs, but {n_inputs} are expected.",
            )
        found = typed
    else:
        found = _plain(table, n_inputs, ports, by)
    if not found.outputs:
        told = f"all {table.width} columns are inputs; expected at least one output."
        if n_inputs and n_inputs > table.width:
            told = f"the rows have {table.width} columns; expected {n_inputs} inputs and at least one output."
        raise FormatError(table.path, table.line, told)
    return found


def row_columns(
    table: CsvTable, ports: Ports, n_inputs: int, n_outputs: int, by: By = By.AUTO
) -> tuple[int, ...]:
    """The places of the inputs in rows that may hold outputs too, which are left out.

    Raises `FormatError` where there are more or fewer of them than the model has, or names that it has not.
    """
    typed = _typed(table)
    kept = list(range(table.width)) if typed is None else list(typed.inputs)
    names = _header_names(table) if typed is None else typed.input_names
    try:
        order = input_places(names, ports, table.path, by)
    except DataError as error:
        raise FormatError(table.path, table.line, str(error).removeprefix(f"{table.path}: ")) from error
    if order is not None:
        kept = [kept[place] for place in order]
    elif typed is None and by is By.POSITION and table.width == n_inputs + n_outputs:
        kept = kept[:n_inputs]
    if len(kept) != n_inputs:
        _fail_count(table, ports, len(kept), n_inputs, n_outputs)
    return tuple(kept)


def _fail_count(table: CsvTable, ports: Ports, n_kept: int, n_inputs: int, n_outputs: int) -> NoReturn:
    aside = f" beside {table.width - n_kept} of outputs" if n_kept < table.width else ""
    advice = ""
    if table.width == n_kept == n_inputs + n_outputs:
        advice = f" If the first {n_inputs} are the inputs, and outputs follow, say --by-position."
    raise FormatError(
        table.path,
        table.line,
        f"the row has {n_kept} values{aside}, but {ports.side} has {n_inputs} inputs "
        f"({listed(ports.inputs)}).{advice}",
    )


def _typed(table: CsvTable) -> Columns | None:
    """The columns by a header whose cells say in or out; None for any other header, or none."""
    header = table.header
    if not header:
        return None
    kinds = [_kind(cell) for cell in header]
    says = [
        kind in (IN, OUT) and (":" in cell or cell == kind) for kind, cell in zip(kinds, header, strict=True)
    ]
    if not all(says):
        marked = next(
            (cell for cell, kind in zip(header, kinds, strict=True) if kind in (IN, OUT) and ":" in cell),
            None,
        )
        if marked is not None:
            other = says.index(False)
            _check_index(table)
            raise FormatError(
                table.path,
                table.line,
                f"column {other + 1} is named {shown(header[other])}, but others say what they are "
                f"({shown(marked)}); begin every name with in: or out:, or none.",
            )
        return None
    names = [cell.partition(":")[2] for cell in header]
    inputs = tuple(place for place, kind in enumerate(kinds) if kind == IN)
    outputs = tuple(place for place, kind in enumerate(kinds) if kind == OUT)
    return Columns(
        inputs,
        outputs,
        _names(table, "input", [names[place] for place in inputs]),
        _names(table, "output", [names[place] for place in outputs]),
    )


def _kind(cell: str) -> str:
    """What stands before the colon, in any case; a cell without one as it is, since In may be a name."""
    kind, colon, _ = cell.partition(":")
    return kind.strip().lower() if colon else kind.strip()


def _plain(table: CsvTable, n_inputs: int | None, ports: Ports | None, by: By) -> Columns:
    """By the other side's names, where the header shares any with it; else the first so many are inputs."""
    names = _header_names(table)
    if ports is not None and names and by is not By.POSITION:
        found = _by_name(names, ports)
        if found is not None:
            return found
    if n_inputs is None:
        raise FormatError(
            table.path,
            table.line,
            f"nothing says how many of the {table.width} columns are inputs; state it ({called('n_inputs')}), "
            f"or add a header such as in:a,in:b,out:y. A table of numbers and words is for "
            f"{'btfnet learn' if on_command_line() else 'btfnet.learn'}.",
        )
    inputs, outputs = tuple(range(table.width))[:n_inputs], tuple(range(table.width))[n_inputs:]
    return Columns(
        inputs,
        outputs,
        _names(table, "input", list(names[:n_inputs])),
        _names(table, "output", list(names[n_inputs:])),
    )


def _by_name(names: Sequence[str], ports: Ports) -> Columns | None:
    """Columns named like outputs are outputs, all others inputs; None where no name is known.

    Where all inputs are there and some outputs are not, all other columns are outputs, whatever they are called.
    """
    known = set(ports.inputs) | set(ports.outputs)
    if not known & set(names) or (generated(names) and not set(ports.inputs) <= set(names)):
        return None
    aside = set(ports.outputs) - set(ports.inputs)
    if ports.inputs and set(ports.inputs) <= set(names) and not aside <= set(names):
        aside = set(names) - set(ports.inputs)
    outputs = tuple(place for place, one in enumerate(names) if one in aside)
    inputs = tuple(place for place, one in enumerate(names) if one not in aside)
    return Columns(
        inputs, outputs, tuple(names[place] for place in inputs), tuple(names[place] for place in outputs)
    )


def _header_names(table: CsvTable) -> tuple[str, ...]:
    """The names of a plain header, distinct over all columns; () where there are none."""
    return _names(table, "", [cell.strip() for cell in table.header or ()])


def _names(table: CsvTable, what: str, names: list[str]) -> tuple[str, ...]:
    """The names of some columns; none when all are empty. Raises `FormatError` for one that cannot be a name."""
    if not any(names):
        return ()
    _check_index(table)
    plural = f"all {what}s" if what else "all columns"
    bad, twice = next((one for one in names if not one or not one.isprintable()), None), repeated(names)
    if bad is not None or twice is not None:
        found = f"{f'an {what}' if what else 'a'} column is named {shown(bad)}"
        if bad is None:
            found = f"two {what + ' ' if what else ''}columns are named {shown(twice)}"
        raise FormatError(table.path, table.line, f"{found}; give {plural} distinct names, or none.")
    return tuple(names)


def _check_index(table: CsvTable) -> None:
    """Raise `FormatError` where the first column alone has no name: it looks like the numbers of the rows."""
    header = table.header or ()
    made_up = bool(header) and re.fullmatch(r"Unnamed: ?[0-9]+|\.\.\.[0-9]+", header[0].strip()) is not None
    if len(header) > 1 and (made_up or not header[0]) and any(header[1:]):
        found = f"the first column is named {shown(header[0])}" if made_up else "the first column has no name"
        raise FormatError(
            table.path,
            table.line,
            f"{found}; {INDEX_ADVICE}, or give every column its name.",
        )
    if len(header) > 1 and not header[-1] and all(header[:-1]):
        raise FormatError(
            table.path,
            table.line,
            f"the last column has no name; every line seems to end with {table.separator!a}. "
            f"Remove it, or name the column.",
        )
