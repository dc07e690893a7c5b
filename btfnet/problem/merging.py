"""Items with equal inputs as one: what most of them say, how much it counts, and the least error there can be.

For an input that stands in several items let S be the sum of their weights times an output (±1), over the items
in which the bit counts, and T the sum of the weights. Any circuit gives one value there: the sign of S gets
(T - |S|) / 2 wrong, the other value |S| more. So one item of that value and the weight |S| asks the same, up to a
constant: the least error of all. Where S is 0 either value gets as many wrong, and the bit does not count.

Engines know no weights, only items: an item of weight 3 stands three times. That is exact for whatever adds
up over items, errors of gate descent and means of the projections' concur step alike, and costs nothing where
all weights are 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.problem.item_inputs import Held, rows_in_order
from btfnet.problem.items import Items
from btfnet.problem.targets import Fractions, row_keys
from btfnet.problem.values import OutputKind

COPIES = 4
"""Copies of an item on average, at most: weights are rounded to as many steps."""
LEAST_ITEMS = 256
"""So many items may there be in any case."""


@dataclass(frozen=True)
class Merged:
    """Items as engines take them: consistent, and as often as they count.

    items       outputs are bits, also of classes; those that stand several times come again behind the others
    step        the weight for which an item stands once
    wrong_bits  the weight of output bits that any circuit gets wrong
    best        fractions of bits and of words of the items that a circuit can get right at best; words NaN where
                nobody knows, as some output bits do not count
    """

    items: Items
    step: float
    wrong_bits: float
    best: Fractions

    @property
    def contradictory(self) -> bool:
        """Whether no circuit can get all items right."""
        return self.wrong_bits > 0


def merged(items: Items) -> Merged:
    """Items whose inputs are known, those of equal inputs as one, where the first of them stood; see `Merged`."""
    first, group = _groups(items.held)
    n_groups = len(first)
    weights = np.ones(items.n_items) if items.weights is None else items.weights
    counts = np.broadcast_to(weights[:, None], items.outputs.shape)
    if items.care is not None:
        counts = counts * items.care
    total, signed = (np.zeros((n_groups, items.n_outputs)) for _ in range(2))
    np.add.at(total, group, counts)
    np.add.at(signed, group, counts * items.outputs)
    signed[np.abs(signed) <= 1e-9 * total] = 0
    wrong = float((total - np.abs(signed)).sum() / 2)
    wrong = 0.0 if wrong <= 1e-9 * total.sum() else wrong
    right = float(1 - wrong / total.sum())
    best = (right, right if items.n_outputs == 1 else _best_words(items, group, weights, exact=not wrong))
    if not signed.any():  # nothing but ties: whatever stands first
        signed = np.where(total > 0, items.outputs[first], 0).astype(np.float64)
    copies, step = _copies(np.abs(signed))
    places = [np.flatnonzero((copies > number).any(axis=1)) for number in range(int(copies.max()))]
    care = np.concatenate([copies[rows] > number for number, rows in enumerate(places)])
    rows = np.concatenate(places)
    kept = items.but(
        inputs=rows_in_order(items.held, first[rows]),
        outputs=np.where(signed[rows] > 0, 1, -1).astype(np.int8),
        output_kind=OutputKind.BITS,
        care=care,
        weights=None,
    )
    return Merged(kept, step, wrong, best)


def _groups(inputs: Held) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first item of each different input, in order, and for each item the number of its input."""
    _, first, group = np.unique(row_keys(inputs), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    return first[order], place[group.reshape(-1)]


def _best_words(items: Items, group: NDArray[np.intp], weights: NDArray[np.float64], *, exact: bool) -> float:
    """The largest part of the items that can be right in all bits: for each input the word said most."""
    if exact:
        return 1.0
    if items.care is not None:
        if (items.care.any(axis=1) & ~items.care.all(axis=1)).any():
            return float("nan")
        weights = weights * items.care.all(axis=1)
    words = np.packbits(items.outputs > 0, axis=1)
    keys = np.column_stack([group.astype(np.int64), words.astype(np.int64)])
    different, which = np.unique(keys, axis=0, return_inverse=True)
    said = np.zeros(len(different))
    np.add.at(said, which.reshape(-1), weights)
    most = np.zeros(int(group.max()) + 1)
    np.maximum.at(most, different[:, 0], said)
    return float(most.sum() / weights.sum())


def _copies(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """How often each bit counts, (n_items, n_outputs), and the weight that stands for once.

    Where that would be too often, or weights are no multiples of one, they are rounded, some of them to nothing.
    """
    largest = weights.max(axis=1)
    allowed = max(COPIES * np.count_nonzero(largest), LEAST_ITEMS)
    step = _common_step(weights[weights > 0])
    if step is None or largest.sum() / step > allowed:
        step = float(largest.sum() / allowed)
    copies: NDArray[np.int64] = np.rint(weights / step).astype(np.int64)
    return copies, step


def _common_step(weights: NDArray[np.float64]) -> float | None:
    """What all weights are whole multiples of, of whole numbers the largest; None where nothing is seen to be."""
    if (weights == np.rint(weights)).all() and weights.max() < 2**53:
        return float(np.gcd.reduce(weights.astype(np.int64)))
    least = float(weights.min())
    in_steps = weights / least
    return least if np.abs(in_steps - np.rint(in_steps)).max() < 1e-9 else None
