"""`Ranks`: what an engine asks of those it shares items with; this one shares with nobody.

All ranks run the same search on the same problem, and come to the same calls in the same order. Whatever a clock,
a signal or a file decides, the first rank decides for all of them (`agreed`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")


class Ranks:
    """A rank among `size`; here the only one, whose calls cost nothing.

    Every call but `share` is collective: all ranks make it, with arrays of the same types.
    """

    rank, size = 0, 1

    @property
    def first(self) -> bool:
        """Whether this rank decides, saves and prints."""
        return self.rank == 0

    @property
    def many(self) -> bool:
        return self.size > 1

    def share(self, count: int, rank: int | None = None) -> range:
        """Which of so many blocks a rank has (None: this one): a run of them, as even as can be."""
        rank = self.rank if rank is None else rank
        return range(rank * count // self.size, (rank + 1) * count // self.size)

    def agreed(self, value: Made) -> Made:
        """The first rank's value."""
        return value

    def from_first(self, work: Callable[[], Made]) -> Made:
        """What `work` returns on the first rank, which alone does it; what it raises is raised on all."""
        return work()

    def exchange(
        self, sent: NDArray[Any], counts: NDArray[np.int64], received: NDArray[Any], came: NDArray[np.int64]
    ) -> None:
        """Give every rank its part of `sent`, and write what each gave to this one, in their order.

        sent, received  flat, of one type; counts, came  (size,): entries for, and from, each rank
        """
        received[:] = sent

    def gather_into(self, whole: NDArray[Any], counts: NDArray[np.int64]) -> None:
        """Fill in the parts of the other ranks; whole  flat, of which rank k holds counts[k] entries, in order."""

    def gathered(self, part: NDArray[Any]) -> NDArray[Any]:
        """The parts of all ranks, one behind the other along the first axis, on every rank."""
        return part

    def combining(self, numbers: NDArray[np.int64]) -> int:
        """The address of a C function for compiled code: (count, what), over all ranks, in place.

        what  see `btfnet.kernels.shared_rows`. 0 for a rank alone, which does not call it. Not collective itself.
        """
        return 0


ALONE = Ranks()
