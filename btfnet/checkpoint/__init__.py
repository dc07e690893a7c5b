"""Checkpoints: what a search needs to go on after an interruption, in files that are whole or not there.

folder.py         `Checkpoint`, the folder of a search; file.py one file in it, which holds a `Record`
generator.py      the state of a generator as an array
save_interval.py  when it is worth saving
"""
