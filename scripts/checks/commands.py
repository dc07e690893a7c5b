"""docs/commands.md, every command with all its options, from their declarations.

    python scripts/checks/commands.py            # print the page
    python scripts/checks/commands.py --write    # write it; a test compares

Not from what Click prints, which differs from version to version of it.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pkgutil import resolve_name

from btfnet.cli.app import COMMANDS
from scripts.lib.pages import DOCS

PAGE = DOCS / "commands.md"
HEAD = """# Commands and their options

What `btfnet COMMAND --help` says, on one page. Results go to standard output, progress and warnings to standard
error; `BTFNET_DEBUG=1` in the environment adds a traceback to an error that nobody expected.
"""


def declared(name: str) -> click.Command:
    """A command as it is declared."""
    command: click.Command = resolve_name(f"btfnet.cli.declarations.{COMMANDS[name]}:{name}")
    return command


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(line for name in COMMANDS for line in section(declared(name)))])


def section(command: click.Command) -> Iterator[str]:
    """Usage, help, and a row for each option."""
    arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    words = [argument.metavar or (argument.name or "").upper() for argument in arguments]
    shown = [
        word if argument.required else f"[{word}]" for word, argument in zip(words, arguments, strict=True)
    ]
    yield f"## btfnet {command.name}\n"
    yield f"    btfnet {' '.join([str(command.name), *shown, *(['[OPTIONS]'] if options else [])])}\n"
    yield from (f"{text}\n" for text in paragraphs(command.help or ""))
    if options:
        yield "| option | what it does |\n|---|---|"
        yield from (f"| {spelling(option)} | {meaning(option)} |" for option in options)
        yield ""


def paragraphs(text: str) -> Iterator[str]:
    """Of a help text; those that keep their lines (a backspace says so) become code, below a title."""
    for part in inspect.cleandoc(text).split("\n\n"):
        if not part.startswith("\b"):
            yield part
            continue
        title, *lines = part.splitlines()[1:]
        if lines and lines[0].startswith("  "):
            yield title
            yield "\n".join(f"  {line}" for line in lines)
        else:
            yield "\n".join([title, *lines])


def spelling(option: click.Option) -> str:
    """`--jobs N`, `--tune`, `--no-tune`."""
    if isinstance(option.type, click.Choice):
        value = " " + "|".join(option.type.choices)
    else:
        value = "" if option.is_flag else f" {option.metavar or ''}".rstrip()
    value = value.replace("|", "\\|")
    return ", ".join(f"`{name}{value}`" for name in [*option.opts, *option.secondary_opts])


def meaning(option: click.Option) -> str:
    """Its help, and the default where the help shows it."""
    shown = option.show_default and option.default is not None
    name = option.secondary_opts[0] if option.secondary_opts and not option.default else option.default
    default = (option.opts[0] if option.default is True else name) if shown else None
    text = " ".join((option.help or "").split()).replace("|", "\\|")
    return text if default is None else f"{text} [default: {default}]"


@click.command(help=__doc__)
@click.option("--write", is_flag=True, help="Write the page.")
def main(write: bool) -> None:
    if write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        click.echo(page())


if __name__ == "__main__":
    main()
