"""The command as a process, and real searches from the first option to the verified circuit."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from support.cli_samples import run, strict_json

from btfnet import __version__

BTFNET = [sys.executable, "-W", "error", "-m", "btfnet"]
needs_jit = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="too slow interpreted")
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and pipes")


def call(*arguments, **options):
    return subprocess.run(
        [*BTFNET, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, **options
    )


# -- the process ------------------------------------------------------------------------------------------


def test_help_imports_neither_numpy_nor_the_compiler():
    script = (
        "import sys\n"
        "from btfnet.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'numpy', 'numba', 'scipy', 'networkx', 'rich', 'sklearn', 'pysat'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "Commands:" in result.stdout


def test_help_of_solve_imports_neither_numpy_nor_the_compiler():
    script = (
        "import sys\n"
        "from btfnet.cli import main\n"
        "try:\n    main(['solve', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'numba', 'rich'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0


def test_version_is_that_of_the_package():
    result = call("--version")
    assert (result.returncode, result.stdout, result.stderr) == (0, f"btfnet {__version__}\n", "")


def test_unknown_problem_exits_with_2_and_without_traceback():
    result = call("solve", "no-such-problem")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr


@posix
def test_reader_that_goes_away_ends_the_command_quietly():
    process = subprocess.Popen([*BTFNET, "problems"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), errors) == (141, b"")


@posix
def test_closed_output_is_no_reason_to_fail():
    result = subprocess.run(["sh", "-c", f"{sys.executable} -m btfnet problems >&-"], check=False)
    assert result.returncode == 0


@posix
@needs_jit
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_the_search_and_saves_what_there_is(tmp_path, number, code):
    command = [*BTFNET, "solve", "rule-30-3", "--jobs", "1", "--out", str(tmp_path / "run"), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = iter(process.stderr.readline, "")
    assert any("iteration" in line for line in lines)
    process.send_signal(number)
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == code, errors
    record = strict_json(printed)
    assert record["status"] == "interrupted"
    assert record == json.loads((tmp_path / "run" / "run.json").read_text())
    assert "Traceback" not in errors
    assert list((tmp_path / "run" / "checkpoint").glob("trial-*.safetensors"))
    again = call("solve", "rule-30-3", "--jobs", "1", "--out", tmp_path / "run")
    assert again.returncode == 1
    assert "Use --resume" in again.stderr
    other = call("solve", "rule-30-1", "--jobs", "1", "--out", tmp_path / "run", "--resume")
    assert other.returncode == 1
    assert "another problem: rule-30-3, and this is rule-30-1" in other.stderr


# -- the real search --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def multiplier(tmp_path_factory):
    """A 2-bit multiplier, learned once."""
    folder = tmp_path_factory.mktemp("runs") / "multiplier"
    result = run("solve", "multiplier-2x2", "--out", folder, "--netlist", "blif", "--json", "--quiet")
    assert result.exit_code == 0, result.output
    return folder, strict_json(result.stdout)


@needs_jit
def test_multiplier_is_learned_and_verified(multiplier):
    folder, record = multiplier
    assert (record["status"], record["exact"]) == ("solved", True)
    best = record["trials"][record["best"]]
    assert best["exact"] is True
    assert best["engine"] in ("rrr+descent", "descent")
    assert best["found_by"] in ("rrr", best["engine"])
    assert (best["train_bits"], best["train_words"]) == (1.0, 1.0)
    assert run("verify", folder).exit_code == 0
    assert run("verify", folder, "multiplier-2x2").exit_code == 0
    assert run("verify", folder, folder / "circuit.blif").exit_code == 0


@needs_jit
def test_learned_multiplier_multiplies(multiplier, tmp_path):
    folder, _ = multiplier
    run("problems", "multiplier-2x2", "--write", tmp_path / "items.csv")
    header, *items = (tmp_path / "items.csv").read_text().splitlines()
    assert run("predict", folder, tmp_path / "items.csv").stdout.splitlines() == [item[8:] for item in items]
    assert header.count("in:") == header.count("out:") == 4


@needs_jit
def test_plain_data_need_no_problem_file(tmp_path):
    run("problems", "multiplier-2x2", "--write", tmp_path / "items.csv")
    result = run(
        "solve", "--data", tmp_path / "items.csv", "--widths", "4,4,4,4", "--trials", "20", "--quiet"
    )
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert "p3 = " in result.stdout


@needs_jit
def test_search_cut_short_is_an_honest_failure():
    result = run("solve", "multiplier-3x3", "--max-iterations", "10", "--trials", "2", "--json", "--quiet")
    record = strict_json(result.stdout)
    assert result.exit_code == 3
    assert (record["status"], record["exact"], record["model"]) == ("iteration_limit", False, None)
    assert len(record["trials"]) == 2


@needs_jit
def test_same_seed_gives_the_same_trials(tmp_path):
    records = []
    for jobs in (1, 2):
        result = run(
            "solve", "multiplier-2x2", "--trials", "3", "--all-trials", "--seed", "5", "--max-iterations", "2000",
            "--deterministic", "--jobs", jobs, "--json", "--quiet",
        )  # fmt: skip
        records.append(strict_json(result.stdout))
        for entry in (records[-1], *records[-1]["trials"]):
            del entry["seconds"]
    assert records[0] == records[1]


@needs_jit
@posix
def test_a_second_search_in_the_same_directory_is_refused_while_the_first_runs(tmp_path):
    options = ["rule-30-3", "--out", str(tmp_path / "run"), "--time-limit", "60", "--quiet"]
    first = subprocess.Popen(
        [*BTFNET, "solve", *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "run" / ".btfnet.lock").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        second = call("solve", *options)
        assert second.returncode == 1
        assert "another btfnet is searching there" in second.stderr
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=60)
        third = call("solve", "multiplier-2x2", "--out", str(tmp_path / "run"), "--quiet", "--force")
        assert third.returncode == 0, third.stderr
    finally:
        first.kill()
        first.communicate()
