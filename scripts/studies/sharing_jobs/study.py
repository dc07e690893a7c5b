"""Jobs that share one search through a folder: what that costs, and what it bears.

    python scripts/studies/sharing_jobs/study.py overhead   # many tiny trials, alone and shared
    python scripts/studies/sharing_jobs/study.py win        # how long until all jobs are free after a win
    python scripts/studies/sharing_jobs/study.py kills      # 60 trials, a job killed every 5 s
    python scripts/studies/sharing_jobs/study.py vanishes   # the folder is away for 10 s, twice
    python scripts/studies/sharing_jobs/study.py stop       # a file STOP, and going on

Each writes its row into rows.jsonl beside this file; --dry-run only prints it. Jobs are processes, most of them
`btfnet solve`; their trials are compared with those of one process.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import numpy as np

import btfnet
from btfnet.checkpoint.file import unpacked
from scripts.lib.rows import RowStore

STORE = RowStore(Path(__file__).parent / "rows.jsonl", ("study",))
FACTS = ("seed", "engine", "status", "exact", "iterations", "wrong_bits", "train_bits", "test_bits", "shrunk")
TWENTY = (
    "rule-30-2", "--engine", "descent", "--all-trials", "--trials", "20", "--max-iterations", "150", "--no-shrink",
)  # fmt: skip
WIN = ("rule-30-2", "--engine", "descent", "--seed", "1", "--trials", "20", "--circuits", "1")


class Jobs:
    """Processes of `btfnet solve` that share a folder."""

    def __init__(self, folder: Path, arguments: tuple[str, ...]) -> None:
        self.folder, self.arguments = folder, arguments
        self.running: list[subprocess.Popen[str]] = []
        self.logs: list[Path] = []

    def start(self, *more: str) -> None:
        log = self.folder.with_name(f"job-{len(self.logs)}.log")
        self.logs.append(log)
        command = [sys.executable, "-m", "btfnet", "solve", *self.arguments, "--jobs", "1", "--json"]
        if self.folder.name != "alone":
            command.append("--share")
        with open(log, "w") as errors:
            process = subprocess.Popen(
                [*command, "--out", str(self.folder), *more], stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self.running.append(process)

    def wait(self) -> list[dict[str, Any]]:
        """What those that run print, when all have ended."""
        printed = [process.communicate()[0] for process in self.running]
        codes = [process.returncode for process in self.running]
        self.running = []
        if not set(codes) <= {0, 3, 130}:
            raise SystemExit("\n".join([f"exit codes {codes}", *(log.read_text() for log in self.logs)]))
        return [json.loads(text) for text in printed]


def table(record: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The trials, but for their times."""
    return [tuple(trial.get(fact) for fact in FACTS) for trial in record["trials"]]


def serially(place: Path, arguments: tuple[str, ...]) -> dict[str, Any]:
    jobs = Jobs(place / "alone", arguments)
    jobs.start()
    return jobs.wait()[0]


def overhead(place: Path) -> dict[str, Any]:
    inputs = np.array(list(itertools.product((-1, 1), repeat=4)))
    outputs = np.prod(inputs, axis=1)[:, None]
    problem = btfnet.Problem("parity", btfnet.Network.layered([4, 3, 1]), btfnet.Items(inputs, outputs))
    n_trials, seconds = 150, dict[str, list[float]](alone=[], shared=[])
    cpu = dict[str, list[float]](alone=[], shared=[])
    settings = btfnet.Settings(max_iterations=20)
    for repeat in range(4):
        for how in seconds:
            checkpoint = btfnet.SharedFolder(place / str(repeat)) if how == "shared" else None
            begun, worked = time.monotonic(), time.process_time()
            btfnet.solve(
                problem,
                settings,
                engine="rrr",
                trials=n_trials,
                all_trials=True,
                jobs=1,
                checkpoint=checkpoint,
            )
            seconds[how].append(time.monotonic() - begun)
            cpu[how].append(time.process_time() - worked)

    def ms(spent: dict[str, list[float]]) -> tuple[float, float]:
        """Of a trial alone, and how much more where it is shared; the first repeat compiles."""
        alone, shared = (1000 * float(np.median(spent[how][1:])) / n_trials for how in spent)
        return round(alone, 2), round(shared - alone, 2)

    return {"trials": n_trials, "ms_alone_and_more": ms(seconds), "ms_alone_and_more_of_processor": ms(cpu)}


def win(place: Path) -> dict[str, Any]:
    """How long other jobs run on after one has found an exact circuit, and the search after its last trial."""
    free, closed, ended = list[float](), list[float](), list[float]()
    for repeat in range(3):
        folder = place / str(repeat)
        jobs = Jobs(folder, WIN)
        for _ in range(3):
            jobs.start()
        seen = _times_of_entries(folder / "shared")
        found = jobs.wait()
        ended.append(time.monotonic() - seen["closed"][0])
        closed.append(seen["closed"][0] - seen["ended"][-1])
        free.append(max(seen["stopped"], default=seen["found"][0]) - seen["found"][0])
        if not all(record["exact"] and table(record) == table(found[0]) for record in found):
            raise SystemExit("the jobs hold different results")
    return {
        "jobs": 3,
        "seconds_from_win_until_other_trials_had_ended": _rounded(free),
        "seconds_from_last_trial_until_closed": _rounded(closed),
        "seconds_until_processes_had_ended": _rounded(ended),
    }


