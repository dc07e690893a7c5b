"""How many look-up tables a graph takes: cuts, the shallowest mapping, then fewer tables at the same depth.

Source: A. Mishchenko, S. Cho, S. Chatterjee, R. Brayton, Combinational and sequential mapping with priority cuts,
ICCAD 2007.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from btfnet.logic.aig.aig import Aig

INPUTS = 6
"""Of a table, as in the FPGAs of today."""
KEPT = 8
"""Cuts of a node that are kept, once by depth and once by area: the source's C."""
RECOVERIES = 3
"""Rounds over the mapping at which it finds fewer tables; a fourth finds nothing on our circuits."""

Cut = frozenset[int]
"""The variables of a table's inputs."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A cover of a graph by look-up tables: `tables[variable]` are the variables that the table at one reads.

    Inverters cost nothing: they go into the tables.
    """

    tables: dict[int, tuple[int, ...]]
    depth: int


def map_luts(graph: Aig, *, inputs: int = INPUTS) -> Mapping:
    """Tables of at most so many inputs (2 or more): the least depth, and few tables for it. Deterministic.

    Cost: about a millisecond an And.
    """
    mapper = _Mapper(graph, inputs)
    for _ in range(RECOVERIES):
        mapper.recover()
    used = mapper.used()
    return Mapping({variable: tuple(sorted(mapper.best[variable])) for variable in used}, mapper.depth)


class _Mapper:
    """The cuts of every And, the best of them, and how many tables and outputs read each variable."""

    def __init__(self, graph: Aig, inputs: int) -> None:
        self._first = graph.n_inputs + 1
        self._roots = [output >> 1 for output in graph.outputs if output >> 1 >= self._first]
        self._arrival = [0] * graph.n_variables
        self._cuts: list[list[Cut]] = [[] for _ in range(graph.n_variables)]
        self.best: list[Cut] = [frozenset()] * graph.n_variables
        self._enumerate(graph, inputs)
        self.depth = max((self._arrival[root] for root in self._roots), default=0)
        self._reads = [0] * graph.n_variables
        for root in self._roots:
            self._enter([root])

    def _enumerate(self, graph: Aig, inputs: int) -> None:
        """Cuts of each And from those of its two inputs; the best is the shallowest of the least area flow."""
        listeners = [0] * graph.n_variables
        pairs = (graph.ands >> 1).tolist()
        for variable in (variable for pair in pairs for variable in pair):
            listeners[variable] += 1
        flow = [0.0] * graph.n_variables
        choices = [[frozenset([variable])] for variable in range(self._first)]
        choices[0] = [frozenset()]  # a constant takes no input
        for variable, (left, right) in enumerate(pairs, start=self._first):
            merged = dict.fromkeys(a | b for a in choices[left] for b in choices[right])  # in a fixed order
            ranked = sorted(
                (
                    (self._arrival_of(cut), len(cut), 1 + sum([flow[leaf] for leaf in cut]), cut)
                    for cut in merged
                    if len(cut) <= inputs
                ),
                key=itemgetter(0, 1, 2),
            )
            best = min(ranked, key=itemgetter(0, 2))
            self._arrival[variable], self.best[variable] = best[0], best[3]
            flow[variable] = best[2] / max(1, listeners[variable])
            kept = [best, *ranked[:KEPT], *sorted(ranked[KEPT:], key=itemgetter(2))[:KEPT]]
            self._cuts[variable] = [cut for *_, cut in kept]
            choices.append([*self._cuts[variable], frozenset([variable])])

    def _arrival_of(self, cut: Iterable[int]) -> int:
        return 1 + max([self._arrival[leaf] for leaf in cut], default=-1)

    def recover(self) -> None:
        """Give every table in use the cut that needs the fewest further tables and is still in time."""
        required = self._required()
        for variable in range(self._first, len(self.best)):
            if not self._reads[variable]:  # it may come into use
                self._arrival[variable] = self._arrival_of(self.best[variable])
                continue
            self._leave(self.best[variable])
            fits = [cut for cut in self._cuts[variable] if self._arrival_of(cut) <= required[variable]]
            self.best[variable] = min(fits, key=self._price)
            self._enter(self.best[variable])
            self._arrival[variable] = self._arrival_of(self.best[variable])

    def _required(self) -> list[int]:
        """The level at which each variable must be there, so that the whole is no deeper."""
        required = [self.depth] * len(self.best)
        for variable in reversed(self.used()):
            for leaf in self.best[variable]:
                required[leaf] = min(required[leaf], required[variable] - 1)
        return required

    def used(self) -> list[int]:
        return [variable for variable in range(self._first, len(self._reads)) if self._reads[variable]]

    def _price(self, cut: Cut) -> tuple[int, int, int]:
        tables = self._enter(cut)
        self._leave(cut)
        return tables, self._arrival_of(cut), len(cut)

    def _enter(self, cut: Iterable[int]) -> int:
        """A reader more for these variables; the tables that are needed for it."""
        tables, waiting = 0, list(cut)
        while waiting:
            variable = waiting.pop()
            self._reads[variable] += 1
            if self._reads[variable] == 1 and variable >= self._first:
                tables += 1
                waiting += self.best[variable]
        return tables

    def _leave(self, cut: Iterable[int]) -> None:
        waiting = list(cut)
        while waiting:
            variable = waiting.pop()
            self._reads[variable] -= 1
            if not self._reads[variable] and variable >= self._first:
                waiting += self.best[variable]
