"""`export` makes circuits of float weights, and `inspect` tells of gates what the items say."""

from __future__ import annotations

import pytest
from support.circuit_samples import full_adder
from support.cli_samples import FakeSolve, run, saved_half_adder, strict_json, write_csv
from support.evidence_samples import network_of, square

from btfnet import Circuit, Gate, Network, formats
from btfnet.logic.verify import compare


@pytest.fixture
def trained(tmp_path):
    """A full adder as float weights, and its items."""
    circuit = full_adder()
    whole = Circuit(3, (*circuit.gates, Gate(1, (5,)), Gate(1, (4,))), (6, 7))
    formats.write_network(tmp_path / "net.sol", *network_of(whole))
    rows = square(3)
    write_csv(tmp_path / "items.csv", rows, whole.predict(rows, kind="signs"))
    return tmp_path


def test_export_makes_a_circuit_of_float_weights(trained):
    result = run("export", trained / "net.sol", trained / "out.json", "--data", trained / "items.csv")
    assert result.exit_code == 0
    assert "of 4 the gate is proven the smallest" in result.stderr
    assert "Warning" not in result.stderr
    assert compare(formats.read_circuit(trained / "out.json"), full_adder()).exact


def test_export_of_float_weights_needs_items_and_says_where_the_network_errs(trained):
    assert run("export", trained / "net.sol", trained / "out.json").exit_code == 2
    rows = square(3)
    write_csv(trained / "other.csv", rows, -full_adder().predict(rows, kind="signs"))
    result = run("export", trained / "net.sol", trained / "out.json", "--data", trained / "other.csv")
    assert result.exit_code == 0
    assert "on 8 of 8 items" in result.stderr
    write_csv(trained / "narrow.csv", square(2), square(2))
    assert (
        run("export", trained / "net.sol", trained / "x.json", "--data", trained / "narrow.csv").exit_code
        == 1
    )
    assert not (trained / "x.json").exists()


def test_export_names_the_nodes_that_fail_and_writes_nothing(tmp_path):
    formats.write_network(tmp_path / "n.sol", Network.layered([8, 1]), [0, 1, 1, 2, 3, 5, 8, 13, 20])
    write_csv(tmp_path / "i.csv", square(8), square(8)[:, :1])
    result = run("export", tmp_path / "n.sol", tmp_path / "o.v", "--data", tmp_path / "i.csv")
    assert result.exit_code == 1
    assert "Node 9" in result.stderr
    assert not (tmp_path / "o.v").exists()


def test_inspect_tells_of_each_gate_what_the_items_say(tmp_path):
    model = saved_half_adder(tmp_path)
    data = write_csv(tmp_path / "adder.csv")
    record = strict_json(run("inspect", model, "--data", data, "--json").stdout)
    assert [btf["gate"] for btf in record["btfs"]] == ["And", "Or", "And"]
    assert [btf["patterns_seen"] for btf in record["btfs"]] == [4, 4, 3]
    assert [btf["forced"] for btf in record["btfs"]] == [True, True, False]
    assert (record["items"], record["no_evidence"], record["sigma"]) == (4, None, None)
    assert "2 forced" in run("inspect", model, "--data", data).stdout


def test_inspect_without_items_says_so(tmp_path):
    model = saved_half_adder(tmp_path)
    record = strict_json(run("inspect", model, "--json").stdout)
    assert "--data" in record["no_evidence"]
    assert "verdict" not in record["btfs"][0]
    assert "no training items" in run("inspect", model).stdout


def test_inspect_takes_the_items_and_sigma_of_a_run(monkeypatch, tmp_path):
    FakeSolve(monkeypatch)
    data = write_csv(tmp_path / "adder.csv")
    run("solve", "--data", data, "--widths", "2,2,2", "--sigma", "5", "--out", tmp_path / "run")
    record = strict_json(run("inspect", tmp_path / "run", "--json").stdout)
    assert (record["sigma"], record["items"]) == (5, 4)
    assert {btf["support_bound"] for btf in record["btfs"]} == {5}
    (tmp_path / "run" / "weights.npz").write_bytes(b"no zip")
    assert strict_json(run("inspect", tmp_path / "run", "--json").stdout)["sigma"] is None


def test_inspect_refuses_items_of_another_width_and_other_pictures(tmp_path):
    model, data = saved_half_adder(tmp_path), write_csv(tmp_path / "wide.csv", square(3), square(3))
    assert run("inspect", model, "--data", data).exit_code == 1
    assert run("inspect", model, "--draw", tmp_path / "x.pdf").exit_code == 2


def test_inspect_draws_pixels(tmp_path):
    pytest.importorskip("resvg_py")
    out = tmp_path / "adder.png"
    assert run("inspect", saved_half_adder(tmp_path), "--draw", out).exit_code == 0
    assert out.read_bytes()[:4] == b"\x89PNG"
