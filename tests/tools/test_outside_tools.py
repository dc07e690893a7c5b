"""Netlists of random and corner circuits, judged by outside programs, as scripts/checks/netlists.py does with 500.

Also: that each of these judges notices a netlist that is wrong.
"""

from __future__ import annotations

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from support.judged_samples import Disagreement, sample, write_all
from support.nasty_circuits import nasty_circuit, nasty_corners, plainly_named
from support.outsiders import CHECKS

from btfnet import formats
from btfnet.errors import ToolError
from btfnet.tools import programs

N_RANDOM = 20


def samples():
    rng = np.random.default_rng(0)
    circuits = [nasty_circuit(seed) for seed in range(N_RANDOM)] + nasty_corners()
    return [sample(f"s{index}", circuit, rng, n_rows=200) for index, circuit in enumerate(circuits)]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("netlists")
    write_all(samples()[:N_RANDOM], folder, without=(".yosys.json",))  # each is a run of Yosys
    write_all(samples()[N_RANDOM:], folder)
    return folder


def check(name):
    """The check, or a skip where a program is missing."""
    needed, function = CHECKS[name]
    for program in needed:
        if not programs.available(program):
            pytest.skip(f"{program} is missing: {name} does not judge")
    if name == "aigverse" and importlib.util.find_spec("aigverse") is None:
        pytest.skip("aigverse is missing")
    return function


@pytest.mark.parametrize("name", CHECKS)
def test_every_netlist_is_found_right(name, written):
    found = check(name)(samples(), written)
    looked_at = {finding.suffix for finding in found}
    assert all(len({f.key for f in found if f.suffix == suffix}) > 10 for suffix in looked_at)
    assert looked_at


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("btfnet", ".json"),
        ("btfnet", ".blif"),
        ("Icarus Verilog", ".v"),
        ("Yosys", ".v"),
        ("ABC", ".blif"),
        ("ABC", ".aig"),
        ("ABC", ".bench"),
        ("aigverse", ".aag"),
        ("C compiler", ".c"),
        ("ABC", ".c"),
    ],
)
def test_every_judge_notices_a_netlist_that_is_wrong(name, suffix, tmp_path):
    judge = check(name)
    good = [
        sample(f"s{seed}", plainly_named(nasty_circuit(seed)), np.random.default_rng(seed)) for seed in (3, 5)
    ]
    write_all(good, tmp_path)
    wrong = replace(good[1].circuit, outputs=(-good[1].circuit.outputs[0], *good[1].circuit.outputs[1:]))
    formats.write_circuit(tmp_path / f"s5{suffix}", wrong)
    if name == "ABC":
        check("Yosys")(good, tmp_path)
    if name == "Yosys":
        (tmp_path / "s5.v").write_text((tmp_path / "s5.v").read_text().replace("input wire x0,", ""))
    with pytest.raises((Disagreement, ToolError)) as caught:
        judge(good, tmp_path)
    if name != "Yosys":
        assert (caught.value.sample.key, caught.value.tool) == ("s5", name)
