"""How the edges of a network lie in memory on a device: dense blocks where nodes hear the same, else lists.

Both know four things: to update the edges of all nodes and sum over each node's (`relax`), to sum what the
reflected A values add to weights and senders (`accumulate`), to sum over the hearers of each node (`heard`),
and to scale sums of weights (`scaled`). No sum is made by additions in an order that a device chooses (no
scatter).
Names and arrays as in points.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.device.points import Array, Edges, Library, Point
from btfnet.problem.network import Network

MOST_GROUPS = 16
"""More blocks than that make a program long: then `EdgeLists`."""


class DenseGroups:
    """A block for each group, a run of nodes with the same senders: w and x are tuples of (nodes, senders, K).

    Nothing is gathered or scattered but rows of nodes.
    """

    def __init__(self, network: Network) -> None:
        self.n_inputs, self.n_nodes = network.n_inputs, network.n_nodes
        first = network.n_inputs + 1
        self.groups = [slice(group.start - first, group.stop - first) for group in network.groups]
        self.senders = [network.senders(group.start) for group in network.groups]
        self.edges = [
            slice(network.edges(group.start).start, network.edges(group[-1]).stop) for group in network.groups
        ]
        self.places = [_places(senders, network.n_nodes) for senders in self.senders]

    def taken(self, values: NDArray[Any]) -> Edges:
        """An array with a row for each edge, as this layout holds it."""
        return tuple(
            values[edges].reshape(-1, senders.size, *values.shape[1:])
            for edges, senders in zip(self.edges, self.senders, strict=True)
        )

    def given(self, lib: Library, blocks: Edges) -> Array:
        """The inverse of `taken`."""
        return lib.xp.concatenate([block.reshape(-1, *block.shape[2:]) for block in blocks])

    def scaled(self, lib: Library, w_sum: Edges) -> Edges:
        """Each node's weights with norm sqrt(fan-in); zeros stay zeros."""
        return tuple(rows * _scale(lib, (rows * rows).sum(-1), rows.shape[1])[:, None] for rows in w_sum)

    def relax(self, lib: Library, point: Point, mean_w: Edges, beta: Array) -> tuple[Any, ...]:
        """v ← v + β (P_B - P_A) on all edges: w, x, and of each node Σ w x, Σ w² + x², the squared gaps."""
        done = [self._relaxed(lib, point, mean_w, beta, group) for group in range(len(self.groups))]
        w, x, *sums = zip(*done, strict=True)
        return (tuple(w), tuple(x), *map(lib.xp.concatenate, sums))

    def _relaxed(
        self, lib: Library, point: Point, mean_w: Edges, beta: Array, group: int
    ) -> tuple[Array, ...]:
        nodes, w, x = self.groups[group], point.w[group], point.x[group]
        a, b = point.a[nodes][:, None], point.b[nodes][:, None]
        to_b_w = mean_w[group][:, :, None] - (a * w + b * x)
        to_b_x = point.z[self.senders[group]][None] - (a * x + b * w)
        w, x = w + beta * to_b_w, x + beta * to_b_x
        sums = (w * x, w * w + x * x, to_b_w * to_b_w, to_b_x * to_b_x)
        return (w, x, *lib.sums(sums, 1))

    def accumulate(self, lib: Library, w: Edges, x: Edges, same: Array, other: Array) -> tuple[Edges, Array]:
        """Sums over the items of same w + other x, and over the hearers of each node of same x + other w.

        same, other  (n_btf, K): g (2 a - 1) and 2 g b
        """
        w_sum, sent = [], []
        for nodes, w_group, x_group in zip(self.groups, w, x, strict=True):
            s, o = same[nodes][:, None], other[nodes][:, None]
            w_sum.append(sum(lib.sums((s * w_group, o * x_group), 2)))
            sent.append(sum(lib.sums((s * x_group, o * w_group), 0)))
        return tuple(w_sum), self._to_senders(lib, sent)

    def heard(self, lib: Library, g: Array) -> Array:
        """Σ g of all that hear a node; (n_nodes, K)."""
        rows = [
            lib.xp.broadcast_to(g[nodes].sum(0), (senders.size, g.shape[1]))
            for nodes, senders in zip(self.groups, self.senders, strict=True)
        ]
        return self._to_senders(lib, rows)

    def _to_senders(self, lib: Library, rows: list[Array]) -> Array:
        """Rows of each group's senders, added up to rows of all nodes."""
        zero = lib.xp.zeros_like(rows[0][:1])
        total: Array = 0
        for places, mine in zip(self.places, rows, strict=True):
            total = total + lib.xp.concatenate([mine, zero])[places]
        return total


def _places(senders: NDArray[np.int32], n_nodes: int) -> NDArray[np.int32]:
    """Of each node its place among the senders; one past the last where it is none."""
    places = np.full(n_nodes, senders.size, dtype=np.int32)
    places[senders] = np.arange(senders.size, dtype=np.int32)
    return places


