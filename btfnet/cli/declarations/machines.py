"""What `btfnet machine` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import PART, WHOLE, printing_options, ranged, seed_option, together

# fmt: off
learning_options = together(
    click.option("--state-bits", type=WHOLE, callback=ranged(1, 12), metavar="K",
                 help="At most so many registers, 2^K states.  [default: as few as it takes]"),
    click.option("--mealy", "kind", flag_value="mealy", help="Outputs may depend on the inputs beside them."),
    click.option("--moore", "kind", flag_value="moore",
                 help="Outputs depend on the state alone.  [default: where that takes no more states]"),
    click.option("--unknown-start", is_flag=True, help="Each trace may begin in any state."),
    click.option("--test", metavar="FILE", help="Traces that only tell how good the machine is."),
    click.option("--held-out", type=PART, callback=ranged(0, 1), metavar="FRACTION",
                 help="A random part of TRACES that only tells how good the machine is."),
    click.option("--jobs", type=WHOLE, callback=ranged(1), metavar="N",
                 help="Processor cores for the search for gates.  [default: all]"),
    click.option("--time-limit", type=float, callback=ranged(0, open_low=True), metavar="SECONDS",
                 help="Stop after so long; what was found is printed.  [default: when proofs take too many "
                      "conflicts]"),
    seed_option,
)
output_options = together(
    click.option("--out", metavar="DIR",
                 help="Save netlists with registers (machine.v, .blif, .aag, .aig), the state diagram (.dot, "
                      ".svg), the cell as a model, its table and a record here."),
    click.option("--force", is_flag=True, help="Let --out replace whatever run is there."),
    click.option("--netlist", metavar="FORMAT",
                 help="Print the machine too: v, blif or aag, with registers; dot or svg, its state diagram."),
    printing_options,
)
# fmt: on


@click.command(cls=Command, short_help="Learn a state machine from traces of inputs and outputs.")
@click.argument("traces")
@learning_options
@output_options
def machine() -> None:
    """Learn the smallest Mealy or Moore machine from traces, as gates with registers.

    TRACES is a file of text: a line for every step, inputs and the outputs
    beside them (01 1, or coin locked); an empty line between traces, all of
    which begin in the initial state; - for an output that is not known; # before
    comments. A header such as "in: reset enable / out: carry" names columns.

    What the traces leave open is said: whether there is a smaller machine,
    whether another one of as many states explains them, what was never seen.
    The gates are checked on every transition that was.

    \b
    Examples:
      btfnet machine counter.traces
      btfnet machine door.traces --held-out 0.2 --out runs/door
      btfnet machine bus.traces --unknown-start --state-bits 3 --json
      btfnet machine counter.traces --netlist v

    \b
    Exit codes: 0 learned, exact on all traces; 3 no machine found, of so few
    states or in time; 1 unreadable traces, or such as no machine explains;
    2 wrong usage; 130 interrupted and 143 terminated.
    """
