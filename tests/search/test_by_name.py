"""`solve` and `btfnet solve` with what is recognised by name."""

import numpy as np
from support.cli_samples import run, strict_json

import btfnet


def product_items(n_items=900, seed=0):
    inputs = np.random.default_rng(seed).integers(0, 2, (n_items, 16))
    a, b = (inputs[:, half] @ (1 << np.arange(8)) for half in (slice(8), slice(8, 16)))
    return inputs, (a * b) >> 7 & 1


def learned(inputs, outputs):
    return btfnet.Problem.from_bits(inputs, outputs, n_train=600, n_validation=200)


def test_what_is_recognised_needs_no_search_and_is_told_apart():
    result = btfnet.solve(learned(*product_items()))
    [found], [trial] = result.recognised, result.trials
    assert trial.engine == trial.found_by == "families"
    assert found.name == "bit 7 of the product of two 8-bit words, least significant bit first"
    assert result.exact
    assert result.score.test_bits == 1
    fresh, wanted = product_items(seed=3)
    assert np.array_equal(result.circuit.predict(fresh)[:, 0], wanted)


def test_recognising_can_be_left_out():
    inputs, _ = product_items()
    result = btfnet.solve(
        learned(inputs[:, :4], inputs[:, 0] & inputs[:, 1]), recognise=False, trials=1, time_limit=0.5
    )
    assert result.recognised == ()
    assert result.kept.engine != "families"


def test_an_exact_search_recognises_only_when_asked():
    inputs = (np.arange(64)[:, None] >> np.arange(6)) & 1
    problem = btfnet.Problem.from_bits(inputs, inputs.sum(axis=1) % 2, hidden=(4,))
    result = btfnet.solve(problem, recognise=True)
    assert result.exact
    assert result.kept.engine == "families"
    short = btfnet.solve(problem, trials=1, time_limit=0.5)
    assert short.recognised == ()


def test_given_widths_are_binding_unless_names_are_asked_for():
    inputs = (np.arange(200)[:, None] >> np.arange(3)) & 1
    problem = btfnet.Problem.from_bits(inputs, inputs[:, 0] ^ inputs[:, 1], hidden=(), n_validation=50)
    result = btfnet.solve(problem, trials=1, time_limit=0.5)
    assert result.recognised == ()
    assert result.circuit.simplified().depth <= 1


def test_names_of_some_outputs_are_told_while_all_are_learned():
    inputs = np.random.default_rng(0).integers(0, 2, (300, 6))
    odd, other = inputs.sum(axis=1) % 2, inputs[:, 0] & (inputs[:, 1] | inputs[:, 2] & inputs[:, 4])
    problem = btfnet.Problem.from_bits(inputs, np.column_stack([odd, other]), n_train=200, n_validation=50)
    result = btfnet.solve(problem, trials=1, time_limit=0.5)
    assert 0 in [found.output for found in result.recognised]
    assert result.kept.engine != "families" or len(result.recognised) == 2


def test_command_tells_names_in_text_and_json(tmp_path):
    inputs, outputs = product_items()
    path = tmp_path / "items.csv"
    np.savetxt(path, np.column_stack([inputs, outputs]), fmt="%d", delimiter=",")
    command = ("solve", "--data", path, "--inputs", "16", "--validation", "0.2")
    assert "not learned but recognised: bit 7 of the product of two 8-bit words" in run(*command).stdout
    record = strict_json(run(*command, "--json", "--out", tmp_path / "run").stdout)
    [found] = record["recognised"]
    assert found["exact"]
    assert record["trials"][0]["engine"] == "families"
