"""State merging: nodes of the prefix tree become states, those first for which most speaks.

The red-blue algorithm (Lang, Pearlmutter & Price, "Results of the Abbadingo One DFA learning competition", 1998),
with outputs of any bits, some of which may be unknown, in place of accepting and rejecting.
"""

from __future__ import annotations

from collections.abc import Callable

from btfnet.machines.prefix_tree import NONE, PrefixTree
from btfnet.machines.state_table import StateTable, table_of

IMPOSSIBLE = -1
"""In place of a score."""


def merged(tree: PrefixTree, check: Callable[[], object], most: int) -> tuple[StateTable | None, list[int]]:
    """A machine that explains the tree, and the state of every node; it is not proven that none has fewer states.

    most   states that are of use; with more there is no machine, and every node has a state of its own

    check  called before every decision; it may raise
    """
    work = _Merging(tree)
    while True:
        check()
        if len(work.red) > most:
            return None, list(range(len(tree)))
        blue = work.blue()
        if not blue:
            break
        work.decide(blue)
    number = {node: state for state, node in enumerate(work.red)}
    states = [number[work.find(node)] for node in range(len(tree))]
    return table_of(tree, states, len(number)), states


class _Merging:
    """Blocks of nodes, each known by one of them, whose outputs and children are those of all."""

    def __init__(self, tree: PrefixTree) -> None:
        self.tree = tree
        self.block = list(range(len(tree)))
        self.value, self.known, self.child = list(tree.value), list(tree.known), list(tree.child)
        self.red = [tree.roots[0]]
        self._apart: set[tuple[int, int]] = set()  # that cannot be merged now, and so never: blocks only grow
        self._undo: list[tuple[int, int, list[int], list[int], list[int]]] = []

    def find(self, node: int) -> int:
        while self.block[node] != node:
            node = self.block[node]
        return node

    def blue(self) -> list[int]:
        """Blocks that are no state yet and follow one, or begin a trace."""
        follow = [child for node in self.red for child in self.child[node] if child != NONE]
        found = dict.fromkeys(map(self.find, [*follow, *self.tree.roots]))
        return [node for node in found if node not in self.red]

    def decide(self, blue: list[int]) -> None:
        """Make a block a state that can be none of those there are; else merge the two that most speaks for."""
        best, pair = IMPOSSIBLE, (NONE, NONE)
        for node in blue:
            highest = IMPOSSIBLE
            for state in self.red:
                if (state, node) in self._apart:
                    continue
                score = self._merge(state, node)
                self._take_back()
                if score == IMPOSSIBLE:
                    self._apart.add((state, node))
                highest = max(highest, score)
                if score > best:
                    best, pair = score, (state, node)
            if highest == IMPOSSIBLE:
                self.red.append(node)
                return
        self._merge(*pair)
        self._undo.clear()

    def _merge(self, state: int, node: int) -> int:
        """Merge two blocks and what follows from it; how many outputs agree, or IMPOSSIBLE."""
        score, waiting = 0, [(state, node)]
        while waiting:
            a, b = map(self.find, waiting.pop())
            if a == b:
                continue
            if b in self.red:
                a, b = b, a
                if b in self.red:
                    return IMPOSSIBLE
            agree = self._agreement(a, b)
            if agree == IMPOSSIBLE:
                return IMPOSSIBLE
            score += agree
            waiting += self._join(a, b)
        return score

    def _agreement(self, a: int, b: int) -> int:
        agree = 0
        for v, k, w, j in zip(self.value[a], self.known[a], self.value[b], self.known[b], strict=True):
            if k & j:
                if (v ^ w) & k & j:
                    return IMPOSSIBLE
                agree += 1
        return agree

    def _join(self, a: int, b: int) -> list[tuple[int, int]]:
        """Block b becomes part of a; the pairs of children that must be one block, too."""
        self._undo.append((a, b, self.value[a], self.known[a], self.child[a]))
        self.block[b] = a
        self.value[a] = [v | w for v, w in zip(self.value[a], self.value[b], strict=True)]
        self.known[a] = [k | j for k, j in zip(self.known[a], self.known[b], strict=True)]
        children = list(zip(self.child[a], self.child[b], strict=True))
        self.child[a] = [y if x == NONE else x for x, y in children]
        return [(x, y) for x, y in children if NONE not in (x, y)]

    def _take_back(self) -> None:
        while self._undo:
            a, b, value, known, child = self._undo.pop()
            self.block[b] = b
            self.value[a], self.known[a], self.child[a] = value, known, child
