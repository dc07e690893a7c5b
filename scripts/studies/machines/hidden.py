"""Machines that make traces: a counter, traffic lights, and random ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.machines.machine import Machine, evaluated
from btfnet.machines.traces import Traces

Table = NDArray[np.int64]


@dataclass(frozen=True)
class Hidden:
    """A machine as tables, (states, inputs); state 0 is the initial one. Words are numbers, bit k is port k.

    likely  how probable each input word is in a trace
    """

    next_state: Table
    output: Table
    input_bits: int
    output_bits: int
    likely: tuple[float, ...]

    def traces(
        self, n_traces: int, n_steps: int, rng: np.random.Generator, *, anywhere: bool = False
    ) -> Traces:
        """Runs under random inputs, from the initial state or from anywhere."""
        runs = []
        for _ in range(n_traces):
            state = int(rng.integers(len(self.output))) if anywhere else 0
            run = []
            for word in rng.choice(len(self.likely), size=n_steps, p=self.likely).tolist():
                run.append(
                    (_word(word, self.input_bits), _word(int(self.output[state, word]), self.output_bits))
                )
                state = int(self.next_state[state, word])
            runs.append(run)
        return Traces.of(runs)

    def equals(self, machine: Machine) -> bool:
        """Whether the machine's gates do the same under all inputs, from the initial states on."""
        waiting, met = [(0, 0)], {(0, 0)}
        while waiting:
            state, code = waiting.pop()
            for word in range(len(self.likely)):
                row = evaluated(machine.circuit, word | code << self.input_bits)
                if row & ((1 << self.output_bits) - 1) != self.output[state, word]:
                    return False
                pair = int(self.next_state[state, word]), row >> self.output_bits
                if pair not in met:
                    met.add(pair)
                    waiting.append(pair)
        return True


def _word(value: int, bits: int) -> tuple[int, ...]:
    return tuple(value >> bit & 1 for bit in range(bits))


def counter(rng: np.random.Generator) -> Hidden:
    """Modulo 10: the input lets it count; the output is true at 9."""
    states = np.arange(10)
    return Hidden(np.stack([states, (states + 1) % 10], axis=1), _at_nine(2), 1, 1, (0.2, 0.8))


def counter_with_reset(rng: np.random.Generator) -> Hidden:
    """The same, with a second input, which resets it."""
    states = np.arange(10)
    next_state = np.stack([states, (states + 1) % 10, 0 * states, 0 * states], axis=1)
    return Hidden(next_state, _at_nine(4), 2, 1, (0.15, 0.75, 0.05, 0.05))


def _at_nine(n_inputs: int) -> Table:
    return np.repeat((np.arange(10) == 9).astype(np.int64)[:, None], n_inputs, axis=1)


def traffic_light(rng: np.random.Generator) -> Hidden:
    """A crossing: the main road is green until a car waits on the side road and the timer is over; six lamps.

    Inputs: a car waits, the timer is over. States: green, yellow, all red, then the same for
    the side road.
    """
    green, yellow, red = 1, 2, 4
    lamps = [
        green | red << 3,
        yellow | red << 3,
        red | red << 3,
        red | green << 3,
        red | yellow << 3,
        red | red << 3,
    ]
    next_state = np.empty((6, 4), dtype=np.int64)
    for state in range(6):
        for word in range(4):
            car, over = bool(word & 1), bool(word & 2)
            go = {0: car and over, 3: over or not car}.get(state, over)
            next_state[state, word] = (state + go) % 6
    output = np.repeat(np.array(lamps)[:, None], 4, axis=1)
    return Hidden(next_state, output, 2, 6, (0.25, 0.25, 0.25, 0.25))


def random_machine(n_states: int, input_bits: int, output_bits: int, rng: np.random.Generator) -> Hidden:
    """Every transition and output drawn anew until all states are reached from each other and none are equal."""
    shape = n_states, 1 << input_bits
    while True:
        next_state = rng.integers(n_states, size=shape)
        output = rng.integers(1 << output_bits, size=shape)
        if _is_connected(next_state) and _are_different(next_state, output):
            return Hidden(next_state, output, input_bits, output_bits, (1 / shape[1],) * shape[1])


def _is_connected(next_state: Table) -> bool:
    n = len(next_state)
    reach = np.eye(n, dtype=bool)
    for state in range(n):
        reach[state, next_state[state]] = True
    for _ in range(n.bit_length()):
        reach = reach @ reach
    return bool(reach.all())


def _are_different(next_state: Table, output: Table) -> bool:
    """Whether no two states give the same outputs under all inputs (Moore's partition refinement)."""
    classes, count = np.unique(output, axis=0, return_inverse=True)[1].reshape(-1), 0
    while count < classes.max() + 1:
        count = int(classes.max()) + 1
        finer = np.concatenate([classes[:, None], classes[next_state]], axis=1)
        classes = np.unique(finer, axis=0, return_inverse=True)[1].reshape(-1)
    return count == len(next_state)


HIDDEN: dict[str, Callable[[np.random.Generator], Hidden]] = {
    "counter modulo 10": counter,
    "the same with reset": counter_with_reset,
    "traffic light": traffic_light,
    "random, 8 states, 1 → 1 bit": lambda rng: random_machine(8, 1, 1, rng),
    "random, 8 states, 2 → 1 bits": lambda rng: random_machine(8, 2, 1, rng),
    "random, 16 states, 1 → 1 bit": lambda rng: random_machine(16, 1, 1, rng),
    "random, 16 states, 2 → 2 bits": lambda rng: random_machine(16, 2, 2, rng),
}
