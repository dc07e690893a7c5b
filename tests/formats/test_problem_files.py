"""Problem files: what they mean, and that their spec page says the same."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support.problem_file_samples import LEAST, written

from btfnet import formats, tasks
from btfnet.formats.toml.problem import Expected, read_problem_file
from btfnet.problem.network import Network
from btfnet.settings import Settings

FULL_ADDER = "a,b,c,sum,carry\n" + "".join(
    f"{a},{b},{c},{(a + b + c) % 2},{(a + b + c) // 2}\n" for a in (0, 1) for b in (0, 1) for c in (0, 1)
)


@pytest.fixture(scope="module")
def page():
    return formats.spec("toml")


def test_the_least_problem_file_is_tuned_and_trains_on_everything(tmp_path):
    task = tasks.load(written(tmp_path, LEAST))
    assert task.settings is None
    assert (task.problem.n_train, task.problem.n_items) == (8, 8)
    assert task.expected == Expected()


def test_a_seed_in_the_file_holds_unless_another_is_given(tmp_path):
    path = written(tmp_path, LEAST.replace("bits = 3", "bits = 3\nseed = 5"))
    assert np.array_equal(tasks.load(path).problem.inputs, tasks.load(path, seed=5).problem.inputs)
    assert not np.array_equal(tasks.load(path).problem.inputs, tasks.load(path, seed=6).problem.inputs)


def test_settings_left_out_have_their_defaults(tmp_path):
    task = tasks.load(written(tmp_path, LEAST + "[settings]\nsigma = 5\nmax_iterations = 10"))
    assert task.settings == Settings(sigma=5, max_iterations=10)
    assert tasks.load(written(tmp_path, LEAST + "[settings]")).settings is None


def test_byte_order_mark_and_carriage_returns_do_no_harm(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LEAST.replace("\n", "\r\n").encode())
    assert tasks.load(path).name == "mine"


def test_a_sparse_network_comes_from_its_own_seed(tmp_path):
    path = written(tmp_path, LEAST.replace("[3, 4, 1]", "[3, 4, 1]\nfan_in = 2\nseed = 3"))
    expected = Network.sparse([3, 4, 1], 2, np.random.default_rng(3))
    assert tasks.load(path).problem.network == expected
    assert tasks.load(path, seed=9).problem.network == expected


def test_a_network_may_be_made_of_copies_of_a_cell(tmp_path):
    cell = Network.free(3, 1, hidden=2)
    row = LEAST.replace("widths = [3, 4, 1]", "cell = [3, 2, 1]\nwidth = 5\nsteps = 2\nperiodic = false\n")
    network = read_problem_file(written(tmp_path, row)).network
    assert network == Network.automaton(cell, 5, 2, periodic=False)
    copies = "cell = [3, 2, 1]\ninputs = 3\ncopies = [[1, 2, 3], [3, 2, 4]]\n"
    network = read_problem_file(written(tmp_path, LEAST.replace("widths = [3, 4, 1]", copies))).network
    assert network == Network.unrolled(cell, 3, [[1, 2, 3], [3, 2, 4]])
    listed = read_problem_file(
        written(tmp_path, LEAST.replace("widths = [3, 4, 1]", copies + "outputs = [5]\n"))
    ).network
    assert listed == network


def test_a_network_of_edges_adds_the_bias_unless_told_otherwise(tmp_path):
    edges = "edges = [[4, 1], [4, 2], [5, 3], [5, 4]]\ninputs = 3\noutputs = 1\n"
    text = LEAST.replace("widths = [3, 4, 1]", edges)
    assert read_problem_file(written(tmp_path, text)).network.n_edges == 6
    assert read_problem_file(written(tmp_path, text + "bias = false\n")).network.n_edges == 4


def test_the_page_s_example_reads_items_beside_it_and_its_reader_agrees(tmp_path, page, monkeypatch):
    example, reader = (
        re.search(r"```toml\n(.*?)```", page, re.S)[1],
        re.search(r"```python\n(.*?)```", page, re.S)[1],
    )
    path = written(tmp_path, example)
    written(tmp_path, FULL_ADDER, "full_adder.csv")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    task = tasks.load(path)
    assert task.problem.n_items == 8
    assert task.data == "file full_adder.csv"
    assert task.settings == Settings(sigma=3, gamma=2e-3)
    assert task.expected.exact is True
    space = {}
    exec(reader, space)
    for said in (path, *(tasks.find(name).path for name in tasks.names())):
        file = read_problem_file(said)
        assert space["read"](said) == {
            "name": file.name,
            "items from": file.generator or file.file.name,
            "inputs": file.network.n_inputs,
            "outputs": file.network.n_outputs,
            "train": file.n_train,
            "tuned": file.settings is None,
        }


def test_the_page_lists_every_generator_and_parameter(page):
    table = page.partition("## Generators")[2].partition("## Example")[0]
    for generator in tasks.GENERATORS.values():
        row = next(line for line in table.splitlines() if f"`{generator.name}`" in line)
        for parameter in generator.parameters:
            assert f"`{parameter}`" in row
