"""Networks that others trained: their float weights as a circuit, checked on the items that are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import TEXT, a, need, number
from btfnet.engines.completion.fit import TargetBits
from btfnet.engines.completion.rationalise import ALL_SECONDS, rationalise
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit
from btfnet.problem.network import Network
from btfnet.problem.values import booleans, numbers

SIGMA = 3.0
"""Gates that are tried before the integer program: Copy, Not, And, Or and Maj3."""


@dataclass(frozen=True)
class Rational:
    """A network of threshold functions with integer weights, as a circuit.

    circuit    simplified; exact when it gives the network's own outputs at every item
    weights    int64, (n_edges,)
    proven     nodes whose gate is proven the smallest, of n_nodes
    doubts     sentences naming the nodes that no gate reproduces; none when exact
    """

    circuit: Circuit
    weights: NDArray[np.int64]
    proven: int
    n_nodes: int
    doubts: tuple[str, ...]
    exact: bool


def circuit_from_weights(
    network: Network,
    weights: NDArray[np.float64],
    inputs: ArrayLike,
    *,
    name: str = "network",
    seconds: float = ALL_SECONDS,
) -> Rational:
    """The circuit that computes what a network with float weights computes, at every one of the items.

    weights  float, (n_edges,), of any norm and any σ; a node is +1 where its w·x is above 0
    inputs   (n_items, n_inputs): 0/1, ±1 or bool; the items that the network was trained on, say
    seconds  for all integer programs together

    Every node gets the smallest integer weights that reproduce it on the patterns seen at these items. Of other
    inputs nothing is promised, unless the items are all there are. Raises `DataError` for shapes that do not fit.
    """
    need(
        "circuit_from_weights",
        network=(network, a(Network, "a Network; formats.read_network gives it together with the weights")),
        name=(name, TEXT),
        seconds=(seconds, number(0, 1e9)),
    )
    weights = numbers(f"{name}: weights", weights)
    rows = booleans(inputs, f"{name}: inputs")
    if rows.shape[1] != network.n_inputs:
        raise DataError(
            f"{name}: the items have {rows.shape[1]} inputs, but the network has {network.n_inputs}; "
            f"give the items that it was trained on."
        )
    if not len(rows):
        raise DataError(f"{name}: there are no items; give at least one.")
    if np.shape(weights) != (network.n_edges,):
        raise DataError(
            f"{name}: weights of the shape {np.shape(weights)}, but the network has {network.n_edges} edges; "
            f"give one weight for each."
        )
    values = _inferred(network, np.asarray(weights, dtype=np.float64), rows)
    n_hidden = network.n_btf - network.n_outputs
    sheet = TargetBits.of(network, rows > 0, values[:n_hidden].T, values[n_hidden:].T)
    found = rationalise(network, weights, sheet, SIGMA, seconds=seconds)
    completion = found.completion
    return Rational(
        completion.circuit(name).simplified(),
        completion.weights,
        int(found.proven[network.n_inputs + 1 :].sum()),
        network.n_btf,
        () if completion.exact else found.doubts,
        completion.exact,
    )


def _inferred(network: Network, weights: NDArray[np.float64], rows: NDArray[np.int8]) -> NDArray[np.bool_]:
    """What every threshold node gives, in float64 throughout; bool, (n_btf, n_items)."""
    values = np.full((network.n_nodes, len(rows)), -1.0)
    values[1 : network.n_inputs + 1] = rows.T
    for node in network.btf_nodes:
        values[node] = np.where(weights[network.edges(node)] @ values[network.senders(node)] > 0, 1.0, -1.0)
    return values[network.n_inputs + 1 :] > 0
