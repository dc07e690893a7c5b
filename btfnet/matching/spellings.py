"""The same name in other signs: another case, and what a netlist puts where it cannot carry a sign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence


def respelled(ours: Sequence[str], theirs: Sequence[str]) -> list[str] | None:
    """For each of our names the one of theirs that says the same in other signs; None where that is unclear."""
    if len(ours) != len(theirs):
        return None
    their_name = {name: name for name in set(ours) & set(theirs)}
    for our_key, their_key, same in _WAYS:
        left = [name for name in ours if name not in their_name]
        taken = set(their_name.values())
        right = _unique([name for name in theirs if name not in taken], their_key)
        for key, name in _unique(left, our_key).items():
            if key in right and same(name, right[key]):
                their_name[name] = right[key]
    return [their_name[name] for name in ours] if len(their_name) == len(ours) else None


def _unique(names: Sequence[str], spelling: Callable[[str], str]) -> dict[str, str]:
    """The names by a key, without those whose key is not theirs alone."""
    counts = Counter(map(spelling, names))
    return {spelling(name): name for name in names if counts[spelling(name)] == 1}


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


def _always(_our: str, _their: str) -> bool:
    return True


def _written(ours: str, theirs: str) -> bool:
    """Whether one is the other with `_` for some signs, or in front: ~a is not a, nor x+ the same as x-."""
    ours, theirs = _bus(ours.casefold()), _bus(theirs.casefold())
    if len(ours) != len(theirs):
        ours, theirs = (name.removeprefix("_") for name in (ours, theirs))
    pairs = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
    return len(ours) == len(theirs) and (
        all(b == "_" and not a.isalnum() for a, b in pairs)
        or all(a == "_" and not b.isalnum() for a, b in pairs)
    )


def _bus(name: str) -> str:
    """The bit of a bus, a[0], as most tools flatten it: a_0."""
    return re.sub(r"[\[<(_]([0-9]+)[\])>_]$", r"_\1", name)


_WAYS = (
    (_blanks, _blanks, _always),
    (_signs, _signs, _written),
    (_signs, _numbered, lambda ours, theirs: _written(ours, _unnumbered(theirs))),
    (_numbered, _signs, lambda ours, theirs: _written(_unnumbered(ours), theirs)),
)
"""For the names of either side a key, and whether two names with the same key are the same."""
