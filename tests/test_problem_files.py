"""Problem files and built-in names: what they mean, and what they refuse."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import btfnet
from btfnet import tasks
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats.toml_problem import parse_problem, read_problem_file
from btfnet.network import Network
from btfnet.settings import Settings

PANEL = [
    "multiplier-2x2",
    "multiplier-2x2-wide",
    "multiplier-3x3",
    "multiplier-4x4",
    "autoencoder-8",
    "autoencoder-16",
    "autoencoder-32",
    "decoder-16",
    "decoder-32",
    "andor-2",
    "andor-3",
    "andor-4",
    "andor-5",
    "maj-2",
    "maj-3",
    "maj-4",
    "maj-5",
    "rule-232-3",
    "rule-30-1",
    "rule-30-2",
    "rule-30-3",
    "rule-110-1",
    "digits",
    "roman",
    "rorschach-3",
    "permutation-64",
    "parity-4",
    "parity-8",
]

LEAST = """
format = 1
name = "mine"
[data]
generator = "parity"
bits = 3
[network]
widths = [3, 4, 1]
"""

FULL_ADDER = "a,b,c,sum,carry\n" + "".join(
    f"{a},{b},{c},{(a + b + c) % 2},{(a + b + c) // 2}\n" for a in (0, 1) for b in (0, 1) for c in (0, 1)
)


@pytest.fixture(scope="module")
def page():
    return files("btfnet.formats").joinpath("toml_problem.md").read_text(encoding="utf-8")


def load(name, **more):
    if name == "digits":
        pytest.importorskip("sklearn")
    return tasks.load(name, **more)


# -- built-in problems --------------------------------------------------------------------------------------


def test_the_whole_panel_has_problem_files():
    assert set(PANEL) <= set(tasks.names())


@pytest.mark.parametrize("name", tasks.names())
def test_every_problem_file_loads_and_fits_its_network(name):
    task = load(name)
    assert task.name == task.problem.name == name
    assert task.summary
    assert isinstance(task.settings, Settings)
    assert 1 <= task.problem.n_train <= task.problem.n_items
    assert task.problem.outputs.shape[1] == task.problem.network.n_outputs
    assert tasks.find(name).path.stem == name


@pytest.mark.parametrize("name", tasks.names())
def test_no_test_item_is_also_a_training_item(name):
    problem = load(name).problem
    if problem.n_test:
        train = {row.tobytes() for row in problem.inputs[: problem.n_train]}
        assert not any(row.tobytes() in train for row in problem.inputs[problem.n_train :])


@pytest.mark.parametrize(
    "name, widths, n_train",
    [
        ("multiplier-2x2", [4, 4, 4, 4], 16),
        ("multiplier-2x2-wide", [4, 5, 4], 16),
        ("multiplier-3x3", [6, 12, 12, 12, 6], 64),
        ("autoencoder-8", [8, 3, 8, 8], 8),
        ("autoencoder-16", [16, 4, 16, 16], 16),
        ("autoencoder-16-deep", [16, 16, 4, 16, 16], 16),
        ("autoencoder-32", [32, 5, 32, 32], 32),
        ("decoder-16", [4, 16, 16], 16),
        ("andor-2", [32] * 3, 256),
        ("maj-5", [32] * 6, 512),
        ("rule-232-3", [32] * 4, 256),
        ("rule-30-1", [16, 32, 32, 16], 256),
        ("rule-30-2", [16, 48, 48, 48, 16], 512),
        ("permutation-64", [64, 64], 64),
    ],
)
def test_the_papers_problems_have_the_papers_widths_and_training_items(name, widths, n_train):
    problem = load(name).problem
    assert problem.network == Network.layered(widths)
    assert problem.n_train == n_train


def test_the_smallest_multiplier_runs_with_its_measured_settings():
    assert load("multiplier-2x2").settings == Settings(3, 0.5, 5e-3, 0.01, 10_000)


def test_a_seed_makes_other_items_of_the_same_problem():
    one, same, other = load("rule-30-1"), load("rule-30-1", seed=1), load("rule-30-1", seed=2)
    assert np.array_equal(one.problem.inputs, same.problem.inputs)
    assert not np.array_equal(one.problem.inputs, other.problem.inputs)
    assert one.problem.network == other.problem.network
    with pytest.raises(UsageError, match="seed is -1"):
        load("rule-30-1", seed=-1)


def test_names_are_sorted_by_number():
    names = tasks.names()
    assert names.index("parity-4") < names.index("parity-8")
    assert names.index("autoencoder-8") < names.index("autoencoder-16") < names.index("autoencoder-32")
    assert names.index("rule-30-1") < names.index("rule-110-1") < names.index("rule-232-3")
    assert list(tasks.summaries()) == names


def test_description_states_network_settings_and_data():
    text = tasks.describe("multiplier-2x2")
    for part in (
        "4-4-4-4",
        "sigma 3",
        "16 train, 0 test",
        "multiplier(a = 2, b = 2), seed 1",
        "arXiv 2602.17493",
    ):
        assert part in text


def test_btfnet_load_is_the_door():
    assert btfnet.load("parity-4").name == "parity-4"
    assert "load" in btfnet.__all__


# -- families -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "multiplier-1x1",
        "multiplier-2x3",
        "multiplier-5x4",
        "autoencoder-1",
        "autoencoder-24",
        "decoder-2",
        "decoder-5",
        "andor-1",
        "andor-7",
        "maj-1",
        "maj-6",
        "rule-110-2",
        "rule-0-1",
        "rule-255-4",
        "parity-1",
        "parity-2",
        "parity-3",
        "parity-7",
        "parity-16",
        "permutation-2",
        "permutation-9",
        "rorschach-1",
        "rorschach-2",
        "rorschach-4",
    ],
)
def test_other_sizes_resolve_by_pattern_and_fit(name):
    task = tasks.load(name)
    assert task.name == name
    assert not re.search(r"[{}]", task.summary)
    assert task.problem.network.n_nodes < 5000


def test_families_are_listed_with_letters_for_numbers():
    assert tasks.families()["parity-K"] == "whether an odd number of K bits is true"
    assert "rule-R-S" in tasks.families()


def test_a_rorschach_family_network_can_hold_the_whole_picture():
    assert tasks.load("rorschach-2").problem.network == Network.layered([16, 16, 9, 24, 16])


@pytest.mark.parametrize(
    "name, complaint",
    [
        ("multiplier-50x2", "a is 50, but it must be a whole number from 1 to 10"),
        ("rule-256-1", "must be below 2.8"),
        ("permutation-1", "bits is 1"),
        ("andor-101", "depth is 101"),
        ("rorschach-33", "k is 33"),
        ("parity-0", 'no built-in problem "parity-0"'),
        ("parity-12345", 'no built-in problem "parity-12345"'),
        ("multiplier-2", "did you mean multiplier-2x2"),
        ("Rule-30-1x", "did you mean rule-30-1"),
        ("nonsense", 'no built-in problem "nonsense"'),
        ("", "no built-in problem"),
    ],
)
def test_unknown_names_and_absurd_sizes_are_wrong_usage(name, complaint):
    with pytest.raises(UsageError, match=complaint):
        tasks.load(name)


# -- files --------------------------------------------------------------------------------------------------


def written(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_least_problem_file_is_tuned_and_trains_on_everything(tmp_path):
    task = tasks.load(written(tmp_path, LEAST))
    assert task.settings is None
    assert (task.problem.n_train, task.problem.n_items) == (8, 8)
    assert task.expected == tasks.load(str(tmp_path / "mine.toml")).expected


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


# -- complaints ---------------------------------------------------------------------------------------------


def changed(old, new):
    assert old in LEAST
    return LEAST.replace(old, new)


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("format = ", r"mine.toml:1: this is not TOML"),
        (changed("format = 1\n", ""), 'the file has no "format"; give it a whole number'),
        (
            changed("format = 1", "format = 2"),
            'mine.toml:2: "format" is 2, but this version of btfnet reads format 1',
        ),
        (changed("format = 1", "format = true"), '"format" is true, but it must be a whole number'),
        (changed('name = "mine"\n', ""), 'has no "name"'),
        (
            changed('"mine"', '"my problem"'),
            "mine.toml:3: \"name\" is 'my problem'; a name consists of letters",
        ),
        (changed('"mine"', "3"), '"name" is 3, but it must be a text'),
        ("nmae = 1\n" + LEAST, 'mine.toml:1: "nmae" is unknown; did you mean name'),
        (LEAST + "[setings]\n", 'mine.toml:9: "setings" is unknown; did you mean settings'),
        (changed("[data]\n", "[date]\n"), '"date" is unknown; did you mean data'),
        ('format = 1\nname = "m"\nnetwork = {widths = [1, 1]}\n', r"the table \[data\] is missing"),
        (changed("[network]\nwidths = [3, 4, 1]\n", ""), r"the table \[network\] is missing"),
        ('data = 3\nformat = 1\nname = "m"\n', '"data" is 3, but it must be a table|is missing'),
        (changed('generator = "parity"\n', ""), r'\[data\] must have either "generator" or "file"'),
        (changed("bits = 3", 'bits = 3\nfile = "x.dat"'), r'\[data\] must have either "generator" or "file"'),
        (changed('"parity"', '"partiy"'), 'mine.toml:4: there is no generator "partiy"; did you mean parity'),
        (
            changed("bits = 3", "bit = 3"),
            'mine.toml:4: generator parity: there is no parameter "bit"; did you mean',
        ),
        (changed("bits = 3", 'bits = "3"'), "bits is '3', but it must be a whole number"),
        (changed("bits = 3", "bits = 3\nitems = 9"), "items is 9, but there are only 8"),
        (changed("bits = 3", "bits = 3\nseed = -1"), r'mine.toml:7: "seed" in \[data\] is -1'),
        (changed("bits = 3", "bits = 3\nseed = 1.5"), '"seed" .* is 1.5, but it must be a whole number'),
        (changed("widths = [3, 4, 1]", ""), 'must have either "widths" or "edges"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nedges = []"), 'must have either "widths" or "edges"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\ninputs = 3"), '"inputs" .* has no meaning beside "widths"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nseed = 3"), 'has no meaning without "fan_in"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 3"), r'\[network\] has no "seed"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 0\nseed = 1"), '"fan_in" .* is 0'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 1\nseed = -1"), '"seed" .* is -1'),
        (changed("[3, 4, 1]", "[3, 4, 1]\ndepth = 3"), '"depth" in .network. is unknown; known here: widths'),
        (changed("[3, 4, 1]", "[3, 4.5, 1]"), "contains 4.5, but it must be a list of whole numbers"),
        (changed("[3, 4, 1]", "3"), '"widths" .* is 3, but it must be a list'),
        (changed("[3, 4, 1]", "[3]"), "mine.toml:8: widths are .3., but a network needs"),
        (changed("[3, 4, 1]", "[4, 4, 1]"), "mine.toml:4: mine: the items have 3 input values"),
        (changed("[3, 4, 1]", "[3, 4, 2]"), "items have 1 output values, but the network has 2 outputs"),
        (changed("widths = [3, 4, 1]", "edges = [[4, 1]]"), 'has no "inputs"'),
        (
            changed("widths = [3, 4, 1]", "edges = [[4, 1, 2]]\ninputs = 3\noutputs = 1"),
            r"has \[4, 1, 2\] as edge 1",
        ),
        (
            changed("widths = [3, 4, 1]", "edges = [[4, 9]]\ninputs = 3\noutputs = 1"),
            "mine.toml:8: node 4 listens",
        ),
        (changed("widths = [3, 4, 1]", "edges = [[4, 1]]\ninputs = 3\noutputs = 0"), '"outputs" .* is 0'),
        (LEAST + "[train]\nitems = 9", "n_train is 9, but there are 8 items"),
        (LEAST + "[train]\nitems = 0", 'mine.toml:10: "items" in .train. is 0'),
        (LEAST + "[train]\nitem = 1", "did you mean items"),
        (LEAST + "[settings]\nsigma = 0", "mine.toml:10: sigma is 0, but it must be a number above 0"),
        (LEAST + "[settings]\nsigma = nan", "sigma is nan"),
        (
            LEAST + "[settings]\nmax_iterations = 1e6",
            '"max_iterations" .* is 1000000.0, but .* a whole number',
        ),
        (LEAST + '[settings]\nbeta = ".3"', "\"beta\" in .settings. is '.3', but it must be a number"),
        (LEAST + "[settings]\nsimga = 3", "did you mean sigma"),
        (LEAST + "[expected]\nexact = 1", '"exact" .* is 1, but it must be true or false'),
        (LEAST + "[expected]\ntest_bits = 99", '"test_bits" .* is 99, but it must be a fraction'),
        (LEAST + "[expected]\nspeed = 99", '"speed" in .expected. is unknown'),
    ],
)
def test_faulty_problem_files_are_refused_with_file_line_and_key(tmp_path, text, complaint):
    path = written(tmp_path, text)
    with pytest.raises(FormatError, match=complaint) as caught:
        tasks.load(path)
    assert str(caught.value).startswith(str(path))


def test_every_prefix_of_a_problem_file_is_read_or_refused_with_a_reason():
    text = tasks.find("rule-30-1").path.read_text(encoding="utf-8")
    for end in range(len(text)):
        with suppress(FormatError):
            assert parse_problem(text[:end], Path("cut.toml")).name == "rule-30-1"


def test_files_that_cannot_be_read_are_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        tasks.load(tmp_path / "missing.toml")
    with pytest.raises(DataError, match="cannot be read"):
        tasks.load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not UTF-8"):
        tasks.load(tmp_path / "binary.toml")
    with pytest.raises(DataError, match="nested too deeply"):
        tasks.load(written(tmp_path, "a = " + "[" * 100_000))


def test_a_data_file_in_place_of_a_problem_file_is_wrong_usage(tmp_path):
    path = written(tmp_path, "4\n", "items.dat")
    with pytest.raises(UsageError, match="with --data and --widths"):
        tasks.load(str(path))


def test_a_missing_data_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.dat"):
        tasks.load(written(tmp_path, changed('generator = "parity"\nbits = 3', 'file = "gone.dat"')))


def test_a_data_file_of_an_unknown_kind_is_a_fault_of_the_problem_file(tmp_path):
    with pytest.raises(FormatError, match=r"mine.toml:4: .*suffix"):
        tasks.load(written(tmp_path, changed('generator = "parity"\nbits = 3', 'file = "items.xyz"')))


def test_digits_without_scikit_learn_remain_wrong_usage(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(UsageError, match="pip install"):
        tasks.load("digits")
