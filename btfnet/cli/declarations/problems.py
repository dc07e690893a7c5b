"""What `btfnet problems` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    force_option,
    ranged,
)


@click.command(cls=Command, short_help="List the built-in problems, or show one.")
@click.argument("name", required=False)
@click.option("--write", metavar="FILE", help="Write the problem's items (.csv, .npy, .npz, .dat).")
@click.option("--seed", type=WHOLE, callback=ranged(0, 2**63 - 1), metavar="N",
              help="With --write: make other items than the problem's own seed does.")  # fmt: skip
@click.option("--json", is_flag=True, help="Print JSON.")
@force_option
def problems() -> None:
    """List the built-in problems, or show the one called NAME (or a problem file, .toml).

    --write replaces an .npz that btfnet wrote, and other items of the same columns: of the same names in .csv, of
    as many in .dat and .npy.

    \b
    Examples:
      btfnet problems
      btfnet problems multiplier-2x2
      btfnet problems multiplier-2x2 --write items.csv
    """
