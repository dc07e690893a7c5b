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

    if name is None:
        width = max(map(len, formats.KNOWN))
        for known, summary in formats.KNOWN.items():
            click.echo(f"{known:<{width}}  {summary}")
        click.echo("\nThe specification of one: btfnet formats NAME.")
    else:
        click.echo(formats.spec(name))
