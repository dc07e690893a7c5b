"""The packed binary model: ±1/0 weights as bit masks, evaluated with XNOR and popcount on 64-bit words.

gates.py     `PackedGates`, the record below it: from gates, and to flat arrays
checks.py    what a model from a stranger must satisfy
weights.py   integer weights as planes of sign and mask words, and back
packed_circuit.py   `PackedCircuit`: the gates as the kernel reads them, run on rows
sharing.py   gates computed from one another along a spanning tree, and what that saves
effort.py    the arithmetic of one prediction, in operations on words and on single bits
"""
