"""Every public function with arguments that work, and values of wrong kinds to put in the place of each."""

from __future__ import annotations

import inspect
from pathlib import Path

import networkx
import numpy as np

import btfnet
from btfnet import (
    Circuit,
    Gate,
    Network,
    PackedModel,
    Problem,
    Settings,
    TraceRow,
    constraints,
    formats,
    tasks,
)
from btfnet.formats.btf.classifier import write_classifier
from support.explaining_cases import EXPLAINED, explaining_cases
from support.machine_samples import MACHINE_RECORDS, machine_cases
from support.table_cases import TABLE_RECORDS, table_cases
from support.wrong_values import wrong_values

X, Y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [0], [0], [1]]
NETWORK = Network.layered([2, 2, 1])
PROBLEM = Problem.from_bits(X, Y, hidden=(2,))
CLASSES = Problem.from_arrays(X, [0, 0, 0, 1], Network.layered([2, 2]), output_kind="class")
CELL = Network.free(2, 1, 1)
CIRCUIT = Circuit(2, (Gate(2, (1, 2)),), (3,))
ITEMS = PROBLEM.items
SMALL = {"members": 1, "boost": btfnet.Boost(items=16, inputs=2, hidden=2, rounds=1), "validation": 0}
SPHERE, SIGNS = constraints.Sphere(1.0), constraints.PlusMinusOne()
COPIES = constraints.on_copies([SIGNS, SPHERE])
WEIGHTS, QUICK = np.ones(NETWORK.n_edges), Settings(max_iterations=3)
SEARCH = {
    "trials": 1,
    "time_limit": 5.0,
    "jobs": 1,
    "seed": 0,
    "deterministic": False,
    "tune": False,
    "engine": "descent",
    "precision": "float32",
    "shrink": True,
    "spectator": None,
    "stop": None,
}
LEARNING = {"validation": 0.25, "error": None, "recognise": False}

WRONG = wrong_values(PROBLEM, CIRCUIT)


