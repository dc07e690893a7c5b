"""Traces as a tree: what was seen behind every sequence of inputs. Trees of many beginnings are a forest."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.errors import DataError
from btfnet.machines.traces import Traces

NONE = -1
"""In place of a node or a state: nothing was seen there."""


class PrefixTree:
    """A node for every sequence of inputs that a trace begins with, numbered so that parents come first.

    alphabet      the input words that were seen, ascending; a symbol is a place in it
    child         child[node][symbol], NONE where nothing follows of which an output is known
    parent, by    of a node, and the symbol that leads to it; NONE for roots
    value, known  value[node][slot]: bits of the output, and which of them were seen; slots are the symbols, or,
                  of Moore machines, whose outputs are the state's, a single one
    roots         where traces begin: one node for all, or one for each trace
    paths         the nodes of each trace, as far as an output is known
    """

    def __init__(self, traces: Traces, *, moore: bool, unknown_start: bool) -> None:
        self.alphabet = sorted({step.inputs for trace in traces.steps for step in trace})
        self.moore, self.n_symbols = moore, len(self.alphabet)
        self.n_slots = 1 if moore else self.n_symbols
        self.child: list[list[int]] = []
        self.parent: list[int] = []
        self.by: list[int] = []
        self.value: list[list[int]] = []
        self.known: list[list[int]] = []
        self.roots = [] if unknown_start else [self._node(NONE, NONE)]
        self.paths: list[list[int]] = []
        self._first: dict[tuple[int, int], str] = {}
        symbols = {word: symbol for symbol, word in enumerate(self.alphabet)}
        for steps, places in zip(traces.steps, traces.places, strict=True):
            if unknown_start:
                self.roots.append(self._node(NONE, NONE))
            node = self.roots[-1]
            path = [node]
            told = max((number for number, step in enumerate(steps, start=1) if step.known), default=0)
            for step, place in zip(steps[:told], places, strict=False):
                symbol = symbols[step.inputs]
                self._see(node, self.slot(symbol), step.outputs, step.known, place)
                if len(path) < told:
                    node = self._below(node, symbol)
                    path.append(node)
            self.paths.append(path)

    def __len__(self) -> int:
        return len(self.child)

    def slot(self, symbol: int) -> int:
        """Where the output beside a symbol stands."""
        return 0 if self.moore else symbol

    def _node(self, parent: int, symbol: int) -> int:
        self.child.append([NONE] * self.n_symbols)
        self.value.append([0] * self.n_slots)
        self.known.append([0] * self.n_slots)
        self.parent.append(parent)
        self.by.append(symbol)
        return len(self.child) - 1

    def _below(self, node: int, symbol: int) -> int:
        if self.child[node][symbol] == NONE:
            self.child[node][symbol] = self._node(node, symbol)
        return self.child[node][symbol]

    def _see(self, node: int, slot: int, outputs: int, known: int, place: str) -> None:
        both = self.known[node][slot] & known
        if (self.value[node][slot] ^ outputs) & both:
            raise ContradictingTraces(self._first[node, slot], place, moore=self.moore)
        self.value[node][slot] |= outputs
        self.known[node][slot] |= known
        self._first.setdefault((node, slot), place)


class ContradictingTraces(DataError):
    """The same inputs from the beginning, and different outputs."""

    def __init__(self, first: str, second: str, *, moore: bool) -> None:
        before = "inputs before this step" if moore else "inputs"
        also = ", or a Mealy machine, whose outputs depend on the inputs beside them" if moore else ""
        super().__init__(
            f"{second}: after the same {before} as at {first}, from the same initial state, another output was "
            f"seen, so no such machine explains both. Where traces begin in different states ask for an unknown "
            f"start{also}; else correct one of the two."
        )


def conflict(tree: PrefixTree, first: int, second: int) -> bool:
    """Whether two nodes cannot be one state: some inputs lead from them to different outputs.

    Cost: linear in what their subtrees have in common.
    """
    waiting = [(first, second)]
    while waiting:
        a, b = waiting.pop()
        if differ(tree.value[a], tree.known[a], tree.value[b], tree.known[b]):
            return True
        for x, y in zip(tree.child[a], tree.child[b], strict=True):
            if x != NONE and y != NONE:
                waiting.append((x, y))
    return False


def differ(values: Sequence[int], known: Sequence[int], others: Sequence[int], also: Sequence[int]) -> bool:
    """Whether an output that both know is not the same."""
    return any((v ^ w) & k & j for v, k, w, j in zip(values, known, others, also, strict=True))
