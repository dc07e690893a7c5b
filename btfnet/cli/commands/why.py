"""`btfnet inspect --why`: which features of a committee decided, or which gates and inputs of a circuit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from btfnet.arguments import similar
from btfnet.cli.console import plural
from btfnet.cli.inputs.models import Reading, load_predictor
from btfnet.cli.inputs.one_row import OneRow, circuit_row, numbered_row, row_number, table_row
from btfnet.cli.reports.why_report import OUTPUTS_SHOWN, why_facts, why_words
from btfnet.committee.classifier import Classifier
from btfnet.committee.committee import Committee
from btfnet.committee.drawn import draw_explanation
from btfnet.committee.explanation import Explanation, explain
from btfnet.committee.in_words import feature_in_words
from btfnet.errors import UsageError
from btfnet.explaining.why import SECONDS, why
from btfnet.files.atomic import write_text
from btfnet.files.strict_json import as_json
from btfnet.formats.btf.committee import FILE, load_committee
from btfnet.logic.circuit import Circuit
from btfnet.matching.columns import listed
from btfnet.tables.model import TableModel

SHOWN = 8
"""Reasons for the class that are printed, and half as many against it."""


def explained(
    model: str,
    row: str,
    *,
    data: str | None,
    draw: str | None,
    outputs: tuple[str, ...],
    seconds: float | None,
    json: bool,
    reading: Reading,
) -> str:
    """What is printed; draws where that is asked for."""
    if os.path.isdir(model) and (Path(model) / FILE).exists():
        if outputs or seconds is not None:
            raise UsageError(f"{model} holds a committee: --output and --time-limit belong to circuits.")
        return _of_committee(model, row_number(row), data=data, draw=draw, json=json, reading=reading)
    predictor = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(predictor, Classifier):
        raise UsageError(
            f"--why explains the votes of a committee, and {model} holds no members (no {FILE}); train one with "
            f"btfnet classify --out DIR, and name that directory. Or explain the circuit behind the "
            f"comparisons: btfnet export {model} circuit.json."
        )
    if draw is not None:
        raise UsageError(
            "--draw shows the answer of a committee, and this is a circuit; draw it without --why."
        )
    circuit = predictor.circuit if isinstance(predictor, TableModel) else predictor
    if isinstance(predictor, TableModel) and data is not None:
        given = table_row(row, predictor, data, reading)
    else:
        given = circuit_row(row, model, circuit, data, reading)
    return _of_circuit(circuit, given, outputs, SECONDS if seconds is None else seconds, json=json)


def _of_circuit(
    circuit: Circuit, given: OneRow, outputs: tuple[str, ...], seconds: float, *, json: bool
) -> str:
    numbers = [_output(circuit, name) for name in outputs] or list(range(circuit.n_outputs))
    looked_at = numbers if json or outputs else numbers[:OUTPUTS_SHOWN]
    found = why(circuit, given.values, outputs=looked_at, seconds=seconds)
    if json:
        return as_json({"row": given.number} | why_facts(found))
    return why_words(found, given.said, len(numbers) - len(looked_at))


def _output(circuit: Circuit, name: str) -> int:
    """The number of an output by its name, or by the class that it stands for: Gentoo is species=Gentoo."""
    names = circuit.output_names
    if name in names:
        return names.index(name)
    classes = [number for number, output in enumerate(names) if output.partition("=")[2] == name]
    if len(classes) != 1:
        raise UsageError(
            f"--output: {circuit.name} has no output {name!a}{similar(name, names)} Its outputs: {listed(names)}."
        )
    return classes[0]


def _of_committee(
    model: str, row: int, *, data: str | None, draw: str | None, json: bool, reading: Reading
) -> str:
    committee = load_committee(model)
    if draw is not None:
        if not draw.lower().endswith(".svg"):
            raise UsageError(f"--draw is {draw!r}, but --why draws .svg.")
        if committee.is_of_bits and committee.n_groups > 1:
            raise UsageError(
                f"--draw shows one answer, and {model} has {committee.n_groups} outputs; in Python "
                f"btfnet.explain takes output=."
            )
    predictor = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(predictor, TableModel):
        raise UsageError(
            f"{model}: holds a committee beside the model of a table; name a run of one of them."
        )
    given = numbered_row(model, predictor, row, data, reading)
    found = [explain(committee, given.values, output=output) for output in range(committee.n_groups)]
    if draw is not None:
        write_text(draw, draw_explanation(committee, found[0]))
    if json:
        return as_json({"row": row, "explanations": [_facts(committee, each) for each in found]})
    return "\n\n".join(_words(committee, each, given.said) for each in found)


def _facts(committee: Committee, found: Explanation) -> dict[str, Any]:
    own = np.flatnonzero(committee.groups == committee.groups[found.chosen]).tolist()
    return {
        "class": committee.answer(found.chosen),
        "rival": committee.answer(found.rival),
        "lead": found.lead,
        "votes": {committee.answer(number): int(found.votes[number]) for number in own},
        "members_asked": found.asked,
        "members_agreed": found.agreed,
        "reasons": [
            {
                "feature": _said(committee, reason.feature),
                "value": reason.value,
                "votes": reason.effect,
            }
            for reason in found.reasons
        ],
    }


def _said(committee: Committee, feature: int) -> str:
    return feature_in_words(committee.layer, feature, committee.ports.inputs, committee.input_kind)


def _words(committee: Committee, found: Explanation, what: str) -> str:
    chosen, rival = committee.answer(found.chosen), committee.answer(found.rival)
    own = np.flatnonzero(committee.groups == committee.groups[found.chosen])
    order = own[np.argsort(-found.votes[own], kind="stable")].tolist()
    lines = [
        f"{what}: {chosen}, {plural(found.lead, 'vote')} before {rival}; {found.agreed} of "
        f"{plural(found.asked, 'member')} that tell these apart agree.",
        "Votes    " + ", ".join(f"{committee.answer(number)} {found.votes[number]}" for number in order),
        "",
        f"Votes of the lead that would be lost (+) or gained (-) if one feature were otherwise, of "
        f"{len(found.reasons)}:",
    ]
    against = [reason for reason in found.reasons if reason.effect < 0]
    shown = [reason for reason in found.reasons if reason.effect > 0][:SHOWN] + against[-SHOWN // 2 :]
    lines += [
        f"  {reason.effect:+4d}  {'' if reason.value else 'not: '}{_said(committee, reason.feature)}"
        for reason in shown
    ]
    return "\n".join(lines)