def cases() -> dict[str, tuple]:
    """Name: (function, positional arguments, keyword arguments); files are in the working directory."""
    committee = btfnet.train_committee(CLASSES, **SMALL)
    classifier, model = committee.classifier(), PackedModel.from_circuit(CIRCUIT)
    btfnet.save_committee("c.safetensors", committee)
    formats.write_circuit("a.json", CIRCUIT)
    formats.write_circuit("a.btf", CIRCUIT)
    formats.write_items("i.csv", ITEMS)
    Path("s.states").write_text("0110\n1010\n")
    formats.write_network("n.net", NETWORK, WEIGHTS)
    write_classifier("c.btf", classifier)
    Path("w.wth").write_text("2\n2 2 1\n", encoding="ascii")
    a, b = COPIES
    return {
        **explaining_cases(CIRCUIT, X),
        **table_cases(),
        **machine_cases(),
        "Settings": (Settings, (), QUICK.as_dict()),
        "Settings.but": (Settings().but, (), {"sigma": 3.0}),
        "Gate": (Gate, (2, (1, 2)), {}),
        "Circuit": (
            Circuit,
            (2, (Gate(2, (1, 2)),), (3,)),
            {"input_names": ("a", "b"), "output_names": ("c",), "name": "x"},
        ),
        "Circuit.predict": (CIRCUIT.predict, (X,), {"kind": "bool"}),
        "Circuit.named": (CIRCUIT.named, (), {"name": "x", "inputs": ("a", "b"), "outputs": ("c",)}),
        "Network": (Network, (NETWORK.n_nodes, 2, 1, NETWORK.fan_in_start, NETWORK.fan_in), {}),
        "Network.free": (Network.free, (2, 1, 3), {"window": 1, "inputs": [0]}),
        "Network.unrolled": (Network.unrolled, (CELL, 3, [[1, 2], [3, 4]], [5]), {"kinds": [0, 0]}),
        "Network.automaton": (Network.automaton, (CELL, 3, 1), {"offsets": [0, 1], "periodic": True}),
        "Network.layered": (Network.layered, ([2, 2, 1],), {}),
        "Network.sparse": (Network.sparse, ([2, 2, 1], 2, np.random.default_rng(0)), {}),
        "Network.from_edges": (Network.from_edges, (1, 1, [(2, 1)]), {"bias": True}),
        "Network.from_networkx": (
            Network.from_networkx,
            (networkx.DiGraph([(0, 1)]),),
            {"inputs": [0], "outputs": [1], "bias": True},
        ),
        "Network.senders": (NETWORK.senders, (3,), {}),
        "Problem": (Problem, ("x", NETWORK, ITEMS, 3), {}),
        "Problem.from_bits": (
            Problem.from_bits,
            (X, Y),
            {"hidden": (2,), "name": "x", "n_train": 3, "care": [[1]] * 4},
        ),
        "Problem.from_arrays": (
            Problem.from_arrays,
            (X, Y, NETWORK),
            {
                "input_kind": "bits",
                "output_kind": "bits",
                "name": "x",
                "n_train": 3,
                "care": [[1]] * 4,
                "weights": [1, 2, 0.5, 0],
                "n_validation": 0,
            },
        ),
        "Problem.with_train": (PROBLEM.with_train, (3,), {}),
        "Problem.with_network": (PROBLEM.with_network, (NETWORK,), {}),
        "Problem.scores": (PROBLEM.scores, (PROBLEM.outputs,), {}),
        "solve": (
            btfnet.solve,
            (PROBLEM, QUICK),
            {**SEARCH, "all_trials": False, "circuits": 1, "checkpoint": None, "ranks": None, **LEARNING},
        ),
        "solve_widths": (btfnet.solve_widths, (PROBLEM, QUICK), {**SEARCH, "ladder": [(2, 1)]}),
        "widths_ladder": (btfnet.widths_ladder, (2, 1, 4), {}),
        "train_committee": (
            btfnet.train_committee,
            (CLASSES,),
            {
                **SMALL,
                **dict.fromkeys(("gates", "picture", "report", "stop", "checkpoint")),
                "jobs": 1,
                "seed": 1,
            },
        ),
        "Picture": (btfnet.Picture, (2, 2), {"channels": 1}),
        "Boost": (
            btfnet.Boost,
            (),
            {"items": 9, "inputs": 2, "hidden": 1, "rounds": 1, "step": 0.1, "sure": 0.5},
        ),
        "explain": (btfnet.explain, (committee, X[0]), {"output": 0}),
        "draw_explanation": (btfnet.draw_explanation, (committee, btfnet.explain(committee, X[0])), {}),
        "save_committee": (btfnet.save_committee, ("c.safetensors", committee), {}),
        "load_committee": (btfnet.load_committee, ("c.safetensors",), {}),
        "Committee.predict": (committee.predict, (X,), {}),
        "Committee.scores": (committee.scores, (CLASSES,), {}),
        "Classifier": (btfnet.Classifier, (classifier.comparisons, classifier.model, "bits", ("a", "b")), {}),
        "Classifier.predict": (classifier.predict, (X,), {}),
        "PackedModel.from_circuit": (PackedModel.from_circuit, (CIRCUIT,), {}),
        "PackedModel.predict": (model.predict, (X,), {"kind": "bool", "threads": 1}),
        "Checkpoint": (btfnet.Checkpoint, ("checkpoint",), {"resume": False, "report": None}),
        "SharedFolder": (btfnet.SharedFolder, ("shared",), {"patience": 30.0, "report": None}),
        "reconcile": (
            btfnet.reconcile,
            (SIGNS, SPHERE, [0.5, 0.2]),
            {"beta": 0.5, "gap": 1e-6, "max_iterations": 3, "time_limit": 5.0, "watch": None, "stop": None},
        ),
        "circuit_from_weights": (
            btfnet.circuit_from_weights,
            (NETWORK, WEIGHTS, X),
            {"name": "x", "seconds": 5.0},
        ),
        "evidence": (
            btfnet.evidence,
            (CIRCUIT, X),
            {"care": np.ones((4, 1), bool), "sigma": 3.0, "exact": False, "seconds": 5.0},
        ),
        "verify_items": (btfnet.verify_items, (CIRCUIT, X, Y), {"care": [[1]] * 4}),
        "recognise": (btfnet.recognise, (PROBLEM,), {"error": 0.1, "max_ands": 100}),
        "prove_equal": (
            btfnet.prove_equal,
            (CIRCUIT, CIRCUIT),
            {"time_limit": 5.0, "method": "sat", "dont_care": CIRCUIT},
        ),
        "draw_svg": (btfnet.draw_svg, (CIRCUIT,), {}),
        "draw_png": (btfnet.draw_png, (CIRCUIT,), {}),
        "optimise": (btfnet.optimise, (CIRCUIT,), {"tool": "aigverse", "seconds": 5.0}),
        "load": (btfnet.load, ("multiplier-2x2",), {"seed": 1}),
        "load_model": (btfnet.load_model, ("a.btf",), {}),
        "load_classifier": (btfnet.load_classifier, ("c.btf",), {}),
        "on_copies": (btfnet.on_copies, ([SIGNS, SPHERE],), {"weights": [1, 2]}),
        "spread": (a.spread, ([1.0, 2.0],), {}),
        "split": (a.split, ([1.0, 2.0],), {}),
        "merge": (b.merge, ([1.0, 2.0],), {}),
        "constraints.on_blocks": (constraints.on_blocks, ([([0], SPHERE)],), {}),
        "constraints.Fixed": (constraints.Fixed, ([0], [1.0]), {}),
        "constraints.OneHot": (constraints.OneHot, ([0, 1],), {"low": -1.0, "high": 1.0}),
        "constraints.ExactlyK": (constraints.ExactlyK, (1, [0, 1]), {"low": -1.0, "high": 1.0}),
        "constraints.Permutation": (constraints.Permutation, (2,), {"low": -1.0, "high": 1.0}),
        "constraints.Sphere": (constraints.Sphere, (1.0,), {}),
        "constraints.Hyperplane": (constraints.Hyperplane, ([1.0, 2.0], 1.0), {}),
        "constraints.HalfSpace": (constraints.HalfSpace, ([1.0, 2.0], 1.0), {}),
        "constraints.Agreement": (constraints.Agreement, ([[0, 1]], [[1.0, 1.0]]), {}),
        "constraints.Equal": (constraints.Equal, ([[0, 1]], [1.0, 2.0]), {}),
        "constraints.Table": (
            constraints.Table,
            ([[0]], [1], [[2, 3]]),
            {"known": [1.0], "weights": [1.0, 0.2, 0.5], "low": -1.0, "high": 1.0},
        ),
        "constraints.Btf": (constraints.Btf, (2, 3.0), {}),
        "Sphere.project": (SPHERE.project, ([1.0, 2.0],), {}),
        "PlusMinusOne.project": (SIGNS.project, ([1.0, 2.0],), {}),
        "formats.read_items": (formats.read_items, ("i.csv",), {"n_inputs": 2}),
        "formats.read_observations": (formats.read_observations, ("s.states",), {"steps": 2}),
        "formats.write_items": (formats.write_items, ("j.csv", ITEMS), {}),
        "formats.read_circuit": (formats.read_circuit, ("a.json",), {}),
        "formats.read_dont_cares": (formats.read_dont_cares, ("a.json",), {}),
        "formats.write_circuit": (formats.write_circuit, ("b.json", CIRCUIT), {}),
        "formats.read_network": (formats.read_network, ("n.net",), {}),
        "formats.write_network": (formats.write_network, ("m.net", NETWORK, WEIGHTS), {}),
        "formats.read_widths": (formats.read_widths, ("w.wth",), {}),
        "formats.write_gap": (formats.write_gap, ("g.gap", [TraceRow(1, 1.0, 1.0, 1.0)]), {}),
        "formats.spec": (formats.spec, ("csv",), {}),
        "Items": (
            btfnet.Items,
            (PROBLEM.inputs, PROBLEM.outputs, "bits", "bits", None, ("a", "b"), ("c",), None),
            {},
        ),
        "Items.from_arrays": (
            btfnet.Items.from_arrays,
            (X, Y),
            {"input_kind": "bits", "output_kind": "bits", "n_classes": 2, "care": [[1]] * 4},
        ),
        "Items.first": (ITEMS.first, (2,), {}),
        "PackedBits": (btfnet.PackedBits, (np.array([[6], [5]], dtype=np.uint64), 3), {}),
        "PackedBits.from_rows": (btfnet.PackedBits.from_rows, (X,), {}),
        "PackedBits.from_words": (btfnet.PackedBits.from_words, (np.ones((3, 1), dtype=np.uint64), 2), {}),
        "tasks.describe": (tasks.describe, ("multiplier-2x2",), {}),
        "tasks.files": (tasks.files, ("multiplier-2x2",), {}),
        "tasks.find": (tasks.find, ("multiplier-2x2",), {}),
        "tasks.find_generator": (tasks.find_generator, ("parity",), {}),
        "tasks.generate": (tasks.generate, ("parity", {"bits": 3}, 0), {}),
    }


