"""Whether arrays and lists of edges describe a network."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import is_whole, said
from btfnet.errors import DataError, UsageError
from btfnet.problem.widths import MAX_NODES

CONSTANT = 0
"""Node 0 of every network is the constant -1; as a sender it is the bias."""


def check_counts(n_nodes: int, n_inputs: int, n_outputs: int) -> None:
    """Raise `DataError` unless there are inputs, threshold nodes, and outputs among these."""
    n_btf = n_nodes - 1 - n_inputs
    if n_inputs < 1 or n_btf < 1:
        raise DataError(
            f"the network has {n_inputs} inputs and {n_btf} threshold nodes; it needs one of each."
        )
    if not 1 <= n_outputs <= n_btf:
        raise DataError(
            f"the network has {n_outputs} outputs, but {n_btf} threshold nodes; give it 1 to {n_btf} outputs."
        )


def flat_whole_numbers(fan_in_start: Any, fan_in: Any) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Both lists as arrays of their own, read-only. Raises `DataError` for anything else, and for edges that
    start at no node.
    """
    try:
        start, senders = np.array(fan_in_start), np.asarray(fan_in)
    except ValueError as error:
        raise DataError("fan_in_start and fan_in must be flat lists of whole numbers.") from error
    for name, array in (("fan_in_start", start), ("fan_in", senders)):
        if array.dtype.kind not in "iu" or array.ndim != 1:
            raise DataError(f"{name} must be a list of whole numbers; use a builder such as Network.layered.")
    if senders.size and (senders.min() < 0 or senders.max() > MAX_NODES):
        wrong = senders.min() if senders.min() < 0 else senders.max()
        raise DataError(f"an edge starts at node {wrong}; there is none.")
    start, senders = start.astype(np.int64), senders.astype(np.int32)
    start.flags.writeable = senders.flags.writeable = False
    return start, senders


def check_edges(n_nodes: int, n_inputs: int, start: NDArray[np.int64], senders: NDArray[np.int32]) -> None:
    """Raise `DataError` unless all threshold nodes, and they alone, listen to nodes before them, in order."""
    if start.shape != (n_nodes + 1,) or start[0] != 0 or start[-1] != senders.size:
        raise DataError(
            "fan_in_start does not match n_nodes and fan_in; use a builder such as Network.layered."
        )
    sizes = np.diff(start)
    if (sizes < 0).any() or sizes[: n_inputs + 1].any():
        raise DataError("the constant and the inputs listen to nobody, but fan_in_start gives them edges.")
    silent = np.flatnonzero(sizes[n_inputs + 1 :] == 0)
    if silent.size:
        raise DataError(f"node {silent[0] + n_inputs + 1} has no inputs; give it at least one sender.")
    receivers = np.repeat(np.arange(n_nodes, dtype=np.int32), sizes)
    wrong = np.flatnonzero(senders >= receivers)
    if wrong.size:
        edge = wrong[0]
        raise DataError(
            f"node {receivers[edge]} listens to node {senders[edge]}, but every sender must come "
            f"before its receiver; renumber the nodes so that they do."
        )
    same = (np.diff(senders) <= 0) & (np.diff(receivers) == 0)
    if same.any():
        edge = int(np.flatnonzero(same)[0])
        raise DataError(
            f"node {receivers[edge]} lists the senders {senders[edge]}, {senders[edge + 1]}; "
            f"the senders of a node must be ascending and distinct."
        )


def checked_edges(edges: Any) -> Iterable[tuple[int, int]]:
    """The pairs, one by one. Raises `UsageError` for no list of edges, `DataError` for no pair of numbers."""
    try:
        pairs = iter(edges)
    except TypeError as error:
        raise UsageError(f"edges is {said(edges)}; expected pairs (receiver, sender).") from error
    for edge in pairs:
        try:
            receiver, sender = edge
        except (TypeError, ValueError) as error:
            raise DataError(f"an edge is {said(edge)}; expected a pair (receiver, sender).") from error
        if not (is_whole(receiver) and is_whole(sender)):
            raise DataError(
                f"an edge is ({said(receiver)}, {said(sender)}); nodes are whole numbers, receiver first."
            )
        yield receiver, sender


def listed_fan_ins(n_inputs: int, edges: Any, *, bias: bool) -> list[list[int]]:
    """The senders of the threshold nodes in order, ascending; with bias the constant among them.

    edges  (receiver, sender) pairs
    Raises `DataError` for no edges, for a node without senders, or one that listens to another twice.
    """
    fan_ins: dict[int, list[int]] = {}
    for receiver, sender in checked_edges(edges):
        if not n_inputs < receiver <= MAX_NODES:
            raise DataError(
                f"an edge ends at node {receiver}, but nodes 0 to {n_inputs} are the constant and the "
                f"inputs; threshold nodes start at {n_inputs + 1}."
            )
        fan_ins.setdefault(receiver, []).append(sender)
    if not fan_ins:
        raise DataError("the list of edges is empty; give every threshold node at least one sender.")
    for expected, node in enumerate(sorted(fan_ins), start=n_inputs + 1):
        if node != expected:
            raise DataError(f"node {expected} has no inputs; give it at least one sender.")
    lists = []
    for node in sorted(fan_ins):
        senders = sorted(fan_ins[node])
        twice = {a for a, b in pairwise(senders) if a == b}
        if twice:
            raise DataError(f"node {node} listens to node {min(twice)} twice; give each edge once.")
        if bias and CONSTANT not in senders:
            senders = [CONSTANT, *senders]
        lists.append(senders)
    return lists
