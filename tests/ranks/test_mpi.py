"""One search in many processes, by mpirun: the same bits, one checkpoint, and ranks that die."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import btfnet
from btfnet.errors import UsageError
from btfnet.ranks.mpi import ranks_of
from btfnet.ranks.ranks import ALONE

pytestmark = pytest.mark.needs_jit
ITERATIONS = 12_000
"""Some seconds of a search that finds nothing: several times what lies between two checkpoints."""
SOLVE = (sys.executable, "-m", "btfnet", "solve")


def mpirun(count, *words):
    """The words of a command on so many ranks; mpirun of the interpreter's own environment."""
    return [str(Path(sys.executable).with_name("mpirun")), "-n", str(count), *words]


def run(words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False, **more)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Items that no circuit of the network fits, so that a search lasts."""
    draw = np.random.default_rng(5)
    bits = draw.permutation(1024)[:600, None] >> np.arange(10) & 1
    rows = np.hstack([bits, draw.random((600, 3)) < 0.5]).astype(int)
    names = ",".join([*(f"x{column}" for column in range(10)), "a", "b", "c"])
    path = tmp_path_factory.mktemp("ranks") / "items.csv"
    np.savetxt(path, rows, fmt="%d", delimiter=",", header=names, comments="")
    return path


def search(data, out, iterations, *more):
    words = (
        "--data",
        data,
        "--widths",
        "10,12,12,3",
        "--engine",
        "rrr+descent",
        "--beta",
        0.4,
        "--gamma",
        1e-3,
    )
    limits = ("--sigma", 3, "--trials", 1, "--max-iterations", iterations, "--seed", 1, "--out", out)
    return [str(word) for word in (*SOLVE, *words, *limits, "--json", "--quiet", *more)]


@pytest.mark.parametrize(("count", "engines"), [(2, ("rrr", "descent", "rrr+descent")), (3, ("rrr",))])
def test_many_ranks_find_what_one_process_finds_to_the_bit(count, engines):
    program = [sys.executable, "-m", "support.ranks_program", *engines]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    alone = run(program, env=environment)
    assert alone.stdout.count("\n") == len(engines), alone.stderr
    shared = run(mpirun(count, *program, "ranks"), env=environment)
    assert shared.stdout == alone.stdout, shared.stderr


def weights(out):
    with np.load(out / "weights.npz") as saved:
        return {name: saved[name] for name in saved.files}


def test_a_killed_rank_ends_the_others_and_any_number_of_ranks_goes_on(data, tmp_path):
    whole = run(search(data, tmp_path / "whole", ITERATIONS, "--jobs", 1))
    assert whole.returncode == 3, whole.stderr
    out = tmp_path / "killed"
    process = subprocess.Popen(
        mpirun(2, *search(data, out, ITERATIONS, "--ranks")),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not list(out.glob("checkpoint/trial-*.safetensors")):
        assert process.poll() is None
        time.sleep(0.02)
    os.kill(_last_rank(process.pid), signal.SIGKILL)
    assert process.wait(60) != 0
    assert list(out.glob("checkpoint/trial-*.safetensors"))
    three = run(mpirun(3, *search(data, out, ITERATIONS, "--ranks", "--resume", "--time-limit", 1.5)))
    assert three.returncode == 3, three.stderr
    ended = run(search(data, out, ITERATIONS, "--jobs", 1, "--resume"))
    assert ended.returncode == 3, ended.stderr
    one, other = weights(tmp_path / "whole"), weights(out)
    assert set(one) == set(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


def _last_rank(mpirun_pid):
    """A process of the command that is no first rank: the youngest Python below mpirun."""
    below, ranks = [mpirun_pid], []
    while below:
        parent = below.pop()
        for child in _children(parent):
            below.append(child)
            ranks.append(child)
    return max(ranks)


def _children(parent):
    for tasks in Path(f"/proc/{parent}/task").glob("*/children"):
        yield from map(int, tasks.read_text().split())


def test_ranks_without_mpirun_are_one_rank(data, tmp_path):
    alone, shared = (
        run(search(data, tmp_path / name, 60, *more)) for name, more in (("a", ()), ("b", ("--ranks",)))
    )
    assert shared.returncode == alone.returncode == 3, shared.stderr
    one, other = (weights(tmp_path / name) for name in "ab")
    assert all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--validation", "0.2"), "ranks share the items of exact searches alone"),
        (("--engine", "rrr-jax"), "ranks would each compute all of them"),
    ],
)
def test_what_all_ranks_refuse_is_said_once(more, words):
    refused = run(mpirun(2, *SOLVE, "multiplier-2x2", "--ranks", *more))
    assert refused.returncode == 2
    assert refused.stderr.count("Error:") == 1
    assert words in refused.stderr


def test_without_mpi_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(UsageError, match=r'pip install "btfnet\[mpi\]"'):
        ranks_of(True)
    assert ranks_of(None) is ALONE


def test_what_is_no_communicator_is_refused():
    with pytest.raises(UsageError, match="an Intracomm"):
        btfnet.solve(btfnet.load("multiplier-2x2").problem, ranks="many")


FULL_DISK = """
from btfnet.checkpoint import file
from btfnet.checkpoint.file import CHUNK, Record
from btfnet.ranks.mpi import ranks_of
from btfnet.ranks.records import pieces, saved_once
import numpy as np

