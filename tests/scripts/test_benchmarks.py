"""Benchmarks: commits take turns, rates are compared as rates, memory is measured in a process of its own."""

import pytest

from scripts.benchmarks import bench_compare as compare
from scripts.benchmarks import memory, precision
from scripts.lib.pages import ROOT


def test_precision_rates_are_compared_in_standard_errors():
    assert precision.standard_error([50, 50], 100) == pytest.approx(0.0707, abs=1e-3)
    assert "(!)" not in precision.row("a", 100, [60, 50], [1, 1])
    assert "(!)" in precision.row("a", 100, [90, 50], [1, 1])


class Pretended:
    """A commit whose figures are known; without those in `lacks`."""

    def __init__(self, log, letter, value, lacks=()):
        self.log, self.letter, self.value, self.lacks = log, letter, value, lacks

    def send(self, name):
        pass

    def has(self, name):
        return name not in self.lacks

    def time(self, name, seconds):
        self.log.append(self.letter)
        return self.value


def test_commits_take_turns_and_so_does_who_goes_first():
    log = []
    commits = [Pretended(log, "A", 2.0), Pretended(log, "B", 1.0)]
    figures = compare.compare(commits, ["small"], 3, 0.1)
    assert "".join(log) == "ABBAAB"
    assert figures["small"].tolist() == [[2.0, 1.0]] * 3


def test_figure_that_a_commit_lacks_is_a_dash():
    commits = [Pretended([], "A", 2.0, lacks=("descent",)), Pretended([], "B", 1.0)]
    lines = compare.table(compare.compare(commits, ["small", "descent"], 3, 0.1), ["old", "new"])
    assert lines[2].split("|")[2:6] == [" 2 ", " 1 ", " 0.5 ", " 0.50 … 0.50 "]
    assert lines[3].split("|")[2:6] == [" – ", " 1 ", " – ", " – "]


def test_worker_measures_every_figure_of_this_commit(tmp_path):
    scope = {"__name__": "worker"}
    exec(compare.WORKER.split("for line in sys.stdin")[0], scope)
    assert set(scope["MAKE"]) == set(compare.FIGURES)
    assert scope["make"]("small") == "ready"
    assert float(scope["turn"]("small", 0)) > 0
    scope["MAKE"]["new"] = lambda: 1 / 0
    assert scope["make"]("new") == "missing ZeroDivisionError: division by zero"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
def test_worktree_is_removed_after_the_comparison(tmp_path):
    with compare.checked_out("HEAD", tmp_path / "tree") as tree:
        assert (tree / "btfnet" / "__init__.py").exists()
    assert not tree.exists()
    assert str(tmp_path) not in compare.git("worktree", "list")


def test_memory_beyond_the_data_is_measured_and_what_cannot_fit_is_refused():
    taken = memory.in_own_process("measure(1, 1, 1, False)")
    assert taken["edge_items"] == taken["edges"] == 501_000
    assert taken["peak_bytes"] > taken["data_bytes"] > 0
    refused = memory.refuse(4.0)
    assert refused["refused"]
    assert "GiB" in refused["message"]
