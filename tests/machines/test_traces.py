"""Traces: what a file may look like, what columns become of it, and where it is wrong."""

import pytest

import btfnet
from btfnet import Traces, read_traces
from btfnet.errors import DataError, UsageError
from btfnet.machines.reading import read_several
from btfnet.machines.traces import Step


def file_of(folder, text, name="x.traces"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def steps_of(folder, text):
    return read_traces(file_of(folder, text)).steps


def test_a_line_is_a_step_and_an_empty_line_ends_a_trace(tmp_path):
    read = read_traces(file_of(tmp_path, "# a machine\n01 1\n10 0  # why\n# between\n11 1\n\n\n00 0\n"))
    assert [len(steps) for steps in read.steps] == [3, 1]
    assert read.steps[0] == (Step(2, 1, 1), Step(1, 0, 1), Step(3, 1, 1))
    assert (read.input_ports, read.output_ports) == (("x0", "x1"), ("y0",))
    assert (len(read), read.n_steps, read.name) == (2, 4, "x")


@pytest.mark.parametrize("line", ["01 1", "0 1 / 1", "0,1,1", "01/1", "0 1 1", "0;1 / 1"])
def test_one_step_may_be_written_in_many_ways(tmp_path, line):
    read = read_traces(file_of(tmp_path, f"in: a b / out: c\n{line}\n"))
    assert read.steps == ((Step(2, 1, 1),),)
    assert (read.input_ports, read.output_ports) == (("a", "b"), ("c",))


def test_unknown_outputs_are_not_known(tmp_path):
    assert steps_of(tmp_path, "0 1-\n1 ?1\n0 -\n") == ((Step(0, 1, 1), Step(1, 2, 2), Step(0, 0, 0)),)


def test_symbols_become_the_bits_of_their_numbers_in_order(tmp_path):
    read = read_traces(file_of(tmp_path, "in: event / out: door\npush locked\ncoin open\nwait -\n"))
    assert read.inputs[0].symbols == ("coin", "push", "wait")
    assert read.input_ports == ("event_0", "event_1")
    assert read.output_ports == ("door_0",)
    assert read.steps == ((Step(1, 0, 1), Step(0, 1, 1), Step(2, 0, 0)),)


def test_numbers_are_ordered_as_numbers(tmp_path):
    assert read_traces(file_of(tmp_path, "in: a / out: b\n10 x\n9 y\n2 x\n")).inputs[0].symbols == (
        "2",
        "9",
        "10",
    )


def test_two_files_have_the_symbols_of_both(tmp_path):
    paths = [file_of(tmp_path, "b 0\n", "1"), file_of(tmp_path, "a 0\n\nc 1\n", "2")]
    first, second = read_several(paths)
    assert first.inputs == second.inputs
    assert first.inputs[0].symbols == ("a", "b", "c")
    assert (len(first), len(second)) == (1, 2)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("01 1\n01\n", 2, "expected inputs and outputs"),
        ("01 1\n011 1\n", 2, "found 3 inputs"),
        ("01 1\n01 11\n", 2, "found 2 outputs"),
        ("0 1\n- 1\n", 2, "an input is unknown"),
        ("0 1\nin: a / out: b\n", 2, "at the beginning of the file"),
        ("in: a b\n", 1, "expected a header"),
        ("in: a b / out:\n", 1, "expected a header"),
        ("0 1 1 0\n", 1, "expected inputs and outputs"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, line, said):
    with pytest.raises(DataError, match=said) as caught:
        read_traces(file_of(tmp_path, text))
    assert f"x.traces:{line}: " in str(caught.value)


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "in: a / out: b\n"])
def test_a_file_without_traces_is_refused(tmp_path, text):
    with pytest.raises(DataError, match="no trace"):
        read_traces(file_of(tmp_path, text))


def test_columns_need_different_names(tmp_path):
    with pytest.raises(DataError, match="same name"):
        read_traces(file_of(tmp_path, "in: a / out: a\n0 1\n"))


def test_what_python_gives_is_the_same_as_a_file(tmp_path):
    steps = steps_of(tmp_path, "01 1\n10 -\n")
    for pairs in (
        [("01", "1"), ("10", None)],
        [((0, 1), 1), ((True, False), "-")],
        [(["0", "1"], True), ((1, 0), "?")],
    ):
        assert Traces.of([pairs]).steps == steps


@pytest.mark.parametrize(
    "wrong", [3, [3], [[3]], [[("0", 1.5)]], [[("0 1", "1")]], [[("0", "1", "2")]], [[("", "1")]]]
)
def test_what_is_no_trace_is_refused(wrong):
    with pytest.raises(UsageError, match=r"Traces\.of"):
        Traces.of(wrong)


def test_a_part_is_held_out_and_the_same_one_again():
    whole = Traces.of([[("0", str(n % 2))] for n in range(10)])
    train, held = whole.split(0.3, seed=4)
    assert (len(train), len(held)) == (7, 3)
    assert sorted(train.places + held.places) == sorted(whole.places)
    assert whole.split(0.3, seed=4)[1].places == held.places
    with pytest.raises(UsageError, match="leaves none"):
        whole.split(0.01)


def test_traces_in_other_codes_mean_the_same():
    wide = Traces.of([[("a", "x"), ("c", "-"), ("b", "z")]])
    narrow = Traces.of([[("c", "z"), ("b", "-")]])
    coded = narrow.coded_as(wide.inputs, wide.outputs)
    assert coded.steps == ((Step(2, 1, 1), Step(1, 0, 0)),)
    with pytest.raises(DataError, match=r"trace 1, step 1: x0 is 'a'"):
        wide.coded_as(narrow.inputs, narrow.outputs)
    with pytest.raises(DataError, match="columns of inputs"):
        wide.coded_as((*narrow.inputs, *narrow.inputs), narrow.outputs)


def test_traces_show_how_many_there_are():
    assert (
        repr(btfnet.Traces.of([[("01", "1")]])) == "<Traces: 1 traces, 1 steps, 2 input bits, 1 output bits>"
    )
