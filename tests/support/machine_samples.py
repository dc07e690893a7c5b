"""Machines whose traces are known, and a naive twin of their search."""

from __future__ import annotations

import random
from itertools import product

import btfnet

COUNTER = ([[0, 1], [1, 2], [2, 0]], [["0", "0"], ["0", "0"], ["1", "1"]])
"""Modulo 3, Moore: next[state][input], output[state][input]."""
DOOR = ([[0, 1], [0, 1]], [["0", "1"], ["1", "0"]])
"""Mealy, two states: the output says whether the input has changed."""


def walked(machine, words, state=0):
    """Pairs (input, output) of a run."""
    following, outputs = machine
    pairs = []
    for word in words:
        pairs.append((str(word), outputs[state][word]))
        state = following[state][word]
    return pairs


def runs(machine, n_traces=12, n_steps=8, seed=1, anywhere=False):
    """Random runs, from state 0 or from anywhere."""
    rng = random.Random(seed)
    states = len(machine[0])
    return [
        walked(machine, rng.choices(range(2), k=n_steps), rng.randrange(states) if anywhere else 0)
        for _ in range(n_traces)
    ]


def traces(machine, **how):
    return btfnet.Traces.of(runs(machine, **how))


def naive_least_states(sequences, most):
    """The fewest states of a Mealy machine over one input and one output bit, by trying all machines."""
    for n in range(1, most + 1):
        for following in product(range(n), repeat=2 * n):
            if _fits(sequences, following):
                return n
    return None


def _fits(sequences, following):
    said = {}
    for sequence in sequences:
        state = 0
        for word, output in sequence:
            key = state, int(word)
            if output != "-" and said.setdefault(key, output) != output:
                return False
            state = following[2 * state + int(word)]
    return True


def machine_cases():
    """The part of `argument_cases` that is about machines; files are in the working directory."""
    some = traces(COUNTER)
    with open("m.traces", "w", encoding="ascii") as file:
        file.write("0 0\n1 0\n\n1 0\n1 1\n")
    learned = btfnet.learn_machine(some, jobs=1)
    options = {
        "state_bits": 2,
        "kind": "auto",
        "unknown_start": False,
        "seed": 0,
        "jobs": 1,
        "time_limit": 9.0,
    }
    return {
        "learn_machine": (btfnet.learn_machine, (some,), options | {"stop": None}),
        "read_traces": (btfnet.read_traces, ("m.traces",), {}),
        "write_machine": (btfnet.write_machine, ("m.dot", learned.machine), {}),
        "Traces.of": (btfnet.Traces.of, (runs(COUNTER, n_traces=2),), {"inputs": ("a",), "outputs": ("b",)}),
        "Traces.split": (some.split, (0.25,), {"seed": 1}),
        "Machine.run": (learned.machine.run, (["0", "1"],), {}),
        "LearnedMachine.score": (learned.score, (some,), {}),
    }


MACHINE_RECORDS = {"LearnedMachine", "Machine", "Traces"}
"""Records that users get and do not make."""
