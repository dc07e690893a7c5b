"""Cells that share one rule: rows of states packed into words, neighbours read by rotation, and rules annealed."""
