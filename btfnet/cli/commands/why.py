"""`btfnet inspect --why`: which features decided, and how many members agree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.cli.console import plural
from btfnet.cli.inputs.models import Reading, load_predictor
from btfnet.cli.inputs.rows import open_raw, open_rows
from btfnet.cli.runs.saved import training_items
from btfnet.committee.classifier import Classifier
from btfnet.committee.committee import Committee
from btfnet.committee.drawn import draw_explanation
from btfnet.committee.explanation import Explanation, explain
from btfnet.committee.in_words import feature_in_words
from btfnet.errors import DataError, UsageError
from btfnet.files.atomic import write_text
from btfnet.files.strict_json import as_json
from btfnet.formats.btf.committee import FILE, load_committee
from btfnet.tables.model import TableModel

SHOWN = 8
"""Reasons for the class that are printed, and half as many against it."""


def explained(
    model: str, row: int, *, data: str | None, draw: str | None, json: bool, reading: Reading
) -> str:
    """What is printed; draws where that is asked for. Raises `UsageError` where there is no committee."""
    if not os.path.isdir(model) or not (Path(model) / FILE).exists():
        raise UsageError(
            f"--why explains the votes of a committee, and {model} holds none (no {FILE}); train one with "
            f"btfnet classify --out DIR, and name that directory."
        )
    committee = load_committee(model)
    if draw is not None:
        if not draw.lower().endswith(".svg"):
            raise UsageError(f"--draw is {draw!r}, but --why draws .svg.")
        if committee.is_of_bits and committee.n_groups > 1:
            raise UsageError(
                f"--draw shows one answer, and {model} has {committee.n_groups} outputs; in Python "
                f"btfnet.explain takes output=."
            )
    values = _row(model, committee, row, data, reading)
    found = [explain(committee, values, output=output) for output in range(committee.n_groups)]
    if draw is not None:
        write_text(draw, draw_explanation(committee, found[0]))
    what = f"Row {row} of {data or 'the training items'}"
    if json:
        return as_json({"row": row, "explanations": [_facts(committee, each) for each in found]})
    return "\n\n".join(_words(committee, each, what) for each in found)


def _row(
    model: str, committee: Committee, row: int, data: str | None, reading: Reading
) -> NDArray[np.float32]:
    """Raw inputs of a row, counted from 1."""
    if data is None:
        items = training_items(model)
        if items is None:
            raise DataError(f"{model}: there are no training items beside it; name rows with --data.")
        if row > items.n_items:
            raise UsageError(f"--why is {row}, but there are {plural(items.n_items, 'training item')}.")
        found: NDArray[np.float32] = items.inputs[row - 1]
        return found
    predictor = load_predictor(model, cut_latches=reading.cut_latches)
    if isinstance(predictor, TableModel):
        raise UsageError(
            f"{model}: holds a committee beside the model of a table; name a run of one of them."
        )
    if isinstance(predictor, Classifier):
        rows = open_raw(data, predictor, reading)
    else:
        rows = open_rows(data, predictor, reading)
    first = 0
    for piece in rows.pieces:
        if row <= first + len(piece):
            return np.asarray(piece[row - 1 - first])
        first += len(piece)
    raise UsageError(f"--why is {row}, but {data} has {plural(first, 'row')}.")


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
