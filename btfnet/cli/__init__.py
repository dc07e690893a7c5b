"""The command line: each command parses, makes one call of the interface, and prints.

Only this room prints or exits. Nothing here imports more than click at its top, so that `btfnet --help`
need not wait for NumPy and the compiler: commands import what they need when they run.
"""

from __future__ import annotations

import click

from btfnet import __version__
from btfnet.cli.app import App


@click.group(
    cls=App,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 done (for solve: every training item is right), 1 unreadable or inconsistent input, 2 "
    "wrong usage, 3 searched and not found (for verify: they differ), 4 not decided in time, 130 interrupted, 143 "
    "terminated.",
)
@click.version_option(__version__, message="btfnet %(version)s")
def main() -> None:
    """Learn Boolean circuits from examples, without gradients, and check them on every one.

    \b
    A first session:
      btfnet problems                                       what is built in
      btfnet solve multiplier-2x2 --out runs/multiplier     learn a 2-bit multiplier
      btfnet verify runs/multiplier                         check it again
      btfnet export runs/multiplier multiplier.blif         use it elsewhere
    """


__all__ = ["main"]
