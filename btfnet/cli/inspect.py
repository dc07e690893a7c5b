"""`btfnet inspect`: what a network is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from btfnet.cli.words import as_json, plural

if TYPE_CHECKING:
    from btfnet.circuit import Circuit


@click.command(short_help="Show nodes, gates, depth, sharing and supports.")
@click.argument("model")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option("--draw", metavar="OUT.svg", help="Draw the circuit too.")
def command(model: str, json: bool, draw: str | None) -> None:
    """Show what a circuit is: nodes, gates by kind, depth, sharing, and the support of each gate.

    MODEL is the directory of a run or a circuit's file. The support of a gate is the number of nodes that it
    listens to; a node is shared when more than one gate or output listens to it.

    \b
    Examples:
      btfnet inspect runs/multiplier
      btfnet inspect multiplier.blif --draw multiplier.svg
    """
    from btfnet.cli.models import load_circuit, write_circuit
    from btfnet.errors import UsageError

    if draw is not None and not draw.lower().endswith(".svg"):
        raise UsageError(f"--draw is {draw!r}, but drawings are .svg files; for netlists use btfnet export.")
    circuit = load_circuit(model)
    if draw is not None:
        write_circuit(draw, circuit)
    facts = describe(circuit)
    click.echo(as_json(facts) if json else _words(circuit, facts))


def describe(circuit: Circuit) -> dict[str, Any]:
    """The facts as plain values."""
    listeners = fan_out(circuit)
    first = circuit.n_inputs + 1
    inputs = enumerate(circuit.input_names, start=1)
    return {
        "name": circuit.name,
        "inputs": circuit.n_inputs,
        "outputs": circuit.n_outputs,
        "nodes": circuit.n_nodes,
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "shared_gates": sum(listeners[node] > 1 for node in range(first, circuit.n_nodes + 1)),
        "unused_inputs": [name for node, name in inputs if not listeners[node]],
        "btfs": [
            {
                "node": node,
                "kind": gate.kind,
                "support": len(set(map(abs, gate.literals))),
                "literals": len(gate.literals),
                "level": int(circuit.levels[node]),
                "listeners": listeners[node],
            }
            for node, gate in enumerate(circuit.gates, start=first)
        ],
    }


def fan_out(circuit: Circuit) -> Counter[int]:
    """How many gates and outputs listen to each node."""
    listeners = Counter(node for gate in circuit.gates for node in set(map(abs, gate.literals)))
    listeners.update(map(abs, circuit.outputs))
    return listeners


def _words(circuit: Circuit, facts: dict[str, Any]) -> str:
    btfs = facts["btfs"]
    sizes = sorted(Counter(btf["support"] for btf in btfs).items())
    supports = ", ".join(f"{plural(count, 'gate')} of {size}" for size, count in sizes)
    kinds = ", ".join(f"{count} {kind}" for kind, count in facts["gates"].items()) or "none"
    lines = [
        f"Name      {circuit.name}",
        f"Nodes     {plural(circuit.n_inputs, 'input')}, {plural(len(btfs), 'gate')}, "
        f"{plural(circuit.n_outputs, 'output')}",
        f"Gates     {kinds}",
        f"Depth     {facts['depth']}",
        f"Sharing   {facts['shared_gates']} of {plural(len(btfs), 'gate')} have more than one listener",
        f"Supports  {supports or 'none'}",
    ]
    if facts["unused_inputs"]:
        lines.append(f"Unused    {', '.join(facts['unused_inputs'])}")
    if btfs:
        lines += ["", f"{'node':>6} {'kind':<10} {'support':>7} {'level':>6} {'listeners':>9}"]
    lines += [
        f"{btf['node']:>6} {btf['kind']:<10} {btf['support']:>7} {btf['level']:>6} {btf['listeners']:>9}"
        for btf in btfs
    ]
    return "\n".join([*lines, "", str(circuit)])
