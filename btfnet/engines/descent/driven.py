"""A walk through several networks, one after another, which looks from outside like one `GateSearch`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.local_search import GateSearch
from btfnet.logic.circuit import Circuit
from btfnet.problem.network import Network


class DrivenSearch:
    """Who drives it sees where it walks now; a subclass says when it goes on in another network.

    search  where it walks now
    """

    search: GateSearch

    @property
    def network(self) -> Network:
        return self.search.network

    @property
    def error(self) -> int:
        return self.search.error

    @property
    def sweeps(self) -> int:
        """In all its networks."""
        return self.search.sweeps

    @property
    def effort(self) -> int:
        """See `GateSearch.effort`; in all its networks."""
        return self.search.effort

    @property
    def ns_per_word(self) -> float:
        """Estimated nanoseconds for a unit of `effort`."""
        return self.search.ns_per_word

    def circuit(
        self, name: str, input_names: tuple[str, ...] = (), output_names: tuple[str, ...] = ()
    ) -> Circuit:
        """The present gates, in the present network."""
        return self.search.circuit(name, input_names, output_names)

    def codes(self) -> NDArray[np.bool_]:
        return self.search.codes()
