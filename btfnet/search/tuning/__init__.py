"""Which settings and which engine a trial gets, from the trials before it.

tuner.py        the plan of a search; race.py how trials are judged
descents.py     descents from random gates: how long, of which support, how wide
information.py  what the network can hold, against what the data are
"""
