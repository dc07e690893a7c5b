"""Which inputs a free network begins with where there are many, and which ones join later.

Evidence of a set S of one to three inputs is what it says of an output, beyond its subsets, less what the choice
among so many sets gives by chance,

    z²/2 - log 2 - log (number of sets of that size)    in nats,

z from `btfnet.kernels.spectrum`. Chance gives any set at all more than log 1/α with a probability of α at most
for each size (Chernoff's and the union bound). An input has the evidence of the best set that it is in.

First the output itself is asked. Later, when a circuit stands: where is it wrong, given what it says, its gates
and the inputs that it hears; and what is right where it is wrong.
Source: own; multiple comparisons after Bonferroni. What it costs: scripts/benchmarks/spectrum_speed.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.state import whole_vectors
from btfnet.errors import DataError
from btfnet.halting import Halt
from btfnet.kernels.spectrum import Spectrum, find_pairs, find_singles, find_triples
from btfnet.problem.packed_bits import Bits, columns_of, packed, side_by_side

CHANCE = 0.01
"""α: that chance alone makes any input significant, for each size of sets."""
SIGNIFICANT = -log(CHANCE)
"""Nats that an input needs."""

LARGEST = 3
"""Inputs of a set."""
MOST_PARTNERS = 1024
"""Inputs that are formed into pairs with all others: of more, those that say most alone."""
FEW_PARTNERS = 96
"""The same of signals, where many signals stand beside the inputs."""
SECONDS = 1.0
"""Of one core, that sets of three may take for all outputs together, by the two constants that follow."""
SET_NS, VECTOR_NS = 8.0, 1.2
"""Nanoseconds of a set of three, and of a vector of its items, plane by plane; measured once."""
LEAST_ITEMS = 1024
"""Of larger samples than this sets of three are formed, where all items would take too long."""


FEW_INPUTS = 48
"""Up to so many, all inputs are senders from the beginning."""
FIRST = 32
"""Inputs that an output has at first, at most."""
HEARS_ALL = 0.5
"""Chance of a trial to hear all inputs although some say more: either is better for some functions."""
FURTHER = (4, 8)
"""Inputs that join for an output that is wrong: so many at least, significant or not; so many at most."""


Weights = NDArray[np.integer[Any]]


class Look(NamedTuple):
    """How much a look at one output may cost.

    partners  signals that are formed into sets with all others, at most
    seconds   that sets of three may take
    rng       draws the items that these see, where all items would take too long
    halt      ends it: `Halted` is raised
    """

    partners: int
    seconds: float
    rng: np.random.Generator
    halt: Halt


def vectors(bits: Bits) -> NDArray[np.uint64]:
    """Columns as rows of whole vectors; (n_items, n_columns) in, (n_columns, n_words) out."""
    words = columns_of(bits)
    return np.pad(words, ((0, 0), (0, whole_vectors(words.shape[1]) - words.shape[1])))


def spectrum_of(signals: Bits, target: NDArray[np.bool_], weights: Weights, n_partners: int) -> Spectrum:
    """Nothing found yet.

    signals  (n_items, n_signals), packed or not, the partners first;  target  (n_items,)
    weights  (n_items,): how often an item counts, 0 where it does not
    """
    n_signals = signals.shape[1]
    n_planes = max(1, int(weights.max(initial=0)).bit_length())
    bits = np.stack([(weights >> plane) & 1 != 0 for plane in range(n_planes)], axis=1)
    rows = vectors(signals)
    return Spectrum(
        rows=np.pad(rows, ((0, 7), (0, 0))),
        planes=vectors(bits),
        target=vectors(target[:, None])[0],
        ones=np.zeros((2, n_signals), dtype=np.int64),
        pairs=np.zeros((2, n_partners, n_signals), dtype=np.int64),
        total=np.array([weights.sum(), weights[target].sum()], dtype=np.int64),
        pair=np.zeros(rows.shape[1], dtype=np.uint64),
        counts=np.zeros((2, 8), dtype=np.int64),
        cells=np.zeros((2, 8)),
        strength=np.zeros((LARGEST, n_signals)),
        others=np.full((LARGEST, n_signals, 2), -1, dtype=np.int64),
    )


def find_sets(spectrum: Spectrum, largest: int, halt: Halt | None = None) -> None:
    """Look at all sets of up to so many inputs."""
    halt = halt or Halt()
    find_singles(spectrum)
    for size, find in ((2, find_pairs), (3, find_triples)):
        if size <= largest:
            for partner in range(spectrum.pairs.shape[1]):
                halt.check()
                find(spectrum, partner)


def n_sets(n_signals: int, n_partners: int, size: int) -> int:
    """Sets of a size, of which all but one at most must be partners."""
    return comb(n_partners, size) + comb(n_partners, size - 1) * (n_signals - n_partners)


def items_for_triples(n_items: int, sets: int, planes: int, seconds: float) -> int:
    """How many items so many sets of three can see in the time; 0 where too few."""
    ns = 1e9 * seconds / max(1, sets) - SET_NS
    affordable = 512 * int(max(0.0, ns) / (VECTOR_NS * planes))
    return min(n_items, affordable) if affordable >= min(n_items, LEAST_ITEMS) else 0


def evidence(
    signals: Bits,
    n_eligible: int,
    target: NDArray[np.bool_],
    weights: Weights,
    look: Look,
) -> NDArray[np.float64]:
    """Nats that every signal has for telling something of a target; (n_signals,), -inf where it is in no set.

    signals, target, weights  as for `spectrum_of`, signals in any order
    n_eligible  the first so many may be partners; of more than look.partners those that say most alone
    """
    signals, counted = packed(signals), weights != 0
    if not counted.all():
        signals, target, weights = signals.some(np.flatnonzero(counted)), target[counted], weights[counted]
    n_signals = signals.shape[1]
    order = np.arange(n_signals)
    if n_eligible > look.partners:
        alone = spectrum_of(signals, target, weights, 0)
        find_sets(alone, 1)
        order[:n_eligible] = np.argsort(-alone.strength[0, :n_eligible], kind="stable")
        signals = signals.of_columns(order)
    n_partners = min(n_eligible, look.partners)
    spectrum = spectrum_of(signals, target, weights, n_partners)
    n_triples = n_sets(n_signals, n_partners, 3)
    n_seen = items_for_triples(len(target), n_triples, len(spectrum.planes), look.seconds)
    find_sets(spectrum, 3 if n_seen == len(target) else 2, look.halt)
    strength = spectrum.strength
    if 0 < n_seen < len(target):
        seen = look.rng.permutation(len(target))[:n_seen]
        sampled = spectrum_of(signals.some(seen), target[seen], weights[seen], n_partners)
        find_sets(sampled, 3, look.halt)
        strength[2] = sampled.strength[2]
    choices = np.array([[log(2 * max(1, n_sets(n_signals, n_partners, size)))] for size in (1, 2, 3)])
    nats = np.empty(n_signals)
    nats[order] = (strength / 2 - choices).max(axis=0)
    return nats


class Task(NamedTuple):
    """What a network shall do, over all inputs.

    inputs   bool or packed, (n_items, n_inputs);  outputs  bool, (n_items, n_outputs)
    weights  whole numbers, (n_items, n_outputs): how often an item counts at an output, 0 where it does not
    """

    inputs: Bits
    outputs: NDArray[np.bool_]
    weights: Weights


class Standing(NamedTuple):
    """How a circuit stands at a task.

    answers  bool, (n_items, n_outputs)
    signals  bool or packed, (n_items, n_signals): what its gates compute
    present  input numbers from 0 that it may hear
    """

    answers: NDArray[np.bool_]
    signals: Bits
    present: NDArray[np.int64]


def first_inputs(task: Task, rng: np.random.Generator, halt: Halt) -> NDArray[np.int64]:
    """Numbers, ascending, of inputs to begin with: of each output those that are significant, FIRST at most.

    All inputs where an output that is not constant has none: nothing says which ones it needs.
    """
    n_inputs, n_outputs = task.inputs.shape[1], task.outputs.shape[1]
    chosen = np.zeros(n_inputs, dtype=bool)
    look = Look(MOST_PARTNERS, SECONDS / max(1, n_outputs), rng, halt)
    for output in range(n_outputs):
        target, weights = task.outputs[:, output], task.weights[:, output]
        nats = evidence(task.inputs, n_inputs, target, weights, look)
        best = strongest(nats, 0, FIRST)
        if not best.size and np.unique(target[weights > 0]).size > 1:
            return np.arange(n_inputs)
        chosen[best] = True
    return np.flatnonzero(chosen) if chosen.any() else np.arange(n_inputs)


def further_inputs(task: Task, standing: Standing, rng: np.random.Generator, halt: Halt) -> NDArray[np.int64]:
    """Numbers, ascending, of inputs that it may not hear and that tell most of where or how it is wrong."""
    n_inputs, n_outputs = task.inputs.shape[1], task.outputs.shape[1]
    others = np.setdiff1d(np.arange(n_inputs), standing.present)
    inputs = packed(task.inputs)
    known, unknown = inputs.of_columns(standing.present), inputs.of_columns(others)
    chosen = np.zeros(n_inputs, dtype=bool)
    look = Look(FEW_PARTNERS, SECONDS / max(1, n_outputs), rng, halt)
    for output in range(n_outputs if others.size else 0):
        target, weights = task.outputs[:, output], task.weights[:, output]
        wrong = target != standing.answers[:, output]
        if not weights[wrong].any():
            continue
        heard = side_by_side(standing.answers[:, [output]], standing.signals, known)
        where = evidence(side_by_side(heard, unknown), heard.shape[1], wrong, weights, look)
        what = evidence(side_by_side(known, unknown), known.shape[1], target, weights * wrong, look)
        nats = np.maximum(where[heard.shape[1] :], what[known.shape[1] :])
        chosen[others[strongest(nats, *FURTHER)]] = True
    return np.flatnonzero(chosen)


def strongest(nats: NDArray[np.float64], least: int, most: int) -> NDArray[np.intp]:
    """Places of the most evidence: of the significant ones at most so many, and at least so many of all."""
    n_significant = int((nats > SIGNIFICANT).sum())
    return np.argsort(-nats, kind="stable")[: min(max(n_significant, least), most)]


class InputChoice:
    """Which inputs a growing network hears now.

    task     all inputs, the outputs, and what counts
    present  input numbers from 0, ascending; none before `begin`
    """

    def __init__(self, task: Task, halt: Halt) -> None:
        self.task, self.present, self._halt = task, np.arange(0), halt

    def begin(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """The inputs to begin with; all where there are few, nothing tells which, or by chance (HEARS_ALL)."""
        n_inputs = self.task.inputs.shape[1]
        few = n_inputs <= FEW_INPUTS
        hears_all = few or rng.random() < HEARS_ALL
        self.present = np.arange(n_inputs) if hears_all else first_inputs(self.task, rng, self._halt)
        return self.present

    def grow(self, answers: NDArray[np.bool_], signals: Bits, rng: np.random.Generator) -> NDArray[np.int64]:
        """The present inputs, and those that join them now; arguments as in `Standing`."""
        standing = Standing(answers, signals, self.present)
        joining = further_inputs(self.task, standing, rng, self._halt)
        self.present = np.union1d(self.present, joining)
        return self.present

    @property
    def is_complete(self) -> bool:
        """Whether all inputs are present."""
        return self.present.size == self.task.inputs.shape[1]

    def export(self) -> dict[str, NDArray[np.int64]]:
        return {"present": self.present}

    def restore(self, saved: Mapping[str, NDArray[np.int64]]) -> None:
        """Stand where `export` was called. Raises `DataError` for numbers that no input has."""
        present, n_inputs = np.asarray(saved["present"]), self.task.inputs.shape[1]
        if not np.array_equal(present, np.unique(present)) or not np.isin(present, np.arange(n_inputs)).all():
            raise DataError(f"The checkpoint's inputs are not ascending numbers from 0 to {n_inputs - 1}.")
        self.present = present.astype(np.int64)
