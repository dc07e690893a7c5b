"""`btfnet inspect --words`: a circuit as rules."""

from __future__ import annotations

from btfnet.cli.inputs.models import Reading, load_checked, load_predictor
from btfnet.cli.reports.meaning import rules_facts
from btfnet.committee.classifier import Classifier
from btfnet.explaining.rules import in_words
from btfnet.files.strict_json import as_json
from btfnet.tables.model import TableModel


def spoken(model: str, *, json: bool, reading: Reading) -> str:
    """What is printed."""
    circuit = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(circuit, TableModel):
        circuit = circuit.circuit
    elif isinstance(circuit, Classifier):
        circuit, _ = load_checked(model, cut_latches=reading.cut_latches)
    rules = in_words(circuit)
    return as_json({"name": circuit.name} | rules_facts(rules)) if json else str(rules)
