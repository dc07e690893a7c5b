"""Functions of how many literals are true, and choices: what a table over a few inputs is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations, product

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.function import halves

Bits = NDArray[np.bool_]
MOST_SELECTS = 3


@dataclass(frozen=True, eq=False)
class Counted:
    """A function of how many of its literals are true.

    signs   (n,): whether each input counts as it is, or negated
    values  bool, (n + 1,): what the function is for each count
    """

    signs: tuple[bool, ...]
    values: Bits

    def mirrored(self) -> Counted:
        """The same function, with every literal negated."""
        return Counted(tuple(not sign for sign in self.signs), self.values[::-1])

    @property
    def kind(self) -> str:
        """What it is called: "and", "or", "parity", "majority", "at least 2 of 4" …"""
        return "not" if self.signs == (False,) else kind_of(self.values)


def counted(table: Bits) -> Counted | None:
    """A table of n inputs, all of which matter, as a function of a count; None where it is none.

    It is one exactly when exchanging input 0 with every other one, perhaps both negated, changes nothing: such
    exchanges generate all permutations.
    """
    n = len(table).bit_length() - 1
    numbers = np.arange(len(table))
    signs = [True]
    for index in range(1, n):
        first, other = numbers & 1, numbers >> index & 1
        differ = first ^ other
        if np.array_equal(table, table[numbers ^ (differ | differ << index)]):
            signs.append(True)
        elif np.array_equal(table, table[numbers ^ ((1 ^ differ) | (1 ^ differ) << index)]):
            signs.append(False)
        else:
            return None
    flipped = sum(1 << index for index, sign in enumerate(signs[:n]) if not sign)
    values = np.array([table[((1 << count) - 1) ^ flipped] for count in range(n + 1)])
    return best_read(Counted(tuple(signs[:n]), values))


def best_read(given: Counted) -> Counted:
    """The same with few negated literals; of equally many an And rather than a Nor."""
    mirrored = given.mirrored()
    if len(given.signs) == 1:
        return given if given.values[1] else mirrored
    if given.signs.count(False) != mirrored.signs.count(False):
        return min(given, mirrored, key=lambda each: each.signs.count(False))
    return mirrored if kind_of(given.values) in ("nand", "nor") else given


def counting(given: Counted, signs: tuple[bool, ...]) -> Bits | None:
    """The values of the same function by the count of other literals; None where it is no function of that."""
    if given.signs == signs:
        return given.values
    if given.mirrored().signs == signs:
        return given.mirrored().values
    if kind_of(given.values) in ("xor", "xnor", "parity", "even parity"):
        differ = sum(one != other for one, other in zip(given.signs, signs, strict=True))
        return given.values ^ (differ % 2 == 1)
    return None


def kind_of(values: Bits) -> str:
    """What a function of a count is called, by its values for 0 … n."""
    n, true = len(values) - 1, np.flatnonzero(values)
    if len(true) in (0, n + 1):
        return f"constant {'true' if len(true) else 'false'}"
    if n == 1:
        return "copy" if values[1] else "not"
    if np.array_equal(values, np.arange(n + 1) % 2 == 1):
        return "xor" if n == 2 else "parity"
    if np.array_equal(values, np.arange(n + 1) % 2 == 0):
        return "xnor" if n == 2 else "even parity"
    if len(true) == 1:
        return {0: "nor", n: "and"}.get(int(true[0]), f"exactly {true[0]} of {n}")
    if len(true) == n:
        gap = int(np.flatnonzero(~values)[0])
        return {0: "or", n: "nand"}.get(gap, f"not exactly {gap} of {n}")
    if len(true) == 2 and values[0] and values[n]:
        return "all equal"
    if len(true) == n - 1 and not values[0] and not values[n]:
        return "not all equal"
    if len(true) == true[-1] - true[0] + 1:
        return _run(n, int(true[0]), int(true[-1]))
    return "symmetric"


def _run(n: int, first: int, last: int) -> str:
    if last == n:
        return "majority" if 2 * first == n + 1 else f"at least {first} of {n}"
    if first == 0:
        return "not majority" if 2 * last == n - 1 else f"at most {last} of {n}"
    return f"{first} to {last} of {n}"


def count_phrase(values: Bits, literals: Sequence[str]) -> str:
    """How many of the literals must be true, in words."""
    n, true = len(values) - 1, np.flatnonzero(values).tolist()
    listed = f"({', '.join(literals)})"
    if len(true) in (0, n + 1):
        return "true" if true else "false"
    if true == list(range(1, n + 1, 2)) and n > 1:
        return f"an odd number of {listed}" if n > 2 else f"exactly 1 of {listed}"
    if true == list(range(0, n + 1, 2)) and n > 2:
        return f"an even number of {listed}"
    if true == [0]:
        return f"none of {listed}"
    if true == [n]:
        return f"all of {listed}"
    if true == list(range(1, n + 1)):
        return f"any of {listed}"
    if true == list(range(n)):
        return f"not all of {listed}"
    if true == [0, n] and n > 1:
        return f"all or none of {listed}"
    if len(true) == 1:
        return f"exactly {true[0]} of {listed}"
    if true == list(range(true[0], n + 1)):
        return f"at least {true[0]} of {listed}"
    if true == list(range(true[-1] + 1)):
        return f"at most {true[-1]} of {listed}"
    if len(true) == true[-1] - true[0] + 1 and len(true) > 2:
        return f"{true[0]} to {true[-1]} of {listed}"
    return f"{', '.join(map(str, true[:-1]))} or {true[-1]} of {listed}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several inputs, chosen by others.

    selects   inputs that choose, the most significant one first
    data      the input that is passed on for each number that these say, and whether it is negated
    """

    selects: tuple[int, ...]
    data: tuple[tuple[int, bool], ...]


