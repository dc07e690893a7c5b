"""`LearnedMachine`: a machine, and what is known about it: exactness, minimality, what the traces leave open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from btfnet.arguments import a, need
from btfnet.machines.machine import Machine
from btfnet.machines.traces import Traces


class Score(NamedTuple):
    """How a machine does on traces.

    traces    how many there are
    right     of them, those of which every output that was seen is right
    bits      the fraction of right bits among the outputs that were seen
    beyond    traces that take a transition which no trace that was learned from told
    """

    traces: int
    right: int
    bits: float
    beyond: int


@dataclass(frozen=True, eq=False)
class LearnedMachine:
    """What came of learning a machine.

    machine           None where none was found: with so few states, or in time
    status            solved; time_limit, interrupted: what is here is true, but proofs or gates were cut short;
                      no_machine: none was found within the allowed states
    least_states      no machine of this kind explains the traces with fewer states: that is proven
    forced            whether every machine of as many states has the same transitions, as far as they were seen;
                      None: not decided
    open_transitions  (state, input word) of transitions that were seen and lead elsewhere in another such machine
    traces            what it was learned from
    """

    machine: Machine | None
    status: str
    least_states: int
    forced: bool | None = None
    open_transitions: tuple[tuple[int, int], ...] = ()
    traces: Traces | None = field(default=None, repr=False)
    unknown_start: bool = False

    @property
    def smallest(self) -> bool:
        """Whether it is proven that no machine of the kind has fewer states."""
        return self.machine is not None and self.machine.n_states <= self.least_states

    @property
    def exact(self) -> bool:
        """Whether the gates, from the registers' first state on, give every output that was seen."""
        if self.machine is None or self.traces is None:
            return False
        score = self.score(self.traces)
        return score.right == score.traces

    def score(self, traces: Traces) -> Score:
        """How the machine's gates do on traces, such as held-out ones.

        With an unknown start a trace may begin in any state, the best for it. Raises `DataError` where the traces
        have other columns or unknown symbols, `UsageError` where there is no machine.
        """
        need("LearnedMachine.score", traces=(traces, a(Traces)), machine=(self.machine, a(Machine)))
        machine = self.machine
        assert machine is not None
        own = traces.coded_as(machine.inputs, machine.outputs)
        states = range(machine.n_states) if self.unknown_start else (machine.initial,)
        right = known = whole = beyond = 0
        for steps in own.steps:
            state = max(states, key=lambda state: machine.right_bits(steps, state))
            seen = sum(step.known.bit_count() for step in steps)
            bits = machine.right_bits(steps, state)
            right, known, whole = right + bits, known + seen, whole + (bits == seen)
            beyond += not machine.is_told([step.inputs for step in steps], state)
        return Score(len(own), whole, right / known if known else 1.0, beyond)
