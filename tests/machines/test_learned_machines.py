"""Machines from traces: the smallest, what is proven of it, and what its gates say."""

import threading
import time
from itertools import permutations, product

import numpy as np
import pytest
from support.machine_samples import COUNTER, DOOR, naive_least_states, runs, traces, walked

from btfnet import Traces, learn_machine
from btfnet.errors import DataError, UsageError
from btfnet.machines import colouring
from btfnet.machines import learn as learning
from btfnet.machines.cell import is_right, rows_of
from btfnet.machines.merging import merged
from btfnet.machines.prefix_tree import PrefixTree
from btfnet.machines.smallest import Search, must_differ
from btfnet.machines.state_table import StateTable, unexplained
from btfnet.machines.uniqueness import freedom
from scripts.studies.machines.hidden import HIDDEN, random_machine


def learned_from(some, **options):
    return learn_machine(some, jobs=1, **options)


@pytest.mark.parametrize(("machine", "kind", "states"), [(COUNTER, "moore", 3), (DOOR, "mealy", 2)])
def test_the_machine_is_found_and_proven(machine, kind, states):
    found = learned_from(traces(machine))
    assert (found.status, found.exact, found.smallest, found.forced) == ("solved", True, True, True)
    assert (found.machine.kind, found.machine.n_states) == (kind, states)
    words = [0, 1, 1, 0, 1, 1, 1, 0]
    assert found.machine.run(words) == [output for _, output in walked(machine, words)]


def test_a_kind_may_be_asked_for():
    mealy = learned_from(traces(COUNTER), kind="mealy")
    assert (mealy.machine.kind, mealy.machine.n_states) == ("mealy", 3)
    with pytest.raises(DataError, match="inputs before this step"):
        learned_from(traces(DOOR), kind="moore")
    both = [(str(a), o) for a, o in [(0, "0"), (1, "0"), (0, "1"), (0, "0"), (1, "0"), (1, "1"), (1, "1")]]
    moore = learned_from(Traces.of([both]), kind="moore")
    assert moore.exact
    assert moore.machine.n_states >= learned_from(Traces.of([both]), kind="mealy").machine.n_states


@pytest.mark.parametrize("seed", range(8))
def test_no_machine_is_smaller_than_the_one_that_is_proven_smallest(seed):
    hidden = random_machine(4, 1, 1, np.random.default_rng(seed))
    some = hidden.traces(3, 6, np.random.default_rng(seed + 100))
    found = learned_from(some, kind="mealy")
    sequences = [[(step.inputs, str(step.outputs)) for step in steps] for steps in some.steps]
    assert found.smallest
    assert found.machine.n_states == naive_least_states(sequences, 4)


@pytest.mark.parametrize("name", ["traffic light", "random, 8 states, 1 → 1 bit"])
def test_a_hidden_machine_is_found_again(name):
    rng = np.random.default_rng(3)
    hidden = HIDDEN[name](rng)
    found = learned_from(hidden.traces(200, 20, rng))
    assert hidden.equals(found.machine)
    assert found.score(hidden.traces(50, 40, rng)) == (50, 50, 1.0, 0)


def test_every_output_of_every_trace_is_that_of_the_gates():
    sequences = runs(COUNTER, n_traces=30)
    machine = learned_from(Traces.of(sequences)).machine
    for sequence in sequences:
        assert machine.run([word for word, _ in sequence]) == [output for _, output in sequence]
    assert is_right(machine.circuit, rows_of(machine.table, machine.codes, 1, 1))


def test_merging_explains_all_traces_whatever_is_unknown():
    hidden = random_machine(6, 1, 2, np.random.default_rng(5))
    some = hidden.traces(40, 15, np.random.default_rng(6))
    rng = np.random.default_rng(7)
    steps = tuple(
        tuple(
            step._replace(known=mask, outputs=step.outputs & mask)
            for step, mask in zip(each, masks, strict=True)
        )
        for each in some.steps
        for masks in [rng.integers(4, size=len(each)).tolist()]
    )
    holes = type(some)(some.inputs, some.outputs, steps, some.places)
    for unknown_start in (False, True):
        tree = PrefixTree(holes, moore=False, unknown_start=unknown_start)
        table, states = merged(tree, lambda: None, most=64)
        assert table is not None
        assert table.n_states == len(set(states))
        assert unexplained(table, holes, unknown_start=unknown_start) == []
    found = learned_from(holes)
    assert found.exact
    assert found.score(some).bits > 0.9


