"""Searches that are killed at random moments must end as if nothing had happened.

    python scripts/kill_test.py                 # 60 moments: kill -9, Ctrl-C and SIGTERM, every engine
    python scripts/kill_test.py --moments 200 --seed 7
    python scripts/kill_test.py --moments 6 --engines rrr --iterations 500

For each engine a search runs once undisturbed. Then it is started again, struck at a random moment, resumed,
struck again, …, until it ends by itself: weights, circuit, trace and trials must be the same to the last bit.
It prints a line for each search, and at the end how many seconds of work the worst kill -9 cost.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SEARCHES = {"rrr": 1500, "descent": 2000, "rrr+descent": 100}
"""Engines and iterations: some ten seconds each."""
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
ENDS = {
    signal.SIGKILL: {-9},
    signal.SIGINT: {130, -2},  # the latter before the command has begun
    signal.SIGTERM: {143, -15},
}


def command(engine: str, out: Path, problem: str, iterations: int) -> list[str]:
    return [
        sys.executable, "-m", "btfnet", "solve", problem, "--engine", engine, "--out", str(out),
        "--max-iterations", str(iterations), "--trials", "2", "--jobs", "2", "--all-trials",
        "--deterministic", "--seed", "3", "--quiet",
    ]  # fmt: skip


def outcome(out: Path) -> dict[str, object]:
    """Everything that a run leaves behind, but for times."""
    record = json.loads((out / "run.json").read_text())
    for part in (record, *record["trials"]):
        del part["seconds"]
    del record["model"]
    with np.load(out / "weights.npz") as arrays:
        weights = {name: arrays[name].tobytes() for name in arrays}
    trace = [line.rsplit(",", 1)[0] for line in (out / "trace.csv").read_text().splitlines()]
    circuit = (out / "circuit.json").read_bytes() if (out / "circuit.json").exists() else b""
    return {"run": record, "weights": weights, "trace": trace, "circuit": circuit}


def strike(call: list[str], out: Path, rng: random.Random, longest: float) -> tuple[bool, float]:
    """Start or resume, and strike; whether it ended by itself, and the age of its state when it was killed."""
    resume = any((out / "checkpoint").glob("*.safetensors"))
    process = subprocess.Popen(
        [*call, *(["--resume"] if resume else [])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    begun = time.time()
    try:
        process.wait(timeout=rng.uniform(0.5, longest))
    except subprocess.TimeoutExpired:
        chosen = rng.choice(SIGNALS)
        process.send_signal(chosen)
        struck = time.time()
        errors = process.communicate()[1]
        if process.returncode not in ENDS[chosen] | {0, 3}:
            sys.exit(f"{chosen.name}: exit code {process.returncode}\n{errors}")
        if process.returncode != -9:
            return process.returncode in (0, 3), 0.0
        states = [path.stat().st_mtime for path in (out / "checkpoint").glob("trial-*.safetensors")]
        return False, struck - max(begun, min(states, default=begun))
    if process.returncode not in (0, 3):
        sys.exit(f"exit code {process.returncode}\n{process.communicate()[1]}")
    process.communicate()
    return True, 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--moments", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--problem", default="rule-30-3")
    parser.add_argument("--longest", type=float, default=6.0, help="seconds until the blow, at most")
    parser.add_argument("--engines", nargs="+", choices=list(SEARCHES), default=list(SEARCHES))
    parser.add_argument("--iterations", type=int, help="in place of each engine's own")
    options = parser.parse_args()
    limits = {engine: options.iterations or SEARCHES[engine] for engine in options.engines}
    rng, moments, worst, expected = random.Random(options.seed), 0, 0.0, {}
    with tempfile.TemporaryDirectory() as folder:
        search = 0
        while moments < options.moments:
            engine = options.engines[search % len(options.engines)]
            out = Path(folder) / f"{search}"
            call = command(engine, out, options.problem, limits[engine])
            if engine not in expected:
                whole = Path(folder) / f"whole-{engine}"
                subprocess.run(
                    command(engine, whole, options.problem, limits[engine]),
                    stdout=subprocess.DEVNULL,
                    check=False,
                )
                expected[engine] = outcome(whole)
            blows, ended = 0, False
            while not ended:
                ended, lost = strike(call, out, rng, options.longest)
                blows, worst = blows + (not ended), max(worst, lost)
            moments, search = moments + blows, search + 1
            found = outcome(out)
            differing = [name for name, value in expected[engine].items() if found[name] != value]
            verdict = f"DIFFERS in {', '.join(differing)}" if differing else "same"
            print(f"{engine:<12} struck {blows:>3} times: {verdict}", flush=True)
            if differing or (out / "checkpoint").exists():
                sys.exit(f"{engine}: not as if nothing had happened (differing: {differing})")
    print(f"{moments} moments, {search} searches, every one the same to the last bit")
    print(f"oldest state at a kill -9: {worst:.1f} s (start of the command, or its least recent checkpoint)")


if __name__ == "__main__":
    main()
