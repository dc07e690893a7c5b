"""Committees of no more gates than are allowed."""

from __future__ import annotations

import numpy as np
import pytest
from support.committee_samples import SMALL, clusters

from btfnet import Checkpoint, Network, Problem, UsageError
from btfnet.committee.arrays import arrays_of
from btfnet.committee.boosting import Boost
from btfnet.committee.pictures import Picture
from btfnet.committee.trainer import Trainer
from btfnet.committee.training import train_committee


def arrays_equal(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("gates", [40, 60, 100])
def test_the_whole_circuit_has_no_more_gates_than_are_allowed(gates, tmp_path):
    options = SMALL | {"members": 400, "validation": None, "gates": gates}
    committee = train_committee(clusters(), **options)
    n_gates = len(committee.circuit().gates)
    assert gates - 12 <= n_gates <= gates
    twice = train_committee(clusters(), **(options | {"jobs": 3}))
    assert arrays_equal(arrays_of(twice.members), arrays_of(committee.members))

    def over(look):
        if look.members >= 8:
            stop.append(True)

    stop: list[bool] = []
    saved = Checkpoint(tmp_path / "c")
    train_committee(clusters(), **options, report=over, stop=lambda: bool(stop), checkpoint=saved)
    again = train_committee(clusters(), **options, checkpoint=Checkpoint(tmp_path / "c", resume=True))
    assert arrays_equal(arrays_of(again.members), arrays_of(committee.members))


def test_all_items_train_though_fewer_members_may_fit_then(monkeypatch):
    """The members of all items were thrown away wherever one fewer of them fitted."""
    trained = []

    def train(self, *given):
        trained.append(original(self, *given))
        return trained[-1]

    original = Trainer._train
    monkeypatch.setattr(Trainer, "_train", train)
    for gates in range(60, 100, 5):
        trained.clear()
        made = train_committee(clusters(), **(SMALL | {"members": 400, "validation": None, "gates": gates}))
        (_, _), (whole, _) = trained
        assert whole
        assert arrays_equal(arrays_of(whole), arrays_of(made.members))


def test_pictures_within_so_many_gates_have_coarser_templates():
    rng = np.random.default_rng(0)
    rows, labels = rng.integers(0, 255, (80, 400)), rng.integers(0, 3, 80)
    problem = Problem.from_arrays(
        rows, labels, Network.free(400, 3), input_kind="numbers", output_kind="class"
    )
    boost = Boost(items=64, inputs=20, hidden=6, rounds=2)
    for gates in (300, 1500):
        committee = train_committee(
            problem, members=60, gates=gates, picture=Picture(20, 20), boost=boost, validation=0
        )
        assert len(committee.circuit().gates) <= gates
        assert committee.layer.n_features < 5000


def test_too_few_gates_for_any_member_are_told():
    with pytest.raises(UsageError, match="gates is 5, but not even the first member fits"):
        train_committee(clusters(), **SMALL, gates=5)
