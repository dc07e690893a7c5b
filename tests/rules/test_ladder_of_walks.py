"""The ladder: temperatures are found at which changes for the worse stay as often as its rungs say."""

import numpy as np
import pytest

from btfnet.kernels.cells.anneal import CHANCES
from btfnet.rules.tempering import COLD_SHARE, RUNGS, Tempering, chances_at

ADDED = 10


class Walks:
    """Every change is for the worse and adds ten wrong bits; none mends anything, unless told to."""

    def __init__(self, wrong, mending=None):
        self.wrong, self.least = np.array(wrong), np.array(wrong)
        self.chances = np.zeros((len(wrong), 256), dtype=np.int64)
        self.mending, self.asked = mending, []

    def anneal(self, walk, moves, target, rng):
        self.asked.append((walk, moves))
        if walk == self.mending:
            self.wrong[walk] = self.least[walk] = target
        return moves, moves, rng.binomial(moves, self.chances[walk, ADDED] / CHANCES)


def ladder(walks, n_known=400, moves=4000):
    return Tempering(walks, n_known, moves, np.random.default_rng(3))


@pytest.mark.parametrize("n_known", [4, 400, 400_000])
def test_temperatures_find_themselves(n_known):
    tempering = ladder(Walks([100] * len(RUNGS)), n_known)
    for _ in range(150):
        tempering.round(0)
    assert np.exp(-ADDED / tempering.temperature) == pytest.approx(RUNGS, rel=0.3)
    assert (np.diff(tempering.temperature) > 0).all()


def test_a_round_ends_where_the_target_is_reached():
    walks = Walks([100] * len(RUNGS), mending=2)
    tempering = ladder(walks)
    tempering.round(7)
    assert [walk for walk, _ in walks.asked] == [0, 1, 2]
    assert (tempering.least, tempering.best_walk, tempering.rounds) == (7, 2, 0)


def test_the_coldest_rung_gets_few_changes_and_all_are_counted():
    walks = Walks([100] * len(RUNGS))
    tempering = ladder(walks)
    tempering.round(0)
    cold = int(COLD_SHARE * 4000)
    assert walks.asked == [(0, cold), *((walk, 4000) for walk in range(1, len(RUNGS)))]
    assert tempering.tried == cold + 4 * 4000


def test_the_walk_with_the_fewest_wrong_bits_gets_cold():
    tempering = ladder(Walks([1000, 800, 600, 400, 200]))
    for _ in range(8):
        tempering.round(0)
    assert tempering.rung_of.tolist() == [4, 3, 2, 1, 0]


def test_what_adds_much_stays_seldom():
    chances = chances_at(2.0, 5)
    assert chances.tolist() == [int(np.exp(-added / 2) * CHANCES) for added in range(5)]
    assert chances_at(0.05, 300)[-1] == 0
