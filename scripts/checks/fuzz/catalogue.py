"""The readers that readers.py attacks, by name."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import btfnet
from btfnet import formats, tasks
from btfnet.cli.inputs.problems import network_of_widths as read_network
from btfnet.committee.classifier import Classifier
from btfnet.committee.comparisons import Comparisons
from btfnet.errors import DataError, OutputError, UsageError
from btfnet.formats.btf.classifier import load_classifier, write_classifier
from btfnet.formats.btf.model import encode
from btfnet.formats.by_suffix import read_dont_cares
from btfnet.formats.toml.problem import read_problem_file
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed_model import PackedModel
from btfnet.problem.network import Network
from btfnet.problem.values import InputKind
from scripts.checks.fuzz.binary import aig, checkpoint, npy, npz, tensors
from scripts.checks.fuzz.laws import (
    Reader,
    Refused,
    check_circuit,
    check_classifier,
    check_committee,
    check_items,
    check_model,
    check_network,
    command,
)  # fmt: skip
from scripts.checks.fuzz.samples import AAG, BENCH, BLIF, CSV, PLA, TOML, circuits, items, layered, written
from scripts.checks.fuzz.states import states_readers
from scripts.checks.fuzz.text import mutated, pick


def readers() -> dict[str, Reader]:
    """All of them, by name."""
    by_name = {
        **_items_readers(),
        **_circuit_readers(),
        **_other_readers(),
        **_command_readers(),
        **states_readers(),
    }
    return dict(sorted(by_name.items()))


def _items_readers() -> dict[str, Reader]:
    kinds, readers = items(), dict[str, Reader]()
    for suffix, names in (
        (".dat", ("bits", "care", "analog", "classes", "unknown")),
        (".csv", ("bits", "named", "care")),
        (".npy", ("bits", "care")),
        (".npz", tuple(kinds)),
    ):
        samples = [written(f"x{suffix}", partial(formats.write_items, items=kinds[name])) for name in names]
        mutate = {".npy": npy, ".npz": npz}.get(suffix, mutated)
        n_inputs = 3 if suffix == ".npy" else None
        read = partial(formats.read_items, n_inputs=n_inputs)
        readers[suffix[1:]] = Reader(suffix, samples, read, check_items, mutate)
    readers["csv-inputs"] = Reader(
        ".csv", [*readers["csv"].samples, *CSV], partial(formats.read_items, n_inputs=2), check_items
    )
    readers["pla"] = Reader(".pla", list(PLA), formats.read_items, check_items)
    return readers


def _circuit_readers() -> dict[str, Reader]:
    rng, readers = np.random.default_rng(3), dict[str, Reader]()
    drawn = circuits(rng)
    more = {".blif": BLIF, ".bench": BENCH, ".aag": AAG}
    for suffix in formats.CIRCUITS_IN:
        samples = list(more.get(suffix, ()))
        if suffix in formats.CIRCUITS_OUT:
            samples += [written(f"x{suffix}", partial(formats.write_circuit, circuit=each)) for each in drawn]
        if not samples:
            samples = list(PLA)
        mutate = {".aig": aig, ".btf": tensors}.get(suffix, mutated)
        readers[f"circuit-{suffix[1:]}"] = Reader(
            suffix, samples, formats.read_circuit, check_circuit, mutate
        )
    for suffix, texts in (("blif", BLIF), ("bench", BENCH), ("aag", AAG)):
        readers[f"latches-{suffix}"] = Reader(
            f".{suffix}", list(texts), partial(formats.read_circuit, cut_latches=True), check_circuit
        )
    readers["dont-cares"] = Reader(".blif", list(BLIF), read_dont_cares)
    readers["table-pla"] = Reader(".pla", list(PLA), formats.read_circuit, check_circuit)
    models = [encode(PackedModel.from_circuit(each)) for each in (*drawn, layered(rng, (70, 65, 3), 20))]
    readers["model-btf"] = Reader(".btf", models, btfnet.load_model, check_model, tensors)
    classifier = Classifier(
        Comparisons(np.array([[1, 0, -1], [0, 1, 1]], dtype=np.int8), np.array([0.5, -0.25])),
        PackedModel.from_circuit(Circuit(2, (Gate(2, (1, 2)),), (3, -3))),
        InputKind.ANALOG,
        ("a", "b", "c"),
    )
    samples = [written("x.btf", lambda path: write_classifier(path, classifier))]
    problem = btfnet.Problem.from_arrays(
        [[0, 0], [0, 1], [1, 0], [1, 1]] * 8,
        [0, 1, 1, 1] * 8,
        Network.free(2, 2),
        output_kind=btfnet.OutputKind.CLASS,
    )
    boost = btfnet.Boost(items=16, inputs=2, hidden=2, rounds=1)
    made = btfnet.train_committee(problem, members=2, boost=boost, validation=0)
    saved = [written("c.safetensors", lambda path: btfnet.save_committee(path, made))]
    readers["committee"] = Reader(".safetensors", saved, btfnet.load_committee, check_committee, tensors)
    readers["classifier"] = Reader(".btf", samples, load_classifier, check_classifier, tensors)
    return readers


def _other_readers() -> dict[str, Reader]:
    network = Network.layered([2, 2, 1])
    weights = np.linspace(-1, 1, network.n_edges)
    nets = [written("x.net", lambda path: formats.write_network(path, network, weights))]
    problem_items = written("items.csv", lambda path: formats.write_items(path, items()["bits"]))
    return {
        "net": Reader(".net", nets, formats.read_network, check_network),
        "wth": Reader(".wth", [b"3\n4 8 8 4\n"], formats.read_widths),
        "toml": Reader(".toml", list(TOML), read_problem_file),
        "task": Reader(
            ".toml", list(TOML), lambda path: tasks.load(path), beside={"items.csv": problem_items}
        ),
        "widths": Reader(".wth", [b"4,4,4", b"4-8-8-4", b"4 4 4"], _widths_argument),
        "checkpoint": _checkpoint_reader(),
    }


def _widths_argument(path: Path) -> Network:
    """The text of `--widths`, as an argument."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    if "/" in text or "\\" in text or "\0" in text or "." in text:
        raise Refused(f"{path}: no widths")
    try:
        return read_network(text)
    except UsageError as error:
        raise Refused(f"{path}: {error}") from error


