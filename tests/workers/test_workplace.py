"""Executors that are given, made, broken and made anew."""

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor

import pytest

from btfnet.errors import BtfnetWarning, ToolError, UsageError
from btfnet.halting import Halted
from btfnet.workers.scheduler import Scheduler
from btfnet.workers.workplace import Workplace


class Broken(ThreadPoolExecutor):
    """Takes no work."""

    def submit(self, *arguments, **options) -> Future:
        raise BrokenExecutor("gone")


def test_a_given_executor_is_not_shut_down():
    with ThreadPoolExecutor(1) as pool:
        workplace = Workplace(pool)
        assert workplace.submit(len, "abc").result() == 3
        workplace.close()
        assert pool.submit(len, "ab").result() == 2


def test_a_made_one_is_made_once_and_shut_down():
    made = []

    def make():
        made.append(ThreadPoolExecutor(1))
        return made[-1]

    workplace = Workplace(make)
    assert [workplace.submit(len, text).result() for text in ("a", "ab")] == [1, 2]
    workplace.close()
    assert len(made) == 1
    with pytest.raises(RuntimeError):
        made[0].submit(len, "a")


def test_a_broken_one_is_made_anew():
    pools = [Broken(1), ThreadPoolExecutor(1)]
    workplace = Workplace(lambda: pools.pop(0))
    assert workplace.submit(len, "abc") is None
    workplace.renew()
    assert workplace.submit(len, "abc").result() == 3
    workplace.close()


def test_a_broken_one_that_nobody_makes_anew_is_replaced_by_threads():
    workplace = Workplace(Broken(1))
    with pytest.warns(BtfnetWarning, match="the search goes on with threads"):
        workplace.renew()
    assert workplace.submit(len, "abc").result() == 3
    workplace.close()


def test_an_executor_that_is_not_there_yet_is_asked_for_again_until_it_is_over():
    tries = []

    def make():
        tries.append(1)
        if len(tries) < 3:
            raise ConnectionError("nobody")
        return ThreadPoolExecutor(1)

    with pytest.warns(BtfnetWarning, match="No executor yet"):
        assert Workplace(make).executor().submit(len, "abc").result() == 3
    tries.clear()
    with pytest.warns(BtfnetWarning), pytest.raises(Halted):
        Workplace(make).executor(lambda: True)


def test_what_makes_something_else_is_said():
    with pytest.raises(UsageError, match=r"executor made 3; it must make an executor"):
        Workplace(lambda: 3).executor()


@pytest.mark.parametrize("address", ["nonsense", "", "host", "host:port", "tcp://"])
def test_an_address_that_is_none_is_said(address):
    with pytest.raises(UsageError, match="expected one such as tcp://head:8786"):
        Scheduler(address)


def test_a_protocol_that_dask_does_not_know_is_said():
    with pytest.raises(UsageError, match="nothing://"), Scheduler("nothing://there:1"):
        pass


def test_a_scheduler_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr("btfnet.workers.scheduler.SECONDS", 0.5)
    with pytest.raises(ToolError, match="no Dask scheduler answers there"), Scheduler("tcp://127.0.0.1:9"):
        pass
