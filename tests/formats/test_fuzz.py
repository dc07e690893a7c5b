"""A few mutated files of every format, as scripts/checks/fuzz/readers.py makes ten thousand of each.

What was here before mutated bytes and words of a few formats and asked for a FormatError; no memory or time was
measured, nothing that was read was written again, and checkpoints, run folders and command lines were left out.
"""

from __future__ import annotations

import pytest

from btfnet.errors import FormatError, UsageError
from scripts.checks.fuzz.catalogue import readers
from scripts.checks.fuzz.laws import Reader
from scripts.checks.fuzz.readers import fuzz

N_FILES = 60
READERS = readers()


@pytest.mark.parametrize("name", READERS)
def test_mutated_files_give_a_true_value_or_one_sentence_that_names_the_file(name):
    tally = fuzz(name, READERS[name], N_FILES, 1)
    assert not tally.broken
    assert tally.read >= len(READERS[name].samples) / 2
    assert tally.read + tally.refused == N_FILES + len(READERS[name].samples)


def raises(error):
    def read(path):
        raise error(path)

    return read


@pytest.mark.parametrize(
    ("read", "kind"),
    [
        (raises(lambda path: ValueError("x")), "ValueError"),
        (raises(lambda path: MemoryError()), "MemoryError"),
        (raises(lambda path: FormatError("elsewhere", 1, "no")), "without the file's name"),
        (raises(lambda path: FormatError(path, 1, "\x1b[31m")), "not printable"),
        (raises(lambda path: FormatError(path, 1, "x" * 5000)), "signs"),
        (raises(lambda path: UsageError(f"{path}: no")), "wrong usage"),
        (lambda path: bytearray(1 << 25), "MiB for"),
        (lambda path: sum(range(10**6)), "s for"),
    ],
)
def test_every_promise_that_is_broken_is_noticed(read, kind, monkeypatch):
    import scripts.checks.fuzz.readers as fuzz_readers

    monkeypatch.setattr(fuzz_readers, "SECONDS", 0.005 if kind == "s for" else 60)
    tally = fuzz("x", Reader(".x", [b"1 2 3"], read), 12, 0)
    assert any(kind in what for what in tally.broken)


def test_a_value_that_changes_when_it_is_written_is_noticed():
    def check(value, path):
        assert value == b"1 2 3"

    tally = fuzz("x", Reader(".x", [b"1 2 3"], lambda path: path.read_bytes(), check), 20, 0)
    assert all("AssertionError" in what for what in tally.broken)
    assert tally.broken
