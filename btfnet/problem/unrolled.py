"""Networks of copies of cells, which share gates: from lists of what each copy hears, and for rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import FLAG, is_list, is_whole, list_of, need, said, whole
from btfnet.errors import DataError, UsageError
from btfnet.problem.sharing import Cell, Edges, SharedGates
from btfnet.problem.widths import MAX_NODES, check_size

OFFSETS = list_of(whole(-(2**20), 2**20), "a list of distances to neighbours, such as (-1, 0, 1)")


class Copies(NamedTuple):
    """Copies of cells, before their nodes have numbers.

    heard  int64, flat: copy after copy, the signals that its inputs hear
    made   int64, (n_copies + 1,): the first output of each copy as a signal
    """

    cells: tuple[Cell, ...]
    kind: NDArray[np.int64]
    heard: NDArray[np.int64]
    made: NDArray[np.int64]

    def per_copy(self, values: Sequence[int]) -> NDArray[np.int64]:
        """A number of each cell, for every copy."""
        return np.array(values, dtype=np.int64)[self.kind]


class BuildersOfCopies:
    """Builders of a `Network` whose nodes share gates."""

    @classmethod
    def unrolled(
        cls,
        cell: Cell | Sequence[Cell],
        n_inputs: int,
        copies: Sequence[Sequence[int]],
        outputs: Sequence[int] | None = None,
        *,
        kinds: Sequence[int] | None = None,
    ) -> Self:
        """Copies of a cell, which share its gates: what is found for one node holds for it in every copy.

        Signals are numbered: 0 the constant -1, 1 … n_inputs the inputs, then the outputs of copy after copy.
        cell     a `Network` of fixed size, or several
        copies   for each copy the signals that the cell's inputs hear, each made before it
        outputs  the signals that are the network's outputs; None: those of copies that no copy hears
        kinds    where there are several cells, which one each copy is of, numbered from 0
        Raises `UsageError` for signals that are not there, `DataError` for an output that an earlier node hears,
        `CapacityError` for a network that does not fit into memory.
        """
        return cls._of_copies(*unrolled_parts(cell, n_inputs, copies, outputs, kinds))

    @classmethod
    def automaton(
        cls,
        cell: Cell,
        width: int,
        steps: int,
        *,
        offsets: Sequence[int] = (-1, 0, 1),
        periodic: bool = True,
    ) -> Self:
        """A row of cells that all follow one rule, for some steps: from the first row to the last; see `unrolled`.

        cell     its inputs are the neighbours' states, its outputs the next state: one bit, or several
        width    cells of the row: as many inputs and outputs, times the bits of a state
        offsets  where a cell's neighbours are, in the order of its inputs; 0 is itself
        periodic whether the row is a ring; else cells beyond its ends are false
        """
        return cls._of_copies(*row_parts(cell, width, steps, offsets, periodic))

    @classmethod
    def _of_copies(cls, nodes: int, inputs: int, outputs: int, edges: Edges, shared: SharedGates) -> Self:
        raise NotImplementedError


def unrolled_parts(
    cell: Any, n_inputs: Any, copies: Any, outputs: Any, kinds: Any
) -> tuple[int, int, int, Edges, SharedGates]:
    """Nodes, inputs, outputs, edges and shared gates of `Network.unrolled`; raises as that does."""
    need("Network.unrolled", n_inputs=(n_inputs, whole(1, MAX_NODES)))
    cells = tuple(cell) if is_list(cell) else (cell,)
    if not cells or not all(hasattr(each, "fan_in_start") for each in cells):
        raise UsageError(
            f"Network.unrolled: cell is {said(cell)}; expected a Network, or a list of them, such as "
            "Network.free(3, 1, hidden=5)."
        )
    if not is_list(copies) or not len(copies):
        raise UsageError(
            f"Network.unrolled: copies is {said(copies)}; expected for each copy the signals that it hears."
        )
    kind = _kinds(kinds, len(copies), len(cells))
    made = 1 + n_inputs + np.r_[0, np.cumsum(np.array([each.n_outputs for each in cells])[kind])]
    heard = [_signals(row, cells[kind[k]].n_inputs, int(made[k]), k) for k, row in enumerate(copies)]
    flat = np.array([signal for row in heard for signal in row], dtype=np.int64)
    return _numbered(Copies(cells, kind, flat, made), int(n_inputs), _outputs(outputs, n_inputs, flat, made))


def row_parts(
    cell: Any, width: Any, steps: Any, offsets: Any, periodic: Any
) -> tuple[int, int, int, Edges, SharedGates]:
    """The same of `Network.automaton`."""
    need(
        "Network.automaton", width=(width, whole(1, MAX_NODES)), steps=(steps, whole(1, MAX_NODES)),
        offsets=(offsets, OFFSETS), periodic=(periodic, FLAG),
    )  # fmt: skip
    distances = np.array([int(offset) for offset in offsets], dtype=np.int64)
    channels = getattr(cell, "n_outputs", 0)
    if not hasattr(cell, "fan_in_start") or not distances.size or len(set(offsets)) < distances.size:
        raise UsageError(
            f"Network.automaton: cell is {said(cell)} and offsets {said(offsets)}; expected a Network, and "
            "different distances."
        )
    if cell.n_inputs != channels * distances.size:
        raise UsageError(
            f"Network.automaton: the cell has {cell.n_inputs} inputs, but {distances.size} neighbours of "
            f"{channels} {'bit' if channels == 1 else 'bits'} make {channels * distances.size}; "
            "change the cell or the offsets."
        )
    n_copies = int(width) * int(steps)
    check_size(f"{n_copies} copies of a cell", cell.n_btf * n_copies, cell.n_edges * n_copies)
    places = np.arange(int(width))[:, None] + distances
    beyond = np.zeros(places.shape, dtype=bool) if periodic else (places < 0) | (places >= width)
    signals = 1 + places[:, :, None] % int(width) * channels + np.arange(channels)
    first = np.arange(int(steps))[:, None, None, None] * int(width) * channels + signals
    heard = np.where(beyond[:, :, None], 0, first).ravel()
    size = int(width) * channels
    made = 1 + size + channels * np.arange(n_copies + 1)
    copies = Copies((cell,), np.zeros(n_copies, dtype=np.int64), heard, made)
    return _numbered(copies, size, np.arange(made[-1] - size, made[-1]))


def _kinds(kinds: Any, n_copies: int, n_cells: int) -> NDArray[np.int64]:
    if kinds is None and n_cells == 1:
        return np.zeros(n_copies, dtype=np.int64)
    if (
        not is_list(kinds)
        or len(kinds) != n_copies
        or not all(is_whole(kind) and 0 <= kind < n_cells for kind in kinds)
    ):
        raise UsageError(
            f"Network.unrolled: kinds is {said(kinds)}; expected the cell of each of the {n_copies} copies, "
            f"0 to {n_cells - 1}."
        )
    return np.array([int(kind) for kind in kinds], dtype=np.int64)


def _signals(row: Any, expected: int, below: int, copy: int) -> list[int]:
    """What a copy hears. Raises `UsageError` for anything but so many signals that are there by then."""
    if not is_list(row) or len(row) != expected:
        raise UsageError(
            f"Network.unrolled: copy {copy + 1} hears {said(row)}; its cell has {expected} inputs: give as many "
            "signals."
        )
    for signal in row:
        if not is_whole(signal) or not 0 <= signal < below:
            raise UsageError(
                f"Network.unrolled: copy {copy + 1} hears signal {said(signal)}, but before it there are 0 to "
                f"{below - 1}: the constant, the inputs, and the outputs of earlier copies."
            )
    return [int(signal) for signal in row]


def _outputs(
    outputs: Any, n_inputs: int, heard: NDArray[np.int64], made: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The signals that are the network's outputs; by default those that no copy hears."""
    first, last = 1 + n_inputs, int(made[-1]) - 1
    if outputs is None:
        unheard = np.setdiff1d(np.arange(first, last + 1), heard)
        if unheard.size:
            return unheard
    fits = is_list(outputs) and len(outputs) and all(is_whole(s) and first <= s <= last for s in outputs)
    if not fits or len(set(outputs)) < len(outputs):
        raise UsageError(
            f"Network.unrolled: outputs is {said(outputs)}; expected different outputs of copies, signals "
            f"{first} to {last}."
        )
    return np.array([int(signal) for signal in outputs], dtype=np.int64)


