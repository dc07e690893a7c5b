"""What `btfnet formats` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command


@click.command(cls=Command, short_help="List the file formats, or print a specification.")
@click.argument("name", required=False)
def formats() -> None:
    """List the file formats, or print the specification of the one called NAME.

    \b
    Examples:
      btfnet formats
      btfnet formats csv
    """
