"""Definitions that may stand in any order in a file, each brought behind those that it uses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import NoReturn, TypeVar

from btfnet.printable import shown

Key = TypeVar("Key", bound=Hashable)


def in_order(uses: Mapping[Key, Sequence[Key]], on_cycle: Callable[[list[Key]], NoReturn]) -> list[Key]:
    """The keys of `uses`, each after those that it uses, otherwise in the order given.

    uses       what every defined thing uses; what is no key itself (an input) is passed over
    on_cycle   called with the keys of a cycle, each of which uses the next and the last the first; it raises

    Cost: linear in all uses. Depth-first without recursion, so that long chains do not exhaust the stack.
    """
    done: set[Key] = set()
    order: list[Key] = []
    for root in uses:
        path: dict[Key, Iterator[Key]] = {} if root in done else {root: iter(uses[root])}
        while path:
            key = next(reversed(path))
            for used in path[key]:
                if used in path:
                    on_cycle([*path][[*path].index(used) :])
                if used in uses and used not in done:
                    path[used] = iter(uses[used])
                    break
            else:
                done.add(key)
                order.append(key)
                path.popitem()
    return order


def cycle_words(names: Sequence[object]) -> str:
    """A cycle for an error message: "'a' depends on itself ('a' uses 'b' uses 'a'); …"."""
    some = [*names[:4], *["…"] * (len(names) > 4), names[0]]
    way = " uses ".join(name if name == "…" else shown(name) for name in some)
    return (
        f"{shown(names[0])} depends on itself ({way}); a circuit must be acyclic. "
        f"Break the loop at a latch, which --cut-latches cuts, or define one of them otherwise."
    )
