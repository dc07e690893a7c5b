"""`btfnet automaton`: rules from snapshots, as text, as JSON, as files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import run, strict_json

from btfnet.formats import read_circuit
from btfnet.rules.lattice import Lattice, square, window
from btfnet.rules.rule import TableRule
from btfnet.rules.rule import run as evolve
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule

SHARED = Path(__file__).parents[3] / "shared" / "data" / "rulerecon"


def wolfram(number):
    values = np.array([number >> pattern & 1 for pattern in range(8)])
    return TableRule(window(0, 3), values, np.zeros(8, dtype=bool))


def digits(states):
    return "".join(map(str, states))


def film(rule, shape, steps, seed=0, periodic=True):
    lattice = Lattice(shape, periodic)
    return evolve(rule, np.random.default_rng(seed).integers(0, 2, (1, lattice.n_cells)), steps, lattice)[0]


@pytest.fixture
def ring(tmp_path):
    """Rule 110 on a ring of 40, seen at steps 0 and 3."""
    states = film(wolfram(110), (40,), 3)
    path = tmp_path / "ring.txt"
    path.write_text(f"{digits(states[0])}\n{digits(states[3])}")
    return path


@pytest.fixture
def life(tmp_path):
    """Life on a torus of 12 x 12, two steps apart, and what happened in between."""
    weights = np.ones((2, 9), dtype=np.int8)
    weights[1, 4] = 0
    states = film(ThresholdRule(square(3), weights, (3, 3), ThresholdForm()), (12, 12), 2).reshape(3, 12, 12)
    path = tmp_path / "life"
    path.write_text("\n\n".join("\n".join(map(digits, states[time])) for time in (0, 2)))
    return path, states


def test_a_rule_comes_from_two_snapshots_with_what_happened_in_between(ring):
    result = run("automaton", ring, "--steps", "3", "--json")
    record = strict_json(result.stdout)
    assert result.exit_code == 0
    assert (record["exact"], record["status"], record["rule"]) == (True, "exact", 110)
    assert record["states"] == [[digits(state) for state in film(wolfram(110), (40,), 3)]]
    assert (record["open"], record["wrong"], record["known_bits"]) == ([], [], 80)
    assert record["forced"]["forced"] is True
    assert record["neighbours"] == [[0], [1], [2]]
    assert record["lattice"] == {"shape": [40], "periodic": True}


def test_the_report_says_rule_name_certainty_and_draws_time_downwards(ring):
    text = run("automaton", ring, "--steps", "3").stdout
    assert "ring of 40 at t = 0, 3" in text
    assert "110 (0x6e) of cells 0 to 2: Wolfram's rule 110" in text
    assert "Forced    yes, no other rule explains all this" in text
    plain = run("automaton", ring, "--steps", "3", "--plain").stdout
    rows = [line[6:].replace("#", "1").replace(".", "0") for line in plain.splitlines()[-4:]]
    assert rows == [digits(state) for state in film(wolfram(110), (40,), 3)]


def test_life_comes_from_two_grids(life):
    path, states = life
    result = run("automaton", path, "--neighbours", "9", "--steps", "2", "--cell", "masks", "--json")
    record = strict_json(result.stdout)
    assert (result.exit_code, record["exact"], record["name"]) == (0, True, "Life (B3/S23)")
    assert record["bounds"] == [3, 3]
    assert record["masks"][1] == [1, 1, 1, 1, 0, 1, 1, 1, 1]
    assert record["states"] == [[[digits(row) for row in grid] for grid in states]]
    assert (
        "at most 3 of"
        in run("automaton", path, "--neighbours", "moore", "--steps", "2", "--cell", "masks").stdout
    )


def test_cells_beyond_open_ends_are_dead(tmp_path):
    states = film(wolfram(30), (60,), 2, periodic=False)
    (tmp_path / "x").write_text("\n".join(digits(states[time]) for time in (0, 2)))
    opened = strict_json(run("automaton", tmp_path / "x", "--steps", "2", "--open", "--json").stdout)
    assert (opened["rule"], opened["exact"], opened["lattice"]["periodic"]) == (30, True, False)


def test_unknown_cells_are_no_evidence_and_open_entries_are_told(tmp_path):
    (tmp_path / "x").write_text("000?0000000-\n00000000000?\n")
    result = run("automaton", tmp_path / "x", "--json")
    record = strict_json(result.stdout)
    assert (result.exit_code, record["known_bits"]) == (0, 21)
    assert record["forced"]["forced"] is True
    assert record["forced"]["unseen"] == 7
    text = run("automaton", tmp_path / "x").stdout
    assert "Open      7 of 8 bits" in text
    assert "Forced    yes, but for open bits (" in text


def test_what_no_rule_explains_is_shown_with_its_wrong_cells(tmp_path):
    (tmp_path / "x").write_text("0101\n0111\n")
    result = run("automaton", tmp_path / "x", "--json")
    record = strict_json(result.stdout)
    assert (result.exit_code, record["exact"], record["status"]) == (3, False, "impossible")
    assert record["wrong_bits"] == len(record["wrong"]) == 1
    text = run("automaton", tmp_path / "x", "--export", tmp_path / "c.v")
    assert text.exit_code == 3
    assert "is not exact: 1 of 8 training bits wrong" in text.stderr
    assert "1 of 8 training bits wrong" in (tmp_path / "c.v").read_text()
    assert "1 wrong bit of 8 (12.50 %). No rule of this kind" in text.stdout
    assert (
        "Hint      cells 0 to 2 lie to the right only; --neighbours -1,0,1 are around a cell" in text.stdout
    )
    assert "Hint" not in run("automaton", tmp_path / "x", "--neighbours", "-1,0,1").stdout


def test_the_smallest_neighbourhood_reaches_the_bounds_and_smaller_ones_prove_nothing(tmp_path):
    (tmp_path / "x").write_text("00110100\n00111000\n")
    words = ["--neighbours", "auto", "--cell", "masks", "--bounds", "2,9", "--json"]
    record = strict_json(run("automaton", tmp_path / "x", *words).stdout)
    assert (record["exact"], len(record["neighbours"])) == (True, 3)
    values = np.random.default_rng(4).integers(0, 2, 32)
    states = film(TableRule(window(-2, 5), values, np.zeros(32, dtype=bool)), (120,), 1)
    (tmp_path / "x").write_text("\n".join(map(digits, states)))
    record = strict_json(run("automaton", tmp_path / "x", "--neighbours", "auto", "--json").stdout)
    assert (record["exact"], record["forced"]["rules"], len(record["neighbours"])) == (True, 1, 5)


def test_several_runs_are_one_rule(tmp_path):
    films = [film(wolfram(54), (24,), 2, seed) for seed in range(3)]
    (tmp_path / "x").write_text("\n\n".join(f"{digits(each[0])}\n{digits(each[2])}" for each in films))
    record = strict_json(run("automaton", tmp_path / "x", "--steps", "2", "--json").stdout)
    assert (record["rule"], record["runs"], record["exact"]) == (54, 3, True)
    assert record["states"] == [[digits(state) for state in each] for each in films]
    text = run("automaton", tmp_path / "x", "--steps", "2").stdout
    assert "3 runs of a ring of 24" in text
    assert "Run 1 of 3" in text


def test_more_than_two_states_are_words_of_bits(tmp_path):
    rng = np.random.default_rng(2)
    values = rng.integers(0, 3, 16)
    rule = TableRule(window(0, 2), values, np.zeros(16, dtype=bool), 3)
    states = evolve(rule, rng.integers(0, 3, (1, 90)), 1, Lattice((90,)))[0]
    (tmp_path / "x").write_text("\n".join(map(digits, states)))
    record = strict_json(run("automaton", tmp_path / "x", "--neighbours", "2", "--json").stdout)
    assert (record["exact"], record["n_states"]) == (True, 3)
    seen = [4 * a + b for a in range(3) for b in range(3)]
    assert [record["rule"] >> 2 * pattern & 3 for pattern in seen] == values[seen].tolist()
    assert record["open"] == []  # patterns of a fourth state, which there is not, are no open ones


def test_with_noise_the_least_error_is_an_answer(tmp_path):
    states = film(wolfram(110), (80,), 2)
    seen = states[2].copy()
    seen[17] ^= 1
    (tmp_path / "x").write_text(f"{digits(states[0])}\n{digits(seen)}\n")
    result = run("automaton", tmp_path / "x", "--steps", "2", "--noise", "auto", "--json")
    record = strict_json(result.stdout)
    assert (result.exit_code, record["status"], record["rule"]) == (0, "noisy", 110)
    assert record["wrong"] == [[0, 2, 17]]
    enough = run("automaton", tmp_path / "x", "--steps", "2", "--noise", "2%", "--json")
    assert (enough.exit_code, strict_json(enough.stdout)["rule"]) == (0, 110)
    for none in ("0", "0.5%"):  # of 160 bits not one
        less = run("automaton", tmp_path / "x", "--steps", "2", "--noise", none, "--json")
        assert (less.exit_code, strict_json(less.stdout)["status"]) == (3, "impossible")


def test_the_cell_and_all_steps_leave_as_circuits_and_the_film_as_a_picture(ring, tmp_path):
    cell, whole, picture = tmp_path / "cell.v", tmp_path / "all.aig", tmp_path / "film.svg"
    words = ["automaton", ring, "--steps", "3", "--export", cell, "--unrolled", whole, "--svg", picture]
    result = run(*words, "--netlist", "blif")
    assert result.exit_code == 0
    assert ".model ring" in result.stdout
    patterns = np.arange(8)[:, None] >> np.arange(3)[::-1] & 1
    assert read_circuit(cell).predict(patterns)[:, 0].tolist() == [110 >> pattern & 1 for pattern in range(8)]
    states = film(wolfram(110), (40,), 3)
    assert (read_circuit(whole).predict(states[:1]) == states[3:]).all()
    assert picture.read_text().startswith("<svg ")
    assert run(*words).exit_code == 0
    picture.write_text("mine")
    assert run(*words).exit_code == 1
    assert run(*words, "--force").exit_code == 0


def test_a_run_folder_holds_the_cell_and_shows_it_again(ring, tmp_path):
    out = tmp_path / "run"
    words = ["automaton", ring, "--steps", "3", "--out", out]
    first = run(*words)
    assert first.exit_code == 0
    assert {"model.btf", "circuit.json", "circuit.v", "space_time.svg", "run.json"} <= {
        path.name for path in out.iterdir()
    }
    assert json.loads((out / "run.json").read_text())["rule"] == 110
    again = run(*words, "--resume")
    assert "Finished before" in again.stderr
    assert again.stdout == first.stdout
    assert "here" in run("inspect", out).stdout
    assert run("export", out, tmp_path / "x.blif").exit_code == 0
    assert run("report", out).exit_code == 0
    assert run("watch", out, "--once").exit_code == 0
    other = run("automaton", ring, "--steps", "2", "--out", out, "--resume")
    assert other.exit_code == 1
    assert "another" in other.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--bounds", "3,3"], "--bounds belongs to --cell masks"),
        (["--weights", "signed"], "--weights belongs to --cell masks"),
        (["--gates", "4"], "--gates belongs to --cell gates"),
        (["--cell", "masks", "--bounds", "3"], "--bounds has 1 numbers"),
        (["--bounds", "x"], "no list of whole numbers"),
        (["--neighbours", "many"], "neighbours is 'many'"),
        (["--neighbours", "0:1,1:0"], "those of a row"),
        (["--noise", "lots"], "is no fraction"),
        (["--noise", "0.9"], "noise is 0.9"),
        (["--steps", "2", "--times", "0,4"], "both"),
        (["--times", "4,0"], "ascending"),
        (["--times", "0,1,2"], "each of the 2 observations"),
        (["--resume"], "--resume needs --out"),
        (["--force"], "none is written"),
        (["--svg", "x.png"], "is an .svg file"),
        (["--export", "x.v", "--unrolled", "./x.v"], "both name ./x.v"),
        (["--export", "x.doc"], "suffix names no known format"),
        (["--netlist", "x"], "--netlist is 'x'"),
        (["--steps", "0"], "--steps is 0"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_wrong_usage(words, says, ring):
    result = run("automaton", ring, *words)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())


def test_a_directory_that_is_not_there_is_told_before_the_search(ring, tmp_path):
    result = run("automaton", ring, "--steps", "3", "--svg", tmp_path / "none" / "film.svg")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "there is no directory" in result.stderr


def test_a_rule_is_told_and_kept_where_its_steps_are_too_many_for_a_circuit(ring, tmp_path):
    words = [
        "automaton",
        ring,
        "--steps",
        "10000",
        "--unrolled",
        tmp_path / "all.v",
        "--out",
        tmp_path / "run",
    ]
    result = run(*words)
    assert result.exit_code == 1
    assert "Unroll fewer steps" in result.stderr
    assert "Rule      " in result.stdout
    assert (tmp_path / "run" / "circuit.v").exists()


def test_a_file_that_is_none_is_refused_with_its_line(tmp_path):
    (tmp_path / "x").write_text("0110\n01z0\n")
    result = run("automaton", tmp_path / "x")
    assert result.exit_code == 1
    assert f"Error: {tmp_path / 'x'}:2: found 'z'" in result.stderr
    assert run("automaton", tmp_path / "none").exit_code == 1
    assert run("automaton").exit_code == 2


def test_blocks_that_may_be_rows_or_grids_are_asked_about_by_option(tmp_path):
    (tmp_path / "x").write_text("01\n01\n11\n\n10\n10\n10\n")
    assert "Say --grid or --row." in run("automaton", tmp_path / "x").stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason="there is no ../shared/data/rulerecon")
@pytest.mark.parametrize(
    ("name", "steps", "rule"), [("30_3_2", 2, 30), ("30_3_4", 4, 30), ("110_3_5", 5, 110)]
)
def test_the_sources_instances_are_solved(name, steps, rule):
    record = strict_json(run("automaton", SHARED / f"{name}.dat", "--steps", str(steps), "--json").stdout)
    assert (record["exact"], record["rule"]) == (True, rule)
