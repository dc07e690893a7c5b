"""Random models of tables with all kinds of columns and nasty names, and raw rows for them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from btfnet.committee.committee import Committee
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.layer import PlainLayer
from btfnet.committee.member import groups_of
from btfnet.problem.values import OutputKind
from btfnet.tables.columns import Column, Kind
from btfnet.tables.encoder import TableEncoder
from btfnet.tables.model import Learned, TableModel
from btfnet.tables.pixels import PixelEncoder
from btfnet.tables.table import Table
from btfnet.tables.targets import Target
from btfnet.tables.ways import committee_of, members_of
from support.naive_circuit import random_circuit

NAMES = (
    "age", "*/ #error", "/* x", "??/", "a\\", "line\nbreak", "int", "class", "1x", "", " ", "Größe",
    "row", "inputs", "None", "g1", "a b", "a_b", 'quo"te', "it's", '"""', "%s{0}", "NULL", "linux",
    "x[0]", "\u202e", "\x00\x07", "self", "lambda", "match", "\ud800", "_", "end // \\", "NAN",
    "# -*- coding: latin-1 -*-",
)  # fmt: skip
"""Of columns, targets and models."""
WORDS = (
    "red", "blue", "gr\"een", "it's", "*/", "/* ", "??/", "back\\slash", "two\nlines", "grün",
    "\u202eabc", "{0}%s", "\x07", "RED", "Red", "NaNa", "a,b", "a;b", "'''", '"""', "\\n", "0x1", "日本",
    "end\\", "#", "\\x41b", "?? ?",
)  # fmt: skip
"""Categories."""
LABELS = (
    ("no", "yes"), ("0", "1"), ("false", "true"), ("3", "7", "10"), ("0.5", "1.5", "-2.25"), ("-1", "1"),
    ('q"', "b\\", "*/", "??/", "ü\n"), ("a", "b", "c", "d"),
)  # fmt: skip
LABEL_KINDS = (Kind.BOOLEAN, Kind.BOOLEAN, Kind.BOOLEAN, Kind.INTEGER, Kind.REAL, Kind.BOOLEAN) + 2 * (
    Kind.CATEGORY,
)
SCALES = (("low", "medium", "high"), ("never", "rarely", "sometimes", "often", "always"))
PAIRS = (("No", "Yes"), ("0", "1"), ("-1", "1"), ("F", "T"), ("off", "ON"), ("FALSE", "TRUE"))
UNSEEN = (
    None, "", " ", "?", "NA", " n/a ", "None", "NaN", "-", "unseen", "yes", "YES ", "\u2003on\x85",
    "TRUE", "1", "0", "1.0", "t", "OFF", "\tlow\n", "Medium", "often ", "3", "red ", "  blue", "re d",
    "rots", "K", "é",
)  # fmt: skip
"""Texts of rows beside those that training saw."""


def random_table_model(seed: int, *, plain: bool = False) -> TableModel:
    """Every kind of column, questions that a real encoder asks, and random circuits over them.

    plain  with names and values that files of models keep: what cannot be printed is refused there
    """
    rng = np.random.default_rng(seed)
    names = (
        [f"column {place}" for place in range(12)]
        if plain
        else rng.permutation(np.array(NAMES, dtype=object))
    )
    words = tuple(word for word in WORDS if word.isprintable() or not plain)
    kinds = rng.permutation(9)
    columns = {str(name): _column(rng, kind, words) for name, kind in zip(names, kinds, strict=False)}
    table = Table.of(columns)
    labels = rng.integers(0, 2, table.n_rows)
    encoder = TableEncoder.fit(table, labels, n_cuts=4)
    encoder = encoder.some(sorted(rng.permutation(len(encoder.conditions))[:16].tolist()))
    n_targets = 1 + seed % 3 // 2
    learned = []
    for place in range(n_targets):
        kind = int(rng.integers(len(LABELS) - 2 * plain))
        target = Target(str(names[-1 - place]), LABELS[kind], LABEL_KINDS[kind])
        n_outputs = target.n_classes if target.n_classes > 2 else 1
        circuit = random_circuit(rng, len(encoder.conditions), 12, n_outputs)
        members = members_of(circuit, circuit.outputs, target.n_classes)
        committee = committee_of(encoder.names, target.n_classes, target.name, members)
        learned.append(Learned(target, committee, "at random"))
    return TableModel("rule" if plain else f"m{seed} {names[-3]}", encoder, tuple(learned))


