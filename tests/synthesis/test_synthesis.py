"""Logic synthesis: figures that are true, circuits that are proven, tools that may be absent or lie."""

import sys
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from support.circuit_samples import multiplier, random_circuit
from support.synthesis_samples import pretend

from btfnet import Circuit, Gate, UsageError
from btfnet.errors import ToolError, ToolMissing
from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.proof.equivalence import Equivalence
from btfnet.logic.training_fit import TrainingFit
from btfnet.logic.verify import compare
from btfnet.synthesis import abc, in_process
from btfnet.synthesis.costs import figures
from btfnet.synthesis.luts import map_luts
from btfnet.synthesis.optimising import optimise
from btfnet.tools.programs import Program, available

needs_aigverse = pytest.mark.skipif(find_spec("aigverse") is None, reason="aigverse is not installed")
needs_abc = pytest.mark.skipif(not available("abc"), reason="ABC is not installed")


def majority(width):
    return Circuit(width, (Gate((width + 1) // 2, tuple(range(1, width + 1))),), (width + 1,))


@pytest.fixture
def quick(monkeypatch):
    """A short search of ABC."""
    monkeypatch.setattr(abc, "DEEP", 1)
    monkeypatch.setattr(abc, "STALE", 5)


@pytest.fixture
def no_tools(monkeypatch):
    monkeypatch.setattr(in_process, "find_spec", lambda name: None)
    monkeypatch.setattr(abc, "candidates", lambda name: iter(()))


# -- figures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "circuit, expected",
    [
        (majority(3), (4, 3, 1, 1)),
        (majority(5), (10, 5, 1, 1)),
        (Circuit(64, (Gate(64, tuple(range(1, 65))),), (65,)), (63, 6, 21, 3)),
        (Circuit(2, (Gate(0, ()),), (3, -3, 1, -2)), (0, 0, 0, 0)),
        (multiplier(3), (48, 13, 6, 1)),
    ],
)
def test_figures_of_circuits_that_people_know(circuit, expected):
    assert tuple(figures(circuit).as_dict().values()) == expected


@needs_abc
def test_an_optimised_circuit_is_as_wrong_as_the_one_given(quick):
    fit = TrainingFit(3, 64, 2, 16)
    assert optimise(replace(multiplier(2), training=fit), tool="abc", seconds=60).circuit.training == fit


@pytest.mark.parametrize("inputs", [2, 4, 6])
@pytest.mark.parametrize("seed", range(12))
def test_tables_read_few_variables_that_determine_them_and_are_as_deep_as_said(seed, inputs):
    graph = aig_of(random_circuit(seed, n_inputs=9, n_gates=30, n_outputs=5, widest=9))
    mapping = map_luts(graph, inputs=inputs)
    level = dict.fromkeys(range(graph.n_inputs + 1), 0)
    for variable, leaves in sorted(mapping.tables.items()):
        assert len(leaves) <= inputs
        level[variable] = 1 + max(level[leaf] for leaf in leaves)
        waiting = [variable]
        while waiting:
            reached = waiting.pop()
            assert reached > graph.n_inputs, "an input that the table does not read decides it"
            below = {literal >> 1 for literal in graph.ands[reached - graph.n_inputs - 1].tolist()}
            waiting += below - set(leaves)
    assert mapping.depth == max(level[output >> 1] for output in graph.outputs)
    assert len(mapping.tables) <= graph.n_ands


def test_graphs_that_take_too_long_to_map_have_no_figures_for_tables(monkeypatch):
    monkeypatch.setattr("btfnet.synthesis.costs.MOST_ANDS", 9)
    assert figures(majority(5)).luts is None
    assert str(figures(majority(5))) == "10 Ands in 5 levels"


# -- tools ------------------------------------------------------------------------------------------------


@needs_aigverse
@pytest.mark.parametrize("seed", range(3))
def test_graphs_survive_the_way_through_aigverse(seed):
    graph = aig_of(random_circuit(seed, n_inputs=6, n_outputs=6))
    back = in_process.from_network(in_process.to_network(graph), graph)
    assert back.n_ands == graph.n_ands
    assert compare(Circuit.from_aig(graph), Circuit.from_aig(back)).exact


@needs_aigverse
def test_aigverse_makes_a_multiplier_smaller_and_the_same_twice_and_keeps_its_names():
    circuit = multiplier(2)
    first, second = (optimise(circuit, tool="aigverse") for _ in range(2))
    assert first.circuit == second.circuit
    assert (first.before.ands, first.after.ands) == (10, 8)
    assert first.tools == ("aigverse",)
    assert compare(circuit, first.circuit).exact
    assert first.circuit.output_names == circuit.output_names
    assert all(gate.kind == "and" and len(gate.literals) == 2 for gate in first.circuit.gates)


@needs_abc
@pytest.mark.parametrize("tool", ["yosys", "abc"])
@pytest.mark.parametrize("circuit", [multiplier(3), random_circuit(4)], ids=lambda circuit: circuit.name)
def test_abc_makes_circuits_smaller_and_they_stay_the_same(quick, tool, circuit):
    try:
        abc.program(tool)
    except ToolMissing:
        pytest.skip(f"no ABC of {tool}")
    result = optimise(circuit, tool=tool)
    assert compare(circuit, result.circuit).exact
    assert result.after.ands < result.before.ands
    assert result.circuit.input_names == circuit.input_names


@needs_aigverse
def test_circuits_too_wide_to_try_every_input_are_proven_by_sat():
    circuit = Circuit(26, (Gate(13, tuple(range(1, 27))), Gate(2, (1, 2, 27, -3))), (28,))
    result = optimise(circuit, tool="aigverse", seconds=2)
    assert result.proof.equal
    assert result.proof.method == "sat"


@pytest.mark.parametrize(
    "circuit",
    [Circuit(2, (Gate(0, ()),), (3, -3, 1, -2)), Circuit(0, (Gate(0, ()),), (1, -1)), Circuit(1, (), ())],
)
@needs_aigverse
@needs_abc
def test_circuits_without_an_and_survive(quick, circuit):
    assert compare(circuit, optimise(circuit).circuit).exact


# -- tools that are absent, fail or lie -------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["auto", "aigverse", "yosys"])
def test_a_tool_that_is_absent_is_answered_with_how_to_install_it(no_tools, tool):
    with pytest.raises(ToolMissing, match=r"pip install 'btfnet\[hw\]'"):
        optimise(majority(3), tool=tool)


def test_unknown_tools_and_times_are_refused():
    with pytest.raises(UsageError, match="there is no tool 'vivado'; choose one of auto"):
        optimise(majority(3), tool="vivado")
    for seconds in (0, -1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match="seconds is"):
            optimise(majority(3), tool="auto", seconds=seconds)


def test_a_result_that_differs_is_dropped_with_a_counterexample(monkeypatch):
    wrong = Aig(3, np.array([[4, 2], [8, 6]]), (10,))
    pretend(monkeypatch, lambda graph, seconds: wrong)
    result = optimise(majority(3))
    assert compare(majority(3), result.circuit).exact
    assert result.tools == ()
    assert result.after == result.before
    assert "liar 1 made differs from the circuit given (inputs 110 give 0, expected 1)" in result.notes[0]


def test_what_cannot_be_proven_is_dropped_down_to_the_circuit_itself(monkeypatch):
    pretend(monkeypatch, lambda graph, seconds: graph)
    monkeypatch.setattr(
        "btfnet.synthesis.optimising.prove_equal",
        lambda a, b, time_limit: Equivalence(None, "sat", time_limit),
    )
    result = optimise(multiplier(2), seconds=3)
    assert result.circuit == multiplier(2)
    assert result.proof.method == "identity"
    assert "could not be proven equal to the circuit given within 3 s; it was dropped" in result.notes[0]


def test_auto_goes_on_after_a_tool_that_fails(monkeypatch):
    def fail(graph, seconds):
        raise ToolError("it fell over.")

    pretend(monkeypatch, fail, lambda graph, seconds: graph)
    result = optimise(majority(3))
    assert result.notes == ("it fell over.",)
    assert compare(majority(3), result.circuit).exact


def fake_abc(code):
    return Program("abc", "fake", (sys.executable, "-c", code))


@pytest.mark.parametrize(
    "code, message",
    [
        ("", "wrote no circuit"),
        ("raise SystemExit('out of luck')", "(?s)failed with exit code 1.*out of luck"),
        ("open('made.blif', 'wb').write(bytes(range(256)))", "wrote what cannot be read"),
        (
            "open('made.blif', 'w').write('.model x\\n.inputs a\\n.outputs a\\n.end\\n')",
            "of 1 inputs and 1 outputs",
        ),
        ("import time; time.sleep(9)", "stopped after"),
        ("import os; os.abort()", "failed with exit code"),
    ],
)
def test_an_abc_that_fails_or_writes_rubbish_is_told_in_a_sentence(code, message):
    with pytest.raises(ToolError, match=message):
        abc.improve(aig_of(majority(5)), fake_abc(code), seconds=1 if "sleep" in code else 20)


def test_an_abc_that_fails_later_costs_only_its_later_parts(monkeypatch):
    code = """
import os
if os.path.exists("seen"): raise SystemExit(1)
open("seen", "w").close()
open("made.blif", "w").write(".model x\\n.inputs a b\\n.outputs y\\n.names a b y\\n11 1\\n.end\\n")
"""
    graph = Aig(2, np.array([[5, 3], [7, 4], [8, 2]]), (10,))  # its function is not asked for here
    assert abc.improve(graph, fake_abc(code), seconds=20).n_ands == 1


@needs_aigverse
def test_an_error_inside_aigverse_is_told_in_a_sentence(monkeypatch):
    def explode(tool, network):
        raise RuntimeError("no such cut")

    monkeypatch.setitem(in_process.STEPS, "rewrite", explode)
    with pytest.raises(ToolError, match=r"aigverse failed in 'rewrite' \(RuntimeError: no such cut\)"):
        optimise(majority(5), tool="aigverse")
