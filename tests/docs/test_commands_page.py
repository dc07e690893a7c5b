"""Every command and every option stands on a page and says what it does, and no help names what there is not."""

import re

import click
import pytest

from btfnet.cli.app import COMMANDS
from scripts.checks import commands


def options_of(command):
    return [parameter for parameter in command.params if isinstance(parameter, click.Option)]


def test_the_page_of_commands_is_what_their_declarations_say():
    assert commands.PAGE.read_text(encoding="utf-8") == commands.page(), (
        "write it anew: python scripts/checks/commands.py --write"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_on_the_page_and_says_what_it_does(name):
    text = commands.PAGE.read_text(encoding="utf-8").split(f"## btfnet {name}\n")[1].split("\n## ")[0]
    for option in options_of(commands.declared(name)):
        assert (option.help or "").strip().endswith((".", "]", ")", "…")), option.opts
        for spelled in (*option.opts, *option.secondary_opts):
            assert re.search(rf"^\| .*`{spelled}\b", text, re.MULTILINE), spelled


@pytest.mark.parametrize("name", COMMANDS)
def test_options_that_a_help_names_exist(name):
    command = commands.declared(name)
    known = {spelled for each in COMMANDS for option in options_of(commands.declared(each)) for spelled in
             (*option.opts, *option.secondary_opts)} | {"--help", "--version"}  # fmt: skip
    texts = [command.help or "", *(option.help or "" for option in options_of(command))]
    named = {spelled for text in texts for spelled in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)}
    assert named <= known
