"""Everything that a reviewer would run: format, lint, types, import contract, tests, tests without the compiler.

    python scripts/checks/check.py            # all of it
    python scripts/checks/check.py tests      # only what is named: format lint types imports tests nojit

Ends with the first step that fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
KERNEL_TESTS = (
    "tests/engines/test_boolnet.py",
    "tests/kernels/test_margin.py",
    "tests/kernels/test_lanes_range.py",
    "tests/engines/test_descent_prices.py",
    "tests/engines/test_descent_gates.py",
    "tests/engines/test_descent_larger_gates.py",
    "tests/engines/test_descent_codes.py",
    "tests/engines/test_descent_walk.py",
    "tests/engines/test_descent_stepper.py",
    "tests/kernels/test_merge.py",
    "tests/engines/test_cuts.py",
    "tests/engines/test_evidence.py",
    "tests/engines/test_fit.py",
    "tests/projections/test_constraint_laws.py",
    "tests/projections/test_constraint_ties.py",
    "tests/projections/test_constraint_joining.py",
    "tests/projections/test_constraint_arguments.py",
    "tests/kernels/test_circuit_bits.py",
    "tests/logic/test_packed.py",
    "tests/logic/test_circuit_evaluate.py",
    "tests/logic/test_circuit_program.py",
    "tests/logic/test_circuit_verify.py",
    "tests/kernels/test_naive.py",
)
"""Every compiled function is reached from these; without the compiler they are the coverage of the kernels."""

STEPS: dict[str, list[str]] = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "imports": ["lint-imports", "--no-logo"],
    "nojit": ["pytest", *KERNEL_TESTS],
    "tests": ["pytest", "--durations=5"],
}


def run(name: str) -> None:
    program, *arguments = STEPS[name]
    tool = BIN / program  # beside this Python, so that no virtual environment need be active
    command = [str(tool) if tool.exists() else program, *arguments]
    environment = dict(os.environ, NUMBA_DISABLE_JIT="1") if name == "nojit" else dict(os.environ)
    begun = time.monotonic()
    print(f"== {name}: {' '.join(STEPS[name])}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    print(
        f"== {name}: {'passed' if code == 0 else f'failed ({code})'} in {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    if code:
        sys.exit(code)


def main() -> None:
    names = sys.argv[1:] or list(STEPS)
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        sys.exit(f"{unknown[0]} is no step; steps are {', '.join(STEPS)}.")
    for name in names:
        run(name)


if __name__ == "__main__":
    main()
