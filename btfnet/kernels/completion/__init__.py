"""Small gates for nodes: fit_gate.py the best of all, triples.py all that are right."""
