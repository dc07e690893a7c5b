"""`Machine`: a finite-state machine as a cell of gates with registers, and as a table of states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from btfnet.arguments import is_iterable, said
from btfnet.errors import DataError, UsageError
from btfnet.logic.circuit import Circuit
from btfnet.machines.codes import n_bits
from btfnet.machines.columns import UNKNOWN, Column, cells_in, in_text, packed
from btfnet.machines.prefix_tree import NONE
from btfnet.machines.state_table import StateTable
from btfnet.machines.traces import Step, cells_of


class Transition(NamedTuple):
    """A line of the machine's table, as text.

    state    as all states: a number from 0, the initial state's
    inputs   as in the traces
    to       the next state; None where no trace tells
    outputs  as in the traces, - where no trace tells
    """

    state: int
    inputs: str
    to: int | None
    outputs: str


@dataclass(frozen=True, eq=False)
class Machine:
    """A Mealy or Moore machine that was learned from traces.

    inputs, outputs  the columns of the traces
    table            what the traces tell: states, transitions and outputs
    circuit          the cell: ports and state bits in, ports and next state bits out. It is right on all that the
                     table tells, and says something of everything else
    codes            the state bits of each state, as a number; the initial state's is 0
    name             of the machine
    """

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    table: StateTable
    circuit: Circuit
    codes: tuple[int, ...]
    name: str

    @property
    def kind(self) -> str:
        """mealy, or moore, whose outputs depend on the state alone."""
        return "moore" if self.table.moore else "mealy"

    @property
    def n_states(self) -> int:
        return self.table.n_states

    @property
    def state_bits(self) -> int:
        """Registers."""
        return n_bits(self.n_states)

    @property
    def initial(self) -> int:
        """The state in which traces begin."""
        return self.table.initial

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every state with every input word that was seen."""
        return tuple(self._transitions())

    def _transitions(self) -> Iterator[Transition]:
        words = [in_text(self.inputs, word) for word in self.table.alphabet]
        for q, row in enumerate(self.table.next_state):
            for a in sorted(range(len(words)), key=words.__getitem__):
                to = None if row[a] == NONE else row[a]
                yield Transition(q, words[a], to, in_text(self.outputs, *self.table.output(q, a)))

    def run(self, inputs: Iterable[Any]) -> list[Any]:
        """The outputs beside a sequence of inputs, from the initial state, as the circuit gives them.

        inputs  as `Traces.of` takes them: words of bits, symbols, numbers or tuples of such

        Returns a word of bits or a symbol for each, a tuple of cells where there are several columns with symbols.
        Raises `UsageError` for what is no sequence of inputs, `DataError` for one that the machine does not know.
        """
        if not is_iterable(inputs):
            raise UsageError(
                f"Machine.run: inputs is {said(inputs)}; expected a list of input words or symbols."
            )
        words = [self._word(given, place) for place, given in enumerate(inputs, start=1)]
        return [self._said(word) for word in self.walk(words)]

    def walk(self, words: Iterable[int], state: int | None = None) -> Iterator[int]:
        """The output word beside each input word, from a state on, the initial one by default."""
        code = 0 if state is None else self.codes[state]
        n_inputs = self.circuit.n_inputs - self.state_bits
        n_outputs = self.circuit.n_outputs - self.state_bits
        known: dict[int, int] = {}
        for word in words:
            row = word | code << n_inputs
            if row not in known:
                known[row] = evaluated(self.circuit, row)
            yield known[row] & ((1 << n_outputs) - 1)
            code = known[row] >> n_outputs

    def right_bits(self, steps: Sequence[Step], state: int) -> int:
        """How many output bits of a trace that were seen the circuit gives, from a state on."""
        said = self.walk((step.inputs for step in steps), state)
        return sum(
            (step.known & ~(word ^ step.outputs)).bit_count() for word, step in zip(said, steps, strict=True)
        )

    def is_told(self, words: Iterable[int], state: int) -> bool:
        """Whether the table tells every transition and output on the way; the last transition does not count."""
        symbols = {word: symbol for symbol, word in enumerate(self.table.alphabet)}
        full = (1 << (self.circuit.n_outputs - self.state_bits)) - 1
        for word in words:
            if state == NONE or word not in symbols or self.table.output(state, symbols[word])[1] != full:
                return False
            state = self.table.next_state[state][symbols[word]]
        return True

    def _word(self, given: Any, place: int) -> int:
        cells = cells_of(given, f"input {place}", "Machine.run", len(self.inputs))
        if len(cells) != len(self.inputs) or set(cells) & set(UNKNOWN):
            raise DataError(
                f"input {place} is {said(given)}; expected {len(self.inputs)} known values, one for each of "
                f"{', '.join(column.name for column in self.inputs)}."
            )
        try:
            return packed(self.inputs, cells)[0]
        except DataError as error:
            raise DataError(f"input {place}: {error}") from error

    def _said(self, word: int) -> Any:
        cells = cells_in(self.outputs, word)
        if not any(column.symbols for column in self.outputs):
            return "".join(cells)
        return cells[0] if len(cells) == 1 else cells

    def __repr__(self) -> str:
        return f"<Machine {self.name}: {self.kind}, {self.n_states} states, {len(self.circuit.gates)} gates>"


def evaluated(circuit: Circuit, row: int) -> int:
    """The outputs of one row as a word, bit k being output k; inputs likewise."""
    values = [False, *(bool(row >> place & 1) for place in range(circuit.n_inputs))]
    for gate in circuit.gates:
        true = sum(values[abs(literal)] == (literal > 0) for literal in gate.literals)
        values.append(true >= gate.at_least)
    return sum(
        (values[abs(literal)] == (literal > 0)) << place for place, literal in enumerate(circuit.outputs)
    )