def _numbered(
    copies: Copies, n_inputs: int, outputs: NDArray[np.int64]
) -> tuple[int, int, int, Edges, SharedGates]:
    """Nodes in the order of the copies, but for the outputs, which come last."""
    cells = copies.cells
    own = copies.per_copy([cell.n_btf for cell in cells])
    n_nodes = 1 + n_inputs + int(own.sum())
    n_edges = int(copies.per_copy([cell.n_edges for cell in cells]).sum())
    check_size(f"{own.size} copies of {len(cells)} cells", n_nodes, n_edges)
    ends = np.cumsum(own)
    made = np.diff(copies.made)
    signal_at = np.repeat(ends - made, made) + _within(made)  # where own nodes are outputs of their copy
    last = np.zeros(n_nodes - 1 - n_inputs, dtype=bool)
    last[signal_at[outputs - 1 - n_inputs]] = True
    number = np.empty(last.size, dtype=np.int64)
    number[~last] = 1 + n_inputs + np.arange(last.size - outputs.size)
    number[signal_at[outputs - 1 - n_inputs]] = n_nodes - outputs.size + np.arange(outputs.size)
    node_of = np.r_[np.arange(1 + n_inputs), number[signal_at]]
    heard = copies.per_copy([cell.n_inputs for cell in cells])
    place = np.zeros(int((1 + heard + own).sum()), dtype=np.int64)
    begin = np.r_[0, np.cumsum(1 + heard + own)[:-1]]
    place[np.repeat(begin + 1, heard) + _within(heard)] = node_of[copies.heard]
    place[np.repeat(begin + 1 + heard, own) + _within(own)] = number
    shared = SharedGates(cells, copies.kind.astype(np.int32), place.astype(np.int32))
    edges = shared.edges(n_nodes)
    _check_order(edges, n_nodes, outputs)
    return n_nodes, n_inputs, int(outputs.size), edges, shared


def _within(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, … within each of so many."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _check_order(edges: Edges, n_nodes: int, outputs: NDArray[np.int64]) -> None:
    receivers = np.repeat(np.arange(n_nodes), np.diff(edges[0]))
    wrong = np.flatnonzero(edges[1] >= receivers)
    if wrong.size:
        place = int(edges[1][wrong[0]]) - (n_nodes - outputs.size)
        raise DataError(
            f"output {place + 1} of the network, signal {outputs[place]}, is heard by a node that comes before "
            "it: outputs are a network's last nodes. Let that copy hear another signal, or leave this one out "
            "of the outputs."
        )
