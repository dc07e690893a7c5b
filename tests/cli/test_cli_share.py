"""`btfnet solve --share`: processes that run one search in one directory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.cli_samples import run, strict_json

BTFNET = [sys.executable, "-m", "btfnet"]
needs_jit = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="too slow interpreted")
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
SMALL = (
    "solve", "multiplier-2x2", "--engine", "descent", "--all-trials", "--trials", "6", "--jobs", "1",
    "--deterministic", "--json",
)  # fmt: skip
LONG = ("solve", "rule-30-2", "--engine", "descent", "--all-trials", "--trials", "4", "--max-iterations", "150",
        "--jobs", "1", "--no-shrink", "--json")  # fmt: skip
FACTS = ("seed", "engine", "status", "exact", "iterations", "wrong_bits", "train_bits", "shrunk")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start(*arguments):
    return subprocess.Popen(
        [*BTFNET, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )


def table(text):
    return [[trial[fact] for fact in FACTS] for trial in strict_json(text)["trials"]]


@needs_jit
def test_processes_at_once_print_one_result_and_one_saves_it():
    alone = run(*SMALL, "--out", "alone")
    jobs = [start(*SMALL, "--out", "run", "--share", "--quiet") for _ in range(3)]
    printed = [job.communicate() for job in jobs]
    assert [job.returncode for job in jobs] == [0] * 3, printed
    for out, errors in printed:
        assert table(out) == table(alone.stdout)
        assert not errors
    kept = Path("run/run.json").read_text()
    assert table(kept) == table(alone.stdout)
    assert Path("run/model.btf").read_bytes() == Path("alone/model.btf").read_bytes()
    assert not [path for path in Path("run").iterdir() if path.suffix == ".part"]
    again = run(*SMALL, "--out", "run", "--share")
    assert (again.exit_code, again.stdout) == (0, kept)
    assert again.stderr == "Finished before; this is what run holds.\n"
    assert Path("run/run.json").read_text() == kept


@posix
@needs_jit
@pytest.mark.alone
def test_job_that_is_terminated_ends_alone_and_the_other_brings_the_search_to_its_end():
    alone = run(*LONG, "--out", "alone", "--quiet")
    jobs = [start(*LONG, "--out", "run", "--share") for _ in range(2)]
    end = time.monotonic() + 120
    while len(list(Path("run/shared").glob("claim-*"))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    jobs[0].send_signal(signal.SIGTERM)
    out, errors = jobs[0].communicate(timeout=60)
    assert jobs[0].returncode == 143, errors
    assert strict_json(out)["status"] == "interrupted"
    assert "the same command goes on from here" in errors
    out, errors = jobs[1].communicate(timeout=120)
    assert jobs[1].returncode == alone.exit_code, errors
    assert table(out) == table(alone.stdout) == table(Path("run/run.json").read_text())


@needs_jit
def test_shared_and_unshared_searches_keep_out_of_each_others_way():
    assert run(*SMALL, "--out", "run", "--share").exit_code == 0
    for more in ((), ("--resume",), ("--force",)):
        refused = run(*SMALL, "--out", "run", *more)
        assert refused.exit_code == 1
        assert "Add --share to take part" in refused.stderr
    run(*LONG, "--out", "other", "--time-limit", "0.01")
    refused = run(*LONG, "--out", "other", "--share")
    assert refused.exit_code == 1
    assert "unfinished search of one process" in refused.stderr


@needs_jit
def test_other_search_is_refused_and_more_trials_go_on():
    assert run(*SMALL, "--out", "run", "--share").exit_code == 0
    refused = run(*SMALL, "--out", "run", "--share", "--seed", "5")
    assert refused.exit_code == 1
    assert "--seed was 0 and is now 5" in refused.stderr
    more = run(*SMALL, "--trials", "8", "--out", "run", "--share")
    assert more.exit_code == 0
    assert len(strict_json(more.stdout)["trials"]) == 8
    assert json.loads(Path("run/search.json").read_text())["trials"] == 8


@needs_jit
def test_stop_file_refuses_what_would_search_and_shows_what_is_finished(folder):
    (folder / "run").mkdir()
    (folder / "run" / "STOP").touch()
    refused = run(*SMALL, "--out", "run", "--share")
    assert refused.exit_code == 1
    assert "Remove it, and start again to go on" in refused.stderr
    (folder / "run" / "STOP").unlink()
    found = run(*SMALL, "--out", "run", "--share")
    (folder / "run" / "STOP").touch()
    assert run(*SMALL, "--out", "run", "--share").stdout == found.stdout


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--share",), "--share needs --out"),
        (("--share", "--force", "--out", "run"), "--share joins the search in --out and --force replaces it"),
    ],
)
def test_share_that_means_nothing_is_wrong_usage(arguments, words):
    refused = run(*SMALL, *arguments)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert not Path("run").exists()
