"""Built-in problems by pattern: `parity-6`, `rule-110-2` and their like, of any size.

A problem file of the same name comes first; the families answer for all other sizes. Their networks grow, except
where outputs are inputs, or inputs are unknown: there few nodes in between are the problem, and widths are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from btfnet.formats.toml.problem import ProblemFile
from btfnet.problem.network import Network
from btfnet.settings import Settings

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
        return ProblemFile(name=name, summary=self.summary.format(*found.groups()), **what)

    @property
    def general_summary(self) -> str:
        """The summary with letters in the places of the numbers."""
        return self.summary.format(*re.findall(r"[A-Z]", self.form))


def find_family(name: str) -> ProblemFile | None:
    """The problem of that name, or None where no family has such names."""
    return next((problem for family in FAMILIES if (problem := family.problem(name)) is not None), None)


def _multiplier(a: int, b: int) -> dict[str, Any]:
    return {
        "generator": "multiplier",
        "parameters": {"a": a, "b": b},
        "network": Network.free(a + b, a + b),
    }


def _autoencoder(bits: int) -> dict[str, Any]:
    return {
        "generator": "autoencoder",
        "parameters": {"bits": bits},
        "network": Network.layered([bits, _code_bits(bits), bits, bits]),
        "settings": BOTTLENECK,
    }


def _decoder(bits: int) -> dict[str, Any]:
    return {
        "generator": "decoder",
        "parameters": {"bits": bits},
        "network": Network.layered([_code_bits(bits), bits, bits]),
        "settings": BOTTLENECK.but(beta=0.5),
    }


def _circuit(generator: str) -> Callable[[int], dict[str, Any]]:
    def make(depth: int) -> dict[str, Any]:
        return {
            "generator": generator,
            "parameters": {"depth": depth, "width": 32},
            "network": Network.free(32, 32),
            "n_train": 256 if depth <= 2 else 512,
        }

    return make


def _rule(rule: int, steps: int) -> dict[str, Any]:
    return {
        "generator": "automaton",
        "parameters": {"rule": rule, "cells": 16, "steps": steps},
        "network": Network.free(16, 16),
        "n_train": 256 if steps == 1 else 512,
    }


def _shared_rule(rule: int, steps: int) -> dict[str, Any]:
    """All cells share six gates, so that few rows say which; a plain network needs a thousand for three steps."""
    return {
        "generator": "automaton",
        "parameters": {"rule": rule, "cells": 16, "steps": steps},
        "network": Network.automaton(Network.free(3, 1, hidden=5), 16, steps),
        "n_train": 16,
    }


def _parity(bits: int) -> dict[str, Any]:
    return {
        "generator": "parity",
        "parameters": {"bits": bits},
        "network": Network.free(bits, 1),
        "n_train": 2**bits if bits < 6 else 2 ** (bits - 1) if bits < 10 else 512,
    }


def _majtree(bits: int, depth: int) -> dict[str, Any]:
    """Half of the rows are learned, of many 4096."""
    return {
        "generator": "majtree",
        "parameters": {"bits": bits, "depth": depth},
        "network": Network.free(bits, 1),
        "n_train": min(2 ** (bits - 1), 4096),
    }


def _permutation(bits: int) -> dict[str, Any]:
    return {
        "generator": "permutation",
        "parameters": {"bits": bits},
        "network": Network.layered([bits, bits]),
        "n_train": bits,
        "settings": WIDE.but(max_iterations=100_000),
    }


def _rorschach(k: int) -> dict[str, Any]:
    """The bottleneck holds the left half and the contrast; behind it the right half is their exclusive or."""
    pixels, half = 4 * k * k, 2 * k * k
    return {
        "generator": "rorschach",
        "parameters": {"k": k},
        "network": Network.layered([pixels, pixels, half + 1, 3 * half, pixels]),
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
    Family(
        "rule-R-S-shared",
        rf"rule-(\d{{1,20}})-{_SIZE}-shared",
        "{1} steps of rule {0} on a ring of 16 cells, which share one cell's gates",
        _shared_rule,
    ),
    Family("parity-K", rf"parity-{_SIZE}", "whether an odd number of {0} bits is true", _parity),
    Family(
        "majtree-B-D",
        rf"majtree-{_SIZE}-{_SIZE}",
        "a random tree of majorities of depth {1} on {0} bits, or their complements",
        _majtree,
    ),
    Family("permutation-K", rf"permutation-{_SIZE}", "{0} bits in another order", _permutation),
    Family("rorschach-K", rf"rorschach-{_SIZE}", "Rorschach images of side 2·{0}, autoencoded", _rorschach),
)
