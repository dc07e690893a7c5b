"""Kernels compiled before they are needed: which ones a command needs, and in which processes."""
