"""Searches that are killed at random moments must end as if nothing had happened.

    python scripts/checks/kill_test.py  # 100 moments: kill -9, Ctrl-C and SIGTERM, every engine and phase
    python scripts/checks/kill_test.py --moments 200 --seed 7
    python scripts/checks/kill_test.py --moments 6 --case narrowed --case tuning

Each case is a search of some seconds in which some engine or phase is most of the work. It runs once
undisturbed. Then it is started again, struck at a random moment, resumed, struck again, …, until it ends by
itself: weights, circuit, trace and trials must be the same to the last bit. Ctrl-C and SIGTERM must end it
with their exit codes, soon, and run.json must say interrupted. It prints a line for each search, and at the
end what the blows cost.
"""

from __future__ import annotations

import itertools
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np

from scripts.lib import options

PAIRS = "pairs.toml"
"""Items on which two inputs are alike, and others on which they are not: circuits differ, and most agree."""
ALL = ("--all-trials", "--trials", "2", "--jobs", "2")
CASES: dict[str, tuple[str, ...]] = {
    "rrr": ("rule-30-2", "--engine", "rrr", "--max-iterations", "800", *ALL),
    "descent": ("rule-30-2", "--engine", "descent", "--max-iterations", "800", *ALL),
    "rrr+descent": ("rule-30-2", "--engine", "rrr+descent", "--max-iterations", "150", *ALL),
    "auto": ("rule-30-2", "--engine", "auto", "--max-iterations", "150", *ALL),
    "tuning": (
        "rule-30-2",
        "--tune",
        "--max-iterations",
        "300",
        "--all-trials",
        "--trials",
        "6",
        "--jobs",
        "2",
    ),
    "widened": ("rule-30-2", "--engine", "descent", "--widen", "2", "--max-iterations", "500", *ALL),
    "narrowed": ("multiplier-3x3", "--engine", "descent", "--widen", "3", *ALL),
    "shrinking": ("multiplier-3x3", "--engine", "descent", *ALL),
    "consensus": (
        "rule-110-1",
        "--engine",
        "descent",
        "--trials",
        "8",
        "--jobs",
        "1",
        "--circuits",
        "5",
        "--train",
        "40",
    ),
    "codes": ("autoencoder-16", "--engine", "descent", "--max-iterations", "2000", *ALL),
    "codes, both": ("autoencoder-16", "--engine", "rrr+descent", "--max-iterations", "1500", *ALL),
}
"""Arguments of `btfnet solve`, by what most of the time goes into."""
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
ENDS = {
    signal.SIGKILL: {-9},
    signal.SIGINT: {130, -2},  # the latter before the command has begun
    signal.SIGTERM: {143, -15},
}
EARLIEST = 0.5
"""Seconds until a blow, at least."""
PART = 0.6
"""Of what the whole search takes, until a blow at most: longer ones hardly hit, where so much is done already."""


@dataclass
class Tally:
    """What the blows cost."""

    struck: dict[str, int] = field(default_factory=dict)
    oldest: float = 0.0
    slowest: float = 0.0


def write_pairs(folder: Path) -> None:
    """Six majorities of a pair of inputs and of input 4, of which 5 is a copy in the first half of the items."""
    pairs = list(itertools.combinations(range(4), 2))
    rows = sorted(itertools.product((0, 1), repeat=6), key=lambda row: row[4] != row[5])
    lines: list[list[object]] = [
        [*row, *(int(row[a] + row[b] + row[4] > 1) for a, b in pairs)] for row in rows
    ]
    names = [*(f"in:i{column}" for column in range(6)), *(f"out:o{column}" for column in range(6))]
    text = "\n".join(",".join(map(str, line)) for line in [list[object](names), *lines])
    (folder / "pairs.csv").write_text(text + "\n")
    network, train = "[network]\nwidths = [6, 6]", "[train]\nitems = 32"
    (folder / PAIRS).write_text(
        f'format = 1\nname = "pairs"\n[data]\nfile = "pairs.csv"\n{network}\n{train}\n'
    )


def command(case: str, out: Path) -> list[str]:
    given = [str(out.parent / word) if word == PAIRS else word for word in CASES[case]]
    return [
        sys.executable, "-m", "btfnet", "solve", *given, "--out", str(out), "--deterministic", "--seed", "3",
        "--quiet",
    ]  # fmt: skip


def outcome(out: Path) -> dict[str, object]:
    """Everything that a run leaves behind, but for times."""
    record = without_times(json.loads((out / "run.json").read_text()))
    del record["model"]
    with np.load(out / "weights.npz") as arrays:
        weights = {name: arrays[name].tobytes() for name in arrays}
    trace = [line.rsplit(",", 1)[0] for line in (out / "trace.csv").read_text().splitlines()]
    circuit = (out / "circuit.json").read_bytes() if (out / "circuit.json").exists() else b""
    return {"run": record, "weights": weights, "trace": trace, "circuit": circuit}


