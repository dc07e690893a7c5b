"""Gradient baselines on the CPU: dense networks of a problem's own widths, with PyTorch (extra `baselines`).

    fit, = train(problem, "ste", seeds=[0], steps=3000)
    problem.scores(fit.outputs)

Networks are trained on the problem's training items, all of them in each step, with the binary cross-entropy of
each output bit; inputs are ±1. What differs stands in `METHODS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import btfnet


class SignStraightThrough(torch.autograd.Function):
    """Sign; its derivative is taken as 1 in [-1, 1] and 0 outside.

    Source: Hubara, Courbariaux et al., Binarized neural networks, NeurIPS 2016, equation (4).
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return plus_minus(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return gradient.masked_fill(x.abs() > 1, 0.0)


class SignPower(torch.autograd.Function):
    """Sign; its derivative is taken as that of sign(x) |x|^(1/o), o ≥ 1.

    Below |x| = `POWER_LINEAR` the chord's slope stands for it, above `POWER_END` 0.
    Source: Wu et al., Estimator meets equilibrium perspective (ReSTE), ICCV 2023, section 3.3 and the authors'
    program.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, o: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.o = o
        return plus_minus(x)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        size, power = x.abs(), 1 / ctx.o
        slope = power * size.clamp(min=POWER_LINEAR) ** (power - 1)
        slope = torch.where(size <= POWER_LINEAR, POWER_LINEAR ** (power - 1), slope)
        return gradient * slope * (size <= POWER_END), None


class SignPeriodic(torch.autograd.Function):
    """The square wave sign(sin ωx); its derivative is taken as that of the sine: ω cos ωx.

    Source: Vargas et al., BiPer: Binary neural networks using a periodic function, CVPR 2024, section 3.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, frequency: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.frequency = frequency
        return plus_minus(torch.sin(frequency * x))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return gradient * ctx.frequency * torch.cos(ctx.frequency * x), None


class SignPolynomial(SignStraightThrough):
    """Sign; its derivative is taken as 2 - 2|x| in [-1, 1] and 0 outside: what BiPer does with activations.

    Source: Liu et al., Bi-Real net, ECCV 2018, section 3.2; BiPer's program.
    """

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return gradient * (2 - 2 * x.abs()).clamp(min=0)


POWER_LINEAR, POWER_END, POWER_LAST = 0.1, 1.5, 3.0
"""ReSTE's m and t, and the o at the end of training (the authors' program)."""
FREQUENCY = 20.0
"""BiPer's ω (the authors' program)."""


def plus_minus(x: Tensor) -> Tensor:
    """±1, and never 0: -0 + 0 is 0, whose sign is +."""
    return torch.copysign(torch.ones(()), x + 0.0)


Binarize = Callable[[Tensor, float], Tensor]
"""Of values and the part of the training that is done, 0 … 1."""


def identity(x: Tensor, done: float) -> Tensor:
    return x


def straight_through(x: Tensor, done: float) -> Tensor:
    return SignStraightThrough.apply(x)


def power(x: Tensor, done: float) -> Tensor:
    """o grows from 1 to POWER_LAST by the cosine, as in the authors' program."""
    return SignPower.apply(x, 1 + (1 - cos(done * pi / 2)) * (POWER_LAST - 1))


def periodic(x: Tensor, done: float) -> Tensor:
    """Two stages: the sine itself, then its sign."""
    return torch.sin(FREQUENCY * x) if done < 0.5 else SignPeriodic.apply(x, FREQUENCY)


def polynomial(x: Tensor, done: float) -> Tensor:
    return SignPolynomial.apply(x)


class DenseLayers(nn.Module):
    """Networks of the same widths side by side, one a seed; none of them sees the others.

    weights  (n_seeds, n_inputs, n_outputs) a layer, each from its own seed: uniform in ±spread, or in
             ±n_inputs^-½ where none is given
    shifts   (n_seeds, 1, n_outputs) a layer: biases, or what follows normalisation; scales likewise
    """

    def __init__(self, widths: Sequence[int], seeds: Sequence[int], spread: float | None = None) -> None:
        super().__init__()
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.weights, self.shifts, self.scales = (nn.ParameterList() for _ in range(3))
        for n_inputs, n_outputs in pairwise(widths):
            shape, bound = (n_inputs, n_outputs), spread or n_inputs**-0.5
            draws = [torch.empty(shape).uniform_(-bound, bound, generator=drawn) for drawn in generators]
            self.weights.append(nn.Parameter(torch.stack(draws)))
            self.shifts.append(nn.Parameter(torch.zeros(len(draws), 1, n_outputs)))
            self.scales.append(nn.Parameter(torch.ones(len(draws), 1, n_outputs)))


class ReluNetworks(DenseLayers):
    def forward(self, x: Tensor, n_known: int, done: float) -> Tensor:
        """Preactivations of the outputs."""
        for layer, (weight, shift) in enumerate(zip(self.weights, self.shifts, strict=True)):
            x = torch.baddbmm(shift, x.relu() if layer else x, weight)
        return x


class SignNetworks(DenseLayers):
    """Values ±1 between layers, weights binarised or not; batch normalisation before each sign."""

    def __init__(
        self, widths: Sequence[int], seeds: Sequence[int], weights: Binarize, values: Binarize, spread: float
    ) -> None:
        super().__init__(widths, seeds, spread)
        self.binarize_weights, self.binarize_values = weights, values

    def forward(self, x: Tensor, n_known: int, done: float) -> Tensor:
        """Preactivations of the outputs, normalised by the statistics of the first n_known items."""
        for layer, (weight, shift, scale) in enumerate(
            zip(self.weights, self.shifts, self.scales, strict=True)
        ):
            x = self.binarize_values(x, done) if layer else x
            x = torch.bmm(x, self.binarize_weights(weight, done))
            x = x - x[:, :n_known].mean(dim=1, keepdim=True)
            # Not torch.var, which is slow across rows.
            variance = x[:, :n_known].square().mean(dim=1, keepdim=True)
            x = torch.addcmul(shift, x, scale * (variance + 1e-5).rsqrt())
        return x


@dataclass(frozen=True)
class Method:
    """build  from widths and seeds; penalty  times Σ|w| is added to the loss; clip  latent weights to [-1, 1]"""

    summary: str
    build: Callable[[Sequence[int], Sequence[int]], DenseLayers]
    rate: float
    decay: float = 0.0
    penalty: float = 0.0
    clip: bool = False


METHODS = {
    "relu": Method("ReLU network, AdamW", ReluNetworks, rate=3e-3, decay=1e-2),
    "relu-l1": Method("ReLU network, AdamW, L1 penalty", ReluNetworks, rate=3e-3, decay=1e-2, penalty=3e-4),
    "relu-l1-weak": Method(
        "ReLU network, AdamW, a tenth of the L1 penalty", ReluNetworks, rate=3e-3, decay=1e-2, penalty=3e-5
    ),
    "sign": Method(
        "sign values, real weights, straight-through",
        lambda widths, seeds: SignNetworks(widths, seeds, identity, straight_through, 0.5),
        rate=1e-2,
    ),
    "ste": Method(
        "binary weights and values, straight-through",
        lambda widths, seeds: SignNetworks(widths, seeds, straight_through, straight_through, 0.5),
        rate=1e-2,
        clip=True,
    ),
    "reste": Method(
        "binary weights and values, ReSTE",
        lambda widths, seeds: SignNetworks(widths, seeds, power, power, 0.5),
        rate=1e-2,
    ),
    "biper": Method(
        "binary weights and values, BiPer",
        lambda widths, seeds: SignNetworks(widths, seeds, periodic, polynomial, pi / FREQUENCY),
        rate=1e-3,
    ),
}
"""By the names that rows carry."""


@dataclass(frozen=True)
class Fit:
    """outputs  float32, (n_items, n_outputs): preactivations of all items, training and unseen

    seconds  processor time of training and predicting, divided by the number of networks trained in one go
    """

    outputs: NDArray[np.float32]
    seconds: float


def layer_widths(problem: btfnet.Problem) -> list[int]:
    """Of a layered network, inputs first."""
    network = problem.network
    depth = np.zeros(network.n_nodes, dtype=np.int64)
    for node in network.btf_nodes:
        depth[node] = 1 + depth[network.senders(node)].max()
    return np.bincount(depth[1:]).tolist()


def train(problem: btfnet.Problem, method: str, *, seeds: Sequence[int], steps: int) -> list[Fit]:
    """One network a seed, all in one go."""
    torch.set_num_threads(1)
    how, n_known = METHODS[method], problem.n_train
    networks = how.build(layer_widths(problem), seeds)
    inputs = torch.from_numpy(np.array(problem.inputs)).expand(len(seeds), -1, -1)
    known = inputs[:, :n_known].contiguous()
    targets = torch.from_numpy((problem.outputs[:n_known] > 0).astype(np.float32)).expand(len(seeds), -1, -1)
    optimiser = torch.optim.AdamW(networks.parameters(), lr=how.rate, weight_decay=how.decay, fused=True)
    begun = time.process_time()
    for step in range(steps):
        done = step / steps
        optimiser.param_groups[0]["lr"] = how.rate * (1 + cos(pi * done)) / 2
        logits = networks(known, n_known, done)
        loss = len(seeds) * nn.functional.binary_cross_entropy_with_logits(logits, targets)
        if how.penalty:
            loss = loss + how.penalty * sum(weight.abs().sum() for weight in networks.weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if how.clip:
            with torch.no_grad():
                for weight in networks.weights:
                    weight.clamp_(-1, 1)
    with torch.no_grad():
        outputs = networks(inputs, n_known, 1.0).numpy()
    seconds = (time.process_time() - begun) / len(seeds)
    return [Fit(each, seconds) for each in outputs]
