"""`btfnet.solve`: the door to everything."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import closing, nullcontext
from dataclasses import replace
from typing import Any

from btfnet.checkpoint.folder import Checkpoint
from btfnet.errors import UsageError
from btfnet.halting import Stop
from btfnet.problem.problem import Problem
from btfnet.ranks.mpi import failing_together, ranks_of
from btfnet.search.by_name import recognised_in, result_by_name
from btfnet.search.impossible import warn_if_impossible
from btfnet.search.learning.learn import learn
from btfnet.search.learning.task import with_validation
from btfnet.search.options import SearchOptions, check_ranks
from btfnet.search.persistence.shared import store_for
from btfnet.search.plan import as_engines_take_it, plan_for
from btfnet.search.progress import Spectator
from btfnet.search.records import Result
from btfnet.search.side_by_side import run_search
from btfnet.settings import Settings
from btfnet.sharing.folder import SharedFolder


def solve(
    problem: Problem,
    settings: Settings | None = None,
    *,
    trials: int = 40,
    all_trials: bool = False,
    time_limit: float | None = None,
    jobs: int | None = None,
    seed: int = 0,
    deterministic: bool = False,
    tune: bool | None = None,
    engine: str = "auto",
    precision: str = "float32",
    shrink: bool = True,
    circuits: int | None = None,
    validation: float | None = None,
    error: float | None = None,
    recognise: bool | None = None,
    spectator: Spectator | None = None,
    checkpoint: Checkpoint | SharedFolder | None = None,
    stop: Stop | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    ranks: Any = None,
) -> Result:
    """Learn a circuit of threshold gates that reproduces every training item.

    A problem that `is_learned`, and any with `validation` or `error`, is learned as well as its items allow:
    trials end, and are compared, by the validation items (docs/learning.md).

    settings       None: the defaults, with σ, β and γ that find themselves (`tune`)
    trials         at most so many starts; fewer when an exact circuit ends the run, unless all_trials
    time_limit     seconds for everything (of this session, when one goes on from a checkpoint)
    jobs           processor cores to use, None for all
    seed           trial i starts from seed + i, so that any trial can be repeated alone
    deterministic  keep the lowest-numbered exact trial, whatever finishes first
    tune           let β and γ find themselves, whatever the settings say, and σ from theirs upwards (see
                   docs/tuning.md); None: when no settings are given
    engine         rrr: projections; descent: gate descent; rrr+descent: descent goes on from the projections;
                   auto: the latter two, trial by trial; shared, where nodes of the network share gates
    precision      float32 or float64
    shrink         make the exact circuit smaller before it is handed back; a learned one simpler
    circuits       exact circuits to look for; fewer when the smallest so far and another one agree on all unseen
                   items, and it is kept; else one that says on them what most say. None: 8 with unseen items,
                   else 1
    validation     the fraction of the training items that validate; None: a fifth, where the problem is learned
                   and has no validation items
    error          the fraction of validation items that may be wrong: a circuit that is as good ends the search
    recognise      try known families of functions first (docs/families.md): where they explain every output,
                   nothing is searched; `Result.recognised` tells them apart. None: where training items may
                   stay wrong, and the network grows. Half of the time limit is for it at most
    spectator      called with a `Progress` at every look; Ctrl-C ends the run as interrupted
    checkpoint     where the search saves itself now and then, and when it is interrupted or its time is up, at
                   less than 2 % of its time. Made with resume=True it goes on, and every trial ends as it
                   would have ended without the interruption. It stays until you `discard` it. A `SharedFolder`
                   is for several processes that run the search together (docs/job_arrays.md)
    stop           asked ten times a second, from the thread that called: an object with is_set(), such as
                   threading.Event(), or a function; a true answer ends the run as interrupted, as Ctrl-C does
    executor       runs the trials, one core each, in place of this process: any of `concurrent.futures`, or a
                   function that makes one, which is asked again when its workers are lost (docs/workers.md). Then
                   jobs are trials at a time, None for as many as it has workers. Every trial comes to the same
                   wherever it runs; trials of lost workers go on from what they had saved
    ranks          True: the processes that mpirun started share the items of every trial, one trial at a time
                   (docs/ranks.md); or a communicator of mpi4py. All of them make this call, with the same
                   arguments; spectator, checkpoint, stop and clocks are asked on the first alone, and the result
                   is that of one process, to the bit. `jobs` are the threads of each, 1 by default

    A network that grows gets as many nodes as it takes; each trial's `network` says which it had, and the result's
    problem has that of the trial that was kept. Engines that do not make it grow get a free one of fixed size.

    An interrupted run, or one whose time is up, ends within a second, and its result holds the best so far.
    A failed search is a status, not an error. Raises `UsageError` for absurd arguments, `CapacityError`
    when the run would not fit into memory, `DataError` for a checkpoint that is damaged, of a newer version,
    or of another search.
    """
    begun, shared = time.monotonic(), ranks_of(ranks)
    if shared.many and (executor is not None or isinstance(checkpoint, SharedFolder)):
        raise UsageError(
            "ranks share the items of a trial, an executor or a SharedFolder spreads trials; give one of these."
        )
    if not shared.first:
        spectator = checkpoint = stop = None
    given = {
        "trials": trials, "all_trials": all_trials, "time_limit": time_limit, "jobs": jobs, "seed": seed,
        "deterministic": deterministic, "tune": tune, "engine": engine, "precision": precision,
        "shrink": shrink, "circuits": circuits, "validation": validation, "error": error,
        "recognise": recognise,
        "spectator": spectator, "checkpoint": checkpoint, "stop": stop, "executor": executor,
        "begun": begun, "ranks": shared,
    }  # fmt: skip
    with nullcontext() if shared is ranks else failing_together(shared):  # else whoever has these ends them
        options = SearchOptions.checked("solve", problem, settings, given)
        with closing(options):
            return _solved(problem, options)


def _solved(problem: Problem, options: SearchOptions) -> Result:
    learns = options.learns or problem.is_learned
    check_ranks(problem, options.ranks, learns=learns, engine=options.engine)
    if learns:
        problem = with_validation(problem, options.validation, options.seed, error=options.error)
    found = recognised_in(problem, options, learns=learns)
    named = result_by_name(problem, options, found, learns=learns)
    if named is not None:
        return replace(named, error=options.error)
    result = learn(problem, options) if learns else _exact(problem, options)
    return replace(result, recognised=found, error=options.error)


def _exact(problem: Problem, options: SearchOptions) -> Result:
    """The search for a circuit that is right on every training item."""
    problem = as_engines_take_it(problem, options.engine)
    warn_if_impossible(problem)
    plan = plan_for(problem, options.settings, options.engine, options.tune)
    store = store_for(problem, options)
    store.check(options.trials, plan.limits(store.finished))
    return run_search(problem, plan, options, store)
