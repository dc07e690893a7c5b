"""What the traces force: is there another machine of as many states, and in which transitions does it differ?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from btfnet.machines.colouring import Colouring
from btfnet.machines.prefix_tree import NONE, PrefixTree
from btfnet.machines.smallest import Search, pairs_that_may_be_one
from btfnet.machines.state_table import StateTable

CONFLICTS = 8_000
"""Of the solver for each question."""


@dataclass(frozen=True)
class Freedom:
    """What the traces leave open, of machines with as many states.

    forced  whether every such machine has these states and transitions, up to the states' numbers; what was never
            seen is not counted. None: not decided
    other   transitions (state, symbol) that were seen and lead elsewhere in another machine that was found
    """

    forced: bool | None
    other: tuple[tuple[int, int], ...] = ()


UNDECIDED = Freedom(None)


def freedom(found: Search, table: StateTable, starts: list[int], check: Callable[[], object]) -> Freedom:
    """Is the machine the only one with so many states?

    starts  the state in which each root of the tree is
    """
    tree = found.tree
    states = table.walked(tree, starts)
    nodes, fixed = _representatives(tree, table, states, found.different)
    if len(nodes) < table.n_states:
        return UNDECIDED
    first = [states[node] for node in fixed]
    order = first + [state for state in range(table.n_states) if state not in first]
    colouring = Colouring(tree, found.traces, table.n_states, fixed, check)
    try:
        if colouring.too_large:
            return UNDECIDED
        apart = _are_always_apart(colouring, tree, [nodes[state] for state in order])
        if apart is not True:
            return UNDECIDED if apart is None else Freedom(False)
        free = _transitions(colouring, table.renumbered(order))
        return Freedom(free.forced, tuple(sorted((order[q], a) for q, a in free.other)))
    finally:
        colouring.close()


def _representatives(
    tree: PrefixTree, table: StateTable, states: list[int], different: list[int]
) -> tuple[dict[int, int], list[int]]:
    """A node for each state, where there is one, and those of them that are known to differ in pairs.

    Where traces begin in one state, the machine says in which state each node is. Of a forest it says so only of a
    node from which no other state explains what follows; others might change states within one and the same
    machine, and represent nothing.
    """
    weight = [1] * len(tree)
    for node in reversed(range(len(tree))):
        if tree.parent[node] != NONE:
            weight[tree.parent[node]] += weight[node]
    nodes: dict[int, int] = {}
    fixed = [node for node in different if _is_certain(tree, table, node, states[node])]
    for node in (*fixed, *sorted(range(len(tree)), key=lambda node: (-weight[node], node))):
        if states[node] not in nodes and _is_certain(tree, table, node, states[node]):
            nodes[states[node]] = node
    return nodes, fixed


def _is_certain(tree: PrefixTree, table: StateTable, node: int, state: int) -> bool:
    others = range(table.n_states) if len(tree.roots) > 1 else ()
    return not any(table.explains(tree, node, other) for other in others if other != state)


def _are_always_apart(colouring: Colouring, tree: PrefixTree, nodes: list[int]) -> bool | None:
    """Whether the nodes are different states in every machine; then they get the states 0, 1, … for good."""
    for node in nodes:
        colouring.take(node)
    same = []
    for a, b in pairs_that_may_be_one(tree, nodes):
        [one] = colouring.new(1)
        same.append(one)
        for x, y in zip(colouring.state[a], colouring.state[b], strict=True):
            colouring.add([-one, -x, y])
            colouring.add([-one, x, -y])
    if same:
        [any_pair] = colouring.new(1)
        colouring.add([-any_pair, *same])
        answer = colouring.attempt(CONFLICTS, [any_pair])
        if answer is not False:
            return None if answer is None else False
    for state, node in enumerate(nodes):
        colouring.add([colouring.state[node][state]])
    return True


def _transitions(colouring: Colouring, table: StateTable) -> Freedom:
    """Look for machines that differ in a transition, until there is none that differs in another one."""
    left, other = set(table.seen()), list[tuple[int, int]]()
    while left:
        [differs] = colouring.new(1)
        colouring.add([-differs, *(-colouring.to[q][a][table.next_state[q][a]] for q, a in sorted(left))])
        answer = colouring.attempt(CONFLICTS, [differs])
        if answer is None:
            return Freedom(False if other else None, tuple(sorted(other)))
        if answer is False or colouring.last is None:
            break
        here = {(q, a) for q, a in left if colouring.last.next_state[q][a] != table.next_state[q][a]}
        other += here
        left -= here
    return Freedom(not other, tuple(sorted(other)))
