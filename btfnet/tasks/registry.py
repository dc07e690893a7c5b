"""The generators by name. A new one is a function in one of these modules, and a name in `GENERATORS`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from btfnet.arguments import TEXT, a, is_whole, need, said, similar
from btfnet.errors import UsageError
from btfnet.printable import printable
from btfnet.problem.items import Items
from btfnet.tasks import arithmetic, automata, circuits, codes, numerals, pictures
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


def find_generator(name: str) -> Generator:
    """The generator of this name; raises `UsageError`, naming those there are, where there is none."""
    need("find_generator", name=(name, TEXT))
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
