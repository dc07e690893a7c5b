"""`--optimise`: logic synthesis, and what it did on standard error."""

from __future__ import annotations

from btfnet.cli.console import say, warn
from btfnet.cli.signals import current
from btfnet.errors import BtfnetError
from btfnet.logic.circuit import Circuit
from btfnet.synthesis.optimising import SECONDS, Optimised, optimise


def optimised(
    circuit: Circuit, *, tool: str = "auto", seconds: float | None = None, quiet: bool = False
) -> Optimised:
    """As `btfnet.synthesis.optimising.optimise`; what went wrong on the way is said even when quiet."""
    result = optimise(circuit, tool=tool, seconds=seconds or SECONDS)
    for note in result.notes:
        warn(f"{note}")
    if not quiet:
        say(str(result), err=True)
    return result


def optimised_or_as_it_is(circuit: Circuit, *, quiet: bool) -> Optimised | None:
    """The same after a search, whose result must not be lost: None, and a warning, where it fails or is ended."""
    try:
        with current().raising():
            return optimised(circuit, quiet=quiet)
    except KeyboardInterrupt:
        warn("the netlist is not optimised: interrupted.")
        return None
    except BtfnetError as error:
        warn(f"the netlist is not optimised. {error}")
        return None
