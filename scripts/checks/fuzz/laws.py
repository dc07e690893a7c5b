"""What readers.py demands of a value that a reader gives: written and read again it is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner

from btfnet import formats
from btfnet.cli import main
from btfnet.committee.classifier import Classifier
from btfnet.committee.committee import Committee
from btfnet.errors import BtfnetError, DataError, UsageError
from btfnet.formats import Items
from btfnet.formats.btf.model import decode, encode
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed_model import PackedModel
from btfnet.problem.network import Network
from scripts.checks.fuzz.text import Rng, mutated

MOST_GATES = 3000
"""Larger circuits are not written again: that takes long, and is no reader's time."""


@dataclass(frozen=True)
class Reader:
    """A reader under attack.

    read    gives a value, or raises a `BtfnetError` that names the file
    check   raises AssertionError where the value is no true one: written and read again it must be the same
    """

    suffix: str
    samples: list[bytes]
    read: Callable[[Path], Any]
    check: Callable[[Any, Path], None] = lambda value, path: None
    mutate: Callable[[bytes, Rng], bytes] = mutated
    beside: dict[str, bytes] = field(default_factory=dict)


def check_items(value: Items, path: Path) -> None:
    """Written in every form that holds them, and read again, they are the same."""
    again = path.with_name("again.npz")
    formats.write_items(again, value)
    assert formats.read_items(again) == value
    if path.suffix in (".dat", ".csv", ".npy"):
        again = path.with_name(f"again{path.suffix}")
        try:
            formats.write_items(again, value)
        except UsageError:  # .dat has no place for two classes
            return
        back = formats.read_items(again, n_inputs=value.inputs.shape[1] or value.n_unknown)
        assert np.array_equal(back.inputs, value.inputs)
        assert np.array_equal(back.outputs, value.outputs)
        assert (back.care is None) == (value.care is None) or np.array_equal(back.care, value.care)


def check_circuit(value: Circuit, path: Path) -> None:
    """Written without loss it is equal; written in its own format it does the same, under the same names."""
    if len(value.gates) > MOST_GATES or value.n_inputs > MOST_GATES:
        return
    again = path.with_name("again.json")
    formats.write_circuit(again, value)
    assert formats.read_circuit(again) == value
    rows = np.random.default_rng(0).random((64, value.n_inputs)) < 0.5
    wanted = np.asarray(value.predict(rows)) > 0
    if path.suffix in formats.CIRCUITS_IN and path.suffix in formats.CIRCUITS_OUT:
        again = path.with_name(f"again{path.suffix}")
        try:
            formats.write_circuit(again, value)
        except (UsageError, DataError):  # a name or a weight that the format cannot hold
            return
        back = formats.read_circuit(again)
        assert np.array_equal(np.asarray(back.predict(rows)) > 0, wanted)
    str(value)


def check_model(value: PackedModel, path: Path) -> None:
    """It predicts, alone and as a circuit, and survives being written."""
    rows = np.random.default_rng(0).random((5, value.n_inputs)) < 0.5
    outputs = value.predict(rows)
    assert outputs.shape == (5, value.n_outputs)
    assert decode(str(path), encode(value)) == value
    try:
        circuit = value.to_circuit()
    except DataError:
        return
    assert np.array_equal(np.asarray(circuit.predict(rows)) > 0, np.asarray(outputs) > 0)


def check_network(value: tuple[Network, Any], path: Path) -> None:
    network, weights = value
    again = path.with_name("again.net")
    formats.write_network(again, network, weights)
    back, same = formats.read_network(again)
    assert back == network
    assert np.array_equal(same, weights)


def check_classifier(value: Classifier, path: Path) -> None:
    value.predict(np.zeros((3, value.n_inputs), dtype=np.float32))


def check_committee(value: Committee, path: Path) -> None:
    value.predict(np.zeros((3, value.comparisons.n_inputs), dtype=np.float32))


class Refused(BtfnetError):
    """A command line that ended with an error, told like one."""


def command(*words: str, refusals: tuple[int, ...] = (1,)) -> Callable[[Path], str]:
    """A command of btfnet; PATH and FOLDER stand for the file and its directory.

    refusals   exit codes with which it may refuse the file: 2 also where nothing says what the file is
    """

    def read(path: Path) -> str:
        given = [word.replace("PATH", str(path)).replace("FOLDER", str(path.parent)) for word in words]
        done = CliRunner().invoke(main, given, prog_name="btfnet")
        output = done.stdout + done.stderr
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert "defect" not in output, output
        assert "Traceback" not in output, output
        strange = [sign for sign in output if not sign.isprintable() and sign not in "\n\t"]
        assert not strange, ascii(output)
        if done.exit_code not in (0, 3, 4):
            assert done.exit_code in refusals, f"exit code {done.exit_code}: {output}"
            raise Refused(f"{path}: {output}")
        return output

    return read
