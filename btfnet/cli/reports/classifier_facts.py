"""What `btfnet inspect` says of a classifier: thousands of gates, so only what they are together."""

from __future__ import annotations

from btfnet.cli.reports.humanize import as_json, number, plural
from btfnet.cli.reports.training_record import training_record
from btfnet.committee.classifier import Classifier
from btfnet.errors import UsageError


def inspected(classifier: Classifier, model: str, *, more: bool, json: bool) -> str:
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
