"""Checkpoints: what a search needs to go on after an interruption, in files that are whole or not there.

folder.py  `Checkpoint`, the folder of a search, and when it is worth saving
file.py    one file in it, which holds a `Record`; the state of a random generator as an array
"""
