"""The search of a problem that is learned as well as its items allow."""

from __future__ import annotations

from dataclasses import replace

from btfnet.engines.registry import AUTO, LIGHTEST, engines_for
from btfnet.logic.verify import training_fit
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.search.learning.attempt import validated
from btfnet.search.learning.choice import ValidatedChoice
from btfnet.search.learning.task import LearningTask
from btfnet.search.learning.tuner import tuner
from btfnet.search.learning.vote import best_vote, circuits_of, majority_of
from btfnet.search.options import SearchOptions
from btfnet.search.persistence.shared import store_for
from btfnet.search.plan import TrialPlan, as_engines_take_it
from btfnet.search.records import Result, Trial, Vote
from btfnet.search.score import Score
from btfnet.search.side_by_side import run_search


def learn(problem: Problem, options: SearchOptions) -> Result:
    """Learn a problem that has validation items. Raises as `btfnet.solve` does."""
    own = options.engine != AUTO or problem.network.shared is not None  # shared gates have one engine
    engine = options.engine if own else LIGHTEST
    task = LearningTask(as_engines_take_it(problem, engine), options.error)
    engines = tuple(
        replace(validated(task, spec, simplify=options.shrink), tuner=tuner)
        for spec in engines_for(task.fitting, engine)
    )
    plan = TrialPlan(task.fitting, options.settings, engines, options.tune)
    store = store_for(problem, options)
    store.check(options.trials, plan.limits(store.finished))
    choice = ValidatedChoice(task)
    # an attempt makes its circuits simpler itself, and the validation items have a say in that
    found = run_search(task.fitting, plan, replace(options, shrink=False), store, choice)
    return _told(task, found, choice)


def _told(task: LearningTask, found: Result, choice: ValidatedChoice) -> Result:
    """The result in terms of the problem's own items, with a vote where that is better."""
    trials = tuple(_judged(task, trial) for trial in found.trials)
    best = found.best
    if not choice.decided:  # one that was cut short may be better than those that ended
        best = min(range(len(trials)), key=lambda place: (choice.verdict(found.trials[place]), place))
    result = replace(
        found,
        problem=task.problem.with_network(trials[best].network),
        trials=trials,
        best=best,
        settings=trials[best].settings,
        vote=_vote(task, choice) if best == found.best else None,
    )
    return replace(result, status=_status(result, found, choice))


def _status(result: Result, found: Result, choice: ValidatedChoice) -> Status:
    """Learned, unless it was ended before it was decided; solved where no training or validation item is wrong."""
    ended = {trial.status for trial in result.trials}
    for status in (Status.INTERRUPTED, Status.TIME_LIMIT):
        if not choice.decided and (found.status is status or status in ended):
            return status
    right = result.exact and result.score.validation_bits == 1
    return Status.SOLVED if right else Status.LEARNED


def _judged(task: LearningTask, trial: Trial) -> Trial:
    """A trial's circuit on the problem's own items."""
    problem, circuit = task.problem, trial.circuit
    if circuit is None:
        nothing = float("nan")
        return replace(trial, exact=False, score=Score(nothing, nothing))
    n_train = problem.n_train
    fit = training_fit(circuit, problem.train_inputs, problem.outputs[:n_train] > 0, problem.train_care)
    return replace(
        trial,
        exact=fit.exact,
        status=Status.LEARNED if trial.status is Status.SOLVED and not fit.exact else trial.status,
        found_by=trial.found_by if fit.exact else None,
        score=Score.of(problem, circuit),
        circuit=replace(circuit, training=fit),
        wrong_bits=fit.wrong_bits,
    )


def _vote(task: LearningTask, choice: ValidatedChoice) -> Vote | None:
    """A majority of the best circuits, where it is better by more than chance."""
    ranked = [trial for trial in choice.ranked() if trial.circuit is not None]
    circuits = circuits_of(ranked)
    places = best_vote(task, circuits)
    if places is None:
        return None
    circuit, problem = majority_of([circuits[place] for place in places]), task.problem
    n_train = problem.n_train
    fit = training_fit(circuit, problem.train_inputs, problem.outputs[:n_train] > 0, problem.train_care)
    alone = Score.of(problem, circuits[0])
    return Vote(
        tuple(ranked[place].index for place in places),
        replace(circuit, training=fit),
        Score.of(problem, circuit),
        (alone.validation_bits, Score.of(problem, circuit).validation_bits),
    )
