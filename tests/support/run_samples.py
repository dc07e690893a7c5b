"""Runs as directories hold them, made without a search: circuits, their items, and curves nobody measured."""

import json
from pathlib import Path

import numpy as np

from btfnet import Circuit, Gate, Items, formats
from btfnet.viewing.curves import Curve, Point, as_csv

NASTY = Circuit(
    4,
    (Gate(2, (1, 2)), Gate(1, (-3, 5)), Gate(3, (1, 1, 2, -5)), Gate(2, (-1, 3, 6))),
    (6, -7, 8),
    ("<script>alert(1)</script>", "a\"&'<b>", "age_at_first_examination>=37.5 years", "unused"),
    ("</script><img src=x onerror=alert(2)>", "y'1", "third"),
    "<b>bold</b> & 'quoted'",
)
"""Names that would be tags, entities or too long; negation, a weight, an input that nothing uses."""


def items_of(circuit: Circuit, n_items: int = 64, *, wrong: int = 0, seed: int = 0) -> Items:
    """What the circuit says of random inputs, or of all where they are few; the first `wrong` bits are flipped."""
    if circuit.n_inputs <= 6:
        inputs = np.arange(1 << circuit.n_inputs)[:, None] >> np.arange(circuit.n_inputs) & 1
    else:
        inputs = np.random.default_rng(seed).integers(0, 2, (n_items, circuit.n_inputs))
    outputs = circuit.predict(inputs.astype(bool), kind="bits").copy()
    outputs.reshape(-1)[:wrong] ^= 1
    return Items.from_arrays(inputs, outputs)


def curves(n_trials: int = 3, n_points: int = 12) -> list[Curve]:
    """Errors that fall."""
    return [
        Curve(
            trial,
            tuple(
                Point(
                    100 * (k + 1),
                    0.1 * k,
                    1 - 0.3 / (k + 1 + trial),
                    0.9,
                    float("nan"),
                    0.5 / (k + 1),
                    0.4 / (k + 1),
                )
                for k in range(n_points)
            ),
        )
        for trial in range(n_trials)
    ]


def record_of(circuit: Circuit | None, **more: object) -> dict[str, object]:
    """run.json of a search that was exact."""
    trial = {"seed": 0, "engine": "descent", "status": "solved", "exact": True, "iterations": 1200, "gap": None,
             "seconds": 0.5, "train_bits": 1.0, "wrong_bits": 0}  # fmt: skip
    return {
        "problem": "sample" if circuit is None else circuit.name,
        "seed": 0,
        "status": "solved",
        "exact": True,
        "trials": [trial, {**trial, "exact": False, "wrong_bits": 3, "train_bits": 0.97}],
        "best": 0,
        "model": None,
        "settings": {"sigma": 3.0, "beta": 0.5},
        "scores": {"train": {"bits": 1.0, "words": 1.0}},
        "seconds": 1.5,
        **more,
    }


def write_run(folder: Path, circuit: Circuit | None, *, items: Items | None = None, **more: object) -> Path:
    """A directory as --out leaves one; without a circuit, of a search that found none."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.json").write_text(json.dumps(record_of(circuit, **more)), encoding="utf-8")
    search = {"asked": {"engine": "auto"}, "command": ["solve", "sample", "--out", "a b"], "version": "0.0.0"}
    (folder / "search.json").write_text(json.dumps(search), encoding="utf-8")
    (folder / "traces.csv").write_text(as_csv(curves()), encoding="utf-8")
    if circuit is not None:
        formats.write_circuit(folder / "circuit.json", circuit)
        formats.write_items(folder / "items.npz", items_of(circuit) if items is None else items)
    return folder


def layered(n_gates: int, n_inputs: int = 24, seed: int = 0) -> Circuit:
    """Majorities of three nodes each, from the last hundred; the last eight are outputs."""
    rng = np.random.default_rng(seed)
    gates = []
    for index in range(n_gates):
        nodes = rng.choice(
            np.arange(max(1, n_inputs + index - 99), n_inputs + index + 1), size=3, replace=False
        )
        gates.append(Gate(2, tuple(int(node) * int(rng.choice((-1, 1))) for node in nodes)))
    last = n_inputs + n_gates
    return Circuit(n_inputs, tuple(gates), tuple(range(last - 7, last + 1)), name=f"{n_gates} majorities")
