"""Naive twins: every projection once more, in plain Python and NumPy, as slow and as plain as possible.

The first part belongs to `btfnet.projections`, the second to the network engine. Nothing here imports what it
checks. Twins of the first part take the point first and return the nearest member.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.optimize import brentq

# -- ready-made constraints -------------------------------------------------------------------------------


def project_fixed(point, indices, values):
    nearest = list(point)
    for index, value in zip(indices, values, strict=True):
        nearest[index] = value
    return np.array(nearest)


def project_plus_minus_one(point):
    return np.array([1.0 if value > 0 else -1.0 for value in point])


def project_exactly_k(point, k, groups, low, high):
    """By trying every choice, the first ones first."""
    nearest = np.array(point)
    for group in groups:
        chosen = max(
            itertools.combinations(range(len(group)), k),
            key=lambda choice: sum(point[group[position]] for position in choice),
        )
        for position, index in enumerate(group):
            nearest[index] = high if position in chosen else low
    return nearest


def project_permutation(point, n, low, high):
    """By trying every permutation."""
    matrix = np.reshape(point, (n, n))
    best = max(
        itertools.permutations(range(n)),
        key=lambda columns: sum(matrix[row, columns[row]] for row in range(n)),
    )
    nearest = np.full((n, n), low)
    for row in range(n):
        nearest[row, best[row]] = high
    return nearest.ravel()


def project_sphere(point, radius):
    length = math.sqrt(math.fsum(value * value for value in point))
    if length == 0:
        return np.array([radius / math.sqrt(len(point))] * len(point))
    return np.array([value * radius / length for value in point])


def project_hyperplane(point, normal, offset):
    missing = offset - math.fsum(n * value for n, value in zip(normal, point, strict=True))
    square = math.fsum(n * n for n in normal)
    return np.array([value + n * missing / square for n, value in zip(normal, point, strict=True)])


def project_half_space(point, normal, offset):
    inside = math.fsum(n * value for n, value in zip(normal, point, strict=True)) >= offset
    return np.array(point) if inside else project_hyperplane(point, normal, offset)


def project_agreement(point, groups, weights):
    nearest = np.array(point)
    for group, weight in zip(groups, weights, strict=True):
        total = math.fsum(weight)
        mean = math.fsum(g * point[index] for g, index in zip(weight, group, strict=True)) / total
        for index in group:
            nearest[index] = mean
    return nearest


def project_table(point, inputs, outputs, tables, known, weights, low, high):
    """By trying every pattern with every output that is not known to be another, the first ones first."""
    nearest = np.array(point)
    for row, output, table, told in zip(inputs, outputs, tables, known, strict=True):
        tried = []
        for number, pattern in enumerate(itertools.product((low, high), repeat=len(row))):
            for answer in (low, high):
                places, values = [*row, output, table[number]], [*pattern, answer, answer]
                heavy = [weights[0]] * len(row) + [weights[1], weights[2]]
                costs = [g * (point[k] - v) ** 2 for g, k, v in zip(heavy, places, values, strict=True)]
                if math.isnan(told) or told == answer:
                    tried.append((math.fsum(costs), places, values))
        _, places, values = min(tried, key=lambda each: each[0])
        nearest[places] = values
    return nearest


def margin_root(p, q, c):
    """The root u in (-1, 1) of p(1+u²) + q u = c (1-u²)² (method page, section 3)."""

    def excess(u):
        return p * (1 + u * u) + q * u - c * (1 - u * u) ** 2

    if p == c:
        return 0.0
    low, high = (0.0, 1.0) if p < c else (-1.0, 0.0)
    if excess(low) * excess(high) >= 0:
        return high if p < c else low
    return brentq(excess, low, high, xtol=1e-16, rtol=1e-15)


def move_to_margin(w, x, side, margin):
    """The point nearest to (w, x) with side·(w·x) ≥ margin, and the squared distance to it."""
    p, q = float(w @ x), float(w @ w + x @ x)
    if side * p >= margin:
        return w, x, 0.0
    # Away from the degenerate w = ∓x, where the clamp keeps the division finite.
    u = min(max(margin_root(p, q, side * margin), -0.999999), 0.999999)
    a, b = 1 / (1 - u * u), u / (1 - u * u)
    return a * w + b * x, a * x + b * w, ((a - 1) ** 2 + b * b) * q + 4 * (a - 1) * b * p


def project_btf_parts(w, x, y, sigma):
    """(w, x, y) of one BTF and one item, as the method page's section 3 says it."""
    margin, p = math.sqrt(len(w) / sigma), float(w @ x)
    if y * p > 0:
        side = 1.0 if y > 0 else -1.0
    else:
        cost_up = (1 - y) ** 2 + move_to_margin(w, x, 1.0, margin)[2]
        cost_down = (1 + y) ** 2 + move_to_margin(w, x, -1.0, margin)[2]
        side = 1.0 if cost_up < cost_down else -1.0
    w, x, _ = move_to_margin(w, x, side, margin)
    return w, x, side


def project_btf(point, n_inputs, sigma):
    w, x, y = project_btf_parts(point[:n_inputs], point[n_inputs:-1], float(point[-1]), sigma)
    return np.concatenate([w, x, [y]])


