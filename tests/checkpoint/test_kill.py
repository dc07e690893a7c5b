"""Real processes, really killed; scripts/checks/kill_test.py does the same at many more moments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "checks" / "kill_test.py"


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="too slow interpreted")
def test_search_struck_at_random_moments_ends_as_if_nothing_had_happened():
    options = [
        "--moments",
        "6",
        "--blows",
        "2",
        *("--case", "rrr+descent", "--case", "narrowed", "--case", "consensus"),
    ]
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *options], capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "all the same to the last bit" in result.stdout
