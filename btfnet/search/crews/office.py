"""`Office`: what belongs to one executor: the mailbox, and what all errands share."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, NamedTuple

from btfnet.search.crews.crew import Work
from btfnet.search.crews.errand import Common, itself
from btfnet.workers.choice import dask_client, mailbox_for
from btfnet.workers.mailbox import Mailbox, Speaker


class Office(NamedTuple):
    """Of an executor.

    common  of all errands, or a future of it
    client  of Dask, None for other executors, of which a task that was taken back never runs
    """

    mailbox: Mailbox
    speaker: Speaker
    common: Any
    client: Any

    @classmethod
    def opened(cls, executor: Executor, folder: Path | None, work: Work) -> Office:
        """See `mailbox_for`."""
        mailbox, client = mailbox_for(executor, folder), dask_client(executor)
        speaker = Speaker(mailbox)
        speaker.end({})
        return cls(mailbox, speaker, _common(work, mailbox, client), client)

    def reopened(self, work: Work) -> Office:
        """Where workers were lost, their scheduler may have been, too, and what was common with it."""
        self.mailbox.reopen()
        if self.client is None or self.common.status in ("pending", "finished"):
            return self
        return self._replace(common=_common(work, self.mailbox, self.client))

    def take_back(self, future: Future[Any]) -> bool:
        """Whether a task that nothing was heard of is taken back; one of Dask may run nevertheless."""
        if self.client is not None and self.client.status != "running":
            return False
        return future.cancel()


def _common(work: Work, mailbox: Mailbox, client: Any) -> Any:
    """Dask gets it as a task of its own, which is sent once, and made again where its worker is lost."""
    common = Common(work.problem, mailbox.address, work.precision, work.shrink)
    return common if client is None else client.submit(itself, common, pure=False)
