"""`btfnet export NET.sol OUT --data ITEMS`: a network that others trained, as a circuit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from btfnet.cli.console import plural, say, warn
from btfnet.engines.completion.from_float_weights import circuit_from_weights
from btfnet.engines.completion.integer import LARGEST
from btfnet.errors import DataError, UsageError
from btfnet.formats.authors.net import read_network
from btfnet.formats.by_suffix import read_items
from btfnet.formats.csv.layout import Layout
from btfnet.logic.circuit import Circuit
from btfnet.logic.verify import training_fit, verify_items

SUFFIXES = (".sol", ".net")
MOST_DOUBTS = 5


def circuit_of_network(path: str, data: str | None, layout: Layout) -> Circuit:
    """The circuit that gives the network's own outputs at every item; says on standard error what it is worth.

    Raises `UsageError` without items, `DataError` when the items do not fit, or when there is a node that no
    small integer weights reproduce.
    """
    if data is None:
        raise UsageError(
            f"{path} holds float weights; name the items that the network was trained on with --data, "
            f"so that gates can be found that agree with it on them."
        )
    network, weights = read_network(path)
    items = read_items(data, n_inputs=network.n_inputs, layout=layout)
    if items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        raise DataError(f"{data}: the inputs are {kind}, but gates can only be found for given bits.")
    if items.n_outputs != network.n_outputs:
        raise DataError(
            f"{data}: the items have {items.n_outputs} outputs, but the network of {path} has "
            f"{network.n_outputs}; name the items that it was trained on."
        )
    inputs = items.inputs.astype(int)
    gates = circuit_from_weights(network, weights, inputs, name=Path(path).stem)
    if not gates.exact:
        listed = "\n".join(gates.doubts[:MOST_DOUBTS])
        more = f"\nAnd {len(gates.doubts) - MOST_DOUBTS} more." if len(gates.doubts) > MOST_DOUBTS else ""
        raise DataError(
            f"{path}: {plural(len(gates.doubts), 'node')} of {gates.n_nodes} could not be made gates that agree "
            f"with the network on {data}; nothing was written.\n{listed}{more}"
        )
    say(
        f"{path}: {plural(gates.n_nodes, 'node')}, of {gates.proven} the gate is proven the smallest on these "
        f"items (weights up to {LARGEST}); the circuit gives the network's outputs at all {items.n_items} items.",
        err=True,
    )
    circuit = gates.circuit
    if items.input_names and items.output_names:
        circuit = circuit.named(inputs=items.input_names, outputs=items.output_names)
    verdict = verify_items(circuit, inputs, items.outputs, items.care)
    if not verdict.exact:
        warn(f"like the network, {verdict}")
    return replace(circuit, training=training_fit(circuit, inputs, items.outputs, items.care))
