"""`solve_widths`: a short ladder of layered networks, climbed until one of them fits."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, field, replace

from btfnet.arguments import list_of, must_be, need, whole
from btfnet.engines.registry import AUTO, LIGHTEST
from btfnet.errors import BtfnetWarning, CapacityError, UsageError
from btfnet.halting import Stop
from btfnet.problem import widths as sizes
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.saved import TrialStore
from btfnet.search.plan import TrialPlan, complete, engine_that_fits, plan_for
from btfnet.search.progress import Spectator
from btfnet.search.records import Result, Trial
from btfnet.search.selection import rank
from btfnet.search.side_by_side import run_search
from btfnet.search.tried import WidthsTried
from btfnet.settings import Settings

SHAPES = ((), (1,), (2,), (1, 1), (4,), (2, 2), (2, 2, 2), (4, 4, 4), (8, 8, 8, 8))
"""Hidden layers, in multiples of the wider of inputs and outputs, and of the number of items if that is less."""
SCREENING = 2
"""Descents of every network at first: those of the tuner's first round."""
TRIALS = 4
"""Trials of those that are left, in all, by the end of the next round; every later round allows thrice as many."""


LADDER = list_of(list_of(whole(1), ""), "a list of networks, each a list of widths, inputs first")


def widths_ladder(n_inputs: int, n_outputs: int, n_items: int) -> tuple[tuple[int, ...], ...]:
    """Widths worth trying for plain data, inputs first, fewest edges first.

    No hidden layer is wider than there are items, or than inputs or outputs are.
    Raises `UsageError` for counts below one.
    """
    for name, count in (("n_inputs", n_inputs), ("n_outputs", n_outputs), ("n_items", n_items)):
        must_be(name, count, whole(1, 2**31))
    wide = max(n_inputs, n_outputs)
    most = max(wide, n_items)
    ladder = {
        (n_inputs, *(min(most, factor * unit) for factor in shape), n_outputs): None
        for unit in (wide, min(wide, n_items))
        for shape in SHAPES
    }
    return tuple(sorted(ladder, key=sizes.n_edges))


def solve_widths(
    problem: Problem,
    settings: Settings | None = None,
    *,
    ladder: Sequence[Sequence[int]] | None = None,
    trials: int = 40,
    time_limit: float | None = None,
    jobs: int | None = None,
    seed: int = 0,
    deterministic: bool = False,
    tune: bool | None = None,
    engine: str = "auto",
    precision: str = "float32",
    shrink: bool = True,
    spectator: Spectator | None = None,
    stop: Stop | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
) -> Result:
    """Learn a circuit with a network of the ladder, the problem's own network put aside.

    Every network gets a few short trials, the smallest first; the first exact one ends the search. If there is
    none, the better half of the networks (by the training bits that are right) gets more trials, and so on:
    the trials that a network had count. With engine auto and Boolean inputs the first round is gate descent
    alone. Budgets are trials, iterations and work: for a seed the same networks run in the same order.
    A network is made when its turn comes. One that does not fit into memory is left out, with a warning; one
    of which only the projections do not fit is left to gate descent.

    ladder  widths of the networks, inputs first; None: `widths_ladder`
    trials  at most so many starts of one network
    Everything else is as for `solve`. The result's problem has the network that was kept, its trials are that
    network's, and `widths` says what was tried. There is no checkpoint. Raises `CapacityError` when not even one
    network fits.
    """
    options = SearchOptions.checked("solve_widths", problem, settings, {
        "trials": trials, "time_limit": time_limit, "jobs": jobs, "seed": seed, "deterministic": deterministic,
        "tune": tune, "engine": engine, "precision": precision, "shrink": shrink, "spectator": spectator,
        "stop": stop, "executor": executor,
    })  # fmt: skip
    known = problem.network
    if ladder is not None:
        need("solve_widths", ladder=(ladder, LADDER))
        if not len(ladder):
            raise UsageError("ladder is empty; give widths of at least one network.")
    networks = ladder or widths_ladder(known.n_inputs, known.n_outputs, problem.n_train)
    contenders = [_Contender(tuple(sizes.checked(widths)), problem) for widths in networks]
    with closing(options):
        return _Climb(contenders, options).run()


