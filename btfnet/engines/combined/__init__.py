"""Projections, then gate descent: handover.py says from where, and for how long."""
