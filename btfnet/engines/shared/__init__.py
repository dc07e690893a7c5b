"""Shared gates: one gate for all nodes that are copies of each other, priced by evaluating all copies anew.

search.py  where a search stands: random changes at a ladder of temperatures
gates.py   shared gates as weights of a network's nodes, and back: the gates of a cell
engine.py  the search as the loop and a trial drive it; how long its trials are
"""
