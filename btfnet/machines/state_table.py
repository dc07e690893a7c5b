"""`StateTable`: a machine as states that lead to states; what was never seen is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from btfnet.machines.prefix_tree import NONE, PrefixTree, differ
from btfnet.machines.traces import Step, Traces


@dataclass(frozen=True)
class StateTable:
    """States and symbols by number.

    alphabet      the input word of each symbol
    next_state    next_state[state][symbol]; NONE where the traces do not say
    value, known  value[state][slot]: bits of the output, and which of them the traces tell; one slot for each
                  symbol, or, where `moore`, one for the state
    initial       where traces begin; of an unknown start, where the first one does
    """

    alphabet: tuple[int, ...]
    next_state: tuple[tuple[int, ...], ...]
    value: tuple[tuple[int, ...], ...]
    known: tuple[tuple[int, ...], ...]
    initial: int
    moore: bool

    @property
    def n_states(self) -> int:
        return len(self.next_state)

    def seen(self) -> list[tuple[int, int]]:
        """State and symbol of each transition whose next state is told."""
        return [(q, a) for q, row in enumerate(self.next_state) for a, to in enumerate(row) if to != NONE]

    def output(self, state: int, symbol: int) -> tuple[int, int]:
        """Bits of the output, and which of them are told."""
        slot = 0 if self.moore else symbol
        return self.value[state][slot], self.known[state][slot]

    def runs_right(self, steps: Iterable[Step], state: int) -> bool:
        """Whether the machine says what was seen, from a state on, as far as it says anything."""
        symbols = {word: symbol for symbol, word in enumerate(self.alphabet)}
        for step in steps:
            if state == NONE or step.inputs not in symbols:
                return True
            symbol = symbols[step.inputs]
            value, known = self.output(state, symbol)
            if (value ^ step.outputs) & known & step.known:
                return False
            state = self.next_state[state][symbol]
        return True

    def explains(self, tree: PrefixTree, node: int, state: int) -> bool:
        """Whether what follows a node of the tree could follow a state, as far as the machine says anything."""
        waiting = [(node, state)]
        while waiting:
            node, state = waiting.pop()
            if differ(tree.value[node], tree.known[node], self.value[state], self.known[state]):
                return False
            pairs = zip(tree.child[node], self.next_state[state], strict=True)
            waiting += [(child, to) for child, to in pairs if NONE not in (child, to)]
        return True

    def starts(self, steps: Iterable[Step], *, unknown_start: bool) -> list[int]:
        """Initial states from which a trace runs as it was seen."""
        steps = list(steps)
        states = range(self.n_states) if unknown_start else [self.initial]
        return [state for state in states if self.runs_right(steps, state)]

    def in_order(self) -> StateTable:
        """The same machine with states numbered as they are reached from the initial one, others behind."""
        order = [self.initial]
        for state in order:
            order += [to for to in dict.fromkeys(self.next_state[state]) if to != NONE and to not in order]
        order += [state for state in range(self.n_states) if state not in order]
        return self.renumbered(order)

    def renumbered(self, order: list[int]) -> StateTable:
        """The same machine; state k of the new one is state order[k] of this one."""
        number = {old: new for new, old in enumerate(order)} | {NONE: NONE}
        return replace(
            self,
            next_state=tuple(tuple(number[to] for to in self.next_state[old]) for old in order),
            value=tuple(self.value[old] for old in order),
            known=tuple(self.known[old] for old in order),
            initial=number[self.initial],
        )

    def walked(self, tree: PrefixTree, roots: Iterable[int]) -> list[int]:
        """The state of every node, where the roots of the tree have these."""
        states = [NONE] * len(tree)
        for node, state in zip(tree.roots, roots, strict=True):
            states[node] = state
        for node, parent in enumerate(tree.parent):
            if parent != NONE and states[parent] != NONE:
                states[node] = self.next_state[states[parent]][tree.by[node]]
        return states


def table_of(tree: PrefixTree, states: list[int], n_states: int) -> StateTable:
    """The machine in which every node of the tree has its state: what the traces tell of it, and no more.

    Nodes of one state must agree; `unexplained` checks it from the outside.
    """
    to = [[NONE] * tree.n_symbols for _ in range(n_states)]
    value = [[0] * tree.n_slots for _ in range(n_states)]
    known = [[0] * tree.n_slots for _ in range(n_states)]
    for node, state in enumerate(states):
        for symbol, child in enumerate(tree.child[node]):
            if child != NONE:
                to[state][symbol] = states[child]
        for slot in range(tree.n_slots):
            value[state][slot] |= tree.value[node][slot]
            known[state][slot] |= tree.known[node][slot]
    rows = [tuple(map(tuple, part)) for part in (to, value, known)]
    return StateTable(tuple(tree.alphabet), rows[0], rows[1], rows[2], states[tree.roots[0]], tree.moore)


def unexplained(table: StateTable, traces: Traces, *, unknown_start: bool) -> list[int]:
    """Numbers of the traces that the machine contradicts."""
    return [
        number
        for number, steps in enumerate(traces.steps)
        if not table.starts(steps, unknown_start=unknown_start)
    ]