def choice(table: Bits) -> Choice | None:
    """A table, of inputs that all matter, as a multiplexer; None where it is none."""
    n = len(table).bit_length() - 1
    k = next((k for k in range(1, MOST_SELECTS + 1) if n == k + (1 << k)), None)
    if k is None:
        return None
    influences = [float((low != high).mean()) for low, high in (halves(table, index) for index in range(n))]
    likely = [index for index in range(n) if influences[index] == 0.5]
    for selects in combinations(likely, k):
        data = _passed_on(table, n, selects)
        if data is not None:
            ways = [
                Choice(tuple(selects[place] for place in order), tuple(_reordered(data, order)))
                for order in permutations(range(k))
            ]
            return min(ways, key=lambda way: [index for index, _ in way.data])
    return None


def _passed_on(table: Bits, n: int, selects: tuple[int, ...]) -> list[tuple[int, bool]] | None:
    """What is passed on for each number of the selecting inputs, the first one most significant."""
    numbers = np.arange(len(table))
    data: list[tuple[int, bool]] = []
    for chosen in product((0, 1), repeat=len(selects)):
        here = np.ones(len(table), dtype=bool)
        for select, value in zip(selects, chosen, strict=True):
            here &= (numbers >> select & 1) == value
        rows, values = numbers[here], table[here]
        for index in range(n):
            bits = (rows >> index & 1).astype(bool)
            if index not in selects and (np.array_equal(values, bits) or np.array_equal(values, ~bits)):
                data.append((index, bool(values[0] != bits[0])))
                break
        else:
            return None
    return data if len({index for index, _ in data}) == len(data) else None


def _reordered(data: Sequence[tuple[int, bool]], order: Sequence[int]) -> list[tuple[int, bool]]:
    """The same data where the selecting inputs stand in another order."""
    k = len(order)
    result = list(data)
    for number in range(1 << k):
        bits = [number >> (k - 1 - place) & 1 for place in range(k)]  # of the new order
        old = 0
        for place, before in enumerate(order):
            old |= bits[place] << (k - 1 - before)
        result[number] = data[old]
    return result
