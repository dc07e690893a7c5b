"""`btfnet inspect`: what a network is."""

from __future__ import annotations

from dataclasses import dataclass, fields
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


def run(model: str, **options: Any) -> None:
    """As `btfnet inspect` is declared."""
    names = ("separator", "header", "by_name", "by_position", "cut_latches")
    reading = Reading.asked(**{name: options[name] for name in names})
    asked = Asked(model, reading, **{field.name: options[field.name] for field in fields(Asked)[2:]})
    asked.check(force=options["force"])
    if asked.why is not None:
        given: Any = {"data": asked.data, "draw": asked.draw, "json": asked.json, "reading": reading}
        text = explained(model, asked.why, outputs=asked.output, seconds=asked.time_limit, **given)
        (say if asked.json else show_report)(text)
    elif asked.words:
        say(spoken(model, json=asked.json, reading=reading))
    elif is_table(model) and asked.data is None and asked.draw is None and not asked.exact:
        say(inspected_table(model, json=asked.json))
    else:
        _inspected(asked, force=options["force"])


@dataclass(frozen=True)
class Asked:
    """What was asked: the options of `btfnet inspect` by name."""

    model: str
    reading: Reading
    data: str | None
    exact: bool
    why: str | None
    words: bool
    output: tuple[str, ...]
    time_limit: float | None
    json: bool
    draw: str | None

    def check(self, *, force: bool) -> None:
        """Raise `UsageError` for options that do not go together, `OutputError` where a drawing may not be."""
        if self.draw is not None:
            if not self.draw.lower().endswith((".svg", ".png")):
                raise UsageError(
                    f"--draw is {self.draw!r}, but drawings are .svg or .png; for netlists use btfnet export."
                )
            check_output(self.draw, (self.model, self.data))
            check_circuit(self.draw, force=force)
        if self.data is None and not self.reading.is_default:
            raise UsageError("--separator, --header, --by-name and --by-position belong to --data; add it.")
        if self.output and self.why is None:
            raise UsageError("--output names what --why explains; add it.")
        if self.why is not None and (self.exact or self.words):
            other = "--exact judges gates" if self.exact else "--words tells rules"
            raise UsageError(f"{other}, --why explains an item; ask for one of them.")
        if self.words and (self.exact or self.data is not None or self.draw is not None):
            raise UsageError(
                "--words tells the rules of the circuit; --exact, --data and --draw do not go with it."
            )


def _inspected(asked: Asked, *, force: bool) -> None:
    """What the circuit is: kinds of gates, evidence of items, names that are proven, what matters."""
    model, data = asked.model, asked.data
    circuit = load_predictor(model, cut_latches=asked.reading.cut_latches)
    if isinstance(circuit, Classifier):
        more = bool(data or asked.exact or asked.draw)
        say(inspected_classifier(circuit, model, more=more, json=asked.json))
        return
    items = None
    if isinstance(circuit, TableModel):
        items = (
            None if data is None else encoded_items(circuit, read_table(data, asked.reading.layout, raw=True))
        )
        circuit = circuit.circuit
    if asked.draw is not None:
        put_circuit(asked.draw, circuit, force=force)
    judged, inputs = _evidence(circuit, model, data, asked.reading, items, exact=asked.exact)
    seconds = SECONDS if asked.time_limit is None else asked.time_limit
    names, matters = identify(circuit, seconds=seconds), influence(circuit, inputs, seconds=seconds)
    facts = describe(circuit) | judged | name_facts(circuit, names) | influence_facts(circuit, matters)
    for btf, verdict in zip(facts["btfs"], facts.pop("verdicts") or (), strict=False):
        btf |= evidence_facts(verdict)
    text = as_json(facts) if asked.json else in_words(circuit, facts, meaning_words(circuit, names, matters))
    (say if asked.json else show_report)(text)


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