def random_pixel_model(seed: int, n_classes: int = 3) -> TableModel:
    """Six by six pixels, compared alone and in sums."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 16, (50, 36)).astype(np.float32) / np.float32(10)
    alone = Comparisons.of_inputs(36, rng.integers(0, 36, 12), rng.choice(pixels[0], 12).astype(np.float64))
    layer = PlainLayer(Comparisons.joined([alone, Comparisons.draw(pixels, 12, rng)]))
    circuit = random_circuit(rng, 24, 20, n_classes)
    target = Target("digit", tuple(map(str, range(n_classes))), Kind.INTEGER)
    members = tuple(members_of(circuit, circuit.outputs, n_classes))
    encoder = PixelEncoder(tuple(Column(f"p {place} */ ??/", Kind.REAL) for place in range(36)))
    committee = Committee(layer, groups_of(n_classes, OutputKind.CLASS), members, (), "digit")
    committee = replace(committee, input_names=encoder.names)
    return TableModel(f"pixels {seed}", encoder, (Learned(target, committee, "at random"),))


def random_rows(model: TableModel, seed: int, n_rows: int = 150) -> dict[str, list]:
    """Columns of raw values: numbers and NaN and infinities of numbers, else texts and None."""
    rng = np.random.default_rng(seed)
    if isinstance(model.encoder, PixelEncoder):
        pixels = (rng.integers(0, 16, (n_rows, 36)) / 10 + rng.choice([0, 1e-9], (n_rows, 36))).tolist()
        return {
            column.name: list(values)
            for column, values in zip(model.encoder.columns, zip(*pixels, strict=True), strict=True)
        }
    return {
        column.name: [_value(rng, model, place) for _ in range(n_rows)]
        for place, column in enumerate(model.encoder.columns)
    }


def _value(rng: np.random.Generator, model: TableModel, place: int) -> object:
    column = model.encoder.columns[place]
    if column.kind.is_number:
        asked = [
            each.value for each in model.encoder.conditions if each.column == place and each.value is not None
        ]
        level = float(rng.choice([*asked, 0.0]))
        near = [level, np.nextafter(level, -np.inf), np.nextafter(level, np.inf), level + 1, level - 1]
        return float(
            rng.choice([*near, float("nan"), float("inf"), -float("inf"), 1e300, float(rng.normal(0, 9))])
        )
    texts = [*UNSEEN, *column.values, *(value.upper() for value in column.values)]
    texts += [*(f" {value}\u00a0" for value in column.values), *3 * column.values]
    return texts[rng.integers(len(texts))]


def _column(rng: np.random.Generator, kind: int, words: tuple[str, ...]) -> list:
    """Training values of a column of some kind."""
    n_rows = 60
    match kind:
        case 0:
            values: list = rng.normal(0, 10, n_rows).tolist()
        case 1:
            values = rng.integers(-3, 6, n_rows).astype(float).tolist()
        case 2:
            values = (rng.normal(0, 1e-3, n_rows) + 1e6).tolist()
        case 3:
            values = [SCALES[0][k] for k in rng.integers(0, 3, n_rows)]
        case 4:
            values = [SCALES[1][k] for k in rng.integers(0, 5, n_rows)]
        case 5:
            pair = PAIRS[rng.integers(len(PAIRS))]
            values = [pair[k] for k in rng.integers(0, 2, n_rows)]
        case 6:
            values = [str(k) for k in rng.integers(100, 105, n_rows)] + ["x1"]
            values = values[1:]
        case _:
            some = rng.permutation(np.array(words, dtype=object))[:6]
            values = [str(some[k]) for k in rng.integers(0, 6, n_rows)]
    if kind % 2 or kind == 2:
        for place in rng.integers(0, n_rows, 9).tolist():
            values[place] = None if isinstance(values[0], str) else float("nan")
    return values
