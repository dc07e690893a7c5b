"""A small problem from search to netlist and back, in a folder that is gone afterwards."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

from btfnet.cli.checkup.finding import Finding, Verdict

PROBLEM = "multiplier-2x2"
SUFFIXES = (".btf", ".v", ".blif", ".json")
LONGEST = 120.0
"""Seconds on the clock for the search, which takes a fraction of one."""
REPORT = "Please report it, with what btfnet doctor --json prints."


def self_test() -> Iterator[Finding]:
    """Learn, verify, write, read, and prove that what was read is what was written."""
    problem = resolve_name("btfnet:load")(PROBLEM).problem
    warm_up = resolve_name("btfnet.cli.compiling.processes:warm_up_search")
    warm_up(problem, precision="float32", jobs=1, quiet=False)
    begun = time.monotonic()
    result = resolve_name("btfnet:solve")(problem, trials=20, jobs=1, time_limit=LONGEST)
    seconds = f"{time.monotonic() - begun:.1f} s"
    if not result.exact:
        yield Finding(
            "self-test", "learn", f"{PROBLEM}: no exact circuit in {seconds}", Verdict.PROBLEM, REPORT
        )
        return
    yield Finding("self-test", "learn", f"{PROBLEM}: exact, in {seconds}")
    circuit = result.circuit
    check = resolve_name("btfnet:verify_items")(circuit, problem.inputs > 0, problem.outputs > 0)
    verdict = Verdict.FINE if check.exact else Verdict.PROBLEM
    yield Finding("self-test", "verify", "every item" if check.exact else "items differ", verdict,
                  "" if check.exact else REPORT)  # fmt: skip
    formats, prove_equal = resolve_name("btfnet.formats"), resolve_name("btfnet:prove_equal")
    different = []
    with tempfile.TemporaryDirectory(prefix="btfnet-doctor-", ignore_cleanup_errors=True) as folder:
        for suffix in SUFFIXES:
            path = Path(folder) / f"circuit{suffix}"
            formats.write_circuit(path, circuit)
            if not prove_equal(circuit, formats.read_circuit(path)).equal:
                different.append(suffix)
    if different:
        found = f"{', '.join(different)} came back as another circuit"
        yield Finding("self-test", "export", found, Verdict.PROBLEM, REPORT)
    else:
        yield Finding("self-test", "export", f"{', '.join(SUFFIXES)} written, read, proven equal")
