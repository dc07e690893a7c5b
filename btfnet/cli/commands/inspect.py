"""`btfnet inspect`: what a network is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from btfnet.cli.app import say
from btfnet.cli.inputs.latches import cut_latches_option
from btfnet.cli.inputs.tables import Reading, reading_options
from btfnet.cli.outputs.outputs import check_circuit, check_output, force_option, put_circuit
from btfnet.cli.reports.humanize import as_json, plural

if TYPE_CHECKING:
    from btfnet.engines.completion.evidence import NodeEvidence
    from btfnet.logic.circuit import Circuit

LARGEST_JSON_INTEGER = 2**53
MOST_GATES_FOR_EFFORT = 5000
"""Spanning trees over more gates take seconds."""


@click.command(short_help="Show nodes, gates, depth, sharing and supports.")
@click.argument("model")
@click.option(
    "--data", metavar="FILE", help="Items to judge the gates by, in place of the run's training items."
)
@click.option("--exact", is_flag=True, help="Decide large gates too, by integer programs: up to two minutes.")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option("--draw", metavar="OUT.svg|OUT.png", help="Draw the circuit too.")
@reading_options
@cut_latches_option
@force_option
def command(
    model: str,
    data: str | None,
    exact: bool,
    json: bool,
    draw: str | None,
    options: Reading,
    force: bool,
) -> None:
    """Show what a circuit is: nodes, gates by kind, depth, sharing; and of each gate what the data say.

    MODEL is the directory of a run or a circuit's file. A gate's support is the number of nodes that it listens
    to, and the bias, if it has one; the bound is the support theorem's for the run's sigma. A gate is forced if
    the items show it all patterns of its senders and no other gate as small, over nodes at lower levels, agrees
    with it on them; the gates below it being what they are. A node is shared when more than one gate or output
    listens to it.

    Of a truth table (.pla) the lines are counted instead. --draw replaces a drawing that btfnet made.

    \b
    Examples:
      btfnet inspect runs/multiplier
      btfnet inspect runs/adder --exact --json
      btfnet inspect multiplier.blif --data items.csv --draw multiplier.png
    """
    from btfnet.cli.inputs.models import is_table, load_predictor
    from btfnet.committee.classifier import Classifier
    from btfnet.errors import UsageError

    if draw is not None and not draw.lower().endswith((".svg", ".png")):
        raise UsageError(
            f"--draw is {draw!r}, but drawings are .svg or .png; for netlists use btfnet export."
        )
    if draw is not None:
        check_output(draw, (model, data))
        check_circuit(draw, force=force)
    if data is None and not options.is_default:
        raise UsageError("--separator, --header, --by-name and --by-position belong to --data; add it.")
    if is_table(model) and data is None and draw is None and not exact:
        from btfnet.cli.commands.inspect_table import inspected as inspected_table

        say(inspected_table(model, json=json))
        return
    circuit = load_predictor(model)
    if isinstance(circuit, Classifier):
        from btfnet.cli.commands.committee import inspected

        say(inspected(circuit, model, more=bool(data or exact or draw), json=json))
        return
    if draw is not None:
        put_circuit(draw, circuit, force=force)
    facts = describe(circuit) | _evidence(circuit, model, data, options, exact=exact)
    for btf, found in zip(facts["btfs"], facts.pop("found") or (), strict=False):
        btf |= _as_facts(found)
    say(as_json(facts) if json else _words(circuit, facts))


def describe(circuit: Circuit) -> dict[str, Any]:
    """The facts that need no data, as plain values."""
    from btfnet.engines.completion.evidence import kind_in_words, size_of, weights_of
    from btfnet.synthesis.costs import figures

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
        "training": None if circuit.training is None else circuit.training.as_dict(),
        "hardware": figures(circuit).as_dict(),
        "effort": _effort(circuit),
        "shared_gates": sum(listeners[node] > 1 for node in range(first, circuit.n_nodes + 1)),
        "unused_inputs": [name for node, name in inputs if not listeners[node]],
        "btfs": [
            {
                "node": node,
                "kind": gate.kind,
                "gate": kind_in_words(gate),
                "support": len(set(map(abs, gate.literals))),
                "support_with_bias": len(weights_of(gate)),
                "size": size_of(gate),
                "literals": len(gate.literals),
                "level": int(circuit.levels[node]),
                "listeners": listeners[node],
            }
            for node, gate in enumerate(circuit.gates, start=first)
        ],
    }


def _effort(circuit: Circuit) -> dict[str, Any] | None:
    """Operations of the packed model for one item; None for what it cannot hold, or for very many gates."""
    from btfnet.errors import DataError
    from btfnet.logic.packed.model import PackedModel
    from btfnet.logic.packed.report import effort_report

    if len(circuit.gates) > MOST_GATES_FOR_EFFORT:
        return None
    try:
        return effort_report(PackedModel.from_circuit(circuit))
    except DataError:
        return None


def fan_out(circuit: Circuit) -> Counter[int]:
    """How many gates and outputs listen to each node."""
    listeners = Counter(node for gate in circuit.gates for node in set(map(abs, gate.literals)))
    listeners.update(map(abs, circuit.outputs))
    return listeners


# -- what the data say -------------------------------------------------------------------------------------


def _evidence(
    circuit: Circuit, model: str, data: str | None, options: Reading, *, exact: bool
) -> dict[str, Any]:
    """σ, the number of items, the verdicts of the gates, or why there are none."""
    from btfnet.cli.compiling.prepare import warm_up_circuits
    from btfnet.cli.inputs.models import boolean_items, load_items
    from btfnet.cli.runs.run_folder import training_items, training_sigma
    from btfnet.engines.completion.evidence import evidence

    sigma = training_sigma(model)
    facts: dict[str, Any] = {"sigma": sigma, "items": None, "no_evidence": None, "found": None}
    items = training_items(model) if data is None else load_items(data, circuit, options)
    if items is None:
        return facts | {
            "no_evidence": "there are no training items beside the circuit; name some with --data"
        }
    if data is None and items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        return facts | {"no_evidence": f"the run's inputs are {kind}; name items of bits with --data"}
    inputs, _ = boolean_items(items, circuit, data or "the training items")
    warm_up_circuits()
    found = evidence(circuit, inputs, care=items.care, sigma=sigma, exact=exact)
    return facts | {"items": items.n_items, "found": found}


def _as_facts(found: NodeEvidence) -> dict[str, Any]:
    return {
        "support_bound": found.bound,
        "patterns_seen": found.patterns,
        "patterns_possible": found.possible if found.possible <= LARGEST_JSON_INTEGER else None,
        "forced": found.forced,
        "choices": found.choices,
        "choices_at_least": found.more,
        "least_size": found.least_size,
        "verdict": found.verdict,
    }


# -- in words ----------------------------------------------------------------------------------------------


def _words(circuit: Circuit, facts: dict[str, Any]) -> str:
    from btfnet.logic.packed.report import effort_words
    from btfnet.synthesis.costs import Figures

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
        *([] if circuit.training is None else [f"Training  {circuit.training}"]),
        f"Hardware  {Figures(**facts['hardware'])}",
        *([f"Effort    {line}" for line in effort_words(facts["effort"])] if facts["effort"] else []),
        f"Sharing   {facts['shared_gates']} of {plural(len(btfs), 'gate')} have more than one listener",
        f"Supports  {supports or 'none'}",
    ]
    if facts["unused_inputs"]:
        lines.append(f"Unused    {', '.join(facts['unused_inputs'])}")
    lines.append(f"Data      {_data(facts)}")
    if btfs:
        lines += ["", *_table(btfs)]
    return "\n".join([*lines, "", str(circuit)])


def _data(facts: dict[str, Any]) -> str:
    if facts["no_evidence"]:
        return f"not known: {facts['no_evidence']}"
    verdicts = Counter(_group(btf["verdict"]) for btf in facts["btfs"])
    own = (
        ", judged by their own values, wrong ones too" if (facts["training"] or {}).get("wrong_bits") else ""
    )
    return f"{plural(facts['items'], 'item')}; of the gates {_listed(verdicts) or 'none'}{own}"


def _group(verdict: str) -> str:
    return "one of several" if verdict.startswith("one of") else verdict


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.most_common())


def _table(btfs: list[dict[str, Any]]) -> list[str]:
    """A row for each gate; patterns and verdict only where there are items."""
    width = max(12, *(len(btf["gate"]) for btf in btfs))
    known = "verdict" in btfs[0]
    heading = f"{'node':>6}  {'gate':<{width}}  {'support':<10} {'level':>5} {'listeners':>9}"
    lines = [heading + (f"  {'bound':>5}  {'patterns seen':<16} verdict" if known else "")]
    for btf in btfs:
        support = f"{btf['support']}{' + bias' if btf['support_with_bias'] > btf['support'] else ''}"
        line = (
            f"{btf['node']:>6}  {btf['gate']:<{width}}  {support:<10} {btf['level']:>5} {btf['listeners']:>9}"
        )
        if known:
            bound = "–" if btf["support_bound"] is None else btf["support_bound"]
            seen = f"{btf['patterns_seen']} of {_power(btf['support'])}"
            line += f"  {bound:>5}  {seen:<16} {btf['verdict']}"
        lines.append(line)
    return lines


def _power(exponent: int) -> str:
    return str(1 << exponent) if exponent <= 20 else f"2^{exponent}"
