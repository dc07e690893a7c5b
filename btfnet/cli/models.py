"""Circuits and items that arguments name: a run's directory, a file, a built-in problem."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from btfnet.cli.run_folder import find_model
from btfnet.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from btfnet.circuit import Circuit
    from btfnet.formats import Items

ITEM_SUFFIXES = (".csv", ".npy", ".npz", ".dat", ".pla")


def load_circuit(model: str) -> Circuit:
    """The circuit of a MODEL argument: the directory of a run, or a circuit's file."""
    from btfnet import formats

    return formats.read_circuit(find_model(model))


def write_circuit(out: str, circuit: Circuit) -> None:
    """Write a circuit in the format that the suffix names; .svg and .png are drawings."""
    from btfnet import formats
    from btfnet.circuit.draw import draw_svg
    from btfnet.circuit.png import draw_png
    from btfnet.formats.atomic import write_bytes, write_text

    if Path(out).suffix.lower() == ".svg":
        write_text(out, draw_svg(circuit))
    elif Path(out).suffix.lower() == ".png":
        write_bytes(out, draw_png(circuit))
    else:
        formats.write_circuit(out, circuit)


def load_items(path: str, circuit: Circuit) -> Items:
    """The items of a data file, a problem file or a built-in problem, to check a circuit against."""
    from btfnet import formats, tasks

    if Path(path).suffix.lower() in ITEM_SUFFIXES:
        return formats.read_items(path, n_inputs=circuit.n_inputs)
    return formats.Items.from_problem(tasks.load(path).problem)


def boolean_items(items: Items, circuit: Circuit, where: str) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Inputs and outputs as integers. Raises `DataError` where the circuit has nothing to say about them."""
    import numpy as np

    if items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        raise DataError(f"{where}: the inputs are {kind}, but a circuit can only be checked on given bits.")
    if (items.n_inputs, items.n_outputs) != (circuit.n_inputs, circuit.n_outputs):
        raise DataError(
            f"{where}: the items have {items.n_inputs} inputs and {items.n_outputs} outputs, but the circuit "
            f"{circuit.name} has {circuit.n_inputs} and {circuit.n_outputs}."
        )
    return items.inputs.astype(np.int8), items.outputs


def is_items(path: str) -> bool:
    """Whether an argument of `verify` names items rather than a circuit."""
    from btfnet import tasks

    if Path(path).suffix.lower() in (*ITEM_SUFFIXES, ".toml"):
        return True
    return not Path(path).exists() and path in tasks.names()
