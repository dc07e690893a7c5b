"""What is said of a rule that was learned from a table, as text and as JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from btfnet.cli.console import duration, number, percent, plural
from btfnet.cli.reports.search_report import training_record
from btfnet.explaining.rules import in_words
from btfnet.files.strict_json import strict
from btfnet.matching.columns import listed
from btfnet.tables.cells import as_texts
from btfnet.tables.model import TableModel, labels_of
from btfnet.tables.shown import columns_in_words
from btfnet.tables.split import Rows
from btfnet.tables.table import Table

SPOKEN_GATES, SHOWN_GATES = 8, 30
"""Circuits of so many gates at most are told in words, and printed."""


def as_record(model: TableModel, rows: Rows, *, status: str, seed: int) -> dict[str, Any]:
    """What --json prints, but for the model's place and the time."""
    circuit, training = model.circuit, model.circuit.training
    used = set(model.encoder.used)
    expected = [each.expected for each in model.learned]
    record: dict[str, Any] = strict({
        "problem": model.name,
        "seed": seed,
        "status": status,
        "exact": training is not None and training.exact,
        "rows": {"train": rows.train.n_rows, "test": rows.test.n_rows if rows.test else 0},
        "columns": [
            {"name": column.name, "kind": str(column.kind), "missing": column.missing, "used": number in used}
            for number, column in enumerate(model.encoder.columns)
        ],
        "targets": [
            {"name": each.target.name, "classes": list(each.target.labels), "way": each.way,
             "expected": each.expected}
            for each in model.learned
        ],
        "scores": {
            "train": _score(model, rows.train),
            "validation": {
                "bits": None, "words": None if None in expected else float(np.mean(expected)),  # type: ignore[arg-type]
            },
            "test": _score(model, rows.test),
        },
        "constant": _constant(model, rows.test or rows.train),
        "conditions": list(circuit.input_names),
        "gates": circuit.counts(),
        "depth": circuit.depth,
        "training": training_record(circuit),
    })  # fmt: skip
    return record


def _score(model: TableModel, table: Table | None) -> dict[str, float]:
    """Fractions of labels, and of rows with all labels, that are right."""
    if table is None:
        return {"bits": float("nan"), "words": float("nan")}
    labels = labels_of(table.chosen([target.name for target in model.targets]), model.targets)
    return dict(zip(("bits", "words"), model.fractions_right(table, labels), strict=True))


def _constant(model: TableModel, table: Table) -> float:
    """What the most frequent label gets right, on average over the targets."""
    found = []
    for target in model.targets:
        texts = as_texts(table.column(target.name))
        _, counts = np.unique(texts[texts != None].astype(str), return_counts=True)  # noqa: E711 - elementwise
        found.append(counts.max() / counts.sum() if len(counts) else np.nan)
    return float(np.mean(found))


def as_text(model: TableModel, rows: Rows, record: dict[str, Any]) -> str:
    """The report."""
    circuit, scores = model.circuit, record["scores"]
    test = f", {number(rows.test.n_rows)} test" if rows.test else f" ({rows.why})"
    kinds = ", ".join(f"{number(count)} {kind}" for kind, count in record["gates"].items())
    lines = [
        f"Table     {model.name}: {plural(len(model.encoder.columns), 'column')}; "
        f"{plural(rows.train.n_rows, 'row')} train{test}",
        *(f"Target    {_target(each)}" for each in record["targets"]),
        f"Columns   {columns_in_words(model.encoder.columns)}",
        *(f"Way       {each['way']}" for each in record["targets"][:1]),
        f"Rule      {plural(circuit.n_inputs, 'condition')}, {plural(sum(record['gates'].values()), 'gate')}"
        f"{f' ({kinds})' if kinds else ''}; depth {record['depth']}",
        f"Time      {duration(record['seconds'])}",
        "",
        "Accuracy",
        f"  training rows     {percent(scores['train']['words']):>10}",
    ]
    if scores["validation"]["words"] is not None:
        lines.append(f"  cross-validation  {percent(scores['validation']['words']):>10}")
    if rows.test:
        lines.append(f"  test rows         {percent(scores['test']['words']):>10}")
    lines.append(f"  constant answer   {percent(record['constant']):>10}")
    if len(circuit.gates) <= SPOKEN_GATES:
        lines += ["", str(in_words(circuit))]
    if len(circuit.gates) <= SHOWN_GATES:
        lines += ["", str(circuit)]
    return "\n".join(lines)


def _target(told: dict[str, Any]) -> str:
    classes = told["classes"]
    return f"{told['name']}: {plural(len(classes), 'class', 'classes')}, {listed(classes)}"
