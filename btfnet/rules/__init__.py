"""One rule in many places: automata found from snapshots, however many steps apart.

The shared rule is the only unknown: all cells are run forward, all steps long, and what they get wrong is counted.
"""