def test_merging_ends_where_there_are_more_states_than_are_of_use():
    tree = PrefixTree(traces(COUNTER), moore=False, unknown_start=False)
    assert merged(tree, lambda: None, most=2) == (None, list(range(len(tree))))
    table, states = merged(tree, lambda: None, most=3)
    assert table is not None
    assert (table.n_states, len(states)) == (3, len(tree))


def test_one_long_trace_is_learned_in_time_proportional_to_its_length():
    begun = time.process_time()
    found = learned_from(Traces.of([[("0", str(int(place % 3 == 0))) for place in range(4000)]]))
    assert (found.exact, found.machine.n_states) == (True, 3)
    assert time.process_time() - begun < 20


def test_traces_that_begin_anywhere_have_a_machine_too():
    some = traces(COUNTER, n_traces=30, n_steps=12, anywhere=True)
    with pytest.raises(DataError, match="ask for an unknown start"):
        learned_from(some)
    found = learned_from(some, unknown_start=True)
    assert (found.exact, found.machine.n_states, found.smallest) == (True, 3, True)
    assert found.forced is True
    assert found.score(traces(COUNTER, seed=9, anywhere=True)).right == 12


def test_what_the_traces_leave_open_is_said():
    found = learned_from(Traces.of([[("0", "0"), ("0", "0"), ("1", "1"), ("0", "0")]]), kind="mealy")
    assert found.machine.n_states == 1
    seen = learned_from(Traces.of([[("0", "0"), ("0", "1"), ("1", "0"), ("0", "1")]]), kind="mealy")
    assert seen.machine.n_states == 2
    assert seen.forced is False
    assert seen.open_transitions
    assert any(each.to is None for each in seen.machine.transitions)
    q, word = seen.open_transitions[0]
    assert (q, seen.machine.table.alphabet.index(word)) in seen.machine.table.seen()


def test_too_few_states_are_proven_to_be_too_few():
    found = learned_from(traces(COUNTER), state_bits=1)
    assert (found.machine, found.status, found.least_states, found.exact) == (None, "no_machine", 3, False)
    with pytest.raises(UsageError, match="machine is None"):
        found.score(traces(COUNTER))
    assert learned_from(traces(COUNTER), state_bits=2).machine.state_bits == 2


def test_one_state_needs_no_register():
    found = learned_from(Traces.of([[("0", "1"), ("1", "0"), ("0", "1")]]))
    assert (found.machine.n_states, found.machine.state_bits) == (1, 0)
    assert found.machine.run(["1", "0"]) == ["0", "1"]


def test_symbols_come_back_as_symbols():
    turnstile = [
        [("push", "locked"), ("coin", "locked"), ("coin", "open"), ("push", "open"), ("push", "locked")]
    ]
    machine = learned_from(Traces.of(turnstile, inputs=["event"], outputs=["arm"])).machine
    assert machine.run(["coin", "push", "push"]) == ["locked", "open", "locked"]
    with pytest.raises(DataError, match=r"input 2: event is 'kick'; expected 'coin', 'push'"):
        machine.run(["coin", "kick"])
    with pytest.raises(DataError, match="known values"):
        machine.run(["-"])


def test_a_trace_that_goes_beyond_what_was_seen_is_counted():
    found = learned_from(Traces.of([[("0", "0"), ("0", "0")]]))
    assert found.score(Traces.of([[("1", "0")], [("0", "0")]])).beyond == 1


def test_the_result_is_the_same_again():
    first, second = (learned_from(traces(COUNTER), seed=5).machine for _ in range(2))
    assert (first.table, first.codes, first.circuit) == (second.table, second.codes, second.circuit)


