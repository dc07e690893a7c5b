"""The program from its start to its end, as a user waits for it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.lib.pages import ROOT
from scripts.lib.rows import Row
from scripts.studies.reconstruction.instances import Planted

STEPS = range(2, 9)


@dataclass(frozen=True)
class Commands:
    """`btfnet automaton` on two rows of a ring under a rule of three neighbours, for each number of steps."""

    number: int
    cells: int

    def measured(self, seed: int) -> Row:
        """All of them; the times are those of the slowest. `different` counts rules."""
        runs = list(self._runs(seed))
        wall, processor, slowest = max(runs, key=lambda run: run[0])
        exact = all(run[2]["exact"] for run in runs)
        different = sum(run[2]["rule"] != self.number for run in runs)
        return {
            "status": "exact" if exact else slowest["status"], "exact": exact, "starts": len(runs),
            "wrong": sum(run[2]["wrong_bits"] for run in runs), "known": sum(run[2]["known_bits"] for run in runs),
            "seconds": wall, "cpu_seconds": processor,
            "tried": sum(trial["tried"] for run in runs for trial in run[2]["trials"]),
            "open": max(len(run[2]["open"]) for run in runs),
            "different": different, "number": hex(slowest["rule"]),
        }  # fmt: skip

    def _runs(self, seed: int) -> Iterator[tuple[float, float, Row]]:
        with tempfile.TemporaryDirectory() as folder:
            for steps in STEPS:
                seen = Planted(3, steps, self.cells, self.number).instance(seed).observations
                rows = ["".join(map(str, row)) for row in seen.flat]
                file = Path(folder, f"t{steps}.txt")
                file.write_text("\n".join(rows) + "\n", encoding="ascii")
                command = [
                    sys.executable,
                    "-m",
                    "btfnet",
                    "automaton",
                    str(file),
                    "--steps",
                    str(steps),
                    "--json",
                ]
                before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
                done = subprocess.run(
                    command, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
                )
                wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                yield wall, used, json.loads(done.stdout)
