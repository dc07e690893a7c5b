"""Circuits of threshold gates, and all that is known of them without data.

gate.py           `Gate` and its literals, and how one gate is made lighter
netlist.py        gates, outputs and names, checked: what the functions below `Circuit` take; flat arrays of it
simplify.py       smaller circuits that compute the same
describe.py       gates in words; networkx_graph.py circuits as graphs
truth_table.py    tables as cubes with don't cares
verify.py         right on every item, or on every input
training_fit.py   how far a circuit reproduces its training items

execution.py      which form of a circuit runs the rows at hand
circuit.py        `Circuit`, what users hold: a netlist with methods that call down
evaluate.py       the values of a circuit on words
packed_model.py   `PackedModel`, the same as bit masks

simulation/  circuits as straight-line programs, run on 64 items a word
aig/         and-inverter graphs
drawing/     pictures
packed/      weights as bit masks, run by XNOR and popcount
proof/       equivalence, by all inputs or by SAT sweeping
"""
