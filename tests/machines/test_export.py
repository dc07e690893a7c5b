"""Machines as files: other programs read them, and simulate them as the traces say."""

import shutil
import subprocess

import pytest
from support.machine_samples import COUNTER, DOOR, runs, traces

from btfnet import Traces, formats, learn_machine, prove_equal, write_machine
from btfnet.errors import DataError, UsageError

NAMES = ["clk", "rst"]
"""As the ports are called in one sample, so that the clock and the reset must be called otherwise."""


@pytest.fixture(scope="module")
def machines():
    """By name: the machine, and traces with its inputs and outputs as 0 and 1."""
    symbols = [
        [("push", "locked"), ("coin", "locked"), ("coin", "open"), ("push", "open"), ("push", "locked")]
    ]
    samples = {
        "counter": traces(COUNTER),
        "door": traces(DOOR),
        "module": Traces.of([[("0", "1"), ("1", "0")]]),
        "begin": Traces.of(symbols, inputs=["s0"], outputs=["s0_next"]),
        "names": Traces.of(runs(COUNTER), inputs=NAMES[:1], outputs=NAMES[1:]),
    }
    found = {}
    for name, some in samples.items():
        object.__setattr__(some, "name", name)
        found[name] = learn_machine(some, jobs=1).machine, some
    return found


SAMPLES = ("counter", "door", "module", "begin", "names")


def written(folder, machine, suffix):
    path = folder / f"m{suffix}"
    write_machine(path, machine)
    return path


def bench(machine, some):
    """A test bench that runs all traces, with a reset before each, and says what differs."""
    clock, reset = ("clk_", "rst_") if "clk" in some.input_ports else ("clk", "rst")
    wires, lines = [], []
    ends = [*some.input_ports, *some.output_ports]
    wires += [f"reg {name}_v = 0;" for name in (clock, reset, *some.input_ports)]
    wires += [f"wire {name}_v;" for name in some.output_ports]
    joined = ", ".join(f".{name}({name}_v)" for name in (clock, reset, *ends))
    for number, steps in enumerate(some.steps):
        if number:
            lines.append(f"{reset}_v = 1; #1 {clock}_v = 1; #1 {clock}_v = 0; {reset}_v = 0;")
        for step in steps:
            lines += [f"{port}_v = {step.inputs >> bit & 1};" for bit, port in enumerate(some.input_ports)]
            lines.append("#1;")
            for bit, port in enumerate(some.output_ports):
                if step.known >> bit & 1:
                    lines.append(f'if ({port}_v !== {step.outputs >> bit & 1}) $display("wrong");')
            lines.append(f"{clock}_v = 1; #1 {clock}_v = 0;")
    name = f"\\{some.name} " if some.name in ("module", "begin") else some.name
    body = "\n".join([*wires, f"{name} m ({joined});", "initial begin", *lines, '$display("done");', "end"])
    return f"module bench;\n{body}\nendmodule\n"


def simulated(folder, sources):
    command = [
        "iverilog",
        "-g2001",
        "-Wall",
        "-Wno-timescale",
        "-s",
        "bench",
        "-o",
        str(folder / "all"),
        *map(str, sources),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stderr == ""
    return subprocess.run(
        ["vvp", "-n", str(folder / "all")], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is missing")
@pytest.mark.parametrize("name", SAMPLES)
def test_the_verilog_runs_as_the_traces_say(machines, tmp_path, name):
    machine, some = machines[name]
    source = written(tmp_path, machine, ".v")
    (tmp_path / "bench.v").write_text(bench(machine, some), encoding="ascii")
    assert simulated(tmp_path, [source, tmp_path / "bench.v"]) == "done\n"


@pytest.mark.skipif(shutil.which("iverilog") is None, reason="Icarus Verilog is missing")
def test_the_bench_notices_a_wrong_output(machines, tmp_path):
    machine, some = machines["counter"]
    source = written(tmp_path, machine, ".v")
    turned = tuple(tuple(step._replace(outputs=1 - step.outputs) for step in steps) for steps in some.steps)
    wrong = Traces(some.inputs, some.outputs, turned, some.places, some.name)
    (tmp_path / "bench.v").write_text(bench(machine, wrong), encoding="ascii")
    assert "wrong" in simulated(tmp_path, [source, tmp_path / "bench.v"])


def abc():
    return next((path for name in ("berkeley-abc", "yosys-abc", "abc") if (path := shutil.which(name))), None)


@pytest.mark.skipif(abc() is None, reason="ABC is missing")
@pytest.mark.parametrize("name", ["counter", "door", "names"])
def test_abc_proves_that_blif_and_aiger_are_the_same_machine(machines, tmp_path, name):
    machine, _ = machines[name]
    blif, aig = written(tmp_path, machine, ".blif"), written(tmp_path, machine, ".aig")
    said = subprocess.run(
        [abc(), "-c", f"dsec {blif} {aig}"], capture_output=True, text=True, check=True
    ).stdout
    assert "Networks are equivalent" in said


@pytest.mark.skipif(shutil.which("yosys") is None, reason="Yosys is missing")
@pytest.mark.parametrize("suffix", [".v", ".blif", ".aag", ".aig"])
def test_yosys_reads_every_netlist_and_finds_the_registers(machines, tmp_path, suffix):
    machine, _ = machines["counter"]
    path = written(tmp_path, machine, suffix)
    read = {".v": "read_verilog", ".blif": "read_blif"}.get(suffix, "read_aiger -clk_name clk")
    kinds = "t:*dff* t:*DFF* t:$ff t:$_FF_"
    script = f"{read} {path}; hierarchy -auto-top; proc; flatten; check -assert; select -count {kinds}"
    said = subprocess.run(["yosys", "-p", script], capture_output=True, text=True, check=True).stdout
    assert machine.state_bits > 0
    assert registers_in(said) == machine.state_bits


def registers_in(said):
    return int(said.split(" objects.")[0].split()[-1])


@pytest.mark.parametrize("suffix", [".blif", ".aag", ".aig"])
@pytest.mark.parametrize("name", SAMPLES)
def test_our_readers_refuse_the_registers_and_cut_them_when_asked(machines, tmp_path, name, suffix):
    machine, _ = machines[name]
    path = written(tmp_path, machine, suffix)
    if machine.state_bits:
        with pytest.raises(DataError, match="latch"):
            formats.read_circuit(path)
    again = formats.read_circuit(path, cut_latches=True)
    assert prove_equal(machine.circuit, again).equal


def test_drawings_have_every_state_and_the_arrows(machines, tmp_path):
    machine, _ = machines["counter"]
    dot = written(tmp_path, machine, ".dot").read_text(encoding="utf-8")
    assert dot.count("shape=circle") == 1
    assert all(f'  {q} [label="{q}\\n' in dot for q in range(3))
    assert '0 -> 1 [label="1"];' in dot
    svg = written(tmp_path, machine, ".svg").read_text(encoding="utf-8")
    assert svg.count("<circle") == 3
    assert svg.count("marker-end") == 6
    mealy, _ = machines["door"]
    assert '[label="1 / 1"]' in written(tmp_path, mealy, ".dot").read_text(encoding="utf-8")
    alone, _ = machines["module"]
    assert written(tmp_path, alone, ".svg").read_text(encoding="utf-8").count("<circle") == 1


def test_another_suffix_is_refused(machines, tmp_path):
    with pytest.raises(UsageError, match="no format of machines"):
        write_machine(tmp_path / "m.bench", machines["door"][0])
    with pytest.raises(UsageError, match="swapped"):
        write_machine(machines["door"][0], tmp_path / "m.v")
