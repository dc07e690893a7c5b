"""Projections, and gate descent that goes on from them: engine.py says from where, and for how long."""