def test_who_asks_to_stop_is_obeyed():
    stop = threading.Event()
    stop.set()
    found = learned_from(traces(COUNTER), stop=stop)
    assert (found.machine, found.status) == (None, "interrupted")


def test_a_stop_behind_the_states_still_gives_a_machine(monkeypatch):
    asked = {"stop": False}
    real = learning.cell_of
    monkeypatch.setattr(learning, "cell_of", lambda *given: asked.update(stop=True) or real(*given))
    found = learned_from(traces(COUNTER), stop=lambda: asked["stop"])
    assert (found.status, found.exact, found.machine.n_states) == ("interrupted", True, 3)


def test_a_time_limit_ends_the_search(monkeypatch):
    rng = np.random.default_rng(1)
    hidden = random_machine(16, 2, 1, rng)
    found = learned_from(hidden.traces(100, 20, rng), time_limit=1.5)
    assert found.status == "time_limit"
    assert found.exact or found.machine is None


def test_states_of_a_forest_are_not_mistaken_for_another_machine():
    """Seed 2 of the study: the machine under other names had been taken for another one."""
    rng = np.random.default_rng(2)
    hidden = HIDDEN["random, 8 states, 1 → 1 bit"](rng)
    some = hidden.traces(200, 20, rng, anywhere=True)
    tree = PrefixTree(some, moore=False, unknown_start=True)
    told = ((1, 1),) * 8
    following, outputs = (tuple(map(tuple, each.tolist())) for each in (hidden.next_state, hidden.output))
    table = StateTable((0, 1), following, outputs, told, 0, False)
    starts = [table.starts(steps, unknown_start=True)[0] for steps in some.steps]
    found = Search(tree, some, must_differ(tree, 160, list(range(len(tree))), lambda: None), table, 8)
    assert freedom(found, table, starts, lambda: None).forced is True


@pytest.mark.parametrize("unknown_start", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_forced_and_open_are_what_trying_all_machines_says(seed, unknown_start):
    """A machine of as many states is another one where a transition that was seen leads elsewhere."""
    rng = np.random.default_rng(seed)
    hidden = random_machine(3, 1, 1, rng)
    some = hidden.traces(4, 5, rng, anywhere=unknown_start)
    found = learned_from(some, kind="mealy", unknown_start=unknown_start)
    table = found.machine.table
    others = [each for each in all_tables(some, table, unknown_start) if not is_renamed(each, table)]
    if found.forced is None:
        assert unknown_start
    else:
        assert found.forced == (not others)


def all_tables(some, table, unknown_start):
    """Next states of every machine of as many states that explains the traces."""
    n, symbols = table.n_states, len(table.alphabet)
    for flat in product(range(n), repeat=n * symbols):
        following = [flat[q * symbols : (q + 1) * symbols] for q in range(n)]
        if explained(some, following, table.alphabet, range(n) if unknown_start else [0]):
            yield following


def explained(some, following, alphabet, begins):
    """Whether outputs can be found, for some start of each trace."""
    for starts in product(begins, repeat=len(some)):
        said = {}
        for steps, state in zip(some.steps, starts, strict=True):
            for step in steps:
                symbol = alphabet.index(step.inputs)
                if said.setdefault((state, symbol), step.outputs) != step.outputs:
                    break
                state = following[state][symbol]
            else:
                continue
            break
        else:
            return True
    return False


def is_renamed(following, table):
    """Whether it has all transitions of the table that were seen, the initial state 0, under other names."""
    for order in permutations(range(table.n_states)):
        if all(order[table.next_state[q][a]] == following[order[q]][a] for q, a in table.seen()):
            return True
    return False


def test_the_solver_is_asked_off_the_main_thread(monkeypatch):
    """On it pysat takes Ctrl-C for itself: the best machine was lost."""
    asked = []

    class Watched(colouring.Solver):
        def solve_limited(self, *arguments, **named):
            asked.append(threading.current_thread())
            return super().solve_limited(*arguments, **named)

    monkeypatch.setattr(colouring, "Solver", Watched)
    learn_machine(traces(COUNTER), time_limit=20)
    assert asked
    assert threading.main_thread() not in asked