ranks = ranks_of(True)
rows = 3 * CHUNK  # bytes: each rank has a piece and a half
own = np.full(len(ranks.share(rows)), ranks.rank + 1, dtype=np.uint8)
record = Record({}, {"weights": pieces(ranks, own, rows)})


class Disk:
    def __init__(self, room):
        self.room, self.content = room, []

    def write(self, chunk):
        self.room -= len(chunk)
        if self.room < 0:
            raise OSError(28, "No space left on device")
        self.content.append(bytes(chunk))


def save(room):
    disk = Disk(room)

    def written(record):
        try:
            file._write(disk, record)
        except OSError:
            return False
        return True

    well = saved_once(ranks, record, written)
    return well, disk.content


well, _ = save(2 * CHUNK)  # full as the second rank's first piece has come
ranks.comm.Barrier()
again, content = save(4 * CHUNK)
if ranks.first:
    whole = file.unpacked(b"".join(content), "it").arrays["weights"]
    print(well, again, np.array_equal(whole, np.repeat(np.uint8([1, 2]), rows // 2)))
"""


def test_a_disk_that_is_full_in_the_midst_of_a_checkpoint_halts_no_rank(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(FULL_DISK)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        mpirun(2, sys.executable, program),
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == "False True True\n", done.stderr


FAILS_ALONE = """
import btfnet

def fails(look):
    raise LookupError("a spectator")

task = btfnet.load("multiplier-3x3")
btfnet.solve(task.problem, task.settings, seed=3, ranks=True, spectator=fails)
"""


def test_a_rank_that_fails_alone_ends_the_others():
    """The first alone has a spectator; the other one would wait for it."""
    failed = run(mpirun(2, sys.executable, "-c", FAILS_ALONE))
    assert failed.returncode != 0
    assert failed.stderr.count("LookupError: a spectator") == 1


SPREAD = """
from concurrent.futures import ThreadPoolExecutor
import btfnet

task = btfnet.load("multiplier-2x2")
for more in ({"executor": ThreadPoolExecutor(1)}, {"checkpoint": btfnet.SharedFolder(".")}):
    try:
        btfnet.solve(task.problem, task.settings, ranks=True, **more)
    except btfnet.UsageError as error:
        print(error)
"""


def test_ranks_and_what_spreads_trials_are_refused_together(tmp_path):
    refused = run(mpirun(2, sys.executable, "-c", SPREAD), cwd=tmp_path)
    assert refused.stdout.count("give one of these") == 4, refused.stderr
