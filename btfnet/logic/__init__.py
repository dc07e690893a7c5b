"""Circuits of threshold gates, and all that is known of them without data.

circuit.py        `Gate` and `Circuit`, the record that users hold; checks.py what they must satisfy
simplify.py       smaller circuits that compute the same
describe.py       gates in words; networkx_graph.py circuits as graphs
truth_table.py    tables as cubes with don't cares; ternary.py inputs of which some are not known
join.py           two circuits as one; verify.py right on every item, or on every input
training_fit.py   how far a circuit reproduces its training items

simulation/  circuits as straight-line programs, run on 64 items a word
aig/         and-inverter graphs
drawing/     pictures
packed/      weights as bit masks, run by XNOR and popcount
proof/       equivalence, by all inputs or by SAT sweeping
"""
