"""Machines of so many states by SAT: the nodes of the prefix tree are coloured with states.

The encoding is that of Heule & Verwer, "Software model synthesis using satisfiability solvers" (2013), with output
bits in place of accepting and rejecting. Traces come in only once a machine contradicts them, so that proofs need
few of them: where some of the traces have no machine of k states, all have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from pysat.solvers import Solver

from btfnet.halting import attended
from btfnet.machines.prefix_tree import NONE, PrefixTree
from btfnet.machines.state_table import StateTable, table_of, unexplained
from btfnet.machines.traces import Traces

SOLVER = "cadical195"
SLICE = 2000
"""Conflicts in one call of the solver; between calls the clock and Ctrl-C are looked at."""
FIRST_TRACES = 5
"""So many come in at first where all begin in one state, and at least so many in each later round."""
FIRST_OF_UNKNOWN_START = 40
MOST_CLAUSES = 4_000_000
"""A question that takes more is left undecided: some 1 GB of memory."""
GROWTH = 4
"""A round adds one trace for so many that are there, if as many are contradicted."""


class Colouring:
    """The question whether a machine of n states explains the traces.

    Literals: `state[node][q]` the node is in state q; `to[q][a][r]` symbol a leads from q to r;
    `out[q][slot][bit]` is an output bit.
    `last` is the machine that the solver found last, with transitions that no trace takes, too.

    different   nodes no two of which can be one state: node k has state k
    """

    def __init__(
        self,
        tree: PrefixTree,
        traces: Traces,
        n_states: int,
        different: Sequence[int],
        check: Callable[[], object],
    ) -> None:
        self.tree, self._traces, self.n_states, self._check = tree, traces, n_states, check
        self._n_bits = len(traces.output_ports)
        self._solver = Solver(SOLVER)
        self._literals = self._clauses = 0
        self.last: StateTable | None = None
        self._unknown_start = len(tree.roots) > 1
        self.state: dict[int, list[int]] = {}
        self._inside: set[int] = set()
        self.to: list[list[list[int]]] = []
        self.out: list[list[list[int]]] = []
        pairs = n_states * (n_states - 1) // 2
        if pairs * n_states * tree.n_symbols > MOST_CLAUSES:
            self._clauses = MOST_CLAUSES + 1
            return
        states = range(n_states)
        self.to = [[self._one_of(n_states) for _ in range(tree.n_symbols)] for _ in states]
        self.out = [[self.new(self._n_bits) for _ in range(tree.n_slots)] for _ in states]
        for state, node in enumerate(different):
            self.take(node)
            self.add([self.state[node][state]])
        first = FIRST_OF_UNKNOWN_START if self._unknown_start else FIRST_TRACES
        self._take(range(min(first, len(traces))))

    def close(self) -> None:
        """Free the solver's memory."""
        self._solver.delete()

    @property
    def too_large(self) -> bool:
        """Whether it has more clauses than memory allows; then nothing is decided."""
        return self._clauses > MOST_CLAUSES

    def new(self, count: int) -> list[int]:
        """New literals."""
        self._literals += count
        return list(range(self._literals - count + 1, self._literals + 1))

    def add(self, clause: Iterable[int]) -> None:
        """Something that must hold from now on."""
        self._clauses += 1
        self._solver.add_clause(list(clause))

    def attempt(self, conflicts: int, assumed: Sequence[int] = ()) -> StateTable | bool | None:
        """A machine that explains all traces; False: there is none; None: not decided within so many conflicts.

        assumed  literals that must hold this time
        """
        while not self.too_large:
            answer = self._solved(conflicts, assumed)
            if not answer:
                return answer
            table = self.last = self._machine()
            wrong = [
                number
                for number in unexplained(table, self._traces, unknown_start=self._unknown_start)
                if number not in self._inside
            ]
            if not wrong:
                return self._of_all_traces(table)
            self._take(wrong[: max(FIRST_TRACES, len(self._inside) // GROWTH)])
        return None

    def _solved(self, conflicts: int, assumed: Sequence[int]) -> bool | None:
        while conflicts > 0:
            self._check()
            self._solver.conf_budget(min(SLICE, conflicts))
            answer = attended(lambda halt: self._asked(assumed), lambda: False)
            if answer is not None:
                return answer
            conflicts -= SLICE
        return None

    def _asked(self, assumed: Sequence[int]) -> bool | None:
        """Off the main thread, where pysat would take Ctrl-C for itself, and leave CaDiCaL torn."""
        answer: bool | None = self._solver.solve_limited(list(assumed))
        return answer

    def _machine(self) -> StateTable:
        """What the solver found, every transition of it."""
        true = {literal for literal in self._solver.get_model() if literal > 0}
        to = tuple(tuple(next(r for r, x in enumerate(row) if x in true) for row in rows) for rows in self.to)
        value = tuple(
            tuple(sum(1 << bit for bit, x in enumerate(bits) if x in true) for bits in slots)
            for slots in self.out
        )
        known = tuple((-1,) * self.tree.n_slots for _ in to)
        root = self.state.get(self.tree.roots[0])
        initial = 0 if root is None else next(q for q, x in enumerate(root) if x in true)
        return StateTable(tuple(self.tree.alphabet), to, value, known, initial, self.tree.moore)

    def _of_all_traces(self, table: StateTable) -> StateTable:
        """The same without what no trace tells."""
        starts = [table.starts(steps, unknown_start=self._unknown_start)[0] for steps in self._traces.steps]
        states = table.walked(self.tree, starts if self._unknown_start else starts[:1])
        number = {state: place for place, state in enumerate(sorted(set(states)))}
        return table_of(self.tree, [number[state] for state in states], len(number))

    def _one_of(self, count: int) -> list[int]:
        """Literals of which exactly one holds."""
        literals = self.new(count)
        self.add(literals)
        for a, b in combinations(literals, 2):
            self.add([-a, -b])
        return literals

    def _take(self, numbers: Iterable[int]) -> None:
        """Let these traces count."""
        for number in numbers:
            self._check()
            if self.too_large:
                return
            self._inside.add(number)
            for node in self.tree.paths[number]:
                self._take_node(node)

    def take(self, node: int) -> None:
        """Let a node count, and what leads to it; of a trace that begins anywhere all nodes.

        Else what follows would not bind its state: such a trace explains itself from another one as well.
        """
        root = node
        while self.tree.parent[root] != NONE:
            root = self.tree.parent[root]
        if self._unknown_start:
            self._take([self.tree.roots.index(root)])
        while node != NONE and node not in self.state:
            self._take_node(node)
            node = self.tree.parent[node]

    def _take_node(self, node: int) -> None:
        if node in self.state:
            return
        tree = self.tree
        mine = self.state[node] = self._one_of(self.n_states)
        for slot in range(tree.n_slots):
            for bit in range(self._n_bits):
                if tree.known[node][slot] >> bit & 1:
                    sign = 1 if tree.value[node][slot] >> bit & 1 else -1
                    for state, literal in enumerate(mine):
                        self.add([-literal, sign * self.out[state][slot][bit]])
        for symbol, child in enumerate(tree.child[node]):
            if child in self.state:
                self._take_edge(node, symbol, child)
        if tree.parent[node] in self.state:
            self._take_edge(tree.parent[node], tree.by[node], node)

    def _take_edge(self, node: int, symbol: int, child: int) -> None:
        for q, here in enumerate(self.state[node]):
            for r, there in enumerate(self.state[child]):
                step = self.to[q][symbol][r]
                self.add([-here, -step, there])
                self.add([-here, -there, step])
