"""`learn_machine`: traces in, the smallest machine out that explains them, as gates with registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from btfnet.arguments import FLAG, a, need, number, one_of, optional, whole
from btfnet.halting import Stop, question
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.machines.cell import Effort, Ports, cell_of
from btfnet.machines.learned import LearnedMachine
from btfnet.machines.machine import Machine
from btfnet.machines.prefix_tree import ContradictingTraces, PrefixTree
from btfnet.machines.smallest import Search, begin, search
from btfnet.machines.state_table import StateTable
from btfnet.machines.traces import Traces
from btfnet.machines.uniqueness import UNDECIDED, Freedom, freedom

MOST_STATE_BITS = 12
PART_FOR_STATES = 0.7
"""Of the time limit: for states and proofs; the rest is for gates."""
TRACES = a(Traces, "a Traces, from btfnet.Traces.of or btfnet.read_traces")


class Interrupted(Exception):
    """Somebody asked to stop."""


def learn_machine(
    traces: Traces,
    *,
    state_bits: int | None = None,
    kind: str = "auto",
    unknown_start: bool = False,
    seed: int = 0,
    jobs: int | None = None,
    time_limit: float | None = None,
    stop: Stop | None = None,
) -> LearnedMachine:
    """Learn the smallest Mealy or Moore machine that explains traces, and build it of gates and registers.

    traces         of one machine, all from its initial state
    state_bits     a machine of at most 2^state_bits states, 1 to 12; None: as many as it takes
    kind           mealy, moore, or auto: Moore where such a machine has no more states than a Mealy machine
    unknown_start  each trace may begin in any state; the first one's is then the machine's initial state
    seed           of the state codes that are tried and of the search for gates
    jobs           processor cores for the search for gates, None for all
    time_limit     seconds for everything, None for no limit: proofs then end after a fixed number of conflicts
    stop           asked now and then: an object with is_set(), or a function; a true answer ends the search

    States are found by merging nodes of the prefix tree (red-blue, Lang et al. 1998) and by SAT (Heule & Verwer
    2013), which also proves that there is no smaller machine; docs/machines.md says more. The circuit is right on
    every transition that was seen.

    Raises `UsageError` for absurd arguments, `ContradictingTraces`, a `DataError`, where no machine explains the
    traces.
    """
    need(
        "learn_machine",
        traces=(traces, TRACES),
        state_bits=(state_bits, optional(whole(1, MOST_STATE_BITS))),
        kind=(kind, one_of("auto", "mealy", "moore")),
        unknown_start=(unknown_start, FLAG),
        seed=(seed, whole(0)),
        jobs=(jobs, optional(whole(1))),
        time_limit=(time_limit, optional(number(0, 1e9, open_low=True))),
    )
    clock = _Clock(time_limit, question(stop))
    most = 1 << (MOST_STATE_BITS if state_bits is None else state_bits)
    work = _Work(traces, unknown_start, most, clock)
    found = work.smallest(kind)
    if found is None or found.best is None or found.best.n_states > most:
        least = 1 if found is None else found.least
        status = clock.status if clock.status != "solved" else "no_machine"
        return LearnedMachine(None, status, least, traces=traces, unknown_start=unknown_start)
    table = found.best.in_order()
    open_ones = work.freedom(found, table)
    effort = Effort(seed, jobs, clock.left, clock.over)
    cell = cell_of(table, Ports(traces.input_ports, traces.output_ports), traces.name, effort)
    machine = Machine(traces.inputs, traces.outputs, table, cell.circuit, cell.codes, traces.name)
    return LearnedMachine(
        machine, clock.status, found.least, open_ones.forced, open_ones.other, traces, unknown_start
    )


class _Clock:
    """When to stop, and why it was stopped."""

    def __init__(self, time_limit: float | None, stopped: Callable[[], bool]) -> None:
        self._deadline = Deadline(time_limit)
        self._states = Deadline(None if time_limit is None else PART_FOR_STATES * time_limit)
        self._limited, self._stopped = time_limit is not None, stopped
        self.status = "solved"

    def check(self) -> None:
        """Raise where the search for states must end."""
        if self._stopped():
            self.status = "interrupted"
            raise Interrupted
        if self._states.over:
            self.status = "time_limit"
            raise OutOfTime

    def left(self) -> float | None:
        """Seconds for gates."""
        if self.over():
            return 0.0
        return self._deadline.left if self._limited else None

    def over(self) -> bool:
        """Whether gates must end, too."""
        if self._stopped():
            self.status = "interrupted"
        elif self._deadline.over:
            self.status = "time_limit"
        return self.status == "interrupted" or self._deadline.over


class _Work:
    """The search for states; what it has found when time is up is kept."""

    def __init__(self, traces: Traces, unknown_start: bool, most: int, clock: _Clock) -> None:
        self._traces, self._unknown_start, self._most, self._clock = traces, unknown_start, most, clock

    def smallest(self, kind: str) -> Search | None:
        """The smallest machine of the kind; None where time is up before there is any.

        A Moore machine is a Mealy machine, so that what is proven of all of these holds for it.
        """
        if kind != "auto":
            return self._of_kind(self._tree(moore=kind == "moore"), self._most)
        mealy = self._of_kind(self._tree(moore=False), self._most)
        if mealy is None or mealy.best is None:
            return mealy
        try:
            tree = self._tree(moore=True)
        except ContradictingTraces:
            return mealy
        moore = self._of_kind(tree, min(self._most, mealy.best.n_states))
        if moore is None or moore.best is None or moore.best.n_states > mealy.best.n_states:
            return mealy
        return replace(moore, least=max(mealy.least, moore.least))

    def freedom(self, found: Search, table: StateTable) -> Freedom:
        """What the traces leave open."""
        starts = [table.starts(steps, unknown_start=self._unknown_start)[0] for steps in self._traces.steps]
        try:
            return freedom(found, table, starts if self._unknown_start else starts[:1], self._clock.check)
        except (OutOfTime, Interrupted):
            return UNDECIDED

    def _tree(self, *, moore: bool) -> PrefixTree:
        return PrefixTree(self._traces, moore=moore, unknown_start=self._unknown_start)

    def _of_kind(self, tree: PrefixTree, most: int) -> Search | None:
        found: Search | None = None
        try:
            found = begin(tree, self._traces, most, self._clock.check)
            search(found, most, self._clock.check)
        except (OutOfTime, Interrupted):
            pass
        return found
