"""Do searches still come to the same results, bit for bit, after the code was changed but not what it computes?

    python scripts/checks/same_results.py record RECORD.jsonl      at the commit to compare with
    python scripts/checks/same_results.py compare RECORD.jsonl     at the commit that must be the same

same_results.jsonl beside this script is of the commit before the rooms were moved, its committees of the
commit that gave their circuits names.

Thirty searches: every engine, tuned and not, wide beginnings, unseen items and their consensus, unknown inputs,
classes, bits that do not count, both precisions, widths that find themselves, committees. Of each trial its
statuses, iterations, weights, gates, codes and circuit are compared, and of each result what was kept. A record
holds for machines of one kind only: another processor rounds in another order.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

import btfnet
from btfnet import Committee, InputKind, OutputKind, Problem, Result, Settings, Trial


def digest(*values: object) -> str:
    """Of arrays their bytes, of all else its words."""
    sum_ = hashlib.sha256()
    for value in values:
        sum_.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        sum_.update(b"|")
    return sum_.hexdigest()[:16]


def of_trial(trial: Trial) -> dict[str, object]:
    return {
        "seed": trial.seed,
        "settings": trial.settings.as_dict(),
        "engine": str(trial.engine),
        "found_by": str(trial.found_by),
        "status": trial.status.key,
        "exact": trial.exact,
        "iterations": trial.iterations,
        "weights": digest(trial.weights),
        "integer_weights": digest(trial.integer_weights),
        "codes": digest(trial.codes),
        "circuit": digest(str(trial.circuit)),
        "looks": digest(*((look.iteration, look.gap, look.train_bits) for look in trial.trace)),
    }


def of_result(result: Result) -> dict[str, object]:
    return {
        "status": result.status.key,
        "best": result.best,
        "circuit": digest(str(result.circuit)),
        "weights": digest(result.weights),
        "rounds": [len(entry.heats) for entry in result.tuning],
        "widths": [str(each.widths) for each in result.widths],
        "agreement": repr(result.agreement),
        "trials": [of_trial(trial) for trial in result.trials],
    }


def of_committee(committee: Committee, problem: Problem) -> dict[str, object]:
    votes = committee.predict(problem.inputs)
    return {"votes": digest(np.asarray(votes)), "circuit": digest(str(committee.circuit()))}


def solved(
    name: str, engine: str, *, seed: int = 0, iterations: int = 4000, **options: Any
) -> Callable[[], dict]:
    def search() -> dict[str, object]:
        task = btfnet.load(name)
        chosen: dict[str, Any] = {
            "settings": task.settings.but(max_iterations=iterations),
            "tune": False,
            "trials": 3,
            "jobs": 1,
        }
        chosen |= {"deterministic": True, "engine": engine, "seed": seed}
        return of_result(btfnet.solve(task.problem, **(chosen | options)))

    return search


def partly(name: str, *, train: int, **options: Any) -> Callable[[], dict]:
    """Of a built-in problem so many items for training, the others unseen."""

    def search() -> dict[str, object]:
        task = btfnet.load(name)
        items = np.random.default_rng(5).permutation(task.problem.n_items)
        inputs, outputs = task.problem.inputs[items], task.problem.outputs[items]
        problem = Problem.from_arrays(inputs, outputs, task.problem.network, n_train=train)
        chosen: dict[str, Any] = {"trials": 8, "jobs": 1, "deterministic": True}
        return of_result(btfnet.solve(problem, task.settings.but(max_iterations=3000), **(chosen | options)))

    return search


def with_dont_cares(engine: str) -> Callable[[], dict]:
    def search() -> dict[str, object]:
        task = btfnet.load("multiplier-2x2")
        care = np.random.default_rng(1).random(task.problem.outputs.shape) < 0.7
        whole = task.problem
        problem = Problem.from_arrays(whole.inputs, whole.outputs, whole.network, care=care)
        short = task.settings.but(max_iterations=3000)
        return of_result(btfnet.solve(problem, short, trials=3, jobs=1, deterministic=True, engine=engine))

    return search


def classes(seed: int, members: int) -> Callable[[], dict]:
    def search() -> dict[str, object]:
        generator = np.random.default_rng(seed)
        x = generator.normal(size=(300, 12))
        y = (x[:, 0] + x[:, 1] > 0).astype(int) + (x[:, 2] > 0.5)
        network = btfnet.Network.layered([12, 4, 3])
        x /= abs(x).max()
        problem = Problem.from_arrays(
            x, y, network, input_kind=InputKind.ANALOG, output_kind=OutputKind.CLASS
        )
        committee = btfnet.train_committee(
            problem, members=members, boost=btfnet.Boost(items=256, inputs=24, hidden=6, rounds=4), seed=seed
        )
        return of_committee(committee, problem)

    return search


def widths(seed: int) -> Callable[[], dict]:
    def search() -> dict[str, object]:
        problem = btfnet.load("parity-4").problem
        return of_result(btfnet.solve_widths(problem, trials=2, jobs=1, seed=seed, deterministic=True))

    return search


def up_to_the_kept(search: Callable[[], dict]) -> Callable[[], dict]:
    """Of a search with several jobs: trials after the kept one end at moments that depend on the clock."""

    def shortened() -> dict[str, object]:
        outcome = search()
        return outcome | {"trials": outcome["trials"][: outcome["best"] + 1]}

    return shortened


NARROW, WIDE = Settings(max_iterations=2000, widen=1), Settings(max_iterations=2000, widen=2.5)

SEARCHES: dict[str, Callable[[], dict]] = {
    "rrr multiplier-2x2": solved("multiplier-2x2", "rrr"),
    "rrr andor-2": solved("andor-2", "rrr", seed=3),
    "rrr maj-2": solved("maj-2", "rrr", iterations=1500),
    "rrr rule-110-1": solved("rule-110-1", "rrr"),
    "rrr float64 multiplier-2x2": solved("multiplier-2x2", "rrr", precision="float64"),
    "rrr autoencoder-8": solved("autoencoder-8", "rrr", iterations=2000),
    "rrr decoder-16": solved("decoder-16", "rrr", iterations=1000),
    "rrr tuned parity-4": solved("parity-4", "rrr", tune=True, trials=9, iterations=1500),
    "rrr unshrunk roman-4-bit": solved("roman-4-bit", "rrr", shrink=False, iterations=1000),
    "descent multiplier-2x2": solved("multiplier-2x2", "descent"),
    "descent multiplier-3x3": solved("multiplier-3x3", "descent", iterations=2000),
    "descent rule-30-2": solved("rule-30-2", "descent", iterations=2000),
    "descent narrow andor-3": solved("andor-3", "descent", iterations=2000, settings=NARROW),
    "descent wide maj-3": solved("maj-3", "descent", iterations=2000, settings=WIDE),
    "descent tuned parity-8": solved("parity-8", "descent", tune=True, trials=9, iterations=1500),
    "descent autoencoder-16": solved("autoencoder-16", "descent", iterations=1500),
    "descent unshrunk rorschach-3": solved("rorschach-3", "descent", shrink=False, iterations=500, trials=2),
    "both multiplier-2x2": solved("multiplier-2x2", "rrr+descent", iterations=1500),
    "both rule-110-1": solved("rule-110-1", "rrr+descent", seed=2, iterations=1500),
    "both autoencoder-8": solved("autoencoder-8", "rrr+descent", iterations=1500),
    "auto tuned multiplier-2x2": solved("multiplier-2x2", "auto", tune=True, trials=8, all_trials=True),
    "auto two jobs parity-4": up_to_the_kept(
        solved("parity-4", "auto", jobs=2, trials=6, iterations=1500)
    ),
    "auto wide start rule-30-2": solved("rule-30-2", "auto", tune=True, trials=4, iterations=1500),
    "consensus parity-4": partly("parity-4", train=12, circuits=4),
    "consensus multiplier-2x2": partly("multiplier-2x2", train=13, circuits=5, engine="descent"),
    "consensus rule-110-1": partly("rule-110-1", train=6, circuits=3, tune=True),
    "don't cares rrr": with_dont_cares("rrr"),
    "don't cares descent": with_dont_cares("descent"),
    "widths parity-4": widths(1),
    "committee of 40": classes(1, 40),
    "committee of one": classes(2, 1),
}  # fmt: skip


def all_searches() -> Iterator[tuple[str, dict]]:
    for name, search in SEARCHES.items():
        began = time.perf_counter()
        outcome = json.loads(json.dumps(search()))
        print(
            f"{name:40s} {outcome.get('status', 'votes'):12s} {time.perf_counter() - began:6.1f} s",
            flush=True,
        )
        yield name, outcome


def differences(before: object, after: object, where: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from differences(before[key], after[key], f"{where}, {key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (each, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(each, other, f"{where} {index}")
    elif before != after:
        yield f"{where}: {before} before, {after} now"


@click.command(help=__doc__)
@click.argument("verb", type=click.Choice(["record", "compare"]))
@click.argument("path", type=click.Path(path_type=Path))
def main(verb: str, path: Path) -> None:
    if verb == "record":
        path.write_text("".join(f"{json.dumps(entry)}\n" for entry in all_searches()), encoding="utf-8")
        return
    recorded = dict(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    different = list(differences(recorded, dict(all_searches()), "searches"))
    click.echo("\n".join(different) or f"{len(recorded)} searches: all the same")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
