"""`btfnet machine`, as a person with traces would use it."""

import json

import pytest
from support.cli_samples import run, strict_json
from support.machine_samples import COUNTER, DOOR, runs

from btfnet.cli.commands import machine as command

pytestmark = pytest.mark.needs_jit


def text_of(sequences):
    return "\n\n".join("\n".join(" ".join(pair) for pair in sequence) for sequence in sequences) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Traces, and what was learned of them."""
    place = tmp_path_factory.mktemp("machine")
    (place / "counter.traces").write_text(text_of(runs(COUNTER, n_traces=20)))
    (place / "door.traces").write_text(text_of(runs(DOOR)))
    (place / "test.traces").write_text(text_of(runs(COUNTER, seed=9)))
    done = run("machine", place / "counter.traces", "--held-out", "0.25", "--out", place / "run", "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    (place / "report.txt").write_text(done.stdout)
    return place


def test_the_report_says_what_was_found_and_what_is_proven(folder):
    text = (folder / "report.txt").read_text()
    for words in (
        "counter: 15 traces, 120 steps; 1 input bit, 1 output bit",
        "Moore, 3 states, 2 registers; proven: none has fewer",
        "all explained by the gates",
        "6 of 6 transitions were seen, and no other machine of as many states explains the traces",
        "5 of 5 traces right",
        "2      1       0     1",
        f"Saved in  {folder / 'run'}",
    ):
        assert words in text


def test_the_record_holds_the_machine(folder):
    record = strict_json((folder / "run" / "run.json").read_text())
    assert (record["status"], record["exact"], record["smallest"], record["forced"]) == (
        "solved",
        True,
        True,
        True,
    )
    assert (record["kind"], record["states"], record["state_bits"], record["initial"]) == ("moore", 3, 2, 0)
    assert record["held_out"] == {"traces": 5, "right": 5, "bits": 1.0, "beyond": 0}
    assert [1, "1", 2, "0"] in record["table"]
    assert (record["seen"], record["unseen"], record["open"]) == (6, 0, [])


def test_out_holds_every_format_and_a_model_of_the_cell(folder):
    names = {path.name for path in (folder / "run").iterdir()}
    suffixes = (".v", ".blif", ".aag", ".aig", ".dot", ".svg")
    assert {
        "model.btf",
        "circuit.json",
        "items.npz",
        "run.json",
        *(f"machine{each}" for each in suffixes),
    } <= names
    assert run("verify", folder / "run").stdout.startswith("Equal: ")
    assert "s0_next" in run("inspect", folder / "run").stdout
    again = run(
        "machine", folder / "counter.traces", "--held-out", "0.25", "--out", folder / "run", "--quiet"
    )
    assert again.exit_code == 0


def test_another_machine_does_not_replace_a_run_unasked(folder):
    words = ["machine", folder / "door.traces", "--out", folder / "run", "--quiet"]
    assert run(*words).exit_code == 1
    assert "counter" in (folder / "run" / "run.json").read_text()


def test_a_file_of_somebody_else_is_not_replaced(folder, tmp_path):
    (tmp_path / "machine.v").write_text("mine")
    done = run("machine", folder / "door.traces", "--out", tmp_path, "--quiet")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "holds machine.v, but is no directory of a run" in done.stderr
    assert (tmp_path / "machine.v").read_text() == "mine"


def test_traces_of_another_file_test_and_the_netlist_is_printed(folder):
    done = run("machine", folder / "counter.traces", "--test", folder / "test.traces", "--netlist", "blif")
    assert "Held out  12 of 12 traces right" in done.stdout
    assert ".latch s0_next s0 0" in done.stdout
    assert "Looking for the smallest machine of 20 traces" in done.stderr


def test_a_kind_is_asked_for(folder):
    done = run("machine", folder / "counter.traces", "--mealy", "--json", "--quiet")
    assert (done.exit_code, json.loads(done.stdout)["kind"]) == (0, "mealy")
    assert run("machine", folder / "door.traces", "--moore", "--quiet").exit_code == 1


def test_too_few_states_end_with_3(folder):
    done = run("machine", folder / "counter.traces", "--state-bits", "1")
    assert done.exit_code == 3
    assert "none found (not within the states that are allowed); it has at least 3 states" in done.stdout
    record = json.loads(run("machine", folder / "counter.traces", "--state-bits", "1", "--json").stdout)
    assert (record["status"], record["states"], record["least_states"]) == ("no_machine", None, 3)


def test_an_unknown_start_is_allowed_for(tmp_path):
    (tmp_path / "x").write_text(text_of(runs(COUNTER, n_traces=30, n_steps=12, anywhere=True)))
    done = run("machine", tmp_path / "x", "--quiet")
    assert (done.exit_code, "ask for an unknown start" in done.stderr) == (1, True)
    record = json.loads(run("machine", tmp_path / "x", "--unknown-start", "--json", "--quiet").stdout)
    assert (record["exact"], record["states"]) == (True, 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--netlist", "edif"], "--netlist is 'edif'"),
        (["--netlist", "v", "--json"], "one object"),
        (["--force"], "--force lets --out"),
        (["--test", "x", "--held-out", "0.1"], "choose one"),
        (["--held-out", "0.001"], "leaves none"),
        (["--state-bits", "0"], "--state-bits"),
    ],
)
def test_what_contradicts_itself_is_wrong_usage(folder, words, said):
    done = run("machine", folder / "counter.traces", *words)
    assert (done.exit_code, said in done.stderr) == (2, True)


def test_unreadable_traces_are_told_with_their_line(tmp_path):
    (tmp_path / "x").write_text("0 1\n0 1 1\n")
    done = run("machine", tmp_path / "x")
    assert (done.exit_code, f"{tmp_path / 'x'}:2: " in done.stderr) == (1, True)
    assert run("machine", tmp_path / "none").exit_code == 1


def test_a_time_limit_is_told(folder, monkeypatch):
    real = command.learn_machine

    def cut_short(traces, **options):
        learned = real(traces, **options)
        object.__setattr__(learned, "status", "time_limit")
        object.__setattr__(learned, "least_states", 2)
        object.__setattr__(learned, "forced", None)
        return learned

    monkeypatch.setattr(command, "learn_machine", cut_short)
    text = run("machine", folder / "counter.traces", "--time-limit", "60").stdout
    for words in (
        "not proven smallest: it has at least 2 states",
        "is not decided",
        "the time limit came first",
    ):
        assert words in text