def _scale(lib: Library, square: Array, fan_in: Any) -> Array:
    some = square > 0
    return lib.xp.where(some, lib.xp.sqrt(fan_in / lib.xp.where(some, square, 1)), 0)


class Sums:
    """Sums over rows that belong together, any number to a sum: those of like length side by side.

    Of L sums of length n to 2n - 1 a table (L, 2n - 1) of rows is gathered and added up, but for what fills it; so
    there are as many tables as there are powers of two among the lengths.
    """

    def __init__(self, members: list[NDArray[np.intp]]) -> None:
        sizes = np.array([each.size for each in members])
        kinds = np.frexp(sizes)[1]
        order: list[int] = []
        self.tables: list[tuple[NDArray[np.int32], NDArray[np.bool_]]] = []
        for kind in np.unique(kinds):
            which = np.flatnonzero(kinds == kind)
            table = np.zeros((which.size, max(1, int(sizes[which].max()))), dtype=np.int32)
            for row, index in enumerate(which):
                table[row, : sizes[index]] = members[index]
            self.tables.append((table, np.arange(table.shape[1]) < sizes[which][:, None]))
            order += which.tolist()
        self.order = np.argsort(order).astype(np.int32)

    def __call__(self, lib: Library, *several: Array) -> tuple[Array, ...]:
        """Of each array, (n_rows, …), its sums, (n_sums, …)."""
        done = [self._of_table(lib, several, *table) for table in self.tables]
        return tuple(lib.xp.concatenate(parts)[self.order] for parts in zip(*done, strict=True))

    @staticmethod
    def _of_table(
        lib: Library, several: Sequence[Array], table: NDArray[np.int32], taken: NDArray[np.bool_]
    ) -> tuple[Array, ...]:
        taken = taken.reshape(*table.shape, *[1] * (several[0].ndim - 1))
        return lib.sums(tuple(lib.xp.where(taken, rows[table], 0) for rows in several), 1)


class EdgeLists:
    """Any network: w and x are (n_edges, K); values of nodes are gathered, and sums taken of gathered rows."""

    def __init__(self, network: Network) -> None:
        self.n_inputs, self.n_nodes = network.n_inputs, network.n_nodes
        first = network.n_inputs + 1
        self.senders, self.receivers = network.fan_in, network.edge_receiver - first
        by_sender = np.argsort(network.fan_in, kind="stable")
        cuts = np.searchsorted(network.fan_in[by_sender], np.arange(1, network.n_nodes))
        self.to_senders = Sums(np.split(by_sender, cuts))
        self.to_receivers = Sums(
            [np.arange(network.n_edges)[network.edges(node)] for node in network.btf_nodes]
        )
        self.fan_ins = np.diff(network.fan_in_start)[first:]

    def taken(self, values: NDArray[Any]) -> Edges:
        """An array with a row for each edge, as this layout holds it: the same."""
        return values

    def given(self, lib: Library, rows: Edges) -> Array:
        """The inverse of `taken`."""
        return rows

    def scaled(self, lib: Library, w_sum: Edges) -> Edges:
        """As that of `DenseGroups`."""
        fan_ins = lib.xp.asarray(self.fan_ins, dtype=w_sum.dtype)
        return w_sum * _scale(lib, self.to_receivers(lib, w_sum * w_sum)[0], fan_ins)[self.receivers]

    def relax(self, lib: Library, point: Point, mean_w: Edges, beta: Array) -> tuple[Any, ...]:
        """As that of `DenseGroups`."""
        w, x, a, b = point.w, point.x, point.a[self.receivers], point.b[self.receivers]
        to_b_w = mean_w[:, None] - (a * w + b * x)
        to_b_x = point.z[self.senders] - (a * x + b * w)
        w, x = w + beta * to_b_w, x + beta * to_b_x
        sums = (w * x, w * w + x * x, to_b_w * to_b_w, to_b_x * to_b_x)
        return (w, x, *self.to_receivers(lib, *sums))

    def accumulate(self, lib: Library, w: Edges, x: Edges, same: Array, other: Array) -> tuple[Edges, Array]:
        """As that of `DenseGroups`."""
        s, o = same[self.receivers], other[self.receivers]
        return sum(lib.sums((s * w, o * x), 1)), sum(self.to_senders(lib, s * x, o * w))

    def heard(self, lib: Library, g: Array) -> Array:
        """As that of `DenseGroups`."""
        return self.to_senders(lib, g[self.receivers])[0]


Wires = DenseGroups | EdgeLists


def wires_of(network: Network) -> Wires:
    """Dense groups where they are few, else lists."""
    return DenseGroups(network) if len(network.groups) <= MOST_GROUPS else EdgeLists(network)
