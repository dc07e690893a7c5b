"""The projections in JAX from the command line: solve --device, bench --device."""

from __future__ import annotations

import json

import pytest
from support.cli_samples import run

from btfnet.bench import device as bench_device
from btfnet.bench.device import DeviceSizes
from btfnet.engines.device import backend

TABLE = "a,b,xor\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"


def test_solve_on_the_processor_is_the_engine_rrr_jax(tmp_path):
    table = tmp_path / "xor.csv"
    table.write_text(TABLE)
    words = [
        "solve",
        "--data",
        str(table),
        "--widths",
        "2,3,1",
        "--device",
        "cpu",
        "--beta",
        "0.3",
        "--quiet",
    ]
    result = run(*words, "--trials", "5", "--json")
    assert result.exit_code == 0
    record = json.loads(result.output)
    assert record["exact"]
    assert {trial["engine"] for trial in record["trials"]} == {"rrr-jax"}


@pytest.mark.parametrize(
    "words, said",
    [
        (
            ["solve", "parity-4", "--device", "cpu", "--engine", "descent"],
            "--engine is descent; leave out one",
        ),
        (["solve", "parity-4", "--device", "tpu"], "'tpu' is not one of 'cpu', 'gpu'"),
    ],
)
def test_what_does_not_go_together_is_said(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("words", [["solve", "parity-4", "--device", "gpu"], ["bench", "--device", "gpu"]])
def test_a_gpu_that_is_not_there_and_jax_that_is_not_are_wrong_usage(words, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(backend, "find_spec", lambda name: None)
        result = run(*words)
    assert result.exit_code == 2
    assert 'pip install "btfnet[jax]"' in result.output
    if all(found.platform == "cpu" for found in backend.require_jax().devices()):
        result = run(*words)
        assert result.exit_code == 2
        assert "JAX finds none here, only cpu:0" in " ".join(result.output.split())


def test_bench_shows_time_and_bytes_for_each_layout_and_batch(monkeypatch):
    sizes = DeviceSizes((3, 3, 2), 8, 2**12, rounds=1, turn_seconds=0.0, call_edge_items=1)
    monkeypatch.setitem(bench_device.SIZES, "cpu", sizes)
    monkeypatch.setattr(bench_device, "BATCHES", (2,))
    monkeypatch.setattr(bench_device, "measure_candidates", lambda sizes: CANDIDATES)
    result = run("bench", "--device", "cpu")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    rows = [line.split() for line in lines if line.startswith(("dense blocks", "lists of edges"))]
    assert [row[-7] for row in rows] == ["2", "2"]
    assert all(float(row[-4]) > 16 for row in rows)  # bytes: w and x are read and written
    assert any("46 gates of a node, 512 items: 3 µs in a batch of 1" in line for line in lines)


CANDIDATES = {"gates": 46, "items": 512, "kernel_us_per_node": 2.0, "us_per_node": {1: 3.0}}


def test_candidates_are_timed_beside_the_kernel():
    sizes = DeviceSizes((3, 3, 2), 8, 2**12, rounds=1, turn_seconds=0.0)
    found = bench_device.measure_candidates(sizes, trials=(2,))
    assert found["gates"] == 2 * 33 + 8 * 5456
    assert found["ns_per_gate"][2] == pytest.approx(1e3 * found["us_per_node"][2] / found["gates"])
    assert found["kernel_us_per_node"] > 0
