"""Widths of layers: which there may be, how large a network they make, and what memory that takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from btfnet.arguments import Wanted, is_list, is_whole, need
from btfnet.errors import CapacityError, UsageError
from btfnet.machine import available_bytes
from btfnet.printable import shown

MAX_NODES = 2**31 - 1
WIDTHS = "a list of whole numbers, inputs first, such as [4, 8, 3]"
MOST_LAYERS = 1001
"""The inputs counted."""
BYTES_PER_EDGE, BYTES_PER_NODE = 24, 48
"""What a network takes while it is made and checked, at most; afterwards a third of that."""
WIDTHS_SHOWN = 6


def checked(widths: Iterable[Any]) -> list[int]:
    """Widths of at least two layers, inputs first, each of at least one node. Raises `UsageError`."""
    need("Network", widths=(widths, Wanted(WIDTHS, is_list)))
    widths = list(widths)
    if len(widths) > MOST_LAYERS:
        raise UsageError(
            f"widths are {listed(widths)}, but a network has at most {MOST_LAYERS} layers, the inputs among them."
        )
    if not all(is_whole(width) for width in widths):
        raise UsageError(f"widths are {listed(widths)}, but they must be whole numbers, inputs first.")
    widths = [int(width) for width in widths]
    if len(widths) < 2:
        raise UsageError(
            f"widths are {listed(widths)}, but a network needs at least an input and an output layer."
        )
    if min(widths) < 1:
        raise UsageError(f"widths are {listed(widths)}, but every layer needs at least one node.")
    return widths


def n_edges(widths: Sequence[int], fan_in: int | None = None) -> int:
    """Edges of a layered network, those of the constant counted; each node with at most so many others."""
    return sum(
        (1 + (before if fan_in is None else min(before, fan_in))) * after
        for before, after in pairwise(widths)
    )


def network_bytes(nodes: int, edges: int) -> int:
    """Memory that a network takes while it is made."""
    return BYTES_PER_EDGE * edges + BYTES_PER_NODE * nodes


def check_size(what: str, nodes: int, edges: int) -> None:
    """Raise `UsageError` for a network that cannot be numbered, `CapacityError` for one that does not fit."""
    if max(nodes, edges) > MAX_NODES:
        raise UsageError(f"{what} make more than 2^31 nodes or edges; use smaller layers.")
    needed, free = network_bytes(nodes, edges), available_bytes()
    if free is not None and needed > free:
        raise CapacityError(
            f"{what} make a network of {edges} edges, which needs {needed / 2**30:.1f} GiB of memory while it is "
            f"made, but {free / 2**30:.1f} GiB are free; use smaller or fewer layers, or a sparse network."
        )


def listed(widths: Sequence[object]) -> str:
    """Widths for a message: the first few, and how many there are."""
    if len(widths) <= WIDTHS_SHOWN:
        return f"[{', '.join(map(shown, widths))}]"
    return f"[{', '.join(map(shown, widths[:WIDTHS_SHOWN]))}, …] ({len(widths)} in all)"
