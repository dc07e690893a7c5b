"""The built-in problems: generators, problem files by name, and families of any size.

from btfnet import tasks

task = tasks.load("multiplier-2x2")
result = btfnet.solve(task.problem, task.settings)
"""

from btfnet.tasks.families import Family
from btfnet.tasks.generator import Generator, Parameter
from btfnet.tasks.library import (
    describe,
    families,
    files,
    find,
    load,
    names,
    origin,
    summaries,
    summaries_of_plugins,
)
from btfnet.tasks.registry import GENERATORS, PROBLEMS, find_generator, generate
from btfnet.tasks.task import Task

__all__ = [
    "GENERATORS",
    "PROBLEMS",
    "Family",
    "Generator",
    "Parameter",
    "Task",
    "describe",
    "families",
    "files",
    "find",
    "find_generator",
    "generate",
    "load",
    "names",
    "origin",
    "summaries",
    "summaries_of_plugins",
]
