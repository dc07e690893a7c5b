"""Checkpoints: what a search needs to go on after an interruption, in files that are whole or not there."""

from btfnet.checkpoint.file import Record, overwrite
from btfnet.checkpoint.folder import Checkpoint
from btfnet.checkpoint.rhythm import Rhythm

__all__ = ["Checkpoint", "Record", "Rhythm", "overwrite"]
