"""Finite-state machines from traces: Mealy and Moore machines learned from sequences of inputs and outputs."""
