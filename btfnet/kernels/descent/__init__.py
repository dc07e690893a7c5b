"""Gate descent: one exact change at a time, all items at once.

walk.py           sweeps over the nodes, kicks and codes
gate_arrays.py    gates, values and errors as arrays, and what a change does to them
prices.py         what the flip of a node changes at every item
best_gate.py      the best small gate of a node; larger_gates.py larger ones, a pair of literals at a time
senders.py        which of many senders a visit sees
cheapest_gate.py  the cheapest gate that keeps an exact circuit exact; shrink.py the sweeps that use it
removal.py        what it costs to do without a node
breakout.py       items that weigh more, the longer they are wrong
cuts.py, merge.py kinds told apart at cuts; nodes that compute the same
spreading.py      items that weigh more where many ranks share the items
bitrows.py        rows of words, eight to an instruction
"""
