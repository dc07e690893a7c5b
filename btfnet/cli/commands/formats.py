"""`btfnet formats`: which files there are, and their specifications."""

from __future__ import annotations

import click


@click.command(short_help="List the file formats, or print a specification.")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the file formats, or print the specification of the one called NAME.

    \b
    Examples:
      btfnet formats
      btfnet formats csv
    """
    from btfnet import formats
    from btfnet.formats.registry import documented

    if name is None:
        entries = documented()
        width = max(map(len, entries))
        for suffix, entry in entries.items():
            click.echo(f"{suffix:<{width}}  {entry.summary} ({entry.ways})")
        click.echo("\nThe specification of one: btfnet formats NAME.")
    else:
        click.echo(formats.spec(name))
