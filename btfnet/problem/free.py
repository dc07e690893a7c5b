"""Free networks: nodes in sequence, each of which hears the inputs and all earlier nodes, or the last few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import a, is_list, is_whole, said
from btfnet.errors import UsageError
from btfnet.problem.network_checks import CONSTANT
from btfnet.problem.widths import check_size


@dataclass(frozen=True, slots=True)
class Growth:
    """How a network grows that has no hidden nodes yet.

    window  a hidden node hears so many hidden nodes, the last ones before it; None: all of them
    """

    window: int | None = None


GROWTH = a(Growth, "a Growth, as Network.free makes it")


def checked_inputs(n_inputs: int, inputs: Any) -> NDArray[np.int64] | None:
    """The inputs that are heard, ascending; None: all. Raises `UsageError` for anything but different inputs."""
    if inputs is None:
        return None
    flat = is_list(inputs) and all(is_whole(number) and 0 <= number < n_inputs for number in inputs)
    if not flat or not len(inputs) or len({int(number) for number in inputs}) < len(inputs):
        raise UsageError(
            f"Network.free: inputs is {said(inputs)}; expected different numbers of inputs, 0 to {n_inputs - 1}, "
            f"or None for all of them."
        )
    return np.sort(np.array([int(number) for number in inputs]))


def n_free_edges(n_heard: int, n_outputs: int, hidden: int, window: int | None = None) -> int:
    """Edges of a free network, those of the constant counted, of which so many inputs are heard."""
    most = hidden if window is None else min(window, hidden)
    between = most * (most - 1) // 2 + (hidden - most) * most
    return (hidden + n_outputs) * (1 + n_heard) + between + n_outputs * hidden


def free_edges(
    n_inputs: int, n_outputs: int, hidden: int, window: int | None, inputs: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each node's senders begin, and the senders, as a `Network` has them.

    inputs  those that are heard, numbered from 0, ascending; None: all
    Raises `UsageError` and `CapacityError` as `check_size` does.
    """
    n_nodes = 1 + n_inputs + hidden + n_outputs
    n_heard = n_inputs if inputs is None else len(inputs)
    what = f"{n_inputs} inputs, {hidden} hidden nodes and {n_outputs} outputs"
    check_size(what, n_nodes, n_free_edges(n_heard, n_outputs, hidden, window))
    heard = np.arange(1, n_inputs + 1) if inputs is None else inputs + 1
    below = np.r_[CONSTANT, heard].astype(np.int32)
    nodes = np.arange(n_inputs + 1, n_inputs + 1 + hidden, dtype=np.int32)
    reach = hidden if window is None else window
    fan_ins = [np.r_[below, nodes[max(0, place - reach) : place]] for place in range(hidden)]
    fan_ins += [np.r_[below, nodes]] * n_outputs
    ends = np.cumsum([len(senders) for senders in fan_ins])
    return np.r_[np.zeros(n_inputs + 2, dtype=np.int64), ends], np.concatenate(fan_ins)
