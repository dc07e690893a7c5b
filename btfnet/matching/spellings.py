"""The same name in other signs: another case, and what a netlist puts where it cannot carry a sign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence


def respelled(ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """For each of our names the one of theirs that says the same in other signs; None where that is unclear."""
    if len(ours) != len(theirs):
        return None
    found = {one: one for one in set(ours) & set(theirs)}
    for our_key, their_key, same in _WAYS:
        left = [one for one in ours if one not in found]
        taken = set(found.values())
        right = _unique([one for one in theirs if one not in taken], their_key)
        for key, one in _unique(left, our_key).items():
            if key in right and same(one, right[key]):
                found[one] = right[key]
    return [found[one] for one in ours] if len(found) == len(ours) else None


def _unique(names: Sequence[str], spelling: Callable[[str], str]) -> dict[str, str]:
    """The names by a key, without those whose key is not theirs alone."""
    counts = Counter(map(spelling, names))
    return {spelling(one): one for one in names if counts[spelling(one)] == 1}


def _blanks(text: str) -> str:
    return " ".join(text.split())


def _signs(text: str) -> str:
    """Without case, and with one sign for all that a netlist may not be able to carry."""
    return re.sub(r"[^0-9a-z]+", "_", text.casefold()).strip("_")


def _numbered(text: str) -> str:
    """As a netlist names an output that is called like an input: `_2`, `_3`, … follow."""
    return _signs(_unnumbered(text))


def _unnumbered(text: str) -> str:
    return re.sub(r"_([2-9]|[1-9][0-9]+)$", "", text)


def _always(_one: str, _other: str) -> bool:
    return True


def _written(one: str, other: str) -> bool:
    """Whether one is the other with `_` for some signs, or in front: ~a is not a, nor x+ the same as x-."""
    one, other = _bus(one.casefold()), _bus(other.casefold())
    if len(one) != len(other):
        one, other = (name.removeprefix("_") for name in (one, other))
    pairs = [(a, b) for a, b in zip(one, other, strict=False) if a != b]
    return len(one) == len(other) and (
        all(b == "_" and not a.isalnum() for a, b in pairs)
        or all(a == "_" and not b.isalnum() for a, b in pairs)
    )


def _bus(name: str) -> str:
    """The bit of a bus, a[0], as most tools flatten it: a_0."""
    return re.sub(r"[\[<(_]([0-9]+)[\])>_]$", r"_\1", name)


_WAYS = (
    (_blanks, _blanks, _always),
    (_signs, _signs, _written),
    (_signs, _numbered, lambda one, other: _written(one, _unnumbered(other))),
    (_numbered, _signs, lambda one, other: _written(_unnumbered(one), other)),
)
"""For the names of either side a key, and whether two names with the same key are the same."""
