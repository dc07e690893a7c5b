"""`btfnet completion`: what a shell runs to complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

VARIABLE = "_BTFNET_COMPLETE"
"""Set by the shell's function; Click answers it."""


def run(shell: str) -> None:
    """As `btfnet completion` is declared."""
    root = click.get_current_context().find_root()
    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(root.command, {}, "btfnet", VARIABLE).source())
