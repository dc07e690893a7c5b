"""What the data say of each gate: patterns seen, other gates that would do, and the support theorem's bound.

The size of a gate is Σ|w| of its threshold function, the bias included: 1 for Copy and Not, 3 for Maj3 and
for And and Or of two (`btfnet.engines.completion.integer`). docs/inspect.md defines the words.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import FLAG, a, need, number, optional
from btfnet.engines.completion.alternative_weights import other_weights
from btfnet.engines.completion.integer import MOST_COLUMNS, smallest_weights
from btfnet.errors import DataError
from btfnet.kernels.bits import WORD_BITS, pack_bits, pad_mask, unpack_bits
from btfnet.kernels.completion.triples import exact_copies, exact_triples
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.evaluate import node_words
from btfnet.problem.values import OutputKind, booleans, checked_care

QUICK_SECONDS, EXACT_SECONDS = 10.0, 120.0
NODE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class NodeEvidence:
    """One gate, and what the items say of it.

    node, words        its number, and its kind: And, Or, Maj3, Copy, Not, "at least 2 of 4", true, false
    senders            distinct nodes that it listens to
    support            nonzero weights of its threshold function, the bias counted: at most `bound` where the
                       theorem applies
    size               Σ|w| of it
    bound              largest odd number ≤ σ; None without σ
    patterns           distinct values of its senders among the items, of 2^senders
    choices            gates of the least size over nodes at lower levels that agree with it on all items, itself
                       counted; None where that was not decided. With `more`, at least so many
    least_size         the size of these; smaller than `size` where a smaller gate would do
    """

    node: int
    words: str
    senders: int
    support: int
    size: int
    bound: int | None
    patterns: int
    choices: int | None = None
    more: bool = False
    least_size: int | None = None

    @property
    def possible(self) -> int:
        """2^senders."""
        return 1 << self.senders

    @property
    def forced(self) -> bool | None:
        """All patterns were seen, and no other gate of that size or less agrees; None: not decided."""
        if self.patterns < self.possible:
            return False
        if self.choices is None or (self.choices == 1 and self.more):
            return None
        return self.choices == 1 and self.least_size == self.size

    @property
    def verdict(self) -> str:
        """Forced; only one of its size; one of (at least) k; a smaller gate would do; no other found in time; …"""
        if self.choices is None:
            return "not decided"
        if self.least_size is not None and self.least_size < self.size:
            return "a smaller gate would do"
        if self.choices == 1 and self.more:
            return "no other found in time"
        if self.choices == 1:
            return "forced" if self.forced else "only one of its size"
        return f"one of {'at least ' if self.more else ''}{self.choices}"


def evidence(
    circuit: Circuit,
    inputs: ArrayLike,
    *,
    care: NDArray[np.bool_] | None = None,
    sigma: float | None = None,
    exact: bool = False,
    seconds: float | None = None,
) -> tuple[NodeEvidence, ...]:
    """What the items say of each gate of a circuit.

    inputs   (n_items, n_inputs): 0/1, ±1 or bool; the items that the circuit was learned from
    care     bool, (n_items, n_outputs): output bits that count; a gate that only outputs listen to need agree
             at those items alone at which one of these counts
    sigma    the support parameter that it was learned with, for the bound
    exact    decide gates of a size above 3 too, by integer programs
    seconds  for the whole; gates that come after it are "not decided". None: 10, with exact 120

    Raises `DataError` for inputs that do not fit the circuit.
    """
    need(
        "evidence",
        circuit=(circuit, a(Circuit)),
        sigma=(sigma, optional(number(1, 1e6))),
        exact=(exact, FLAG),
        seconds=(seconds, optional(number(0, 1e9))),
    )
    rows = booleans(inputs, f"{circuit.name}: inputs")
    if rows.shape[1] != circuit.n_inputs:
        raise DataError(
            f"{circuit.name}: the items have {rows.shape[1]} inputs, but the circuit has {circuit.n_inputs}; "
            f"give the items that it was learned from."
        )
    if not len(rows):
        raise DataError(f"{circuit.name}: there are no items; give at least one.")
    if care is not None:
        care = checked_care(care, (len(rows), circuit.n_outputs), OutputKind.BITS, f"{circuit.name}: ")
    given = (EXACT_SECONDS if exact else QUICK_SECONDS) if seconds is None else seconds
    deadline = time.monotonic() + given
    values = node_words(circuit, pack_bits(rows > 0))
    masks = _masks(circuit, len(rows), care)
    bound = None if sigma is None else largest_support(sigma)
    found = []
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        senders = sorted(set(map(abs, gate.literals)))
        seen = NodeEvidence(
            node,
            kind_in_words(gate),
            len(senders),
            len(weights_of(gate)),
            size_of(gate),
            bound,
            count_patterns(values[senders], masks[node], len(rows)),
        )
        found.append(_decided(circuit, seen, values, masks[node], deadline, exact=exact))
    return tuple(found)


def largest_support(sigma: float) -> int:
    """The support theorem's bound: the largest odd number ≤ σ, at least 1. Source: arXiv 2602.17493, section 2."""
    return max(1, 2 * int((sigma - 1) // 2) + 1)


def kind_in_words(gate: Gate) -> str:
    """And, Or, Maj3, Copy, Not, true, false, "at least 2 of 4", "at least 3 of 5 (weights 2,1,1,1)"."""
    m, kind = len(gate.literals), gate.kind
    if kind == "const":
        return "true" if gate.constant else "false"
    if kind != "threshold":
        return f"Maj{m}" if kind == "maj" else kind.capitalize()
    weights = sorted(Counter(gate.literals).values(), reverse=True)
    listed = f" (weights {','.join(map(str, weights))})" if weights[0] > 1 else ""
    return f"at least {gate.at_least} of {m}{listed}"


def weights_of(gate: Gate) -> dict[int, int]:
    """The integer weights of the gate's threshold function by node; node 0 is the bias, on the constant -1."""
    weights: Counter[int] = Counter()
    for literal in gate.literals:
        weights[abs(literal)] += 1 if literal > 0 else -1
    bias = 2 * gate.at_least - 1 - len(gate.literals)
    return {node: weight for node, weight in {0: bias, **weights}.items() if weight}


def size_of(gate: Gate) -> int:
    """Σ|w|, the bias included; 1 for a constant."""
    return 1 if gate.constant is not None else sum(map(abs, weights_of(gate).values()))


def count_patterns(columns: NDArray[np.uint64], mask: NDArray[np.uint64], n_items: int) -> int:
    """Distinct patterns of the columns among the items of the mask; (n_columns, n_words) and (n_words,)."""
    bits = unpack_bits(np.concatenate([columns, mask[None]]), n_items)
    bits = bits[bits[:, -1]][:, :-1]
    if not bits.shape[1]:
        return min(1, len(bits))
    return len(np.unique(np.packbits(bits, axis=1), axis=0))


def _masks(circuit: Circuit, n_items: int, care: NDArray[np.bool_] | None) -> dict[int, NDArray[np.uint64]]:
    """For each gate the items at which its value can matter."""
    everywhere = pad_mask(n_items)
    nodes = range(circuit.n_inputs + 1, circuit.n_nodes + 1)
    if care is None:
        return dict.fromkeys(nodes, everywhere)
    counted = pack_bits(care)
    heard = {abs(literal) for gate in circuit.gates for literal in gate.literals}
    masks = {node: everywhere if node in heard else np.zeros_like(everywhere) for node in nodes}
    for row, output in enumerate(circuit.outputs):
        if abs(output) in masks:
            masks[abs(output)] = masks[abs(output)] | counted[row]
    return masks


# -- other gates that would do ---------------------------------------------------------------------------


def _decided(
    circuit: Circuit,
    seen: NodeEvidence,
    values: NDArray[np.uint64],
    mask: NDArray[np.uint64],
    deadline: float,
    *,
    exact: bool,
) -> NodeEvidence:
    """The same with its choices, as far as they can be decided by the deadline."""
    below = np.flatnonzero(
        circuit.levels[: seen.node] < circuit.levels[seen.node]
    )  # level 0: also the constant
    if time.monotonic() >= deadline or len(below) > MOST_COLUMNS or seen.words in ("true", "false"):
        return seen
    marks, first = values[below] ^ values[seen.node], np.zeros(3, dtype=np.int64)
    marks &= mask
    for size, count in ((1, exact_copies), (3, exact_triples)):
        choices = int(count(marks, mask, first))
        if choices:
            return _with(seen, choices, size, more=False)
    if not exact:
        return seen
    rows = np.where(unpack_bits(np.concatenate([marks, mask[None]]), WORD_BITS * mask.size), -1, 1).astype(
        np.int8
    )
    rows = np.unique(rows[rows[:, -1] < 0][:, :-1], axis=0)
    return _by_programs(seen, rows, deadline)


def _by_programs(seen: NodeEvidence, rows: NDArray[np.int8], deadline: float) -> NodeEvidence:
    """The least size and the choices of a gate larger than three literals; rows are y x, (n_patterns, n_below)."""
    ones = np.ones(len(rows), dtype=np.int8)
    smallest = smallest_weights(rows, ones, seconds=min(NODE_SECONDS, deadline - time.monotonic()))
    if smallest.weights is None or not smallest.proven:
        return seen
    if int(np.abs(smallest.weights).sum()) < seen.size:
        return _with(seen, 1, int(np.abs(smallest.weights).sum()), more=True)
    allowed = min(NODE_SECONDS, deadline - time.monotonic())
    others, all_found = other_weights(rows, smallest.weights, seconds=allowed)
    return _with(seen, 1 + len(others), seen.size, more=not all_found)


def _with(seen: NodeEvidence, choices: int, least_size: int, *, more: bool) -> NodeEvidence:
    return replace(seen, choices=choices, least_size=least_size, more=more)
