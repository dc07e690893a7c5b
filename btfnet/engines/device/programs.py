"""A batch of trials as compiled programs: run all, put one trial in, take one out.

The trial is the first axis of every array. All trials of a batch do the same number of iterations: to let one
stand still while others go on, every array would be chosen anew; batch.py takes those out that are ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from btfnet.engines.device.backend import library, require_jax
from btfnet.engines.device.iteration import Law, iterate
from btfnet.engines.device.points import Array, Known, Point, Rates
from btfnet.engines.device.wires import Wires
from btfnet.problem.network import Network


class Programs(NamedTuple):
    """Functions of arrays; `points` and `rates` are those of a batch, (B, …) each.

    run   (known, rates, points, iterations, watched, stop) → points, and the iterations done: so many, but no
          more once the mean squared gap of a trial that is watched, bool (B,), is not above its stop, real (B,)
    one   (known, rates, points) → points: one iteration
    many  (point, B) → points, all of them that one
    put   (points, trial, point) → points, with that trial's point
    take  (points, trial) → its point
    look  (points, trial) → what a look at that trial needs: mean_w, and y_a of the inputs

    `run` and `put` use up the points they are given. What a trial does depends on no other, but its rounding may
    depend on how many there are.
    """

    run: Callable[..., Any]
    one: Any
    many: Callable[..., Any]
    put: Callable[..., Any]
    take: Callable[..., Any]
    look: Callable[..., Any]


@lru_cache(maxsize=16)
def programs(network: Network, layout: Callable[[Network], Wires], unknown: int) -> tuple[Wires, Programs]:
    """For a network whose edges lie so, and inputs of a kind (`sweep.Wiring`); compiled when they are called.

    All trials of a search share them. Returns the layout, too.

    Call them within `precise`. Raises `UsageError` where JAX is not installed.
    """
    jax, wires = require_jax(), layout(network)
    law = Law(library(), wires, unknown)
    step = jax.vmap(lambda known, rates, point: iterate(law, known, rates, point), in_axes=(None, 0, 0))

    def run(
        known: Known, rates: Rates, points: Point, iterations: Array, watched: Array, stop: Array
    ) -> tuple[Point, Array]:
        def goes_on(state: tuple[Array, Point]) -> Array:
            done, points = state
            ended = watched & ~(points.gaps.sum(1) > stop)  # also where it is no number
            return (done < iterations) & ((done == 0) | ~ended.any())

        done, points = jax.lax.while_loop(
            goes_on, lambda state: (state[0] + 1, step(known, rates, state[1])), (0 * iterations, points)
        )
        return points, done

    def put(points: Point, trial: Array, point: Point) -> Point:
        return jax.tree.map(lambda every, one: every.at[trial].set(one), points, point)

    def take(points: Point, trial: Array) -> Point:
        return jax.tree.map(lambda every: every[trial], points)

    def many(point: Point, size: int) -> Point:
        return jax.tree.map(lambda one: jax.numpy.repeat(one[None], size, axis=0), point)

    def look(points: Point, trial: Array) -> tuple[Any, Array]:
        mine = take(points._replace(w=(), x=()), trial)
        return mine.mean_w, mine.y_a[1 : wires.n_inputs + 1]

    return wires, Programs(
        run=jax.jit(run, donate_argnums=2),
        one=jax.jit(step),
        many=jax.jit(many, static_argnums=1),
        put=jax.jit(put, donate_argnums=0),
        take=jax.jit(take),
        look=jax.jit(look),
    )