@dataclass
class _Contender:
    """A network of the ladder, and what came of it.

    items     the problem, with a network of its own
    result    of its best session; its network is kept with it
    finished  its trials, as far as later ones build on them
    """

    widths: tuple[int, ...]
    items: Problem
    result: Result | None = None
    finished: tuple[Trial, ...] = ()
    n_trials: int = 0
    seconds: float = 0.0
    statuses: set[Status] = field(default_factory=set)
    note: str = ""
    forgotten: WidthsTried | None = None

    def problem(self) -> Problem:
        """The items with this network."""
        if self.result is not None:
            return self.result.problem
        return self.items.with_network(Network.layered(self.widths))

    def tried(self) -> WidthsTried:
        if self.forgotten is not None:
            return self.forgotten
        kept = None if self.result is None else self.result.kept
        return WidthsTried(
            self.widths,
            sizes.n_edges(self.widths),
            self.n_trials,
            self.seconds,
            bool(kept and kept.exact),
            float("nan") if self.result is None else self.result.score.train_bits,
            self.note,
        )

    def forget(self) -> None:
        """Let go of all that is large; it is out of the race."""
        self.forgotten, self.result, self.finished = self.tried(), None, ()

    def fits(self, engine: str, precision: str) -> str | None:
        """The engine with which it is tried; says once why it is another one, or none."""
        boolean = self.items.has_boolean_inputs
        fitting, note = engine_that_fits(self.widths, self.items.n_train, engine, precision, boolean=boolean)
        if note and not self.note:
            how = "is not tried" if fitting is None else f"is tried with {fitting} alone"
            text = f"the network of the widths {sizes.listed(self.widths)} {how}: {note}."
            warnings.warn(text, BtfnetWarning, stacklevel=2)
        self.note = note or self.note
        return fitting


class _Climb:
    """Rounds over the contenders, each with more trials for fewer of them."""

    def __init__(self, contenders: list[_Contender], options: SearchOptions) -> None:
        self.contenders, self.options, self.begun = contenders, options, time.monotonic()

    def run(self) -> Result:
        options, left = self.options, list(self.contenders)
        allowed, boolean = min(TRIALS, options.trials), left[0].items.has_boolean_inputs
        if options.engine == AUTO and boolean and options.tune and len(left) > 1:
            if self._round(left, LIGHTEST, min(SCREENING, allowed)):
                return self._result()
            left = self._better_half(left)
        while not self._round(left, options.engine, allowed):
            if allowed >= options.trials:
                break
            left, allowed = self._better_half(left), min(3 * allowed, options.trials)
        return self._result()

    def _round(self, left: list[_Contender], engine: str, allowed: int) -> bool:
        """Trials for each, up to so many; whether that ends the search."""
        return any(self._try(contender, engine, allowed) for contender in left)

    def _try(self, contender: _Contender, engine: str, allowed: int) -> bool:
        fitting = contender.fits(engine, self.options.precision)
        if fitting is None:
            return self._time_left() == LEAST
        problem, store = contender.problem(), TrialStore(None, {})
        plan = plan_for(problem, self.options.settings, fitting, self.options.tune)
        store.finished = [trial for trial in contender.finished if _belongs(trial, plan)]
        n_before = len(store.finished)
        result = run_search(
            problem, plan, replace(self.options, trials=allowed, time_limit=self._time_left()), store
        )
        contender.finished = tuple(trial for trial in result.trials if complete(trial))
        contender.n_trials += len(result.trials) - n_before
        contender.seconds += result.seconds
        contender.statuses.add(result.status)
        if contender.result is None or _score_key(result) < _score_key(contender.result):
            contender.result = result
        return result.exact or result.status is Status.INTERRUPTED or self._time_left() == LEAST

    def _time_left(self) -> float | None:
        if self.options.time_limit is None:
            return None
        return max(LEAST, self.options.time_limit - (time.monotonic() - self.begun))

    def _better_half(self, left: list[_Contender]) -> list[_Contender]:
        """In the order of the ladder; on equal terms the smaller."""
        better = sorted(left, key=_fit)[: -(-len(left) // 2)]
        for contender in left:
            if contender not in better:
                contender.forget()
        return [contender for contender in left if contender in better]

    def _result(self) -> Result:
        tried = [contender for contender in self.contenders if contender.result is not None]
        if not tried:
            smallest = self.contenders[0]
            raise CapacityError(
                f"{smallest.items.name}: no network of the ladder fits into memory; of the smallest, "
                f"{sizes.listed(smallest.widths)}, {smallest.note}.\n"
                f"Use fewer columns, or a machine with more memory."
            )
        best = min(tried, key=_fit)
        assert best.result is not None
        statuses = set[Status]().union(*(contender.statuses for contender in self.contenders))
        if self._time_left() == LEAST:  # between two networks
            statuses.add(Status.TIME_LIMIT)
        status = best.result.status
        for ending in (Status.TIME_LIMIT, Status.INTERRUPTED):
            if not best.result.exact and ending in statuses:
                status = ending
        return replace(
            best.result,
            status=status,
            seconds=time.monotonic() - self.begun,
            widths=tuple(contender.tried() for contender in self.contenders),
        )


LEAST = 1e-3
"""Seconds; less than that is no time left."""


def _fit(contender: _Contender) -> tuple[float, ...]:
    return (2,) if contender.result is None else _score_key(contender.result)


def _score_key(result: Result) -> tuple[float, ...]:
    """Of its best trial."""
    return min(rank(trial, False) for trial in result.trials)


def _belongs(trial: Trial, plan: TrialPlan) -> bool:
    return trial.engine == plan.engines[trial.index % len(plan.engines)].name