# -- the network engine -----------------------------------------------------------------------------------


class NetworkPoint:
    """The flat vector v = concat(w[items, edges], x[items, edges], y[items, nodes]), training items only."""

    def __init__(self, problem):
        self.problem, network = problem, problem.network
        self.n_items, self.n_edges, self.n_nodes = problem.n_train, network.n_edges, network.n_nodes
        self.size = self.n_items * (2 * self.n_edges + self.n_nodes)

    def split(self, point):
        """Copies of w, x, y, as (n_items, n_edges), (n_items, n_edges), (n_items, n_nodes)."""
        n_w = self.n_items * self.n_edges
        w, x, y = np.split(np.array(point, dtype=np.float64), [n_w, 2 * n_w])
        return (
            w.reshape(self.n_items, self.n_edges),
            x.reshape(self.n_items, self.n_edges),
            y.reshape(self.n_items, self.n_nodes),
        )

    def join(self, w, x, y):
        return np.concatenate([np.ravel(w), np.ravel(x), np.ravel(y)])


class NaiveNetworkA(NetworkPoint):
    """Constraint A: each BTF of each item alone, known values at their data (method page, section 3)."""

    def __init__(self, problem, sigma):
        super().__init__(problem)
        self.sigma = sigma

    def project(self, point):
        w, x, y = self.split(point)
        network = self.problem.network
        for item in range(self.n_items):
            y[item, 0] = -1.0
            y[item, 1 : network.n_inputs + 1] = self._inputs(item, y[item, 1 : network.n_inputs + 1])
            for node in network.btf_nodes:
                edges = network.edges(node)
                w[item, edges], x[item, edges], y[item, node] = project_btf_parts(
                    w[item, edges], x[item, edges], float(y[item, node]), self.sigma
                )
        return self.join(w, x, y)

    def _inputs(self, item, y):
        kind = str(self.problem.input_kind)
        if kind in ("bits", "analog"):
            return self.problem.inputs[item]
        if kind == "unknown_bits":
            return project_plus_minus_one(y)
        largest = list(y).index(max(y))
        return [1.0 if position == largest else -1.0 for position in range(len(y))]


class NaiveNetworkB(NetworkPoint):
    """Constraint B: copies of weights and of node values agree in the metric g (method page, section 4).

    g  (n_items, n_nodes), the metric's weights; 1 at the start, and always for the constant and the inputs
    """

    def __init__(self, problem):
        super().__init__(problem)
        self.g = np.ones((self.n_items, self.n_nodes))
        fan_in = problem.network.fan_in
        self.sent = [
            [edge for edge in range(self.n_edges) if fan_in[edge] == node] for node in range(self.n_nodes)
        ]

    def project(self, point):
        w, x, y = self.split(point)
        return self.join(self._weights(w), *self._values(x, y))

    def _weights(self, w):
        network, agreed = self.problem.network, np.empty_like(w)
        for node in network.btf_nodes:
            edges = network.edges(node)
            total = sum(self.g[item, node] for item in range(self.n_items))
            mean = sum(self.g[item, node] * w[item, edges] for item in range(self.n_items)) / total
            length = math.sqrt(float(mean @ mean))
            if length > 0:
                mean = mean * math.sqrt(len(mean)) / length
            agreed[:, edges] = mean
        return agreed

    def _values(self, x, y):
        network, problem = self.problem.network, self.problem
        for item in range(self.n_items):
            for sender in range(self.n_nodes):
                sent = self.sent[sender]
                weights = [self.g[item, network.edge_receiver[edge]] for edge in sent]
                top = self.g[item, sender] * y[item, sender]
                top += sum(g * x[item, edge] for g, edge in zip(weights, sent, strict=True))
                z = top / (self.g[item, sender] + sum(weights))
                output = sender - network.output_nodes.start
                if output >= 0 and (problem.care is None or problem.care[item, output]):
                    z = problem.outputs[item, output]
                y[item, sender] = z
                x[item, sent] = z
        return x, y


def naive_gap2(problem, in_a, in_b):
    """Gap² of each item and BTF, (n_items, n_btf): squared differences of y and of the incoming w and x."""
    layout, network = NetworkPoint(problem), problem.network
    w, x, y = (after - before for before, after in zip(layout.split(in_a), layout.split(in_b), strict=True))
    gap2 = np.empty((layout.n_items, len(network.btf_nodes)))
    for item in range(layout.n_items):
        for column, node in enumerate(network.btf_nodes):
            edges = network.edges(node)
            gap2[item, column] = y[item, node] ** 2 + sum(w[item, edges] ** 2) + sum(x[item, edges] ** 2)
    return gap2


def naive_reweigh(g, gap2, mean, gamma):
    """The metric's next weights:  g + γ (gap²/mean - g)  on the BTFs, which are the last nodes.

    g     (n_items, n_nodes)
    gap2  (n_items, n_btf), of this iteration
    mean  mean of the previous iteration's gap²; None at the first iteration, which changes nothing
    """
    after = np.array(g)
    if mean is not None:
        n_btf = gap2.shape[1]
        after[:, -n_btf:] += gamma * (gap2 / mean - after[:, -n_btf:])
    return after
