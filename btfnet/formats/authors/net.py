"""`.net` and `.sol`: a network with weights, the format of the authors' research program. See net.md."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import PATH, a, need, path_first
from btfnet.errors import DataError, FormatError
from btfnet.files.atomic import write_text
from btfnet.files.text import Words
from btfnet.problem.network import Network
from btfnet.problem.values import numbers
from btfnet.problem.widths import MAX_NODES

_FIRST = 4
"""Index of the first word after the header."""
_SPARE_NODES = 1_000_000
"""Inputs that no edge mentions, at most: a header of a few bytes must not make a huge network."""


def read_network(path: str | os.PathLike[str]) -> tuple[Network, NDArray[np.float64]]:
    """The network of a `.net` or `.sol` file and its weights: float64, (n_edges,), in the network's order.

    Bias edges are those of the file; a node without one is allowed. Raises `FormatError` as net.md lists it.
    """
    need("read_network", path=(path, PATH))
    words = Words(path)
    n_nodes, n_inputs, n_outputs = _header(words)
    receivers, senders = _nodes(words, 0, n_nodes), _nodes(words, 1, n_nodes)
    weights = words.numbers(_FIRST + 2, 3)
    _check_edges(words, n_inputs, receivers, senders)
    order = np.lexsort((senders, receivers))
    receivers, senders = receivers[order], senders[order]
    twice = np.flatnonzero((np.diff(receivers) == 0) & (np.diff(senders) == 0))
    if twice.size:
        edge = max(order[twice[0]], order[twice[0] + 1])
        _fail(
            words,
            edge,
            f"node {receivers[twice[0]]} listens to node {senders[twice[0]]} twice; give each edge once.",
        )
    sizes = np.bincount(receivers, minlength=n_nodes)
    silent = np.flatnonzero(sizes[n_inputs:] == 0)
    if silent.size:
        raise FormatError(
            path, 1, f"node {silent[0] + n_inputs} has no edge; give every threshold node a sender."
        )
    start = np.concatenate([[0], np.cumsum(sizes)])
    try:
        return Network(n_nodes, n_inputs - 1, n_outputs, start, senders.astype(np.int32)), weights[order]
    except DataError as error:
        raise FormatError(path, 1, str(error)) from error


def write_network(path: str | os.PathLike[str], network: Network, weights: ArrayLike) -> None:
    """Write a network and its weights, (n_edges,), so that reading gives the same float64 values.

    Raises `DataError` for weights of a wrong shape or not finite, and for a network that grows or shares
    gates, `OutputError` when it cannot be written.
    """
    path_first("write_network", path, network=(network, a(Network)))
    if network.grows:
        raise DataError(f"{path}: the network has no hidden nodes yet; write the one that a search found.")
    if network.shared is not None:
        raise DataError(f"{path}: the file cannot say which nodes share a gate; write network.apart().")
    values = numbers(f"{path}: weights", weights)
    if values.shape != (network.n_edges,) or not np.isfinite(values).all():
        raise DataError(
            f"{path}: weights of the shape {values.shape}, {int((~np.isfinite(values)).sum())} of them not "
            f"finite; expected {network.n_edges} finite numbers, one for each edge."
        )
    write_text(path, to_text((network, values)))


def to_text(network_and_weights: tuple[Network, NDArray[np.float64]]) -> str:
    """The text of the file."""
    network, values = network_and_weights
    lines = [f"{network.n_nodes} {network.n_inputs + 1} {network.n_outputs} {network.n_edges}"]
    edges = zip(network.edge_receiver.tolist(), network.fan_in.tolist(), values.tolist(), strict=True)
    lines += [f"{receiver} {sender} {weight!r}" for receiver, sender, weight in edges]
    return "\n".join(lines) + "\n"


def _header(words: Words) -> tuple[int, int, int]:
    n_nodes = words.whole(0, "the number of nodes, the constant node 0 counted", 3, MAX_NODES)
    n_inputs = words.whole(1, "the number of inputs, the constant node 0 counted", 2, n_nodes - 1)
    n_outputs = words.whole(2, "the number of outputs", 1, n_nodes - n_inputs)
    n_edges = words.whole(3, "the number of edges", 1, MAX_NODES)
    found = len(words) - _FIRST
    if found != 3 * n_edges:
        raise FormatError(
            words.path,
            words.line(_FIRST + min(3 * n_edges, found)),
            f"found {found} values after the header, expected {3 * n_edges} (receiver, sender and weight of "
            f"{n_edges} edges); a count in the header is wrong, or the file is cut short.",
        )
    if n_nodes - n_inputs > n_edges or n_nodes > n_edges + _SPARE_NODES:
        words.fail(0, f"{n_nodes} nodes, {n_inputs} of them inputs, are too many for {n_edges} edges.")
    return n_nodes, n_inputs, n_outputs


def _nodes(words: Words, column: int, n_nodes: int) -> NDArray[np.int64]:
    """The receivers (column 0) or senders (column 1) of all edges; int64, (n_edges,)."""
    values = words.numbers(_FIRST + column, 3)
    wrong = np.flatnonzero((values < 0) | (values >= n_nodes) | (values != np.floor(values)))
    if wrong.size:
        words.fail(
            _FIRST + 3 * int(wrong[0]) + column, f"expected a node, a whole number from 0 to {n_nodes - 1}."
        )
    return values.astype(np.int64)


def _check_edges(
    words: Words, n_inputs: int, receivers: NDArray[np.int64], senders: NDArray[np.int64]
) -> None:
    to_input = np.flatnonzero(receivers < n_inputs)
    if to_input.size:
        node = receivers[to_input[0]]
        what = f"node {node}, which is {'an input' if node else 'the constant'}"
        _fail(words, to_input[0], f"an edge ends at {what}; threshold nodes start at {n_inputs}.")
    backward = np.flatnonzero(senders >= receivers)
    if backward.size:
        edge = backward[0]
        _fail(
            words,
            edge,
            f"node {receivers[edge]} listens to node {senders[edge]}, but every sender must come before its "
            f"receiver; renumber the nodes so that they do.",
        )


def _fail(words: Words, edge: np.int64, message: str) -> None:
    raise FormatError(words.path, words.line(_FIRST + 3 * int(edge)), message)