def _rounded(seconds: list[float]) -> list[float]:
    return [round(each, 2) for each in seconds]


def _times_of_entries(files: Path) -> dict[str, list[float]]:
    """When the entries of a log appeared, by kind, until it was closed."""
    seen, times = set[str](), dict[str, list[float]](found=[], ended=[], stopped=[], closed=[])
    while not times["closed"]:
        for name in sorted(set(os.listdir(files)) - seen if files.exists() else ()):
            seen.add(name)
            if name.startswith("entry-"):
                record = unpacked((files / name).read_bytes(), name).values
                now, kind = time.monotonic(), record["kind"]
                if kind in times:
                    times[kind].append(now)
                if kind == "ended" and record["trials"][0]["status"] == "STOPPED":
                    times["stopped"].append(now)
        time.sleep(0.02)
    return times


def kills(place: Path) -> dict[str, Any]:
    """Two jobs at a time; one is killed every five seconds, whichever was struck less lately, and replaced.

    Jobs are copies of this process, in which everything is loaded: what is struck is the search.
    """
    task = btfnet.load("rule-30-2")

    def search(checkpoint: btfnet.SharedFolder | None) -> list[tuple[Any, ...]]:
        found = btfnet.solve(
            task.problem, task.settings.but(max_iterations=60), trials=60, all_trials=True, jobs=1, seed=3,
            engine="descent", shrink=False, checkpoint=checkpoint,
        )  # fmt: skip
        return [
            (
                each.index,
                each.status.key,
                each.iterations,
                each.wrong_bits,
                sha256(each.weights.tobytes()).hexdigest(),
            )
            for each in found.trials
        ]

    begun = time.monotonic()
    alone, seconds = search(None), time.monotonic() - begun

    def job(number: int) -> None:
        folder = btfnet.SharedFolder(place / "shared", patience=5)
        (place / f"{number}.json").write_text(json.dumps(search(folder)))

    fork = multiprocessing.get_context("fork")
    begun, killed, running = time.monotonic(), 0, list[Any]()
    numbers = itertools.count()

    def start() -> None:
        process = fork.Process(target=job, args=(next(numbers),))
        process.start()
        running.append(process)

    start()
    start()
    next_blow = begun + 5
    while any(process.is_alive() for process in running):
        time.sleep(0.05)
        if time.monotonic() >= next_blow and running[0].is_alive():
            next_blow += 5
            victim = running.pop(0)
            victim.kill()
            victim.join()
            killed += 1
            start()
    took = time.monotonic() - begun
    found = [[tuple(each) for each in json.loads(path.read_text())] for path in place.glob("*.json")]
    states = {process.exitcode for process in running}
    if states != {0} or not found:
        raise SystemExit(f"jobs ended with {states}")
    return {
        "trials": len(alone),
        "killed": killed,
        "seconds_alone": round(seconds, 1),
        "seconds": round(took, 1),
        "lost": len(alone) - min(map(len, found)),
        "same_as_serially": all(each == alone for each in found),
    }


def vanishes(place: Path) -> dict[str, Any]:
    alone = serially(place, TWENTY)
    jobs = Jobs(place / "shared-run", TWENTY)
    jobs.start()
    jobs.start()
    for _ in range(2):
        _wait_for_trials(jobs.folder / "shared", 2)
        os.rename(jobs.folder, place / "away")
        time.sleep(10)
        os.rename(place / "away", jobs.folder)
    found = jobs.wait()
    return {
        "seconds_away": [10, 10],
        "lost": len(alone["trials"]) - min(len(record["trials"]) for record in found),
        "same_as_serially": all(table(record) == table(alone) for record in found),
    }


def _wait_for_trials(files: Path, more: int) -> None:
    def entries() -> int:
        return len([name for name in os.listdir(files) if name.startswith("entry-")]) if files.exists() else 0

    before = entries()
    while entries() < before + more:
        time.sleep(0.1)


def stop(place: Path) -> dict[str, Any]:
    alone = serially(place, TWENTY)
    jobs = Jobs(place / "shared-run", TWENTY)
    for _ in range(3):
        jobs.start()
    _wait_for_trials(jobs.folder / "shared", 4)
    (jobs.folder / "STOP").touch()
    begun = time.monotonic()
    stopped = jobs.wait()
    seconds = time.monotonic() - begun
    (jobs.folder / "STOP").unlink()
    jobs.start()
    jobs.start()
    found = jobs.wait()
    return {
        "status": sorted({record["status"] for record in stopped}),
        "seconds_until_all_had_ended": round(seconds, 2),
        "same_as_serially": all(table(record) == table(alone) for record in found),
    }


STUDIES = {study.__name__: study for study in (overhead, win, kills, vanishes, stop)}


@click.command(help=__doc__)
@click.argument("names", nargs=-1, required=True, type=click.Choice(list(STUDIES)))
@click.option("--dry-run", is_flag=True, help="Only print the rows.")
def main(names: tuple[str, ...], dry_run: bool) -> None:
    for name in names:
        with tempfile.TemporaryDirectory() as place:
            found = STUDIES[name](Path(place))
        row = {"study": name, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1), **found}
        if dry_run:
            click.echo(json.dumps(row))
        else:
            STORE.keep(row)


if __name__ == "__main__":
    main()
