"""What `btfnet inspect` says of a circuit, a classifier, and a truth table, as plain values and in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from btfnet.cli.console import number, plural
from btfnet.cli.reports.search_report import training_record
from btfnet.committee.classifier import Classifier
from btfnet.engines.completion.evidence import NodeEvidence, kind_in_words, size_of, weights_of
from btfnet.errors import DataError, UsageError
from btfnet.files.strict_json import as_json
from btfnet.formats.pla.reader import read_table
from btfnet.formats.pla.table_items import too_large
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed.sharing import effort_report, effort_words
from btfnet.logic.packed_model import PackedModel
from btfnet.logic.truth_table import EITHER, OFF, ON, OPEN, Table
from btfnet.synthesis.costs import Figures, figures

LARGEST_JSON_INTEGER = 2**53
MOST_GATES_FOR_EFFORT = 5000
"""Spanning trees over more gates take seconds."""


def describe(circuit: Circuit) -> dict[str, Any]:
    """The facts that need no data, as plain values."""
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
        "training": training_record(circuit),
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


def evidence_facts(node: NodeEvidence) -> dict[str, Any]:
    """What the items say of one gate."""
    return {
        "support_bound": node.bound,
        "patterns_seen": node.patterns,
        "patterns_possible": node.possible if node.possible <= LARGEST_JSON_INTEGER else None,
        "forced": node.forced,
        "choices": node.choices,
        "choices_at_least": node.more,
        "least_size": node.least_size,
        "verdict": node.verdict,
    }


# -- in words ----------------------------------------------------------------------------------------------


def in_words(circuit: Circuit, facts: dict[str, Any], meaning: list[str]) -> str:
    """The facts as text, what the circuit means, and its gates."""
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
    lines += meaning
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


def inspected_classifier(classifier: Classifier, model: str, *, more: bool, json: bool) -> str:
    """What is printed about it."""
    export = f"btfnet export {model} circuit.json"
    if more:
        raise UsageError(
            f"{model}: --data, --exact and --draw look at single gates, of which a committee has thousands; "
            f"inspect the circuit behind its comparisons: {export}."
        )
    circuit = classifier.model.to_circuit()
    facts = {
        "name": classifier.name,
        "inputs": classifier.n_inputs,
        "input_kind": str(classifier.input_kind),
        "comparisons": circuit.n_inputs,
        "classes": list(classifier.class_names),
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "training": training_record(circuit),
    }
    if json:
        return as_json(facts)
    return "\n".join([
        f"Name      {classifier.name}",
        f"Inputs    {plural(classifier.n_inputs, 'input')} ({classifier.input_kind}), of which "
        f"{plural(circuit.n_inputs, 'comparison')} make bits",
        f"Classes   {', '.join(classifier.class_names)}",
        f"Gates     {', '.join(f'{number(count)} {kind}' for kind, count in circuit.counts().items())}",
        f"Depth     {circuit.depth}",
        *([] if circuit.training is None else [f"Training  {circuit.training}"]),
        f"\nThe circuit behind the comparisons: {export}",
    ])  # fmt: skip


OUTPUTS_SHOWN = 32


def inspected_table(path: str, *, json: bool) -> str:
    """What is printed about the table of a file."""
    facts = table_facts(read_table(path))
    return as_json(facts) if json else "\n".join(table_words(facts))


def table_facts(table: Table) -> dict[str, Any]:
    circuit = table.circuit()
    used = (table.cubes != EITHER).any(axis=0).tolist()
    rest = {ON: "true", OFF: "false", OPEN: "open"}[table.rest]
    sets = (("on", ON), ("off", OFF), ("open", OPEN))
    counts = {key: (table.marks & kind > 0).sum(axis=0).tolist() for key, kind in sets}
    return {
        "name": table.name,
        "table": table.source,
        "inputs": table.n_inputs,
        "outputs": table.n_outputs,
        "lines": table.n_lines,
        "signs": int((table.cubes != EITHER).sum()),
        "elsewhere": rest,
        "unused_inputs": [
            name for name, is_used in zip(circuit.input_names, used, strict=True) if not is_used
        ],
        "lines_of_outputs": [
            {"output": name, **{key: counts[key][index] for key, _ in sets}}
            for index, name in enumerate(circuit.output_names)
        ],
        "gates": len(circuit.gates),
        "too_large_for_items": too_large(table),
    }


def table_words(facts: dict[str, Any]) -> list[str]:
    why = facts["too_large_for_items"]
    lines = [
        f"Name      {facts['name']}",
        f"Table     {facts['table']}: {plural(facts['inputs'], 'input')}, {plural(facts['outputs'], 'output')}, "
        f"{plural(facts['lines'], 'line')} with {plural(facts['signs'], 'literal')}",
        f"Elsewhere outputs that no line speaks of are {facts['elsewhere']}",
        f"Circuit   {plural(facts['gates'], 'gate')}: an And for each line, an Or for each output",
        f"Items     {'can be listed: solve --data learns from them' if why is None else f'too many: {why}'}",
    ]
    if facts["unused_inputs"]:
        lines.append(f"Unused    {', '.join(facts['unused_inputs'][:OUTPUTS_SHOWN])}")
    outputs = facts["lines_of_outputs"]
    width = max(6, *(len(output["output"]) for output in outputs[:OUTPUTS_SHOWN]))
    lines += ["", f"{'output':<{width}}  {'true':>6} {'false':>6} {'open':>6}  lines"]
    for output in outputs[:OUTPUTS_SHOWN]:
        lines.append(f"{output['output']:<{width}}  {output['on']:>6} {output['off']:>6} {output['open']:>6}")
    if len(outputs) > OUTPUTS_SHOWN:
        lines.append(f"… {len(outputs) - OUTPUTS_SHOWN} more; --json lists all")
    return lines
