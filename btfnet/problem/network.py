"""Who listens to whom: an immutable acyclic graph in compressed form, and its builders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import FLAG, a, is_whole, need, optional, said, whole
from btfnet.errors import DataError, UsageError
from btfnet.problem.free import GROWTH, Growth, checked_inputs, free_edges
from btfnet.problem.layers import layered, layered_edges, levels, runs_of
from btfnet.problem.network_checks import (
    CONSTANT,
    check_counts,
    check_edges,
    flat_whole_numbers,
    listed_fan_ins,
)
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.sharing import Edges, SharedGates, described
from btfnet.problem.sparse import drawn_fan_ins
from btfnet.problem.unrolled import BuildersOfCopies
from btfnet.problem.widths import check_size, checked, listed, n_edges

if TYPE_CHECKING:
    import networkx

LIST_FACTOR = 5
"""What lists of whole numbers take of an array's memory; networks drawn node by node are made of them."""
SHARED = a(SharedGates, "a SharedGates, as Network.unrolled makes it")
GENERATOR = "a random generator, such as numpy.random.default_rng(0)"


@dataclass(frozen=True, eq=False)
class Network(ReadOnly, BuildersOfCopies):
    """An acyclic graph of Boolean threshold functions (BTFs).

    Nodes are numbered 0 … n_nodes-1: node 0 is the constant -1, nodes 1 … n_inputs are the inputs, all
    later ones are BTFs, and the last n_outputs of these are the outputs. Every sender precedes its receiver.

    fan_in_start  int64, (n_nodes + 1,): node n's edges are fan_in_start[n] … fan_in_start[n+1]-1
    fan_in        int32, (n_edges,): the sender of each edge, edges grouped by receiver, senders ascending
    growth        of a network that grows, how: it has no hidden nodes yet, and a search finds how many it needs
                  (see `free`); None for all others
    shared        of a network of copies of cells, which nodes share a gate (see `unrolled`); None for all others

    Raises `DataError` when the arrays do not describe such a graph.
    """

    n_nodes: int
    n_inputs: int
    n_outputs: int
    fan_in_start: NDArray[np.int64]
    fan_in: NDArray[np.int32]
    growth: Growth | None = None
    shared: SharedGates | None = None

    def __post_init__(self) -> None:
        counts = {name: (getattr(self, name), whole(0)) for name in ("n_nodes", "n_inputs", "n_outputs")}
        need(
            "Network",
            **counts,
            growth=(self.growth, optional(GROWTH)),
            shared=(self.shared, optional(SHARED)),
        )
        check_counts(self.n_nodes, self.n_inputs, self.n_outputs)
        start, senders = flat_whole_numbers(self.fan_in_start, self.fan_in)
        check_edges(self.n_nodes, self.n_inputs, start, senders)
        object.__setattr__(self, "fan_in_start", start)
        object.__setattr__(self, "fan_in", senders)
        if self.grows and (
            self.n_hidden or len(self.groups) > 1 or senders[0] or senders[-1] > self.n_inputs
        ):
            raise DataError("a network that grows has outputs alone, of the same inputs; use Network.free.")
        if self.shared is not None:
            self.shared.check((self.n_nodes, self.n_inputs, self.n_outputs), start, senders)

    def __repr__(self) -> str:
        shape = f"of {self.n_inputs} inputs and {self.n_outputs} outputs"
        if self.grows:
            return f"<Network {shape} that grows>"
        if self.shared is not None:
            return f"<Network {shape}: {described(self.shared)}>"
        if self.widths is not None:
            shape = listed(self.widths)
        return f"<Network {shape}: {self.n_btf} threshold nodes, {self.n_edges} edges>"

    # -- what it is made of ---------------------------------------------------------------------------

    @property
    def n_edges(self) -> int:
        return int(self.fan_in.size)

    @property
    def n_btf(self) -> int:
        """Number of threshold nodes."""
        return self.n_nodes - 1 - self.n_inputs

    @property
    def n_hidden(self) -> int:
        """Number of threshold nodes that are no outputs."""
        return self.n_btf - self.n_outputs

    @property
    def grows(self) -> bool:
        """Whether a search finds how many hidden nodes it needs."""
        return self.growth is not None

    @property
    def btf_nodes(self) -> range:
        return range(self.n_inputs + 1, self.n_nodes)

    @property
    def output_nodes(self) -> range:
        return range(self.n_nodes - self.n_outputs, self.n_nodes)

    def senders(self, node: int) -> NDArray[np.int32]:
        return self.fan_in[self.edges(node)]

    def edges(self, node: int) -> slice:
        try:
            return slice(int(self.fan_in_start[node]), int(self.fan_in_start[node + 1]))
        except (TypeError, IndexError, ValueError) as error:
            raise UsageError(f"node is {said(node)}; expected 0 to {self.n_nodes - 1}.") from error

    @cached_property
    def edge_receiver(self) -> NDArray[np.int32]:
        """The receiver of each edge; int32, (n_edges,)."""
        return np.repeat(np.arange(self.n_nodes, dtype=np.int32), np.diff(self.fan_in_start))

    @cached_property
    def groups(self) -> list[range]:
        """Runs of consecutive threshold nodes that listen to the same senders; in layers, one run a layer."""
        return runs_of(self.btf_nodes, self.senders)

    @cached_property
    def widths(self) -> tuple[int, ...] | None:
        """What `layered` makes this network of; None where it is no such network."""
        if self.grows or self.shared is not None or not layered(self.n_inputs, self.groups, self.senders):
            return None
        widths = (self.n_inputs, *(len(run) for run in self.groups))
        return widths if widths[-1] == self.n_outputs else None

    @cached_property
    def depth(self) -> int:
        """Number of threshold nodes on the longest path from an input to an output."""
        return max(levels(self.n_nodes, self.btf_nodes, self.senders)[list(self.output_nodes)].tolist())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Network)
            and (self.n_nodes, self.n_inputs, self.n_outputs)
            == (other.n_nodes, other.n_inputs, other.n_outputs)
            and self.growth == other.growth
            and (self.shared and self.shared.key()) == (other.shared and other.shared.key())
            and np.array_equal(self.fan_in_start, other.fan_in_start)
            and np.array_equal(self.fan_in, other.fan_in)
        )

    def __hash__(self) -> int:
        return hash((self.n_nodes, self.n_inputs, self.n_outputs, self.growth, self.fan_in.tobytes()))

    # -- builders -------------------------------------------------------------------------------------

    @classmethod
    def layered(cls, widths: Sequence[int]) -> Network:
        """Every node listens to all nodes of the layer before it, and to the constant.

        widths: number of nodes per layer, inputs first, the constant not counted; at least two layers.
        """
        widths = checked(widths)
        check_size(f"widths {listed(widths)}", 1 + sum(widths), n_edges(widths))
        return cls(1 + sum(widths), widths[0], widths[-1], *layered_edges(widths))

    @classmethod
    def free(
        cls,
        n_inputs: int,
        n_outputs: int,
        hidden: int | None = None,
        *,
        window: int | None = None,
        inputs: Sequence[int] | None = None,
    ) -> Network:
        """Without layers: hidden nodes in sequence, then outputs; each listens to all inputs and earlier nodes.

        Outputs do not listen to each other, and all nodes listen to the constant.
        hidden  how many hidden nodes; None: the network grows, and a search finds how many it needs
        window  a hidden node listens to so many hidden nodes, the last before it; None: to all
        inputs  the inputs that are heard, numbered from 0; None: all of them
        Raises `CapacityError` for a network that does not fit into memory.
        """
        need(
            "Network.free", n_inputs=(n_inputs, whole(1)), n_outputs=(n_outputs, whole(1)),
            hidden=(hidden, optional(whole(0))), window=(window, optional(whole(1))),
        )  # fmt: skip
        ends, nodes = (int(n_inputs), int(n_outputs)), int(hidden or 0)
        edges = free_edges(*ends, nodes, window, checked_inputs(ends[0], inputs))
        return cls(1 + sum(ends) + nodes, *ends, *edges, Growth(window) if hidden is None else None)

    @property
    def heard_inputs(self) -> NDArray[np.int64]:
        """Numbers, from 0, of the inputs that the last output hears; in a free network all nodes hear them."""
        senders = self.senders(self.n_nodes - 1)
        return senders[(senders > CONSTANT) & (senders <= self.n_inputs)].astype(np.int64) - 1

    def grown(self, hidden: int, inputs: Sequence[int] | None = None) -> Network:
        """Of a network that grows, the one with so many hidden nodes. Raises as `free` does.

        inputs  those that it hears; None: all that this one hears
        """
        if self.growth is None:
            raise UsageError(f"{self!r} does not grow.")
        inputs = self.heard_inputs.tolist() if inputs is None else inputs
        return Network.free(self.n_inputs, self.n_outputs, hidden, window=self.growth.window, inputs=inputs)

    @classmethod
    def sparse(cls, widths: Sequence[int], fan_in: int, rng: np.random.Generator) -> Network:
        """Layers whose nodes listen to the constant and to `fan_in` random nodes of the layer before.

        Every node of a layer is heard as long as the layer above has edges enough for that.
        """
        widths = checked(widths)
        need("Network.sparse", rng=(rng, a(np.random.Generator, GENERATOR)))
        if not is_whole(fan_in) or fan_in < 1:
            raise UsageError(
                f"fan_in is {said(fan_in)}, but a node needs at least one sender besides the constant."
            )
        check_size(f"widths {listed(widths)}", 1 + sum(widths), LIST_FACTOR * n_edges(widths, fan_in))
        return cls._from_fan_ins(widths[0], widths[-1], drawn_fan_ins(widths, int(fan_in), rng))

    @classmethod
    def _of_copies(cls, nodes: int, inputs: int, outputs: int, edges: Edges, shared: SharedGates) -> Network:
        return cls(nodes, inputs, outputs, *edges, None, shared)

    @classmethod
    def from_edges(
        cls, n_inputs: int, n_outputs: int, edges: Iterable[tuple[int, int]], *, bias: bool = True
    ) -> Network:
        """From (receiver, sender) pairs, nodes numbered as in `Network`.

        bias: let every threshold node listen to the constant, also where no edge says so.
        """
        need("from_edges", n_inputs=(n_inputs, whole(1)), n_outputs=(n_outputs, whole(0)), bias=(bias, FLAG))
        return cls._from_fan_ins(n_inputs, n_outputs, listed_fan_ins(n_inputs, edges, bias=bias))

    @classmethod
    def from_networkx(
        cls,
        graph: networkx.DiGraph,
        *,
        inputs: Sequence[object],
        outputs: Sequence[object],
        bias: bool = True,
    ) -> Network:
        """From a directed acyclic graph whose edges run from sender to receiver.

        inputs, outputs: the graph's nodes in the order in which they carry the items' bits. All other
        nodes are hidden ones. Every node except the inputs must have a predecessor. A node of the kind
        "constant", as `to_networkx` makes it, is node 0. Hidden nodes keep the graph's order where they can.
        """
        from btfnet.problem.networkx_graph import numbered_edges

        edges = numbered_edges(graph, inputs, outputs)
        return cls.from_edges(len(inputs), len(outputs), edges, bias=bias)

    def to_networkx(self) -> networkx.DiGraph:
        """A `DiGraph` with an edge from every sender to its receiver; nodes carry their `kind`.

        Raises `UsageError` for a network whose nodes share gates, which a graph cannot say.
        """
        if self.shared is not None:
            raise UsageError(
                f"{self!r}: a graph cannot say which nodes share a gate; write that of `apart()`."
            )
        from btfnet.problem.networkx_graph import graph_of

        edges = zip(self.edge_receiver.tolist(), self.fan_in.tolist(), strict=True)
        return graph_of(self.n_nodes, self.n_inputs, self.n_outputs, edges)

    def apart(self) -> Network:
        """The same nodes and edges, no gate shared."""
        return replace(self, shared=None)

    @classmethod
    def _from_fan_ins(cls, n_inputs: int, n_outputs: int, fan_ins: Sequence[Sequence[int]]) -> Network:
        sizes = [len(senders) for senders in fan_ins]
        n_nodes = n_inputs + 1 + len(sizes)
        check_size(f"{n_inputs} inputs and {len(sizes)} threshold nodes", n_nodes, sum(sizes))
        flat = [sender for senders in fan_ins for sender in senders]
        start = np.concatenate([np.zeros(n_inputs + 2, dtype=np.int64), np.cumsum(sizes)])
        return cls(n_nodes, n_inputs, n_outputs, start, np.array(flat, dtype=np.int64))
