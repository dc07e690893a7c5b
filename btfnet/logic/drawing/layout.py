"""Where the parts of a circuit's picture go: columns, order within columns, heights, and tracks of wires.

The layered method (Sugiyama, Tagawa & Toda, IEEE Trans. SMC 11, 1981): a gate's column is its level; a wire
that passes a column holds a place in it, one for all its receivers further right; sweeps that move everything
towards the mean of its neighbours leave few crossings. Between two columns a wire runs level to its own
vertical track and level again from there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from btfnet.logic.drawing.crossings import Part, Pin, mean, receivers_of, reduce_crossings
from btfnet.logic.netlist import Netlist

GRID = 6
"""All heights are multiples of this, so that wires either meet exactly or keep apart."""

PIN_SPACING = 2 * GRID
SWEEPS = 24
NUDGES = 50
"""Shifts of a column's lower part, at most, so that no wires lie over each other."""


@dataclass(frozen=True, slots=True)
class Net:
    """A wire between two columns: from one height to others, with a vertical piece on a track (-1: none)."""

    node: int
    source: int
    targets: tuple[int, ...]
    track: int


def lay_out(circuit: Netlist) -> list[list[Part]]:
    """Columns of parts, from the inputs to the outputs, with all heights settled."""
    columns = _columns(circuit)
    reduce_crossings(columns)
    _settle(columns)
    for column in columns:
        _set_pins(column)
        for _ in range(NUDGES):
            tied = _tied(column)
            if tied is None:
                break
            for part in column[column.index(tied) :]:
                part.y += GRID
            _set_pins(column)
    return columns


def _set_pins(column: list[Part]) -> None:
    for part in column:
        part.pins.sort(key=lambda pin: (pin.sender.y, pin.literal))
        for index, pin in enumerate(part.pins):
            pin.y = part.y + (2 * index - len(part.pins) + 1) * PIN_SPACING // 2


def _tied(column: list[Part]) -> Part | None:
    """A part that a wire enters at the height at which another one leaves without having turned before it."""
    nets = [net for net in route(column) if net.track >= 0]
    for a in nets:
        for b in nets:
            if a is not b and a.source in b.targets and a.track >= b.track:
                ends = (part for part in column for pin in part.pins if pin.y == a.source)
                return next(part for part in ends if b.node in (abs(pin.literal) for pin in part.pins))
    return None


def route(column: Sequence[Part]) -> list[Net]:
    """The wires that enter a column, on tracks counted from the left."""
    targets: dict[Part, list[int]] = {}
    for part in column:
        for pin in part.pins:
            targets.setdefault(pin.sender, []).append(pin.y)
    nets = [Net(sender.node, sender.y, tuple(sorted(ys)), -1) for sender, ys in targets.items()]
    bent = _in_good_order([net for net in nets if set(net.targets) != {net.source}])
    placed: list[Net] = []
    for net in bent:
        track = 1 + max((other.track for other in placed if _overlap(net, other)), default=-1)
        placed.append(Net(net.node, net.source, net.targets, track))
    return placed + [net for net in nets if set(net.targets) == {net.source}]


# -- columns -------------------------------------------------------------------------------------------


def _columns(circuit: Netlist) -> list[list[Part]]:
    n_columns = 2 + circuit.depth
    columns: list[list[Part]] = [[] for _ in range(n_columns)]
    carrier: dict[tuple[int, int], Part] = {}

    def carry(node: int, column: int) -> Part:
        """The part from which a node's value leaves a column; makes passing wires where they are missing."""
        if (node, column) not in carrier:
            wire = Part("wire", node, PIN_SPACING)
            wire.pins.append(Pin(carry(node, column - 1), node, 1))
            carrier[node, column] = wire
            columns[column].append(wire)
        return carrier[node, column]

    for node, column in drawn_nodes(circuit).items():
        if node <= circuit.n_inputs:
            part = Part("input", node, 2 * PIN_SPACING)
        else:
            gate = circuit.gate(node)
            literals = Counter(() if gate.constant is not None else gate.literals)
            part = Part("gate", node, max(3, len(literals)) * PIN_SPACING + GRID)
            part.pins = [Pin(carry(abs(lit), column - 1), lit, weight) for lit, weight in literals.items()]
        carrier[node, column] = part
        columns[column].append(part)
    for index, output in enumerate(circuit.outputs):
        if constant_output(circuit, index) is None:
            part = Part("output", index, 2 * PIN_SPACING)
            part.pins.append(Pin(carry(abs(output), n_columns - 2), output, 1))
            columns[-1].append(part)
    return columns


def constant_output(circuit: Netlist, index: int) -> bool | None:
    """The value of an output that is a constant gate's; None for all others."""
    output = circuit.outputs[index]
    if abs(output) <= circuit.n_inputs:
        return None
    value = circuit.gate(abs(output)).constant
    return None if value is None else value == (output > 0)


