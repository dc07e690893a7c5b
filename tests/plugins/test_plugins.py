"""Formats, problems and engines of other packages: found, used like btfnet's own, and never in its way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pytest
from support import toy_plugin
from support.cli_samples import run

import btfnet
from btfnet import plugins, tasks
from btfnet.engines.registry import ENGINES, engine_named
from btfnet.formats import read_items, write_items
from btfnet.formats.registry import FORMATS


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder on the path, into which packages can be put."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    toy_plugin.look_anew(monkeypatch)
    yield folder
    plugins.plugins.cache_clear()


@pytest.fixture
def toys(place):
    """The package of docs/extending.md."""
    toy_plugin.install_page(place)
    return place


def one_warning(call):
    """What a call returns, and the only warning that it gives."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        value = call()
    assert len(caught) == 1, [str(each.message) for each in caught]
    assert caught[0].category is btfnet.BtfnetWarning
    return value, str(caught[0].message)


def test_the_package_of_the_page_works_in_processes_of_its_own(toys):
    path = os.pathsep.join(filter(None, [str(toys), *sys.path[:1], os.environ.get("PYTHONPATH", "")]))
    environment = dict(os.environ, PYTHONPATH=path)

    def btfnet_says(*words):
        done = subprocess.run(
            [sys.executable, "-m", "btfnet", *words],
            cwd=toys, env=environment, capture_output=True, text=True, check=False, timeout=200,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "[btfnet-toys 1.0]" in btfnet_says("problems")
    btfnet_says("problems", "gray-2", "--write", "gray.hexlist")
    out = btfnet_says(
        "solve", "--data", "gray.hexlist", "--widths", "2,3,2", "--engine", "coins",
        "--max-iterations", "2000", "--json", "--quiet", "--out", "run",
    )  # fmt: skip
    assert json.loads(out)["exact"]
    assert {trial["engine"] for trial in json.loads(out)["trials"]} == {"coins"}


def test_lists_say_from_which_package_a_thing_is(toys):
    listed = run("formats").output
    assert re.search(
        r"^\.hexlist +items as hexadecimal words \(read, write\) \[btfnet-toys 1\.0\]$", listed, re.M
    )
    shown = run("problems").output
    for name in ("gray", "gray-K", "gray-few"):
        assert any(
            line.startswith(f"{name} ") and line.endswith("[btfnet-toys 1.0]") for line in shown.splitlines()
        )
    every = json.loads(run("problems", "--json").output)
    packages = {entry["name"]: entry["package"] for entry in every["problems"]}
    assert (packages["gray"], packages["multiplier-2x2"]) == ("btfnet-toys 1.0", None)


def test_problems_of_plugins_are_loaded_by_name_as_generator_family_and_file(toys):
    gray = btfnet.load("gray")
    assert (gray.problem.n_train, gray.problem.network.grows) == (8, True)
    assert btfnet.load("gray-5").problem.n_items == 32
    few = btfnet.load("gray-few")
    assert (few.problem.n_train, few.problem.n_test) == (8, 8)
    assert tasks.generate("gray", {"bits": 2}, 0).n_items == 4
    with pytest.raises(btfnet.UsageError, match="bits is 99, but it must be a whole number from 1 to 16"):
        tasks.generate("gray", {"bits": 99}, 0)


def test_items_of_a_plugins_format_are_written_read_recognised_and_predicted(toys, tmp_path):
    items = btfnet.load("gray").problem.items
    for name in ("x.hexlist", "X.HEXLIST"):
        write_items(tmp_path / name, items)
        back = read_items(tmp_path / name)
        np.testing.assert_array_equal(back.inputs, items.inputs)
        np.testing.assert_array_equal(back.outputs, items.outputs)
    (tmp_path / "nameless").write_bytes((tmp_path / "x.hexlist").read_bytes())
    np.testing.assert_array_equal(read_items(tmp_path / "nameless").outputs, items.outputs)
    gates = (btfnet.Gate(1, (1,)), btfnet.Gate(1, (2,)), btfnet.Gate(1, (3,)))
    btfnet.formats.write_circuit(tmp_path / "m.json", btfnet.Circuit(3, gates, (4, 5, 6)))
    predicted = run("predict", tmp_path / "m.json", tmp_path / "x.hexlist").output
    assert predicted.splitlines()[-1].endswith("1,1,1")


def test_errors_of_a_plugins_reader_are_lines_as_any_other(toys, tmp_path):
    (tmp_path / "x.hexlist").write_text("hexlist 3 3\n9:1\n")
    result = run("solve", "--data", tmp_path / "x.hexlist")
    assert result.exit_code == 1
    assert "x.hexlist:2: expected two words of (3, 3) bits, such as 5:1." in result.stderr
    assert "--force" in run("problems", "gray", "--write", tmp_path / "x.hexlist").stderr


def test_a_plugins_engine_is_known_by_its_name_and_completed(toys):
    assert engine_named("coins").name == "coins"
    assert ENGINES.origin("coins") == "btfnet-toys 1.0"
    assert list(ENGINES) == ["rrr", "descent", "rrr+descent", "shared", "rrr-jax", "coins"]
    refused = run("solve", "parity-4", "--engine", "coin")
    assert refused.exit_code == 2
    names = "'auto', 'rrr', 'descent', 'rrr+descent', 'shared', 'rrr-jax', 'coins'"
    assert f"'coin' is not one of {names}" in refused.stderr


def test_a_name_of_btfnets_own_costs_no_look_at_packages(monkeypatch):
    def refuse(group):
        raise AssertionError(f"looked for {group}")

    monkeypatch.setattr("btfnet.plugins.plugins", refuse)
    assert ".csv" in FORMATS
    assert engine_named("descent").name == "descent"
    assert btfnet.load("parity-4").name == "parity-4"
    assert run("solve", "--help").exit_code == run("--help").exit_code == run("--version").exit_code == 0


BROKEN = {
    "raises": ("1/0\n", "cannot be loaded (ZeroDivisionError: division by zero)"),
    "needs what there is not": ("import no_such_thing\n", "cannot be loaded (ModuleNotFoundError: No module"),
    "is no Python": ("for\n", "cannot be loaded (SyntaxError: "),
    "ends the program": ("raise SystemExit(3)\n", "cannot be loaded (SystemExit: 3)"),
    "has another thing": (
        "THING = 3\n",
        "is something of the type int, but must be a btfnet.engines.protocol.EngineSpec",
    ),
    "has no such thing": ("OTHER = 3\n", "cannot be loaded (AttributeError: "),
    "has another name": (
        "from btfnet.engines.protocol import EngineSpec\nTHING = EngineSpec('x', None, None)\n",
        "calls itself by another name than odd",
    ),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_one_warning_that_names_its_package(place, text, reason):
    entries = {"btfnet.engines": {"odd": "btfnet_toys.odd:THING"}}
    files = {"btfnet_toys/__init__.py": "", "btfnet_toys/odd.py": text}
    toy_plugin.install(place, "odd-one", "2.1", entries, files)
    has, said = one_warning(lambda: "odd" in ENGINES)
    assert not has
    assert said.startswith(f"The engine odd of the package odd-one 2.1 {reason}")
    assert said.endswith("It is left out; update that package, or uninstall it.")
    assert "odd" not in list(ENGINES)  # and it is not told again
    assert engine_named("rrr").name == "rrr"


def test_a_broken_plugin_is_told_on_the_command_line_and_all_else_goes_on(place):
    toy_plugin.install(place, "odd-one", "2.1", {"btfnet.formats": {"odd": "no_such_module:X"}}, {})
    result = run("formats")
    assert result.exit_code == 0
    assert result.stderr.count("Warning: The format odd of the package odd-one 2.1 cannot be loaded") == 1
    assert ".blif" in result.stdout
    assert "Warning" not in run("problems", "parity-4").stderr


@pytest.mark.parametrize(
    ("group", "name", "registry"),
    [
        ("btfnet.formats", "csv", FORMATS),
        ("btfnet.formats", "jsn", FORMATS),
        ("btfnet.engines", "descent", ENGINES),
        ("btfnet.engines", "auto", ENGINES),
        *(
            ("btfnet.problems", name, tasks.PROBLEMS)
            for name in ("parity", "parity-4", "rule-9-9", "parity-K")
        ),
    ],
)
def test_a_name_of_btfnets_own_is_not_replaced_and_the_warning_says_so(place, group, name, registry):
    before = registry.own.get(f"{registry.start}{name}")
    toy_plugin.install(place, "thief", "1.0", {group: {name: "btfnet_toys:THING"}}, {})
    others, said = one_warning(registry.others)
    assert others == {}
    assert f"{name} of the package thief 1.0 has a name that is btfnet's own" in said
    assert registry.own.get(f"{registry.start}{name}") is before


def test_of_two_packages_with_one_name_the_first_has_it_and_the_second_is_named(toys):
    entries = {"btfnet.problems": {"gray": "btfnet_toys.gray:gray"}}
    toy_plugin.install(toys, "zebra", "1.0", entries, {})
    plugins.plugins.cache_clear()
    task, said = one_warning(lambda: btfnet.load("gray"))
    assert task.problem.n_items == 8
    assert (
        "problem gray of the package zebra 1.0 has the name of the problem gray of the package btfnet-toys"
        in said
    )


def test_a_problem_file_of_a_plugin_that_is_missing_is_told_in_its_line(place):
    entries = {"btfnet.problems": {"ghost": "btfnet_toys:FILE"}}
    text = "from pathlib import Path\nFILE = Path('nowhere.toml')\n"
    toy_plugin.install(place, "ghosts", "1.0", entries, {"btfnet_toys/__init__.py": text})
    assert "ghost" in run("problems").stdout
    assert "there is no such file" in run("problems", "ghost").stderr


def test_metadata_that_cannot_be_read_is_one_warning(place, monkeypatch):
    def broken(**selection):
        raise ValueError("a stranger's metadata")

    monkeypatch.setattr("importlib.metadata.entry_points", broken)
    found, said = one_warning(lambda: list(ENGINES))
    assert found == ["rrr", "descent", "rrr+descent", "shared", "rrr-jax"]
    assert "cannot be asked for more of btfnet.engines (ValueError: a stranger's metadata)" in said


FAULTS = {
    "raises": ("raise KeyError('x')", r"failed \(KeyError: 'x'\)"),
    "returns": ("return [1, 2]", "returned something of the type list, but must return Items"),
    "reader is not there": (None, r"failed \(AttributeError: "),
}


@pytest.mark.parametrize(("body", "message"), FAULTS.values(), ids=FAULTS)
def test_what_fails_in_a_plugin_is_told_with_its_package(place, tmp_path, body, message):
    text = f"""
from btfnet.formats.format import Format, Holds
from btfnet.tasks.generator import generator
def {"other" if body is None else "read"}(path, n_inputs=None):
    {body or "pass"}
@generator("bad")
def bad(rng):
    {body or "raise AttributeError"}
FORMAT = Format(suffix=".bad", summary="", read={{Holds.ITEMS: "btfnet_toys:read"}})
"""
    entries = {"btfnet.formats": {"bad": "btfnet_toys:FORMAT"}, "btfnet.problems": {"bad": "btfnet_toys:bad"}}
    toy_plugin.install(place, "bad-one", "0.1", entries, {"btfnet_toys/__init__.py": text})
    (tmp_path / "x.bad").write_text("")
    with pytest.raises(btfnet.DataError, match=f"format bad of the package bad-one 0.1 {message}"):
        read_items(tmp_path / "x.bad")
    with pytest.raises(btfnet.DataError, match=f"problem bad of the package bad-one 0.1 {message}"):
        btfnet.load("bad")
    assert run("solve", "--data", tmp_path / "x.bad").exit_code == 1
