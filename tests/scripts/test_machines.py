"""The study of machines judges what it says that it judges."""

import numpy as np
import pytest

from btfnet import learn_machine
from scripts.studies.machines import report, study
from scripts.studies.machines.hidden import HIDDEN, Hidden, counter, random_machine


def rng():
    return np.random.default_rng(7)


def learned_from(hidden, n_traces=100):
    return learn_machine(hidden.traces(n_traces, 20, rng()), jobs=1).machine


def test_equal_is_a_machine_that_does_the_same_and_no_other():
    hidden = counter(rng())
    machine = learned_from(hidden)
    assert hidden.equals(machine)
    for state in range(10):
        output, after = hidden.output.copy(), hidden.next_state.copy()
        output[state, 1] ^= 1
        after[state, 1] = (after[state, 1] + 1) % 10
        assert not Hidden(hidden.next_state, output, 1, 1, hidden.likely).equals(machine)
        assert not Hidden(after, hidden.output, 1, 1, hidden.likely).equals(machine)


@pytest.mark.parametrize("seed", range(4))
def test_random_machines_have_as_many_different_states_as_they_say(seed):
    hidden = random_machine(5, 1, 1, np.random.default_rng(seed))
    words = [[a >> place & 1 for place in range(8)] for a in range(256)]
    assert len({tuple(said(hidden, state, word) for word in map(tuple, words)) for state in range(5)}) == 5


def said(hidden, state, word):
    outputs = []
    for each in word:
        outputs.append(int(hidden.output[state, each]))
        state = int(hidden.next_state[state, each])
    return tuple(outputs)


def test_traces_are_runs_of_the_machine_from_where_they_should_begin():
    hidden = HIDDEN["traffic light"](rng())
    for steps in hidden.traces(20, 30, rng()).steps:
        words = [step.inputs for step in steps]
        assert [step.outputs for step in steps] == list(said(hidden, 0, words))
    begins = {steps[0].outputs for steps in hidden.traces(60, 2, rng(), anywhere=True).steps}
    assert len(begins) == 5  # two of the six states show the same lamps


def test_a_row_has_what_the_report_reads():
    rows = [study.measure("traffic light", start, 200, 1) for start in study.STARTS]
    text = report.tables(rows)
    assert "| traffic light | 6 | 1/1 | 1/1 | 1/1 | 1/1 | 100 |" in text
    assert text.count("| traffic light | 6 |") == 2
