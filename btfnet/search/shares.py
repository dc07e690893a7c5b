"""How many trials run at a time, on how many threads each, and which of them run as one on a device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from btfnet.engines.protocol import EngineSpec, TrialBatch
from btfnet.errors import UsageError
from btfnet.problem.problem import Problem
from btfnet.search.options import SearchOptions
from btfnet.search.plan import TrialPlan, workers_that_fit


class Shares(NamedTuple):
    """Workers, threads of each, a note when memory allows fewer workers than cores; batches by engine."""

    workers: int
    threads: int
    note: str
    batches: Mapping[str, TrialBatch | None]

    def begun_by(self, engine: EngineSpec) -> EngineSpec:
        """The engine, its trials in its batch where it has one."""
        batch = self.batches[engine.name]
        return engine if batch is None else replace(engine, start=batch.start)


def share_out(problem: Problem, plan: TrialPlan, options: SearchOptions) -> Shares:
    """Of a search. Raises `UsageError` where an engine's device is not there."""
    batches = {engine.name: engine.batch(problem, options.precision) for engine in plan.engines}
    engines = plan.engines[: options.trials]
    sizes = [batch.size for batch in batches.values() if batch is not None]
    if len(sizes) == len(batches):
        return Shares(min(max(sizes), options.trials), 1, "", batches)
    alone = not options.all_trials and all(engine.shares_items(problem) for engine in engines)
    if alone or options.ranks.many:
        return Shares(1, options.jobs, "", batches)
    wanted = min(options.jobs, options.trials)
    workers = workers_that_fit(engines, problem, options.precision, wanted)
    note = "" if workers == wanted else f"memory for {workers} of {wanted} trials at a time"
    return Shares(workers, 1, note, batches)


def check_runs_apart(problem: Problem, plan: TrialPlan, options: SearchOptions) -> None:
    """Raise `UsageError` for an engine that runs its trials together, which an executor would tear apart."""
    for engine in plan.engines:
        if engine.batch(problem, options.precision) is not None:
            raise UsageError(
                f"the engine {engine.name} runs its trials together, on the device of one process, and an "
                f"executor would run each alone; leave out the executor, or choose another engine."
            )