def _checkpoint_reader() -> Reader:
    """States of an unfinished search of each engine; reading one goes on with it."""
    problem = tasks.load("multiplier-2x2").problem
    settings = btfnet.Settings(max_iterations=60, gap=1e-9)
    samples, names = [], []
    for engine in ("rrr", "descent", "rrr+descent"):
        with tempfile.TemporaryDirectory() as folder:
            saved = btfnet.Checkpoint(Path(folder) / "c")
            calls = iter(range(10**9))

            def stop(progress: Any, calls: Any = calls) -> None:
                if next(calls) >= 1:
                    raise KeyboardInterrupt

            with suppress(KeyboardInterrupt):
                btfnet.solve(
                    problem,
                    settings,
                    engine=engine,
                    trials=2,
                    seed=1,
                    jobs=1,
                    checkpoint=saved,
                    spectator=stop,
                )
            for path in sorted((Path(folder) / "c").glob("*.safetensors")):
                samples.append(path.read_bytes())
                names.append((engine, path.name))
    wanted = dict(zip(samples, names, strict=True))

    def read(path: Path) -> None:
        folder = path.parent / "c"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        engine, name = pick(list(wanted.values()), np.random.default_rng(path.stat().st_size))
        shutil.copy(path, folder / name)
        try:
            saved = btfnet.Checkpoint(folder, resume=True)
            btfnet.solve(problem, settings, engine=engine, trials=2, seed=1, jobs=1, checkpoint=saved)
        except (DataError, OutputError) as error:
            raise Refused(f"{path}: {error}") from error

    return Reader(".safetensors", samples, read, mutate=checkpoint)


def _command_readers() -> dict[str, Reader]:
    rng = np.random.default_rng(3)
    three = layered(rng, (3, 3, 2), 2).named(inputs=("a", "b", "c"), outputs=("y", "z"))
    model = {"m.json": written("m.json", lambda path: formats.write_circuit(path, three))}
    kinds = items()
    rows = io.BytesIO()
    np.save(rows, np.array([[0, 1, 1], [1, 0, 0]], dtype=np.int8))
    named = written("x.csv", lambda path: formats.write_items(path, kinds["named"]))
    run = {
        "circuit.json": model["m.json"],
        "model.btf": encode(PackedModel.from_circuit(three)),
        "items.npz": written("items.npz", lambda path: formats.write_items(path, kinds["bits"])),
        "run.json": json.dumps(
            {"problem": "p", "status": "solved", "model": "m", "exact": True, "trials": []}
        ).encode(),
        "weights.npz": _weights(),
    }
    predict, inspect = ("predict", "FOLDER/m.json", "PATH"), ("inspect", "FOLDER", "--json")
    by_name = {
        "predict-csv": Reader(".csv", [*CSV, named], command(*predict), beside=model),
        "predict-npy": Reader(".npy", [rows.getvalue()], command(*predict), mutate=npy, beside=model),
        "verify-csv": Reader(".csv", [named], command("verify", "FOLDER/m.json", "PATH"), beside=model),
        "verify-json": Reader(
            ".json", [model["m.json"]], command("verify", "PATH", "FOLDER/m.json"), beside=model
        ),
        "inspect-any": Reader(
            ".txt", [*PLA, *BLIF, *BENCH, *AAG, *CSV], command("inspect", "PATH", refusals=(1, 2))
        ),
        "inspect-json": Reader(".json", [model["m.json"]], command("inspect", "PATH")),
        "problems-toml": Reader(".toml", list(TOML[:1]), command("problems", "PATH")),
    }
    for name, mutate in (
        ("circuit.json", mutated),
        ("items.npz", npz),
        ("run.json", mutated),
        ("weights.npz", npz),
    ):
        others = {other: data for other, data in run.items() if other != name}
        by_name[f"run-{name.partition('.')[0]}"] = Reader(
            name, [run[name]], command(*inspect), mutate=mutate, beside=others
        )
    return by_name


def _weights() -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, weights=np.zeros(5), sigma=np.float64(3), seed=1)
    return file.getvalue()
