"""`btfnet inspect`: what a network is."""

from __future__ import annotations

from typing import Any

from btfnet.cli.commands.why import explained
from btfnet.cli.console import say, show_report
from btfnet.cli.inputs.models import Reading, boolean_items, is_table, load_items, load_predictor
from btfnet.cli.inputs.tables import encoded_items
from btfnet.cli.outputs import check_circuit, check_output, put_circuit
from btfnet.cli.reports.circuit_facts import (
    describe,
    evidence_facts,
    in_words,
    inspected_classifier,
    inspected_table,
)
from btfnet.cli.runs.saved import training_items, training_sigma
from btfnet.committee.classifier import Classifier
from btfnet.engines.completion.evidence import evidence
from btfnet.errors import UsageError
from btfnet.files.strict_json import as_json
from btfnet.formats.tables.reading import read_table
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import warm_up_circuits
from btfnet.problem.items import Items
from btfnet.tables.model import TableModel


def run(
    model: str,
    data: str | None,
    exact: bool,
    why: int | None,
    json: bool,
    draw: str | None,
    force: bool,
    **options: Any,
) -> None:
    """As `btfnet inspect` is declared."""
    reading = Reading.asked(**options)
    if draw is not None:
        if not draw.lower().endswith((".svg", ".png")):
            raise UsageError(
                f"--draw is {draw!r}, but drawings are .svg or .png; for netlists use btfnet export."
            )
        check_output(draw, (model, data))
        check_circuit(draw, force=force)
    if data is None and not reading.is_default:
        raise UsageError("--separator, --header, --by-name and --by-position belong to --data; add it.")
    if why is not None:
        if exact:
            raise UsageError("--exact judges gates, --why explains an item; ask for one of them.")
        say(explained(model, why, data=data, draw=draw, json=json, reading=reading))
        return
    if is_table(model) and data is None and draw is None and not exact:
        say(inspected_table(model, json=json))
        return
    circuit = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(circuit, Classifier):
        say(inspected_classifier(circuit, model, more=bool(data or exact or draw), json=json))
        return
    items = None
    if isinstance(circuit, TableModel):
        items = None if data is None else encoded_items(circuit, read_table(data, reading.layout))
        circuit = circuit.circuit
    if draw is not None:
        put_circuit(draw, circuit, force=force)
    facts = describe(circuit) | _evidence(circuit, model, data, reading, items, exact=exact)
    for btf, verdict in zip(facts["btfs"], facts.pop("verdicts") or (), strict=False):
        btf |= evidence_facts(verdict)
    (say if json else show_report)(as_json(facts) if json else in_words(circuit, facts))


def _evidence(
    circuit: Circuit, model: str, data: str | None, reading: Reading, items: Items | None, *, exact: bool
) -> dict[str, Any]:
    """σ, the number of items, the verdicts of the gates, or why there are none."""
    sigma = training_sigma(model)
    facts: dict[str, Any] = {"sigma": sigma, "items": None, "no_evidence": None, "verdicts": None}
    if items is None:
        items = training_items(model) if data is None else load_items(data, circuit, reading)
    if items is None:
        return facts | {
            "no_evidence": "there are no training items beside the circuit; name some with --data"
        }
    if data is None and items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        return facts | {"no_evidence": f"the run's inputs are {kind}; name items of bits with --data"}
    inputs, _ = boolean_items(items, circuit, data or "the training items")
    warm_up_circuits()
    verdicts = evidence(circuit, inputs, care=items.care, sigma=sigma, exact=exact)
    return facts | {"items": items.n_items, "verdicts": verdicts}
