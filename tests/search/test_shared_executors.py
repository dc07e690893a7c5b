"""Jobs of a shared search that have executors of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from numba import config
from support.search_samples import same_trials, sixty_four, solve

from btfnet import SharedFolder

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")
TRIALS = 8


def search(folder=None, **options):
    place = None if folder is None else SharedFolder(folder, report=lambda text: None)
    return solve(sixty_four(), "rrr+descent", place, **{"trials": TRIALS, **options})


def test_jobs_may_have_executors_of_their_own(tmp_path):
    def job():
        with ThreadPoolExecutor(2) as pool:
            return search(tmp_path, executor=pool, jobs=None)

    alone = search()
    with ThreadPoolExecutor(2) as jobs:
        results = [future.result() for future in [jobs.submit(job) for _ in range(2)]]
    for result in results:
        assert result.finished
        assert same_trials(result.trials, alone.trials)
