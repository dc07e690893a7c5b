"""What an interruption leaves open: it is no result that --resume would not go on from."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.rules.attempt import CellKind
from btfnet.rules.lattice import window
from btfnet.rules.observations import Observations
from btfnet.rules.records import RuleTrial
from btfnet.rules.rule import TableRule
from btfnet.rules.search import Ended, Limits, RuleSearch, Start
from btfnet.rules.store import RuleStore

ROWS = ["0110", "1010"]


@pytest.mark.parametrize(("deterministic", "first_is_whole", "open_still"), [
    (True, False, True),
    (True, True, False),
    (False, False, False),
])  # fmt: skip
def test_a_start_that_was_cut_may_still_come_before_the_one_that_won(
    deterministic, first_is_whole, open_still
):
    seen, cell = Observations.of(ROWS), window(0, 3)
    rule = TableRule(cell, np.zeros(8, dtype=np.int64), np.zeros(8, dtype=bool))
    starts = [Start(index, index, cell, CellKind()) for index in range(2)]
    search = RuleSearch(seen, starts, Limits(deterministic=deterministic), RuleStore(None, seen, ""))
    for index, (wrong, whole) in enumerate([(3, first_is_whole), (0, True)]):
        trial = RuleTrial(index, index, cell, wrong, 10, 0.1)
        search.ended[index] = Ended(trial, rule, np.zeros((1, 4), dtype=np.int64), whole)
    assert not search.unsettled
    search.interrupted = True
    assert search.unsettled is open_still