def drawn_nodes(circuit: Netlist) -> dict[int, int]:
    """The columns of the nodes that are drawn, in the order of the nodes: those that an output needs.

    A constant stands just before the first gate that hears it, and not at all where none does.
    """
    levels, found = circuit.levels, dict[int, int]()
    needed = {
        abs(output) for index, output in enumerate(circuit.outputs) if constant_output(circuit, index) is None
    }
    for node in range(circuit.n_nodes, circuit.n_inputs, -1):
        if node not in needed or circuit.gate(node).constant is not None:
            continue
        found[node] = int(levels[node])
        for sender in {abs(literal) for literal in circuit.gate(node).literals}:
            needed.add(sender)
            if sender > circuit.n_inputs and circuit.gate(sender).constant is not None:
                found[sender] = min(found.get(sender, found[node]), found[node] - 1)
    found |= {node: 0 for node in needed if node <= circuit.n_inputs}
    return dict(sorted(found.items()))


# -- heights -------------------------------------------------------------------------------------------


def _settle(columns: list[list[Part]]) -> None:
    """Move parts to the mean height of their neighbours, as far as order and distances allow."""
    receivers = receivers_of(columns)
    tallest = max(sum(part.height for part in column) for column in columns)
    for column in columns:
        free, top = (tallest - sum(part.height for part in column)) / max(1, len(column)), 0.0
        for part in column:
            part.y = GRID * round((top + (free + part.height) / 2) / GRID)
            top += free + part.height
    for sweep in range(SWEEPS):
        last = sweep >= SWEEPS - 2
        for column in columns[1:] if sweep % 2 == 0 else columns[-2::-1]:
            wanted = []
            for part in column:
                before, after = [pin.sender.y for pin in part.pins], [other.y for other in receivers[part]]
                near = before + after if last else before if sweep % 2 == 0 else after
                wanted.append(mean(near, part.y))
            weights = [8.0 if part.kind == "wire" else 1.0 for part in column]
            for part, y in zip(
                column, _apart([part.height for part in column], wanted, weights), strict=True
            ):
                part.y = y
    for column in columns[1:]:
        _straighten(column)
    top = min((part.y - part.height // 2 for column in columns for part in column), default=0)
    for column in columns:
        for part in column:
            part.y -= GRID * (top // GRID)


def _straighten(column: list[Part]) -> None:
    """Let passing wires and outputs go on at their sender's height, as far as their neighbours leave room."""
    for indices in (range(len(column)), range(len(column) - 1, -1, -1)):
        for index in indices:
            part = column[index]
            if part.kind in ("wire", "output"):
                y = part.pins[0].sender.y
                for below in column[index + 1 : index + 2]:
                    y = min(y, below.y - _distance(part.height, below.height))
                for above in column[:index][-1:]:
                    y = max(y, above.y + _distance(above.height, part.height))
                part.y = y


def _distance(height: int, next_height: int) -> int:
    """The least distance of the middles of two neighbours, on the grid."""
    return GRID * -(-(height + next_height) // (2 * GRID))


def _apart(heights: list[int], wanted: list[float], weights: list[float]) -> list[int]:
    """The heights nearest to the wanted ones with no two parts overlapping: pools of parts that touch."""
    offsets = list(accumulate((_distance(*pair) for pair in pairwise(heights)), initial=0))[: len(heights)]
    pools: list[tuple[float, float, int]] = []
    for offset, want, weight in zip(offsets, wanted, weights, strict=True):
        mean, total, count = want - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other_mean, other_total, other_count = pools.pop()
            mean = (mean * total + other_mean * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        pools.append((mean, total, count))
    starts = [mean for mean, _, count in pools for _ in range(count)]
    return [int(GRID * round(start / GRID) + offset) for start, offset in zip(starts, offsets, strict=True)]


# -- tracks --------------------------------------------------------------------------------------------


def _in_good_order(nets: list[Net]) -> list[Net]:
    """From left to right: swap neighbours while that removes crossings; never lay one wire over another."""
    nets = sorted(nets, key=lambda net: -net.source if net.targets[-1] > net.source else net.source)
    nets = _never_over(nets)
    for _ in range(len(nets)):
        changed = False
        for index in range(len(nets) - 1):
            a, b = nets[index], nets[index + 1]
            if _price(b, a) < _price(a, b):
                nets[index], nets[index + 1], changed = b, a, True
        if not changed:
            break
    return nets


def _never_over(nets: list[Net]) -> list[Net]:
    """A net that leaves at a height where another one arrives must turn first; a circle is cut anywhere."""
    waiting, ordered = list(nets), []
    while waiting:
        sources = {net.source for net in waiting}
        free = [net for net in waiting if not (sources - {net.source}).intersection(net.targets)]
        ordered.append((free or waiting)[0])
        waiting.remove(ordered[-1])
    return ordered


def _price(left: Net, right: Net) -> int:
    """Crossings if one net's track is left of the other's, and much for level pieces that would coincide."""
    over = sum(_low(left) < y < _high(left) for y in {right.source})
    over += sum(_low(right) < y < _high(right) for y in left.targets)
    return over + 1000 * (right.source in left.targets)


def _overlap(a: Net, b: Net) -> bool:
    return _low(a) <= _high(b) and _low(b) <= _high(a)


def _low(net: Net) -> int:
    return min(net.source, *net.targets)


def _high(net: Net) -> int:
    return max(net.source, *net.targets)
