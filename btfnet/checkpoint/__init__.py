"""Checkpoints: what a search needs to go on after an interruption, in files that are whole or not there."""

from btfnet.checkpoint.file import Record, named, overwrite
from btfnet.checkpoint.folder import Checkpoint
from btfnet.checkpoint.generator import generator_state, set_generator_state
from btfnet.checkpoint.save_interval import SaveInterval

__all__ = [
    "Checkpoint",
    "Record",
    "SaveInterval",
    "generator_state",
    "named",
    "overwrite",
    "set_generator_state",
]
