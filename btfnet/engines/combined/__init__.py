"""Projections, and gate descent that goes on from them: handover.py says from where, and for how long."""
