"""Random layered circuits of And/Or or of 3-input majorities, with Copies and Nots among them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.problem.items import Items
from btfnet.tasks.generator import ITEMS, Parameter, generator
from btfnet.tasks.rows import bit_items, distinct_rows, n_rows, signs

DEPTH = Parameter("number of layers of gates", high=100)
GATE_PROBABILITY = Parameter(
    "probability that a node is a gate, not a Copy or Not", kind=float, low=0, high=1, default=0.5
)


@generator(
    "andor",
    depth=DEPTH,
    width=Parameter("nodes in every layer", low=2, high=4096, default=32),
    gate_probability=GATE_PROBABILITY,
    items=ITEMS,
)
def andor(
    rng: np.random.Generator,
    *,
    depth: int,
    width: int = 32,
    gate_probability: float = 0.5,
    items: int | None = None,
) -> Items:
    """A random circuit of And, Or, Copy and Not on random distinct rows."""
    layers = [random_layer(rng, width, gate_probability, fan_in=2, bias=True) for _ in range(depth)]
    return _sampled(rng, layers, width, items)


@generator(
    "maj",
    depth=DEPTH,
    width=Parameter("nodes in every layer", low=3, high=4096, default=32),
    gate_probability=GATE_PROBABILITY,
    items=ITEMS,
)
def maj(
    rng: np.random.Generator,
    *,
    depth: int,
    width: int = 32,
    gate_probability: float = 0.5,
    items: int | None = None,
) -> Items:
    """A random circuit of 3-input majorities, Copies and Nots on random distinct rows."""
    layers = [random_layer(rng, width, gate_probability, fan_in=3, bias=False) for _ in range(depth)]
    return _sampled(rng, layers, width, items)


@generator(
    "majtree",
    bits=Parameter("number of input bits", low=3, high=4096),
    depth=Parameter("levels of majorities between the inputs and the output", high=10),
    items=ITEMS,
)
def majtree(rng: np.random.Generator, *, bits: int, depth: int, items: int | None = None) -> Items:
    """A complete tree of 3-input majorities, whose 3^depth leaves are inputs or their complements at random.

    The three leaves of one majority are different inputs; the tree's root is the one output.
    """
    leaves = np.concatenate([rng.choice(bits, 3, replace=False) for _ in range(3 ** (depth - 1))])
    literal_signs = rng.choice(np.array([-1, 1], dtype=np.int8), len(leaves))
    rows = distinct_rows(rng, n_rows(items, bits), bits)
    values = rows[:, leaves] * literal_signs
    while values.shape[1] > 1:
        values = signs(values.reshape(len(rows), -1, 3).sum(axis=2) > 0)
    return bit_items(rows, values, output_names=("root",))


def random_layer(
    rng: np.random.Generator, width: int, gate_probability: float, *, fan_in: int, bias: bool
) -> NDArray[np.int8]:
    """Weights 0 and ±1 of one layer; int8, (width, width + 1), the last column for the constant -1.

    A gate listens to `fan_in` distinct nodes, and to the constant with `bias`, all signs at random; any
    other node is a Copy or a Not. As long as a node of the layer below is unheard, the next node listens
    to such a one, so that in the end all of them are heard.
    """
    weights = np.zeros((width, width + 1), dtype=np.int8)
    unheard = np.ones(width, dtype=bool)
    for node in weights:
        is_gate = rng.random() < gate_probability
        first = rng.choice(np.flatnonzero(unheard) if unheard.any() else width)
        others = rng.choice(np.delete(np.arange(width), first), fan_in - 1 if is_gate else 0, replace=False)
        senders = np.array([first, *others])
        node[senders] = rng.choice([-1, 1], len(senders))
        node[width] = rng.choice([-1, 1]) if is_gate and bias else 0
        unheard[senders] = False
    return weights


def evaluate(layers: list[NDArray[np.int8]], rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """The outputs of layers made by `random_layer`; every sum is odd, so no sign is in doubt."""
    for weights in layers:
        sums = rows.astype(np.float32) @ weights[:, :-1].T.astype(np.float32) - weights[:, -1]
        rows = np.where(sums > 0, 1, -1).astype(np.int8)
    return rows


def _sampled(
    rng: np.random.Generator, layers: list[NDArray[np.int8]], width: int, items: int | None
) -> Items:
    rows = distinct_rows(rng, n_rows(items, width), width)
    return bit_items(rows, evaluate(layers, rows))
