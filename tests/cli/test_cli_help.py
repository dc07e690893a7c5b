"""Every help has an example and fits a terminal of 80 columns; so do lists and reports."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from support.cli_samples import run, write_csv

from btfnet.cli import main
from btfnet.cli.app import COMMANDS
from btfnet.cli.console import fitted, in_lines

HELPS = [[], *([name] for name in COMMANDS)]


def help_of(words, columns=80):
    result = CliRunner(env={"COLUMNS": str(columns)}).invoke(
        main, [*words, "--help"], prog_name="btfnet", terminal_width=columns
    )
    assert result.exit_code == 0
    return result.output


def too_long(text, columns=80):
    return [line for line in text.splitlines() if len(line) > columns]


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_every_help_fits_80_columns(words):
    assert too_long(help_of(words)) == []


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_every_help_has_an_example_of_its_own_command(words):
    examples = re.findall(r"^ +(?:RUN .*&& )?btfnet ([a-z]+)", help_of(words), re.M)
    assert set(words) <= set(examples)
    assert examples


def test_examples_in_helps_are_commands_that_are_understood():
    """Options that there are, and no argument too many: parsed, not run."""
    for (name,) in HELPS[1:]:
        for line in re.findall(rf"^ +btfnet {name} (.*)$", help_of([name], 200), re.M):
            words = re.split(r"   |\s[>|]|\)", line)[0].split()
            command = main.get_command(None, name)
            command.make_context(name, [word for word in words if word != "…"], resilient_parsing=False)


def test_a_report_fits_a_terminal_and_is_a_line_for_each_thing_in_a_pipe(tmp_path, monkeypatch):
    data = write_csv(tmp_path / "x.csv")
    report = run("solve", "--data", data, "--inputs", "2", "--widths", "2,2,2", "--seed", "1").stdout
    assert too_long(report) != []
    assert too_long(fitted(report.replace(str(tmp_path), ""), 80)) == []
    for words in (["problems"], ["formats"], ["problems", "multiplier-2x2"]):
        whole = run(*words).stdout
        assert too_long(fitted(whole, 80)) == []
        assert fitted(whole, 80).split() == whole.split()


def test_only_lines_with_a_name_are_cut():
    row, code = "   1     2    " + "x " * 50, "assign y = " + "a & " * 30
    assert fitted(f"{row}\n{code}", 80) == f"{row}\n{code}"
    assert fitted("Kept      " + "word " * 16, 80).split("\n")[1] == " " * 10 + "word word"


def test_text_behind_a_head_goes_on_below_its_beginning_and_no_word_is_cut():
    assert in_lines("- a  ", "one two three", 12) == "- a  one two\n     three"
    assert in_lines("- a  ", "x" * 90) == "- a  " + "x" * 90
