"""Built-in names and families: the problems that they stand for, and unknown ones refused."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

import btfnet
from btfnet import tasks
from btfnet.errors import UsageError
from btfnet.problem.network import Network
from btfnet.settings import Settings

PANEL = [
    "multiplier-2x2",
    "multiplier-2x2-wide",
    "multiplier-3x3",
    "multiplier-4x4",
    "autoencoder-8",
    "autoencoder-16",
    "autoencoder-32",
    "decoder-16",
    "decoder-32",
    "andor-2",
    "andor-3",
    "andor-4",
    "andor-5",
    "maj-2",
    "maj-3",
    "maj-4",
    "maj-5",
    "rule-232-3",
    "rule-30-1",
    "rule-30-2",
    "rule-30-3",
    "rule-110-1",
    "digits",
    "roman",
    "rorschach-3",
    "permutation-64",
    "parity-4",
    "parity-8",
]


def load(name, **more):
    if name == "digits":
        pytest.importorskip("sklearn")
    return tasks.load(name, **more)


def test_the_whole_panel_has_problem_files():
    assert set(PANEL) <= set(tasks.names())


@pytest.mark.parametrize("name", tasks.names())
def test_every_problem_file_loads_and_fits_its_network(name):
    task = load(name)
    assert task.name == task.problem.name == name
    assert task.summary
    assert isinstance(task.settings, Settings)
    assert 1 <= task.problem.n_train <= task.problem.n_items
    assert task.problem.outputs.shape[1] == task.problem.network.n_outputs
    assert tasks.find(name).path.stem == name


@pytest.mark.parametrize("name", tasks.names())
def test_no_test_item_is_also_a_training_item(name):
    problem = load(name).problem
    if problem.n_test:
        train = {row.tobytes() for row in problem.inputs[: problem.n_train]}
        assert not any(row.tobytes() in train for row in problem.inputs[problem.n_train :])


@pytest.mark.parametrize(
    "name, widths, n_train",
    [
        ("multiplier-2x2", [4, 4, 4, 4], 16),
        ("multiplier-2x2-wide", [4, 5, 4], 16),
        ("multiplier-3x3", [6, 12, 12, 12, 6], 64),
        ("autoencoder-8", [8, 3, 8, 8], 8),
        ("autoencoder-16", [16, 4, 16, 16], 16),
        ("autoencoder-16-deep", [16, 16, 4, 16, 16], 16),
        ("autoencoder-32", [32, 5, 32, 32], 32),
        ("decoder-16", [4, 16, 16], 16),
        ("andor-2", [32] * 3, 256),
        ("maj-5", [32] * 6, 512),
        ("rule-232-3", [32] * 4, 256),
        ("rule-30-1", [16, 32, 32, 16], 256),
        ("rule-30-2", [16, 48, 48, 48, 16], 512),
        ("permutation-64", [64, 64], 64),
    ],
)
def test_the_papers_problems_have_the_papers_widths_and_training_items(name, widths, n_train):
    problem = load(name).problem
    assert problem.network == Network.layered(widths)
    assert problem.n_train == n_train


def test_the_smallest_multiplier_runs_with_its_measured_settings():
    assert load("multiplier-2x2").settings == Settings(3, 0.5, 5e-3, 0.01, 10_000)


def test_a_seed_makes_other_items_of_the_same_problem():
    one, same, other = load("rule-30-1"), load("rule-30-1", seed=1), load("rule-30-1", seed=2)
    assert np.array_equal(one.problem.inputs, same.problem.inputs)
    assert not np.array_equal(one.problem.inputs, other.problem.inputs)
    assert one.problem.network == other.problem.network
    with pytest.raises(UsageError, match="seed is -1"):
        load("rule-30-1", seed=-1)


def test_names_are_sorted_by_number():
    names = tasks.names()
    assert names.index("parity-4") < names.index("parity-8")
    assert names.index("autoencoder-8") < names.index("autoencoder-16") < names.index("autoencoder-32")
    assert names.index("rule-30-1") < names.index("rule-110-1") < names.index("rule-232-3")
    assert list(tasks.summaries()) == names


def test_description_states_network_settings_and_data():
    text = tasks.describe("multiplier-2x2")
    for part in (
        "4-4-4-4",
        "sigma 3",
        "16 train, 0 test",
        "multiplier(a = 2, b = 2), seed 1",
        "arXiv 2602.17493",
    ):
        assert part in text


def test_btfnet_load_is_the_door():
    assert btfnet.load("parity-4").name == "parity-4"
    assert "load" in btfnet.__all__


@pytest.mark.parametrize(
    "name",
    [
        "multiplier-1x1",
        "multiplier-2x3",
        "multiplier-5x4",
        "autoencoder-1",
        "autoencoder-24",
        "decoder-2",
        "decoder-5",
        "andor-1",
        "andor-7",
        "maj-1",
        "maj-6",
        "majtree-3-1",
        "majtree-13-4",
        "rule-110-2",
        "rule-0-1",
        "rule-255-4",
        "parity-1",
        "parity-2",
        "parity-3",
        "parity-7",
        "parity-16",
        "permutation-2",
        "permutation-9",
        "rorschach-1",
        "rorschach-2",
        "rorschach-4",
    ],
)
def test_other_sizes_resolve_by_pattern_and_fit(name):
    task = tasks.load(name)
    assert task.name == name
    assert not re.search(r"[{}]", task.summary)
    assert task.problem.network.n_nodes < 5000
    given = name.startswith(("autoencoder", "decoder", "permutation", "rorschach"))
    assert task.problem.network.grows is not given
    assert (task.settings is not None) is given


def test_families_are_listed_with_letters_for_numbers():
    assert tasks.families()["parity-K"] == "whether an odd number of K bits is true"
    assert "rule-R-S" in tasks.families()
    assert "rule-R-S-shared" in tasks.families()


def test_cells_of_a_rule_may_share_their_gates():
    task = tasks.load("rule-30-3-shared")
    plain = tasks.load("rule-30-3").problem
    assert task.problem.network == Network.automaton(Network.free(3, 1, hidden=5), 16, 3)
    assert task.problem.n_train == 16
    assert set(map(bytes, task.problem.inputs)) == set(map(bytes, plain.inputs))
    assert "48 copies of a cell of 6 shared gates: 288 threshold nodes" in tasks.describe("rule-30-3-shared")


def test_a_rorschach_family_network_can_hold_the_whole_picture():
    assert tasks.load("rorschach-2").problem.network == Network.layered([16, 16, 9, 24, 16])


@pytest.mark.parametrize(
    "name, complaint",
    [
        ("multiplier-50x2", "a is 50, but it must be a whole number from 1 to 10"),
        ("rule-256-1", "must be below 2.8"),
        ("permutation-1", "bits is 1"),
        ("andor-101", "depth is 101"),
        ("rorschach-33", "k is 33"),
        ("parity-0", 'no built-in problem "parity-0"'),
        ("parity-12345", 'no built-in problem "parity-12345"'),
        ("multiplier-2", "did you mean multiplier-2x2"),
        ("Rule-30-1x", "did you mean rule-30-1"),
        ("nonsense", 'no built-in problem "nonsense"'),
        ("", "no built-in problem"),
    ],
)
def test_unknown_names_and_absurd_sizes_are_wrong_usage(name, complaint):
    with pytest.raises(UsageError, match=complaint):
        tasks.load(name)


def test_digits_without_scikit_learn_remain_wrong_usage(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(UsageError, match="pip install"):
        tasks.load("digits")
