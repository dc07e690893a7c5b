"""`btfnet inspect`: what a network is."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.cli.commands.why import explained
from btfnet.cli.commands.words import spoken
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
from btfnet.cli.reports.meaning import influence_facts, meaning_words, name_facts
from btfnet.cli.runs.saved import training_items, training_sigma
from btfnet.committee.classifier import Classifier
from btfnet.engines.completion.evidence import evidence
from btfnet.errors import UsageError
from btfnet.explaining.identify import identify
from btfnet.explaining.influence import influence
from btfnet.files.strict_json import as_json
from btfnet.formats.tables.reading import read_table
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import warm_up_circuits
from btfnet.problem.items import Items
from btfnet.tables.model import TableModel

SECONDS = 2.0
"""For proofs of names, and as many for proofs that inputs have no effect."""


def run(
    model: str,
    data: str | None,
    exact: bool,
    why: str | None,
    words: bool,
    output: tuple[str, ...],
    time_limit: float | None,
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
    if output and why is None:
        raise UsageError("--output names what --why explains; add it.")
    if why is not None:
        if exact or words:
            other = "--exact judges gates" if exact else "--words tells rules"
            raise UsageError(f"{other}, --why explains an item; ask for one of them.")
        given: Any = {"data": data, "draw": draw, "json": json, "reading": reading}
        (say if json else show_report)(explained(model, why, outputs=output, seconds=time_limit, **given))
        return
    if words:
        if exact or data is not None or draw is not None:
            raise UsageError(
                "--words tells the rules of the circuit; --exact, --data and --draw do not go with it."
            )
        say(spoken(model, json=json, reading=reading))
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
    judged, inputs = _evidence(circuit, model, data, reading, items, exact=exact)
    seconds = SECONDS if time_limit is None else time_limit
    names, matters = identify(circuit, seconds=seconds), influence(circuit, inputs, seconds=seconds)
    facts = describe(circuit) | judged | name_facts(circuit, names) | influence_facts(circuit, matters)
    for btf, verdict in zip(facts["btfs"], facts.pop("verdicts") or (), strict=False):
        btf |= evidence_facts(verdict)
    text = as_json(facts) if json else in_words(circuit, facts, meaning_words(circuit, names, matters))
    (say if json else show_report)(text)


def _evidence(
    circuit: Circuit, model: str, data: str | None, reading: Reading, items: Items | None, *, exact: bool
) -> tuple[dict[str, Any], NDArray[np.int8] | None]:
    """σ, the number of items, the verdicts of the gates, or why there are none; and the items' inputs."""
    sigma = training_sigma(model)
    facts: dict[str, Any] = {"sigma": sigma, "items": None, "no_evidence": None, "verdicts": None}
    if items is None:
        items = training_items(model) if data is None else load_items(data, circuit, reading)
    if items is None:
        reason = "there are no training items beside the circuit; name some with --data"
        return facts | {"no_evidence": reason}, None
    if data is None and items.input_kind != "bits":
        kind = items.input_kind.replace("_", " ")
        return facts | {"no_evidence": f"the run's inputs are {kind}; name items of bits with --data"}, None
    inputs, _ = boolean_items(items, circuit, data or "the training items")
    warm_up_circuits()
    verdicts = evidence(circuit, inputs, care=items.care, sigma=sigma, exact=exact)
    return facts | {"items": items.n_items, "verdicts": verdicts}, inputs
