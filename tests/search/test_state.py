"""A run's state is whole: what is saved and restored goes on exactly as what was never interrupted.

Earlier tests did not see that a widened descent, once it had been narrowed, went on with another generator:
those of `test_resume` ran plain networks at fixed settings, where nothing is widened, and that of
`test_widening` stopped its walks before the first narrowing, the one moment at which the search inside changes;
it also put the generator in place by hand, which hid that nobody else did. Nor did any compare a descent of
unknown codes, or the work that a walk has counted (later budgets follow from it), between walks cut at
different places. Here every engine is stopped at random moments in every phase that it has, goes through a
checkpoint file, and all of its state is compared: at once, for 30 steps, and at the end.
"""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import JIT, booleans

from btfnet.checkpoint import file
from btfnet.checkpoint.file import Record, generator_state, set_generator_state
from btfnet.engines.descent.engine import DescentStepper
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.widening import WideStart
from btfnet.engines.registry import engine_named
from btfnet.errors import DataError, UsageError
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search.trial import StopToken, TrialRun, TrialSpec
from btfnet.settings import Settings

pytestmark = pytest.mark.skipif(not JIT, reason="long walks need compiled kernels")

STEPS = 30
SETTINGS = Settings(beta=0.4, gamma=1e-3, gap=1e-9, max_iterations=100_000)


def signs(bits):
    return np.where(bits, 1, -1)


def random_problem(widths=(6, 8, 4, 8, 3), seed=5):
    """Too hard to be solved soon: random outputs through a narrow waist."""
    rng = np.random.default_rng(seed)
    inputs = np.arange(64)[:, None] >> np.arange(6) & 1 > 0
    return Problem(
        "random", Network.layered(widths), Items(signs(inputs), signs(rng.random((64, widths[-1])) < 0.5))
    )


def planted(widths=(5, 6, 4, 3), seed=0, n_items=40):
    """Items that a random circuit of these widths made: wide networks fit them soon."""
    inputs, network = booleans(seed, n_items, widths[0]), Network.layered(widths)
    maker = GateSearch(
        network, inputs, np.zeros((n_items, widths[-1]), dtype=bool), np.random.default_rng(seed)
    )
    return Problem("planted", network, Items(signs(inputs), signs(maker.circuit("").predict(inputs) > 0)))


def codes(kind, seed=2, n_items=24):
    rng = np.random.default_rng(seed)
    outputs = np.unique(signs(rng.random((n_items, 9)) < 0.5), axis=0)
    return Problem("codes", Network.layered([4, 4, 9]), Items(np.empty((len(outputs), 0)), outputs, kind))


def course(problem, engine, settings=SETTINGS, seed=11, precision="float32"):
    spec = TrialSpec(0, seed, engine_named(engine), settings)
    return TrialRun(spec.begin(problem, StopToken(lambda: None), precision, 1), spec)


def advance(one, steps):
    """As the loop of a search does: a look after every step, in which descent takes its turn."""
    for _ in range(steps):
        if one.attempt.stepper.gap <= 0:
            return
        one.attempt.stepper.advance(2, 0.0)
        one.attempt.look()


def state(one):
    """All values and arrays, as they would be saved now, but for the clock."""
    record = one.export()
    values = {name: value for name, value in record.values.items() if name != "trial_seconds"}
    return values, {name: np.array(array) for name, array in record.arrays.items()}


def same(one, other):
    (values, arrays), (other_values, other_arrays) = state(one), state(other)
    assert values == other_values
    assert arrays.keys() == other_arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, other_arrays[name], err_msg=name)


def through_a_file(one, path):
    record = one.export()
    file.write(path, Record(record.values, {name: record.arrays[name] for name in record.arrays}))
    return file.read(path)


