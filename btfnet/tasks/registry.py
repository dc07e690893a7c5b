"""The generators by name. A new one is a function in one of these modules, and a name in `GENERATORS`.

Other packages add theirs, and whole problems, to `PROBLEMS` (docs/extending.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from btfnet import plugins
from btfnet.arguments import TEXT, a, is_whole, need, said, similar
from btfnet.errors import UsageError
from btfnet.files.shipped import problem_names
from btfnet.plugins import Registry, blamed
from btfnet.printable import printable
from btfnet.problem.items import Items
from btfnet.tasks import arithmetic, automata, circuits, codes, numerals, pictures
from btfnet.tasks.families import FAMILIES, Family, find_family
from btfnet.tasks.generator import Generator

MAX_SEED = 2**63 - 1

GENERATORS: dict[str, Generator] = {
    generator.name: generator
    for generator in (
        arithmetic.multiplier,
        arithmetic.parity,
        automata.automaton,
        circuits.andor,
        circuits.maj,
        circuits.majtree,
        codes.autoencoder,
        codes.decoder,
        codes.permutation,
        numerals.roman,
        pictures.rorschach,
        pictures.digits,
    )
}
"""Every generator by its name, such as "multiplier"."""


def _knows_itself_as(thing: Generator | Family | Path, name: str) -> bool:
    """A file says its own name, which is compared when it is read."""
    return isinstance(thing, Path) or name == (thing.name if isinstance(thing, Generator) else thing.form)


def _is_own(name: str) -> bool:
    forms = (family.form for family in FAMILIES)
    return name in GENERATORS or name in problem_names() or name in forms or find_family(name) is not None


def _adopted(thing: Generator | Family | Path, plugin: plugins.Plugin) -> Generator | Family | Path:
    return replace(thing, make=blamed(thing.make, plugin, Items)) if isinstance(thing, Generator) else thing


PROBLEMS: Registry[Generator | Family | Path] = Registry(
    plugins.PROBLEMS,
    {},
    ("btfnet.tasks.generator:Generator", "btfnet.tasks.families:Family", "pathlib:Path"),
    _knows_itself_as,
    adopted=_adopted,
    taken=_is_own,
)
"""What plugins add: generators, which are problems too where every parameter has a default, families of problems,
and paths of problem files.
"""


def find_generator(name: str) -> Generator:
    """The generator of this name; raises `UsageError`, naming those there are, where there is none."""
    need("find_generator", name=(name, TEXT))
    if name not in GENERATORS and isinstance(of_plugin := PROBLEMS.get(name), Generator):
        return of_plugin
    if name not in GENERATORS:
        raise UsageError(
            f'there is no generator "{printable(name[:60])}"{similar(name, GENERATORS)} '
            f"The generators are {', '.join(sorted(GENERATORS))}."
        )
    return GENERATORS[name]


def generate(name: str, parameters: Mapping[str, Any], seed: int) -> Items:
    """The items of a generator; the same parameters and seed always make the same items."""
    check_seed(seed)
    need("generate", parameters=(parameters, a(Mapping, "a dict of the generator's parameters")))
    return find_generator(name)(np.random.default_rng(seed), **parameters)


def check_seed(seed: int) -> None:
    if not is_whole(seed) or not 0 <= seed <= MAX_SEED:
        raise UsageError(f"seed is {said(seed)}, but it must be a whole number from 0 to {MAX_SEED}.")
