"""`btfnet formats`: which files there are, and their specifications."""

from __future__ import annotations

import click

from btfnet.cli.console import show_report
from btfnet.formats import spec
from btfnet.formats.registry import FORMATS, documented


def run(name: str | None) -> None:
    """As `btfnet formats` is declared."""
    if name is not None:
        click.echo(spec(name))
        return
    entries = documented()
    width = max(map(len, entries))
    for suffix, entry in entries.items():
        show_report(f"{suffix:<{width}}  {entry.summary} ({entry.ways})")
    if others := FORMATS.others():
        click.echo("\nOf other packages:")
    for suffix, entry in others.items():
        show_report(f"{suffix:<{width}}  {entry.summary} ({entry.ways}) [{FORMATS.origin(suffix)}]")
    click.echo("\nThe specification of one: btfnet formats NAME.")
