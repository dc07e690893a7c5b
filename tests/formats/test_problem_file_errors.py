"""Problem files that are refused, with file, line and key."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from support.problem_file_samples import LEAST, written

from btfnet import tasks
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats.toml.problem import parse_problem


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
        (
            "data = 3" + changed('[data]\ngenerator = "parity"\nbits = 3\n', ""),
            'mine.toml:1: "data" is 3, but it must be a table',
        ),
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
        (changed("widths = [3, 4, 1]", ""), 'must have one of "widths", "edges" and "cell"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nedges = []"), 'must have one of "widths", "edges" and "cell"'),
        (
            changed("widths = [3, 4, 1]", "cell = [3, 1]"),
            r"is \[3, 1\]; expected \[inputs, hidden nodes, outputs",
        ),
        (changed("widths = [3, 4, 1]", "cell = [3, 1, 1]"), 'has no "width"'),
        (changed("widths = [3, 4, 1]", "cell = [3, 1, 1]\nbias = true"), 'no meaning beside "cell"'),
        (
            changed("widths = [3, 4, 1]", "cell = [3, 1, 1]\nwidth = 3\nsteps = 1\ninputs = 3"),
            'no meaning beside "cell" without "copies"',
        ),
        (
            changed("widths = [3, 4, 1]", "cell = [3, 1, 1]\ninputs = 3\ncopies = [[1, 2, 3]]\nsteps = 1"),
            'no meaning beside "cell" and "copies"',
        ),
        (
            changed("widths = [3, 4, 1]", "cell = [3, 1, 1]\ninputs = 3\ncopies = [[1, 2, 9]]"),
            "mine.toml:8: Network.unrolled: copy 1 hears signal 9",
        ),
        (
            changed("widths = [3, 4, 1]", "cell = [3, 1, 1]\nwidth = 3\nsteps = 1\noffsets = [0, 1]"),
            "mine.toml:8: Network.automaton: the cell has 3 inputs, but 2 neighbours",
        ),
        (changed("[3, 4, 1]", "[3, 4, 1]\ninputs = 3"), '"inputs" .* has no meaning beside "widths"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nseed = 3"), 'has no meaning without "fan_in"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 3"), r'\[network\] has no "seed"'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 0\nseed = 1"), '"fan_in" .* is 0'),
        (changed("[3, 4, 1]", "[3, 4, 1]\nfan_in = 1\nseed = -1"), '"seed" .* is -1'),
        (changed("[3, 4, 1]", "[3, 4, 1]\ndepth = 3"), '"depth" in .network. is unknown; did you mean width'),
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
        (LEAST + "[train]\nitems = 9", "is 9, but there are 8 items"),
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
    with pytest.raises(DataError, match="there is no such file"):
        tasks.load(tmp_path / "missing.toml")
    with pytest.raises(DataError, match="this is a directory"):
        tasks.load(tmp_path)
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="not UTF-8"):
        tasks.load(tmp_path / "binary.toml")
    with pytest.raises(DataError, match="nested too deeply"):
        tasks.load(written(tmp_path, "a = " + "[" * 100_000))


def test_a_data_file_in_place_of_a_problem_file_is_wrong_usage(tmp_path):
    path = written(tmp_path, "4\n", "items.dat")
    with pytest.raises(
        UsageError, match=r"Of a data file: btfnet.Problem\(name, network, btfnet.formats.read_items"
    ):
        tasks.load(str(path))


def test_a_missing_data_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.dat"):
        tasks.load(written(tmp_path, changed('generator = "parity"\nbits = 3', 'file = "gone.dat"')))


@pytest.mark.parametrize("suffix", ["csv", "xyz"])
def test_a_data_file_whose_name_is_absurd_is_named_in_short_and_without_control_characters(suffix, tmp_path):
    name = f"\\u001b{'x' * 3000}.{suffix}"
    path = written(tmp_path, changed('generator = "parity"\nbits = 3', f'file = "{name}"'))
    with pytest.raises(FormatError) as caught:
        tasks.load(path)
    assert str(caught.value).startswith(f"{path}:4: ")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1200


def test_a_data_file_of_an_unknown_kind_is_a_fault_of_the_problem_file(tmp_path):
    with pytest.raises(FormatError, match=r"mine.toml:4: .*suffix"):
        tasks.load(written(tmp_path, changed('generator = "parity"\nbits = 3', 'file = "items.xyz"')))