WIDENED = SETTINGS.but(widen=3.0)
KINDS = {
    "rrr": (random_problem(), "rrr", SETTINGS),
    "descent": (random_problem(), "descent", SETTINGS),
    "rrr+descent": (random_problem(), "rrr+descent", SETTINGS),
    "larger gates": (random_problem(), "descent", SETTINGS.but(sigma=7)),
    "widened": (random_problem((6, 8, 8, 3)), "descent", WIDENED),
    "unknown bits": (codes("unknown_bits"), "descent", SETTINGS),
    "unknown bits, both": (codes("unknown_bits"), "rrr+descent", SETTINGS),
    "one-hot": (codes("unknown_one_hot"), "descent", SETTINGS),
    "one-hot, both": (codes("unknown_one_hot"), "rrr+descent", SETTINGS),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("moment", range(3))
def test_every_engine_goes_on_as_if_nothing_had_happened(kind, moment, tmp_path):
    problem, engine, settings = KINDS[kind]
    whole = course(problem, engine, settings)
    advance(whole, int(np.random.default_rng([moment, len(kind)]).integers(0, 60)))
    saved = through_a_file(whole, tmp_path / "trial.safetensors")
    again = course(problem, engine, settings)
    advance(again, 7)  # it stands elsewhere
    again.restore(saved)
    same(whole, again)
    for _ in range(STEPS):
        advance(whole, 1)
        advance(again, 1)
        same(whole, again)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_projections_go_on_in_both_precisions_until_they_end(precision, tmp_path):
    problem, settings = planted((3, 3, 1)), SETTINGS.but(max_iterations=3000)
    whole = course(problem, "rrr", settings, precision=precision)
    advance(whole, 5)
    again = course(problem, "rrr", settings, precision=precision)
    again.restore(through_a_file(whole, tmp_path / "trial.safetensors"))
    for one in (whole, again):
        advance(one, 400)
    same(whole, again)


@pytest.mark.parametrize("seed", range(4))
def test_a_descent_that_was_narrowed_goes_on_with_its_own_generator_to_the_same_end(seed, tmp_path):
    """Narrowed, and not yet done, at every such moment; each restored one walks to the end."""
    problem, settings = planted(n_items=60, seed=seed), SETTINGS.but(widen=4.0)
    moments, whole = [], course(problem, "descent", settings, seed=seed)
    while whole.attempt.stepper.gap > 0 and whole.attempt.stepper.iteration < 4000:
        if whole.attempt.stepper.search.narrower:
            moments.append(through_a_file(whole, tmp_path / f"{len(moments)}.safetensors"))
        advance(whole, 1)
    assert moments, "this problem was to be narrowed on the way"
    for saved in moments[:: max(1, len(moments) // 4)]:
        again = course(problem, "descent", settings, seed=seed)
        again.restore(saved)
        assert again.attempt.stepper.search.search.rng is again.attempt.stepper.search.rng
        while again.attempt.stepper.gap > 0 and again.attempt.stepper.iteration < 4000:
            advance(again, 1)
        same(whole, again)


@pytest.mark.parametrize("kind", [name for name in KINDS if KINDS[name][1] == "descent"])
def test_a_descent_cut_anywhere_is_the_same_in_every_part(kind):
    """The loop cuts walks by the clock, so that nothing, the work counted included, may depend on where."""
    problem, _, settings = KINDS[kind]

    def begun():
        return DescentStepper(problem, np.random.default_rng(1), sigma=settings.sigma, widen=settings.widen)

    whole, cut = begun(), begun()
    whole.advance(120, 0.0)
    for rounds in (1, 2, 7, 3, 11, 36):
        cut.advance(2 * rounds, 0.0)
    assert whole.iteration == cut.iteration
    for name, array in whole.export().items():
        np.testing.assert_array_equal(array, cut.export()[name], err_msg=name)


def test_items_that_are_repeated_stay_so():
    """The kind "descent" above is about them only if there are some."""
    search = GateSearch.of(random_problem(), np.random.default_rng(0))
    search.walk(STEPS)
    assert (search.export()["repeated"] >= 0).any()


def test_a_search_takes_its_generator_along():
    problem = random_problem()
    for one, other in (
        [GateSearch.of(problem, np.random.default_rng(seed)) for seed in (1, 2)],
        [WideStart(problem, np.random.default_rng(seed), 2.0) for seed in (1, 2)],
    ):
        one.walk(3)
        other.restore({name: array.copy() for name, array in one.export().items()})
        assert other.rng.bit_generator.state == one.rng.bit_generator.state


def test_generators_are_saved_to_the_last_half_word():
    for draws in range(4):
        one, other = np.random.default_rng(7), np.random.default_rng(8)
        one.integers(0, 100, size=draws, dtype=np.uint32)
        set_generator_state(other, generator_state(one))
        assert one.bit_generator.state == other.bit_generator.state
        assert (
            one.integers(0, 2**32, size=9, dtype=np.uint32).tolist()
            == other.integers(0, 2**32, size=9, dtype=np.uint32).tolist()
        )


def test_what_is_no_generator_is_refused():
    rng, good = np.random.default_rng(0), generator_state(np.random.default_rng(1))
    wrong = good.copy()
    wrong[5] = 1 << 40
    for bad in (None, good[:5], good.astype(np.int64), wrong):
        with pytest.raises(DataError, match="no generator"):
            set_generator_state(rng, bad)
    with pytest.raises(UsageError, match=r"MT19937.*default_rng"):
        generator_state(np.random.Generator(np.random.MT19937(0)))
