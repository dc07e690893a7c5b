"""Which mailbox an executor has: its own means where it has some, else files."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from btfnet.workers.dask import DaskMailbox
from btfnet.workers.folder import FolderMailbox
from btfnet.workers.mailbox import Mailbox
from btfnet.workers.mpi import MpiMailbox


def mailbox_for(executor: Executor, folder: Path | None) -> Mailbox:
    """Between a search and what the executor runs.

    folder  for an executor without means of its own: one that its workers see, too; None: a temporary one
    """
    client = dask_client(executor)
    if client is not None:
        return DaskMailbox(client)
    slots = slots_of(executor)
    if _ranks_share_a_world(executor):
        return MpiMailbox(slots or 1)
    return FolderMailbox(folder, slots)


def dask_client(executor: Any) -> Any | None:
    """The `distributed.Client` of its executor; None for another executor."""
    of_dask = type(executor).__module__.partition(".")[0] == "distributed"
    return getattr(executor, "_client", None) if of_dask else None


def slots_of(executor: Any) -> int | None:
    """Tasks that run at a time, where it says that."""
    for name in ("num_workers", "_max_workers", "max_workers"):
        slots = getattr(executor, name, None)
        if isinstance(slots, int) and slots > 0:
            return slots
    return None


def _ranks_share_a_world(executor: Any) -> bool:
    """Whether it is mpi4py's, over the ranks that were started with this one."""
    if type(executor).__module__.partition(".")[0] != "mpi4py":
        return False
    from mpi4py import MPI

    size: int = MPI.COMM_WORLD.Get_size()
    return size > 1
