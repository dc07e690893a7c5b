"""Claims, and who is there: one job alone has a part, whatever clocks say."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from btfnet.sharing.claims import Claims
from btfnet.sharing.jobs import Jobs
from btfnet.sharing.whole_files import create, names

YEARS = 3e8


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Job:
    """One job's view of a folder."""

    def __init__(self, folder, token, clock, patience=30.0):
        self.folder, self.clock = folder, clock
        self.jobs = Jobs(folder, token, patience, clock)
        self.claims = Claims(folder, token, self.jobs.is_lost)

    def live(self):
        self.jobs.tell({})

    def look(self):
        found = names(self.folder)
        self.jobs.look(found)
        self.claims.look(found)


@pytest.fixture
def watch():
    return Watch()


def job(folder, number, watch):
    return Job(folder, f"{number:012x}", watch)


def pass_time(watch, seconds, *, alive=(), looking=()):
    for _ in range(seconds):
        watch.now += 1
        for one in alive:
            one.live()
        for one in looking:
            one.look()


def test_one_of_many_that_claim_at_once_has_it(tmp_path, watch):
    jobs = [job(tmp_path, number, watch) for number in range(16)]
    together = threading.Barrier(len(jobs))

    def claim(one):
        together.wait()
        return [one.claims.claim(f"trial-{index}") for index in range(20)]

    with ThreadPoolExecutor(len(jobs)) as pool:
        claimed = list(pool.map(claim, jobs))
    assert [sum(each) for each in zip(*claimed, strict=True)] == [1] * 20


def test_part_of_a_job_that_lives_is_not_taken_and_that_of_a_lost_one_is_by_one_alone(tmp_path, watch):
    holder, *others = (job(tmp_path, number, watch) for number in range(9))
    holder.live()
    assert holder.claims.claim("trial-0")
    pass_time(watch, 100, alive=[holder], looking=others)
    assert not any(other.claims.claim("trial-0") for other in others)
    assert others[0].claims.others() == ["trial-0"]
    pass_time(watch, 40, looking=others)
    together = threading.Barrier(len(others))

    def claim(one):
        together.wait()
        return one.claims.claim("trial-0")

    with ThreadPoolExecutor(len(others)) as pool:
        assert sum(pool.map(claim, others)) == 1
    holder.look()
    assert holder.claims.taken_over() == ["trial-0"]


def test_clocks_and_times_of_files_that_are_years_off_do_no_harm(tmp_path, watch, monkeypatch):
    holder, other = (job(tmp_path, number, watch) for number in range(2))
    assert holder.claims.claim("trial-0")
    for sign in (1, -1):
        real = time.time
        monkeypatch.setattr(time, "time", lambda sign=sign, real=real: real() + sign * YEARS)
        for _ in range(100):
            watch.now += 1
            holder.live()
            for name in os.listdir(tmp_path):
                os.utime(tmp_path / name, (real() - sign * YEARS,) * 2)
            other.look()
            assert not other.claims.claim("trial-0")
    pass_time(watch, 40, looking=[other])
    os.utime(tmp_path / "claim-trial-0.0", (real() + YEARS,) * 2)
    assert other.claims.claim("trial-0")


def test_what_is_given_back_can_be_taken_at_once(tmp_path, watch):
    first, second = (job(tmp_path, number, watch) for number in range(2))
    for one in (first, second, first):
        one.look()
        assert one.claims.claim("trial-7")
        one.claims.release("trial-7")
    second.look()
    assert second.claims.others() == []


def test_job_that_was_away_counts_nobody_as_lost_for_that(tmp_path, watch):
    holder, other = (job(tmp_path, number, watch) for number in range(2))
    holder.live()
    other.look()
    watch.now += 1000
    other.jobs.forget_silence()
    assert not other.jobs.is_lost(holder.jobs.token)
    pass_time(watch, 31, looking=[other])
    assert other.jobs.is_lost(holder.jobs.token)


def test_nothing_is_left_of_a_part_that_is_done(tmp_path, watch):
    first, second = (job(tmp_path, number, watch) for number in range(2))
    first.claims.claim("trial-1")
    pass_time(watch, 40, looking=[second])
    assert second.claims.claim("trial-1")
    second.claims.forget("trial-1")
    assert os.listdir(tmp_path) == []


def test_jobs_are_counted_as_long_as_they_live(tmp_path, watch):
    first, second = (job(tmp_path, number, watch) for number in range(2))
    first.live()
    second.live()
    pass_time(watch, 5, looking=[first])
    assert first.jobs.present == 2
    pass_time(watch, 40, looking=[first])
    assert first.jobs.present == 1
    first.jobs.remove_lost(names(tmp_path))
    assert len(os.listdir(tmp_path)) == 1


def test_job_file_of_another_kind_is_borne(tmp_path, watch):
    one = job(tmp_path, 1, watch)
    for text in (b"", b"[", b"{}", b"[1]", b"\xff", b'{"pulse": "x", "values": 1}'):
        (tmp_path / "job-0123456789ab.json").write_bytes(text)
        one.look()
        assert not one.jobs.is_lost("0123456789ab")
        watch.now += 5
    watch.now += 10
    assert one.jobs.is_lost("0123456789ab")


def test_file_is_made_once_and_stays_as_it_was_made(tmp_path):
    assert create(tmp_path / "a", b"first")
    assert not create(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["a"]


def test_a_claim_that_cannot_be_read_is_free_after_a_while(tmp_path, watch):
    (tmp_path / "claim-trial-0.0").mkdir()
    (tmp_path / "claim-trial-1.\u0663").touch()  # a digit, but not of ours
    job = Job(tmp_path, "a", watch)
    job.look()
    assert not job.claims.claim("trial-0")
    assert job.claims.claim("trial-1")
    watch.now += 31
    assert job.claims.claim("trial-0")


@pytest.mark.parametrize("pulse", ["Infinity", "NaN", "null", '"x"'])
def test_signs_of_life_that_say_nothing_are_not_heard(tmp_path, watch, pulse):
    (tmp_path / "job-0123456789ab.json").write_text(f'{{"pulse": {pulse}, "values": {{}}}}')
    job = Job(tmp_path, "a", watch)
    job.look()
    assert job.jobs.values == {}
