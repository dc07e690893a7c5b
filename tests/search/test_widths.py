"""Widths: absurd ones are answered at once, networks are made one at a time and only where they fit."""

from __future__ import annotations

import time
import tracemalloc
import warnings

import numpy as np
import pytest

import btfnet
from btfnet.cli.inputs.problems import network_of_widths as read_network
from btfnet.cli.reports.tuning_report import tuning_text, widths_record
from btfnet.errors import BtfnetWarning, CapacityError, DataError, FormatError, UsageError
from btfnet.formats import read_widths
from btfnet.formats.toml.problem import parse_problem
from btfnet.problem import widths as sizes
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search import plan as capacity

MILLION = [2] * 10**6
QUICK = 2.0


def test_a_million_widths_are_answered_at_once_in_every_spelling(tmp_path):
    (tmp_path / "x.wth").write_text("999999\n" + "2 " * 10**6)
    (tmp_path / "y.wth").write_text("2\n" + "2 " * 10**6)
    begun = time.monotonic()
    for act in (
        lambda: Network.layered(MILLION),
        lambda: Network.sparse(MILLION, 2, np.random.default_rng(0)),
        lambda: read_network(",".join(map(str, MILLION))),
        lambda: read_network(" ".join(map(str, MILLION)) + " x"),
        lambda: read_network("1" + " " * 10**6 + "x"),
        lambda: read_network("9" * 10**6),
        lambda: btfnet.solve_widths(btfnet.load("multiplier-2x2").problem, ladder=[MILLION]),
        lambda: read_widths(tmp_path / "x.wth"),
        lambda: read_widths(tmp_path / "y.wth"),
    ):
        with pytest.raises((UsageError, FormatError)) as caught:
            act()
        assert len(str(caught.value)) < 400
    assert time.monotonic() - begun < 5 * QUICK


@pytest.mark.parametrize("text", ["4,4,4", "4-4-4", "4 4 4", " 4 , 4  4 ", "4, 4,4"])
def test_widths_are_read_in_the_usual_spellings(text):
    assert read_network(text) == Network.layered([4, 4, 4])


@pytest.mark.parametrize("text", ["4,,4", "4,-4", "4,4,", "", "4;4", "4.0,4", "٤,٤", "4,4x"])
def test_other_spellings_of_widths_are_questions(text):
    with pytest.raises(UsageError, match="give numbers of nodes"):
        read_network(text)


def test_a_network_that_does_not_fit_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr(sizes, "available_bytes", lambda: 10**8)
    tracemalloc.start()
    for act in (
        lambda: Network.layered([3000, 3000]),
        lambda: Network.sparse([10**6, 10**6], 2, np.random.default_rng(0)),
        lambda: Network.from_edges(10**7, 1, [(10**7 + 1, 1)]),
    ):
        with pytest.raises(CapacityError, match="GiB are free"):
            act()
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()
    with pytest.raises(UsageError, match=r"more than 2\^31"):
        Network.layered([10**5, 10**5])


def test_a_problem_file_of_two_billion_inputs_is_refused_unmade(tmp_path, monkeypatch):
    monkeypatch.setattr(sizes, "available_bytes", lambda: 10**8)
    head = 'format = 1\nname = "x"\n[data]\ngenerator = "parity"\nbits = 2\n[network]\n'
    with pytest.raises((DataError, CapacityError), match=r"2000000000 inputs"):
        parse_problem(
            head + "edges = [[2000000001, 1]]\ninputs = 2000000000\noutputs = 1\n", tmp_path / "x.toml"
        )


def test_sparse_networks_of_many_nodes_take_linear_time():
    begun = time.monotonic()
    network = Network.sparse([40_000, 40_000], 2, np.random.default_rng(0))
    assert network.n_edges == 3 * 40_000
    assert np.unique(network.fan_in[network.fan_in > 0]).size == 40_000  # everybody is heard
    assert time.monotonic() - begun < 10 * QUICK


def test_widths_of_a_network_are_found_without_another_one():
    for widths in ((3, 2), (4, 1, 4), (2, 2, 2, 1)):
        assert Network.layered(widths).widths == widths
    assert Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 2), (4, 3)]).widths is None
    assert (
        Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 1), (4, 2)]).widths is None
    )  # one output of two nodes
    network = Network.layered([1000, 1000])
    tracemalloc.start()
    assert network.widths == (1000, 1000)
    assert tracemalloc.get_traced_memory()[1] < 10**6
    tracemalloc.stop()


# -- widths that find themselves --------------------------------------------------------------------------


def wide_problem(n_inputs, n_items=6):
    rng = np.random.default_rng(0)
    rows, outputs = rng.choice([-1, 1], (n_items, n_inputs)), rng.choice([-1, 1], (n_items, 1))
    return Problem("wide", Network.layered([n_inputs, 1]), Items(rows, outputs))


def test_few_items_of_many_columns_are_also_tried_with_layers_as_narrow_as_the_items():
    ladder = btfnet.widths_ladder(3000, 1, 6)
    assert ladder[:4] == ((3000, 1), (3000, 6, 1), (3000, 6, 6, 1), (3000, 12, 1))
    assert len(btfnet.widths_ladder(4, 4, 16)) == 9


def test_networks_of_the_ladder_are_made_one_at_a_time():
    problem = wide_problem(2000)
    btfnet.solve_widths(wide_problem(20), seed=1)  # everything is loaded
    tracemalloc.start()
    result = btfnet.solve_widths(problem, seed=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.exact
    assert max(each.edges for each in result.widths) > 10**7
    assert peak < 10**7


def test_a_network_without_room_is_left_out_with_a_warning_and_named(monkeypatch):
    monkeypatch.setattr(capacity, "available_bytes", lambda: 10_000)
    problem = btfnet.load("multiplier-2x2").problem
    with pytest.warns(BtfnetWarning, match="is not tried: it needs"):
        result = btfnet.solve_widths(problem, ladder=[(4, 4), (4, 50, 4)], trials=2, engine="descent")
    assert [bool(each.trials) for each in result.widths] == [True, False]
    assert "GiB are free" in result.widths[1].note
    monkeypatch.setattr(capacity, "available_bytes", lambda: 4000)
    xnor = Problem.from_bits([[0, 0], [0, 1], [1, 0], [1, 1]], [1, 0, 0, 1])
    with pytest.warns(BtfnetWarning, match="is not tried: it needs"):
        result = btfnet.solve_widths(xnor, btfnet.Settings(max_iterations=50), trials=1, engine="rrr")
    left_out = widths_record(result)["left_out"]
    assert [2, 2, 1] in [each["widths"] for each in left_out]
    assert all("GiB are free" in each["reason"] for each in left_out)
    assert "Left out  for want of memory: 2-2-1" in "\n".join(tuning_text(result))


def test_where_only_the_projections_have_no_room_gate_descent_has_the_network():
    edges = sizes.n_edges((100, 100))
    for free, engine in ((10**9, "auto"), (60 * edges, "descent"), (20 * edges, None)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(capacity, "available_bytes", lambda free=free: free)
            found, note = capacity.engine_that_fits((100, 100), 6, "auto", "float32", boolean=True)
        assert found == engine
        assert bool(note) == (engine != "auto")


def test_no_network_that_fits_is_one_clear_error(monkeypatch):
    monkeypatch.setattr(capacity, "available_bytes", lambda: 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BtfnetWarning)
        with pytest.raises(CapacityError, match="no network of the ladder fits into memory"):
            btfnet.solve_widths(btfnet.load("multiplier-2x2").problem)
