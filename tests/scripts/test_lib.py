"""What studies share: parts of pages, rows, numbers; and that every script can be asked what it does."""

import os
import signal
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import btfnet
from btfnet.workers.workplace import Workplace
from scripts.lib.pages import ROOT, STUDIES, write_part
from scripts.lib.rows import RowStore, digest
from scripts.lib.tables import markdown, percent, seconds
from scripts.lib.workers import elsewhere, side_by_side

PAGE = "Before.\n<!-- runs: written by a.py -->\nOld.\n<!-- end of runs -->\nAfter.\n"
SCRIPTS = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "scripts").rglob("*.py")
    if path.parent.name != "lib"
)


def test_a_part_of_a_page_is_replaced_and_what_is_around_it_stays(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    write_part(page, "runs", "New.\n")
    assert page.read_text() == PAGE.replace("Old", "New")


@pytest.mark.parametrize("text", ["Before.\n", PAGE + PAGE, PAGE.replace("end of runs", "end of run")])
def test_a_page_without_just_one_such_part_stays_as_it_is(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(ValueError, match="parts are marked"):
        write_part(page, "runs", "New.\n")
    assert page.read_text() == text


def test_only_keys_without_a_row_are_measured(tmp_path):
    store, measured = RowStore(tmp_path / "rows.jsonl", ("problem", "seed")), []

    def measure(problem, seed):
        measured.append((problem, seed))
        return {"problem": problem, "seed": seed, "exact": True}

    store.fill([("a", 0)], measure)
    store.fill([("a", 0), ("a", 1), ("b", 0)], measure)
    assert measured == [("a", 0), ("a", 1), ("b", 0)] == [store.key_of(row) for row in store.all()]


def test_a_digest_is_of_all_files(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    second.write_text("2")
    before = digest(first, second)
    second.write_text("3")
    assert digest(first, second) != before


def measure(job):
    """What happens to a run: it is killed, or makes a row, or is told what is wrong."""
    if job == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "refuse":
        raise btfnet.UsageError("not so")
    return {"job": job}


def test_a_run_that_is_killed_or_refused_costs_its_own_row_alone(capsys):
    jobs = ["a", "kill", "refuse", "b"]
    rows = list(side_by_side(jobs, 1, measure, prepare=float))
    assert [row["job"] for row in rows] == ["a", "b"]
    said = capsys.readouterr().err.splitlines()
    assert said == ["kill: its process was killed, perhaps for its memory.", "refuse: not so"]


def test_an_executor_loses_no_rows(capsys):
    class Loses(ThreadPoolExecutor):
        """The second of two tasks, and then its connection."""

        n = 0

        def submit(self, task, *arguments):
            self.n += 1
            if self.n == 3:
                raise BrokenExecutor
            return super().submit(lost if self.n == 2 else task, *arguments)

    def lost(measure, job):
        raise ConnectionError

    pools = [Loses(1), ThreadPoolExecutor(1)]
    with closing(Workplace(lambda: pools.pop(0))) as workplace:
        rows = list(elsewhere(["a", "b", "refuse", "c"], workplace, measure))
    assert sorted(row["job"] for row in rows) == ["a", "b", "c"]
    assert capsys.readouterr().err == "refuse: not so\n"


def test_numbers_keep_what_matters():
    assert [percent(fraction) for fraction in (0.0, 0.1, 0.12345, 0.99999, 1.0)] == [
        "0", "10", "12.35", "99.99", "100",
    ]  # fmt: skip
    assert [seconds(value) for value in (None, 0.012345, 12.3, 123.4)] == ["", "0.012 s", "12 s", "123 s"]


def test_a_table_has_a_line_for_its_columns():
    assert markdown(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |\n"


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_can_be_imported_and_asked_what_it_does(name):
    if name.endswith("baselines.networks"):
        pytest.importorskip("torch", reason="the baselines need the extra [baselines]")
    module = import_module(name)
    text = (ROOT / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8")
    if '__name__ == "__main__"' in text:
        result = CliRunner().invoke(module.main, ["--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 6


@pytest.mark.parametrize(
    "folder", sorted(path.name for path in STUDIES.iterdir() if (path / "study.py").exists())
)
def test_every_study_says_what_it_asks_and_where_the_answer_is(folder):
    lines = (STUDIES / folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    page = lines[1].split("](")[-1].split(")")[0]
    assert (STUDIES / folder / page).exists()
    assert (STUDIES / folder / "report.py").exists() >= (STUDIES / folder / "rows.jsonl").exists()
