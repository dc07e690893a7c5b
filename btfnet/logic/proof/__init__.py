"""Do two circuits compute the same? Proven, with a counterexample where they do not.

equivalence.py      `prove_equal`, the door; up to 24 inputs all of them are tried
sweep.py            wider circuits are proven equal from the inputs up
random_patterns.py  inputs that tell nodes apart, so that what may be equal is guessed
sat.py              a solver that knows a growing graph; cone_check.py small cones on all their inputs
adders.py           cuts of up to three nodes, and sums that are equal however they are added
difference.py       a counterexample widened, by what is certain where some inputs are not known
names.py            the inputs of two circuits in one order, and two circuits as one
tables.py           lines of a table that contradict each other
deadline.py         the time that a proof may take

docs/proof.md says how far this goes.
"""