def without_times(value: Any) -> Any:
    """The same without what is counted in seconds, however deep."""
    if isinstance(value, dict):
        return {key: without_times(inner) for key, inner in value.items() if key != "seconds"}
    return [without_times(inner) for inner in value] if isinstance(value, list) else value


def strike(call: list[str], moment: float | None, chosen: signal.Signals, out: Path, tally: Tally) -> bool:
    """Start or resume, and strike after so many seconds, None: never; whether it ended by itself."""
    process = subprocess.Popen(
        [*call, "--resume"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    begun = time.time()
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        process.send_signal(chosen)
        return struck(process, chosen, out, begun, tally)
    errors = process.communicate()[1]
    if process.returncode not in (0, 3):
        sys.exit(f"exit code {process.returncode}\n{errors}")
    return True


def struck(
    process: subprocess.Popen[str], chosen: signal.Signals, out: Path, begun: float, tally: Tally
) -> bool:
    """Wait for the end, and see that it is as it should be; whether it had ended by itself."""
    at = time.time()
    errors = process.communicate()[1]
    if process.returncode in (0, 3):
        return True
    if process.returncode not in ENDS[chosen] or ("Traceback" in errors and process.returncode > 0):
        sys.exit(f"{chosen.name}: exit code {process.returncode}\n{errors}")
    tally.struck[chosen.name] = tally.struck.get(chosen.name, 0) + 1
    if process.returncode == -9:
        states = [path.stat().st_mtime for path in (out / "checkpoint").glob("trial-*.safetensors")]
        tally.oldest = max(tally.oldest, at - max(begun, min(states, default=begun)))
        return False
    tally.slowest = max(tally.slowest, time.time() - at)
    record = out / "run.json"
    if record.exists() and json.loads(record.read_text())["status"] not in ("interrupted", "saving"):
        sys.exit(
            f"{chosen.name}: exit code {process.returncode}, but run.json says {record.read_text()[:200]}"
        )
    return False


def undisturbed(case: str, folder: Path) -> tuple[dict[str, object], float]:
    """What the case leaves behind, and how long it takes."""
    out, begun = folder / f"whole-{case}", time.time()
    subprocess.run(command(case, out), stdout=subprocess.DEVNULL, check=False)
    return outcome(out), time.time() - begun


@options.command(__doc__)
@click.option("--moments", default=100, show_default=True, help="Blows in all.")
@click.option("--blows", default=9, show_default=True, help="At one search; then it may end.")
@click.option("--seed", default=0, show_default=True)
@click.option("--case", "cases", multiple=True, type=click.Choice(list(CASES)), help="All by default.")
def main(moments: int, blows: int, seed: int, cases: tuple[str, ...]) -> None:
    rng, tally, names = random.Random(seed), Tally(), cases or tuple(CASES)
    with tempfile.TemporaryDirectory() as name:
        search, folder = 0, Path(name)
        write_pairs(folder)
        expected: dict[str, tuple[dict[str, object], float]] = {}
        while sum(tally.struck.values()) < moments:
            case = names[search % len(names)]
            if case not in expected:
                expected[case] = undisturbed(case, folder)
            (whole, seconds), out = expected[case], folder / f"{search}"
            before = sum(tally.struck.values())
            strike_until_it_ends(case, out, PART * seconds, blows, rng, tally)
            check(case, whole, out)
            count = sum(tally.struck.values()) - before
            click.echo(f"{case:<12} {seconds:5.1f} s  struck {count:>3} times: same")
            search += 1
    struck = ", ".join(f"{count} {name}" for name, count in sorted(tally.struck.items()))
    click.echo(
        f"{sum(tally.struck.values())} moments ({struck}), {search} searches, all the same to the last bit"
    )
    click.echo(
        f"oldest state at a kill -9: {tally.oldest:.1f} s (start of the command, or its least recent checkpoint)"
    )
    click.echo(f"slowest end after Ctrl-C or SIGTERM: {tally.slowest:.1f} s")


def strike_until_it_ends(
    case: str, out: Path, latest: float, blows: int, rng: random.Random, tally: Tally
) -> None:
    """Start, strike and resume, so many times at most."""
    before, ended = sum(tally.struck.values()), False
    while not ended:
        may_strike = sum(tally.struck.values()) - before < blows
        moment = rng.uniform(EARLIEST, latest) if may_strike else None
        ended = strike(command(case, out), moment, rng.choice(SIGNALS), out, tally)


def check(case: str, whole: dict[str, object], out: Path) -> None:
    """Exits where a run is not as if nothing had happened."""
    after = outcome(out)
    differing = [name for name, value in whole.items() if after[name] != value]
    if differing or ((out / "checkpoint").exists() and "--all-trials" not in CASES[case]):
        sys.exit(f"{case}: not as if nothing had happened (differing: {differing})")


if __name__ == "__main__":
    main()
