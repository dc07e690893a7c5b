"""Checkpoints: what a search needs to go on after an interruption, in files that are whole or not there."""

from btfnet.checkpoint.file import Record, overwrite
from btfnet.checkpoint.folder import Checkpoint
from btfnet.checkpoint.generator import generator_state, set_generator_state
from btfnet.checkpoint.rhythm import Rhythm

__all__ = ["Checkpoint", "Record", "Rhythm", "generator_state", "overwrite", "set_generator_state"]
