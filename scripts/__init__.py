"""Checks, benchmarks and studies: nothing of it is needed to use btfnet."""
