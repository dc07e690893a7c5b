"""Nodes that share a gate: a network made of copies of cells, and which node stands for which of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.problem.network_checks import CONSTANT
from btfnet.problem.read_only import ReadOnly

Edges = tuple[NDArray[np.int64], NDArray[np.int32]]


class Cell(Protocol):
    """A small `Network`, as far as its copies need to know it; all attributes are as they are there."""

    @property
    def n_nodes(self) -> int: ...
    @property
    def n_inputs(self) -> int: ...
    @property
    def n_outputs(self) -> int: ...
    @property
    def n_btf(self) -> int: ...
    @property
    def n_edges(self) -> int: ...
    @property
    def grows(self) -> bool: ...
    @property
    def shared(self) -> SharedGates | None: ...
    @property
    def fan_in_start(self) -> NDArray[np.int64]: ...
    @property
    def fan_in(self) -> NDArray[np.int32]: ...
    @property
    def edge_receiver(self) -> NDArray[np.int32]: ...
    @property
    def btf_nodes(self) -> range: ...
    @property
    def output_nodes(self) -> range: ...
    def senders(self, node: int) -> NDArray[np.int32]: ...
    def edges(self, node: int) -> slice: ...


@dataclass(frozen=True, eq=False)
class SharedGates(ReadOnly):
    """Which nodes of a network share a gate: all copies of a cell have the same gates.

    cells  small networks (`Network`) of fixed size, whose own gates are shared with nobody
    kind   int32, (n_copies,): which cell each copy is of, from 0; a copy hears none that comes after it
    place  int32, flat: copy after copy, the network's node for each node of its cell: 0 for the constant, then for
           its inputs the nodes that they hear, then its own

    A copy hears the constant, the network's inputs, and outputs of copies before it; the network's outputs are
    outputs of copies. Inputs of a copy may hear the same node, such as the constant beyond the ends of a row.
    Raises `DataError` when the arrays do not fit together; `Network` checks the rest.
    Source: own; weight sharing (LeCun et al., Neural Comput. 1, 541 (1989)) for threshold gates.
    """

    cells: tuple[Cell, ...]
    kind: NDArray[np.int32]
    place: NDArray[np.int32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(self.cells))
        if not self.cells or any(cell.grows or cell.shared is not None for cell in self.cells):
            raise DataError(
                "the cells of shared gates must be networks of fixed size that share no gates, one at least; "
                "use Network.unrolled, with a cell such as Network.free(3, 1, hidden=5)."
            )
        for name in ("kind", "place"):
            array = np.asarray(getattr(self, name))
            if array.ndim != 1 or array.dtype.kind not in "iu":
                raise DataError(f"{name} must be a list of whole numbers; use Network.unrolled.")
            array = array.astype(np.int32)
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        if not self.kind.size or self.kind.min() < 0 or self.kind.max() >= len(self.cells):
            raise DataError(f"kind must number cells, 0 to {len(self.cells) - 1}, for one copy at least.")
        if self.place.size != self.start[-1]:
            raise DataError(
                f"place has {self.place.size} nodes, but the copies have {self.start[-1]} between them."
            )

    @property
    def n_copies(self) -> int:
        return int(self.kind.size)

    @property
    def n_gates(self) -> int:
        """Gates of all cells: so many are shared out among the network's nodes."""
        return sum(cell.n_btf for cell in self.cells)

    @cached_property
    def start(self) -> NDArray[np.int64]:
        """Where the places of each copy start; int64, (n_copies + 1,)."""
        sizes = np.array([cell.n_nodes for cell in self.cells], dtype=np.int64)
        return np.r_[0, np.cumsum(sizes[self.kind])]

    def places(self, cell: int) -> NDArray[np.int32]:
        """The network's nodes for the nodes of a cell; int32, (copies of it, the cell's n_nodes)."""
        begins = self.start[:-1][self.kind == cell]
        return self.place[begins[:, None] + np.arange(self.cells[cell].n_nodes)]

    def inputs_of(self, cell: int) -> NDArray[np.int32]:
        """The nodes that the inputs of a cell's copies hear; int32, (copies of it, the cell's n_inputs)."""
        return self.places(cell)[:, 1 : self.cells[cell].n_inputs + 1]

    def classes(self, n_nodes: int) -> NDArray[np.int32]:
        """The gate of each node, numbered through all cells; -1 for the constant and inputs; int32, (n_nodes,)."""
        numbers = np.full(n_nodes, -1, dtype=np.int32)
        first = 0
        for index, cell in enumerate(self.cells):
            numbers[self.places(index)[:, cell.n_inputs + 1 :]] = first + np.arange(cell.n_btf)
            first += cell.n_btf
        return numbers

    def output_nodes(self) -> list[NDArray[np.int32]]:
        """The output nodes of each copy, in order."""
        ends = [self.cells[kind].n_outputs for kind in self.kind.tolist()]
        return [self.place[stop - n : stop] for stop, n in zip(self.start[1:].tolist(), ends, strict=True)]

    def edges(self, n_nodes: int) -> Edges:
        """Where each node's senders begin, and the senders, as the network must have them."""
        pairs = []
        for index, cell in enumerate(self.cells):
            places = self.places(index).astype(np.int64)
            receivers, senders = places[:, cell.edge_receiver], places[:, cell.fan_in]
            pairs.append(np.unique(receivers * n_nodes + senders))
        ordered = np.unique(np.concatenate(pairs))
        sizes = np.bincount(ordered // n_nodes, minlength=n_nodes)
        return np.r_[0, np.cumsum(sizes)], (ordered % n_nodes).astype(np.int32)

    def check(self, ends: tuple[int, int, int], start: NDArray[np.int64], fan_in: NDArray[np.int32]) -> None:
        """Raise `DataError` unless the network with these edges is made of the copies, and of nothing else.

        ends  its n_nodes, n_inputs and n_outputs
        """
        n_nodes, n_inputs, n_outputs = ends
        if self.place.min() < 0 or self.place.max() >= n_nodes:
            raise DataError(f"place names nodes beyond 0 to {n_nodes - 1}, which the network has.")
        maker = np.full(n_nodes, self.n_copies, dtype=np.int64)  # of a hidden node nobody else may hear
        maker[: n_inputs + 1] = -1
        for copy, nodes in enumerate(self.output_nodes()):
            maker[nodes] = copy
        own: list[NDArray[np.int32]] = []
        for index, cell in enumerate(self.cells):
            places, copies = self.places(index), np.flatnonzero(self.kind == index)
            own.append(places[:, cell.n_inputs + 1 :].ravel())
            if (places[:, CONSTANT] != CONSTANT).any():
                raise DataError("place must have node 0, the constant, for the constant of every copy.")
            if (maker[self.inputs_of(index)] >= copies[:, None]).any():
                raise DataError(
                    "the inputs of a copy may hear the constant, inputs of the network, and outputs of copies "
                    "that come before it; put the copies in another order."
                )
        threshold = np.arange(n_inputs + 1, n_nodes)
        if not np.array_equal(np.sort(np.concatenate(own)), threshold):
            raise DataError("every threshold node must belong to one copy of a cell, and to no other.")
        if (maker[n_nodes - n_outputs :] == self.n_copies).any():
            raise DataError("every output of the network must be an output of a copy of a cell.")
        expected = self.edges(n_nodes)
        if not (np.array_equal(expected[0], start) and np.array_equal(expected[1], fan_in)):
            raise DataError("the network's edges are not those of the copies of its cells.")

    def key(self) -> tuple[Any, ...]:
        """What two of them are compared by."""
        return (*self.cells, self.kind.tobytes(), self.place.tobytes())

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as named arrays, cells too."""
        named: dict[str, NDArray[Any]] = {"shared_kind": self.kind, "shared_place": self.place}
        for index, cell in enumerate(self.cells):
            named |= {
                f"cell_{index}_ends": np.array([cell.n_nodes, cell.n_inputs, cell.n_outputs]),
                f"cell_{index}_start": cell.fan_in_start,
                f"cell_{index}_fan_in": cell.fan_in,
            }
        return named


def described(shared: SharedGates) -> str:
    """How many copies of how many gates, for people."""
    kinds = "a cell" if len(shared.cells) == 1 else f"{len(shared.cells)} cells"
    return f"{shared.n_copies} copies of {kinds} of {shared.n_gates} shared gates"
