"""From weights to gates, and what the data say of them.

completion_check.py      at checkpoints: the present weights as gates, checked on every training item
fit.py                   one small gate for every node, chosen by what it must compute
integer.py               the smallest integer weights of a node
rationalise.py           every means in turn
alternative_weights.py   other weights of the same size that are right, too
evidence.py              what the data say of each gate
from_float_weights.py    networks that others trained
"""