NEEDS = {"draw_png": "resvg_py", "optimise": "aigverse"}
"""Packages without which a function only says that it needs them."""
MADE_BY_BTFNET = {
    *EXPLAINED,
    *TABLE_RECORDS,
    *MACHINE_RECORDS,
    "Explanation",
    "Recognised",
    "Committee",
    "TraceRow",
    "NodeEvidence",
    "Progress",
    "Result",
    "Solution",
    "Task",
    "Trial",
    "TrainingFit",
    "constraints.Blocks",
    "constraints.CopiesAgree",
    "constraints.EachCopy",
    "constraints.Constraint",
    "tasks.Generator",
    "tasks.Parameter",
    "tasks.Task",
}
"""Records that users get and do not make, and a protocol."""
ALSO_ELSEWHERE = {"constraints.on_copies", "formats.Items", "tasks.load"}
WITHOUT_ARGUMENTS = {
    *ALSO_ELSEWHERE,
    "constraints.PlusMinusOne",
    "tasks.families",
    "tasks.names",
    "tasks.summaries",
    "tasks.summaries_of_plugins",
}


def public_names() -> set[str]:
    """What can be called with arguments: functions and classes, no errors, enums and constants."""
    found = set()
    for prefix, room in (
        ("", btfnet),
        *((f"{one.__name__.split('.')[1]}.", one) for one in (constraints, formats, tasks)),
    ):
        for name in room.__all__:
            thing = getattr(room, name)
            error = inspect.isclass(thing) and issubclass(thing, Exception)
            enum = inspect.isclass(thing) and hasattr(thing, "__members__")
            if callable(thing) and not error and not enum:
                found.add(prefix + name)
    return found
