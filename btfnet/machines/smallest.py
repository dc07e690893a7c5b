"""The smallest machine: bounds from below by states that must differ, and by SAT, from above by machines found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from btfnet.machines.colouring import Colouring
from btfnet.machines.merging import merged
from btfnet.machines.prefix_tree import NONE, PrefixTree, conflict
from btfnet.machines.state_table import StateTable
from btfnet.machines.traces import Traces

CANDIDATES, FOR_EACH_STATE, MOST_CANDIDATES = 160, 8, 600
"""Nodes among which those are looked for that must be different states: more where merging finds more states."""
BEGINNINGS = 20
"""Such a set is grown from so many nodes."""
CONFLICTS = (4_000, 16_000, 64_000)
"""Of the solver for each number of states, in one round after the other."""
USUAL = 1024
"""States² × symbols of questions up to which conflicts are so many; beyond this each takes longer, and they are
fewer.
"""
WINDOW = 4
"""In the first round so many numbers of states are tried, from the least that is possible; then twice as many …"""


@dataclass
class Search:
    """How far the search for the smallest machine has come.

    best    the smallest machine found; None: none yet
    least   no machine has fewer states: that is proven
    """

    tree: PrefixTree
    traces: Traces
    different: list[int]
    best: StateTable | None = None
    least: int = 1

    @property
    def proven(self) -> bool:
        """Whether no machine is smaller than the best."""
        return self.best is not None and self.best.n_states <= self.least


def begin(tree: PrefixTree, traces: Traces, most: int, check: Callable[[], object]) -> Search:
    """What merging finds, and a bound from below; arguments as of `search`."""
    table, states = merged(tree, check, most)
    n_states = table.n_states if table else 0
    candidates = min(MOST_CANDIDATES, max(CANDIDATES, FOR_EACH_STATE * n_states))
    different = must_differ(tree, candidates, states, check)
    return Search(tree, traces, different, table, max(1, len(different)))


def search(state: Search, most: int, check: Callable[[], object]) -> None:
    """Bring the best machine, and the bound from below, nearer to each other, with rising effort.

    most   states that a machine may have at most
    check  may raise, when time is up: what is in `state` stays true
    """
    open_questions: dict[int, Colouring] = {}
    try:
        for number, conflicts in enumerate(CONFLICTS):
            _round(state, most, WINDOW << number, conflicts, open_questions, check)
            if state.proven or state.least > most:
                return
    finally:
        for colouring in open_questions.values():
            colouring.close()


def _round(
    state: Search,
    most: int,
    window: int,
    conflicts: int,
    open_questions: dict[int, Colouring],
    check: Callable[[], object],
) -> None:
    above = most + 1 if state.best is None else min(most + 1, state.best.n_states)
    for n_states in range(state.least, min(above, state.least + window)):
        if n_states not in open_questions:
            open_questions[n_states] = Colouring(state.tree, state.traces, n_states, state.different, check)
        size = n_states * n_states * state.tree.n_symbols
        answer = open_questions[n_states].attempt(conflicts * USUAL // max(USUAL, size))
        if answer is False:
            state.least = n_states + 1
        elif isinstance(answer, StateTable):
            state.best = answer
            return


def must_differ(
    tree: PrefixTree, candidates: int, states: list[int], check: Callable[[], object]
) -> list[int]:
    """Nodes no two of which can be one state, as many as a greedy search finds.

    states  of every node in a machine that explains the tree: nodes of one are not asked, for they agree
    """
    weight = [sum(map(bool, known)) for known in tree.known]
    for node in reversed(range(len(tree))):
        if tree.parent[node] != NONE:
            weight[tree.parent[node]] += weight[node]
    nodes = sorted(range(len(tree)), key=lambda node: (-weight[node], node))[:candidates]
    others: dict[int, set[int]] = {node: set() for node in nodes}
    for place, a in enumerate(nodes):
        check()
        for b in nodes[place + 1 :]:
            if states[a] != states[b] and conflict(tree, a, b):
                others[a].add(b)
                others[b].add(a)
    best: list[int] = []
    for node in nodes[:BEGINNINGS]:
        chosen, left = [node], others[node]
        while left:
            node = max(left, key=lambda each: (len(others[each] & left), -each))
            chosen.append(node)
            left = left & others[node]
        best = max(best, chosen, key=len)
    return best


def pairs_that_may_be_one(tree: PrefixTree, nodes: list[int]) -> list[tuple[int, int]]:
    """Pairs of nodes that no inputs tell apart directly."""
    return [(a, b) for a, b in combinations(nodes, 2) if not conflict(tree, a, b)]
