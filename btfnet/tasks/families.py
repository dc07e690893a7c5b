"""Built-in problems by pattern: `parity-6`, `rule-110-2` and their like, of any size, with sensible widths.

A problem file of the same name comes first; the families answer for all other sizes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from btfnet.formats.toml.problem import ProblemFile
from btfnet.problem.network import Network
from btfnet.settings import Settings

SMALL = Settings(sigma=3, beta=0.5, gamma=2e-3, gap=0.01, max_iterations=10_000)
"""Best of a measured grid on the 2-bit multiplier."""

WIDE = Settings(sigma=3, beta=0.3, gamma=3e-4, gap=0.01, max_iterations=1_000_000)
"""What prototypes solved the 3-bit multiplier and everything 32 wide with; beta = .5 stalls there."""

BOTTLENECK = WIDE.but(gamma=1e-4, gap=0.05)


@dataclass(frozen=True, slots=True)
class Family:
    """Names of one form, such as multiplier-AxB, and the problem that each of them means.

    summary   with {0}, {1} in the places of the numbers
    """

    form: str
    pattern: str
    summary: str
    make: Callable[..., dict[str, Any]]

    def problem(self, name: str) -> ProblemFile | None:
        found = re.fullmatch(self.pattern, name)
        if found is None:
            return None
        what = self.make(*map(int, found.groups()))
        network = Network.layered(what.pop("widths"))
        return ProblemFile(name=name, network=network, summary=self.summary.format(*found.groups()), **what)

    @property
    def general_summary(self) -> str:
        """The summary with letters in the places of the numbers."""
        return self.summary.format(*re.findall(r"[A-Z]", self.form))


def find_family(name: str) -> ProblemFile | None:
    """The problem of that name, or None where no family has such names."""
    return next((problem for family in FAMILIES if (problem := family.problem(name)) is not None), None)


def _multiplier(a: int, b: int) -> dict[str, Any]:
    n = a + b
    depth = 2 if n <= 4 else n - 3
    width = n if n <= 4 else min(2 * a * b, 1024)
    return {
        "generator": "multiplier",
        "parameters": {"a": a, "b": b},
        "widths": [n, *[width] * min(depth, 32), n],
        "settings": SMALL if n <= 4 else WIDE,
    }


def _autoencoder(bits: int) -> dict[str, Any]:
    return {
        "generator": "autoencoder",
        "parameters": {"bits": bits},
        "widths": [bits, _code_bits(bits), bits, bits],
        "settings": BOTTLENECK,
    }


def _decoder(bits: int) -> dict[str, Any]:
    return {
        "generator": "decoder",
        "parameters": {"bits": bits},
        "widths": [_code_bits(bits), bits, bits],
        "settings": BOTTLENECK.but(beta=0.5),
    }


def _circuit(generator: str) -> Callable[[int], dict[str, Any]]:
    def make(depth: int) -> dict[str, Any]:
        return {
            "generator": generator,
            "parameters": {"depth": depth, "width": 32},
            "widths": [32] * (min(depth, 100) + 1),
            "n_train": 256 if depth <= 2 else 512,
            "settings": WIDE,
        }

    return make


def _rule(rule: int, steps: int) -> dict[str, Any]:
    """One hidden layer more than steps, the first the widest: many narrow layers are not found."""
    hidden = [32 * place for place in range(min(steps, 32) + 1, 0, -1)] if steps > 1 else [32, 32]
    return {
        "generator": "automaton",
        "parameters": {"rule": rule, "cells": 16, "steps": steps},
        "widths": [16, *hidden, 16],
        "n_train": 256 if steps == 1 else 512,
        "settings": WIDE,
    }


def _parity(bits: int) -> dict[str, Any]:
    """A tree of exclusive ors, each of two gates below one, and twice as many nodes as that takes."""
    widths, left = [bits], bits
    while left > 1:
        left = -(-left // 2)
        widths += [4 * left, 2 * left if left > 1 else 1]
    return {
        "generator": "parity",
        "parameters": {"bits": bits},
        "widths": widths if bits > 1 else [1, 1],
        "n_train": 2**bits if bits < 6 else 2 ** (bits - 1) if bits < 10 else 512,
        "settings": WIDE,
    }


def _permutation(bits: int) -> dict[str, Any]:
    return {
        "generator": "permutation",
        "parameters": {"bits": bits},
        "widths": [bits, bits],
        "n_train": bits,
        "settings": WIDE.but(max_iterations=100_000),
    }


def _rorschach(k: int) -> dict[str, Any]:
    """The bottleneck holds the left half and the contrast; behind it the right half is their exclusive or."""
    pixels, half = 4 * k * k, 2 * k * k
    return {
        "generator": "rorschach",
        "parameters": {"k": k},
        "widths": [pixels, pixels, half + 1, 3 * half, pixels],
        "n_train": 6 if k == 1 else 200,
        "settings": BOTTLENECK,
    }


def _code_bits(n_items: int) -> int:
    return max(1, (n_items - 1).bit_length())


_SIZE = r"([1-9]\d{0,3})"
FAMILIES = (
    Family(
        "multiplier-AxB",
        rf"multiplier-{_SIZE}x{_SIZE}",
        "products of {0}-bit and {1}-bit numbers",
        _multiplier,
    ),
    Family("autoencoder-K", rf"autoencoder-{_SIZE}", "{0} random {0}-bit vectors, autoencoded", _autoencoder),
    Family("decoder-K", rf"decoder-{_SIZE}", "{0} random {0}-bit vectors from unknown bits", _decoder),
    Family(
        "andor-D", rf"andor-{_SIZE}", "a random And/Or circuit of depth {0}, 32 bits wide", _circuit("andor")
    ),
    Family("maj-D", rf"maj-{_SIZE}", "a random majority circuit of depth {0}, 32 bits wide", _circuit("maj")),
    Family("rule-R-S", rf"rule-(\d{{1,20}})-{_SIZE}", "{1} steps of rule {0} on a ring of 16 cells", _rule),
    Family("parity-K", rf"parity-{_SIZE}", "whether an odd number of {0} bits is true", _parity),
    Family("permutation-K", rf"permutation-{_SIZE}", "{0} bits in another order", _permutation),
    Family("rorschach-K", rf"rorschach-{_SIZE}", "Rorschach images of side 2·{0}, autoencoded", _rorschach),
)
