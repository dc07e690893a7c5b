"""Random changes of shared gates at a ladder of temperatures: parallel tempering whose ladder tunes itself.

Each rung holds a replica: gates for all cells. At every rung in turn some random changes are priced, and taken or
undone as Metropolis says; then neighbours exchange their replicas, and now and then the temperatures between the
coldest and the hottest move to where all neighbours exchange alike often. A change that leaves what its cell
computes as it was costs nothing, and what a table of cells has cost before is remembered.

A call may end between two changes: `place` says where it goes on, so that the result does not depend on the calls.

Arguments: shape, room  as in copies.py; replicas  Replicas; memory  Remembered; rng  NumPy's generator.
Source: Hukushima & Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996); a ladder of equal exchange rates: Kerler & Rehberg,
Phys. Rev. E 50, 4220 (1994). Twin: tests/kernels/test_tempering.py, NaiveTempering, on plain lists.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import ALL, NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import below, between
from btfnet.kernels.shared.copies import find_needed, write_tables, wrong_bits

WHOLE, TURNED = 0.1, 0.3
"""Parts of the changes: all of a gate drawn anew; else a literal complemented, and else a literal drawn anew."""
CHANGES = 20
"""At each rung, between two exchanges."""
EXCHANGES = 20
"""Between two changes of the ladder."""
EQUAL = 0.5
"""Steps of the ladder grow with so much plus their rate of exchange."""

CHANGE_EFFORT = 45
"""What a change takes besides the gates that it evaluates, in gates on a word."""

ROUND, RUNG, CHANGE, EXCHANGED = 0, 1, 2, 3
"""Places of `Replicas.place`: rounds done, the present rung, its changes done, rounds since the ladder moved."""


class Replicas(NamedTuple):
    """Where a search stands: all that decides what follows, but for its generator."""

    sender: np.ndarray  # int64, (n_replicas, n_gates, 3)
    flip: np.ndarray  # uint64, (n_replicas, n_gates, 3): NONE, or ALL for a complement
    cost: np.ndarray  # int64, (n_replicas,): wrong output bits
    table: np.ndarray  # uint64, (n_replicas, n_table): what the cells compute
    at: np.ndarray  # int64, (n_replicas,): the replica at each rung, the coldest first
    temperature: np.ndarray  # float64, (n_replicas,): in wrong bits, rising
    rate: np.ndarray  # float64, (n_replicas,): summed chances of exchange with the next rung
    place: np.ndarray  # int64, (4,)
    best_sender: np.ndarray  # int64, (n_gates, 3)
    best_flip: np.ndarray  # uint64, (n_gates, 3)
    best_cost: np.ndarray  # int64, (1,)


class Remembered(NamedTuple):
    """Costs of tables met before, each at a place that its bits say: a newer one takes the place of an older."""

    table: np.ndarray  # uint64, (2^n, n_table)
    cost: np.ndarray  # int64, (2^n,): -1 where there is none; nothing is remembered of cells without a table


@compiled
def draw_literal(shape, sender, flip, gate, literal, rng):
    """One of the nodes that a gate may hear, or its complement, for a literal, 0 to 2, of a gate.

    Writes sender and flip, (n_gates, 3).
    """
    chosen = between(rng, shape.heard_start[gate], shape.heard_start[gate + 1])
    sender[gate, literal] = shape.may_hear[chosen]
    flip[gate, literal] = ALL if below(rng, 2) else NONE


@compiled
def draw_gates(shape, replicas, room, rng):
    """Random gates for all replicas, and what they cost.

    Writes all of the replicas but the ladder and the place; and room, as find_needed, write_tables, wrong_bits do.
    """
    for replica in range(replicas.cost.size):
        sender, flip = replicas.sender[replica], replicas.flip[replica]
        for gate in range(sender.shape[0]):
            for literal in range(3):
                draw_literal(shape, sender, flip, gate, literal, rng)
        stand(shape, replicas, room, replica)
        note_best(replicas, replica)


@compiled
def stand(shape, replicas, room, replica):
    """What the gates of a replica, a number, compute and cost.

    Writes its row of replicas.table and replicas.cost; and room.
    """
    sender, flip = replicas.sender[replica], replicas.flip[replica]
    find_needed(shape, sender, room)
    write_tables(shape, sender, flip, room)
    for word in range(room.table.size):
        replicas.table[replica, word] = room.table[word]
    replicas.cost[replica] = wrong_bits(shape, sender, flip, room, np.inf)


@compiled
def note_best(replicas, replica):
    """Keep the gates of a replica, a number, where none were better. Writes replicas.best_*."""
    if replicas.cost[replica] >= replicas.best_cost[0]:
        return
    replicas.best_cost[0] = replicas.cost[replica]
    for gate in range(replicas.best_sender.shape[0]):
        for literal in range(3):
            replicas.best_sender[gate, literal] = replicas.sender[replica, gate, literal]
            replicas.best_flip[gate, literal] = replicas.flip[replica, gate, literal]


@compiled
def change_gate(shape, sender, flip, room, rng):
    """A random change of a random gate; returns its number, an int64.

    sender, flip  (n_gates, 3), of a replica. Writes these, and room.held_*: what the gate was.
    """
    gate = below(rng, sender.shape[0])
    for literal in range(3):
        room.held_sender[literal] = sender[gate, literal]
        room.held_flip[literal] = flip[gate, literal]
    if rng.random() < WHOLE:
        for literal in range(3):
            draw_literal(shape, sender, flip, gate, literal, rng)
        return gate
    literal = below(rng, 3)
    if rng.random() < TURNED:
        flip[gate, literal] = ~flip[gate, literal]
    else:
        draw_literal(shape, sender, flip, gate, literal, rng)
    return gate


@compiled
def memory_place(memory, table):
    """Where a table, uint64, (n_table,), is remembered: its words, shifted and folded.

    Returns an int64; writes nothing.
    """
    mixed = np.uint64(0)
    for word in range(table.size):
        mixed ^= table[word] ^ (mixed << np.uint64(13))
        mixed ^= mixed >> np.uint64(7)
        mixed ^= mixed << np.uint64(17)
    mixed ^= mixed >> np.uint64(32)
    mixed ^= mixed >> np.uint64(16)
    return np.int64(mixed & np.uint64(memory.cost.size - 1))


@compiled
def same(a, b):
    """Whether two rows of words, a and b, of equal length, are the same: returns a Boolean, writes nothing."""
    for word in range(a.size):  # noqa: SIM110 - the compiler knows no generators
        if a[word] != b[word]:
            return False
    return True


@compiled
def price(shape, sender, flip, room, memory, limit):
    """Wrong output bits of changed gates, sender and flip, (n_gates, 3), or some number beyond the limit, a float.

    Returns an int64: what was remembered of their tables, else evaluated.
    Writes memory, and room as `wrong_bits` does.
    """
    n_table = room.table.size
    if n_table == 0:
        return wrong_bits(shape, sender, flip, room, limit)
    place = memory_place(memory, room.table)
    if memory.cost[place] >= 0 and same(memory.table[place], room.table):
        return memory.cost[place]
    cost = wrong_bits(shape, sender, flip, room, limit)
    if cost <= limit:
        memory.cost[place] = cost
        for word in range(n_table):
            memory.table[place, word] = room.table[word]
    return cost


@compiled
def try_change(shape, replicas, room, memory, rung, rng):
    """A random change at a rung, a number, taken or undone.

    Writes the replica there, replicas.best_*, memory and room.
    """
    replica = replicas.at[rung]
    sender, flip = replicas.sender[replica], replicas.flip[replica]
    gate = change_gate(shape, sender, flip, room, rng)
    room.effort[0] += CHANGE_EFFORT
    find_needed(shape, sender, room)
    if not room.needed[gate]:
        return
    write_tables(shape, sender, flip, room)
    if room.table.size > 0 and same(replicas.table[replica], room.table):
        return
    limit = replicas.cost[replica] - replicas.temperature[rung] * np.log(1.0 - rng.random())
    cost = price(shape, sender, flip, room, memory, limit)
    if cost > limit:
        for literal in range(3):
            sender[gate, literal] = room.held_sender[literal]
            flip[gate, literal] = room.held_flip[literal]
        return
    replicas.cost[replica] = cost
    for word in range(room.table.size):
        replicas.table[replica, word] = room.table[word]
    note_best(replicas, replica)


@compiled
def exchange(replicas, rng):
    """Neighbouring rungs exchange their replicas as Metropolis says. Writes replicas.at, replicas.rate."""
    at, temperature = replicas.at, replicas.temperature
    for rung in range(at.size - 1):
        gain = replicas.cost[at[rung + 1]] - replicas.cost[at[rung]]
        exponent = gain * (1.0 / temperature[rung + 1] - 1.0 / temperature[rung])
        chance = 1.0 if exponent >= 0.0 else np.exp(exponent)
        replicas.rate[rung] += chance
        if rng.random() < chance:
            at[rung], at[rung + 1] = at[rung + 1], at[rung]


@compiled
def move_ladder(replicas, rounds):
    """Longer steps where neighbours exchanged often in so many rounds, shorter ones where not; the ends stay.

    Writes replicas.temperature, replicas.rate.
    """
    temperature, rate = replicas.temperature, replicas.rate
    n_steps, whole = temperature.size - 1, 0.0
    for step in range(n_steps):
        rate[step] = np.log(temperature[step + 1] / temperature[step]) * (EQUAL + rate[step] / rounds)
        whole += rate[step]
    factor = np.log(temperature[n_steps] / temperature[0]) / whole
    for step in range(n_steps - 1):
        temperature[step + 1] = temperature[step] * np.exp(rate[step] * factor)
    for step in range(n_steps):
        rate[step] = 0.0


@compiled
def temper(shape, replicas, room, memory, rounds, rng):
    """Rounds of changes and exchanges, until so many are done in all, nothing is wrong any more, or it is halted.

    rounds  in all, not of this call. Writes replicas, memory and room; returns nothing.
    Cost: CHANGES at every rung a round.
    """
    place = replicas.place
    while place[ROUND] < rounds and replicas.best_cost[0] > 0:
        while place[RUNG] < replicas.at.size:
            while place[CHANGE] < CHANGES:
                if room.halt[0]:
                    return
                try_change(shape, replicas, room, memory, place[RUNG], rng)
                place[CHANGE] += 1
                if replicas.best_cost[0] == 0:
                    return
            place[CHANGE] = 0
            place[RUNG] += 1
        place[RUNG] = 0
        exchange(replicas, rng)
        place[ROUND] += 1
        place[EXCHANGED] += 1
        if place[EXCHANGED] == EXCHANGES:
            if replicas.at.size > 2:
                move_ladder(replicas, EXCHANGES)
            place[EXCHANGED] = 0
