"""`.pla`: truth tables with don't cares, as espresso and ABC read them; read only. See pla.md.

`pla_draft` knows the keywords, `pla_lines` the terms; here they become a `Table`, and that items or a circuit.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import BtfnetWarning, FormatError
from btfnet.formats.pla.draft import Draft
from btfnet.formats.pla.lines import parse
from btfnet.formats.pla.table_items import check_listed, items_of
from btfnet.logic.circuit import Circuit
from btfnet.logic.truth_table import EITHER, FALSE, OFF, ON, OPEN, TRUE, Table
from btfnet.problem.items import Items

_SIGNS = {"0": FALSE, "1": TRUE, "-": EITHER, "2": EITHER, "x": EITHER, "X": EITHER}
_MARKS = {"0": OFF, "1": ON, "4": ON, "-": OPEN, "2": OPEN, "x": OPEN, "X": OPEN, "~": 0, "3": 0}
_SETS = {"f": ON, "r": OFF, "d": OPEN}


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.pla` file: one for each input that the table says something about.

    Raises `FormatError` as pla.md lists it.
    """
    table = read_table(path)
    if n_inputs is not None and table.n_inputs != n_inputs:
        raise FormatError(
            path,
            None,
            f"the table has {table.n_inputs} inputs, but {n_inputs} are expected: as many as the network, "
            f"--inputs or the circuit has.",
        )
    return items_of(path, table)


def read_circuit(path: str | os.PathLike[str]) -> Circuit:
    """The table of a `.pla` file as a circuit: an And for each line, an Or for each output.

    Warns where outputs do not count, because a circuit gives some value there. Errors as in `read`.
    """
    table = read_table(path)
    if table.has_open:
        warnings.warn(
            f"{path}: the table leaves outputs open for some inputs; the circuit is true there only where a line "
            f"gives a 1, else false.",
            BtfnetWarning,
            stacklevel=2,
        )
    return table.circuit()


def read_table(path: str | os.PathLike[str]) -> Table:
    """The table of a `.pla` file; nothing is expanded but to find contradictions. Errors as in `read`."""
    draft = parse(path)
    table = Table(
        _cells([term.inputs for term in draft.terms], draft.n_inputs, _SIGNS),
        _cells([term.outputs for term in draft.terms], draft.n_outputs, _meaning(draft)),
        _rest(draft.type),
        tuple(term.line for term in draft.terms),
        draft.type == "esop",
        draft.names(".ilb"),
        draft.names(".ob"),
        Path(path).stem,
        f"type {draft.type}",
    )
    if "f" in draft.type and "r" in draft.type:
        check_listed(path, table)
    return table


def _meaning(draft: Draft) -> dict[str, int]:
    """What a mark puts an output into: only the sets that the type names; an esop has ON alone."""
    sets = ON if draft.type == "esop" else sum(_SETS[letter] for letter in draft.type)
    return {mark: kind & sets for mark, kind in _MARKS.items()}


def _rest(kind: str) -> int:
    """The set of what no line speaks of: the one that the type leaves out."""
    if kind in ("f", "fd", "esop"):
        return OFF
    return ON if kind in ("r", "dr") else OPEN


def _cells(rows: list[str], width: int, values: dict[str, int]) -> NDArray[np.uint8]:
    """One number for each sign; (len(rows), width)."""
    table = np.zeros(256, dtype=np.uint8)
    for sign, value in values.items():
        table[ord(sign)] = value
    return table[np.frombuffer("".join(rows).encode("ascii"), dtype=np.uint8)].reshape(len(rows), width)
