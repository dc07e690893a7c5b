"""What every small gate of a node would get wrong: the same integers as the kernels, and as plain counting."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import booleans, random_search, wrong_bits

from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.device.candidates import SIGNS, changes, compiled_changes, halves, triples_of
from btfnet.kernels.descent.best_gate import correlate
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.descent.walk import improve_node
from btfnet.problem.network import Network


def rows_of(search, node):
    """A node's senders' values, its own, the sign of d and the bits of |d|; and how many of these are in use."""
    top = price_node(search.shape, search.gates, search.buffers, node)
    work = search.buffers
    rows = (work.values[search.network.senders(node)], work.values[node], work.planes[-1], work.planes[:-1])
    return *(row.copy() for row in rows[:3]), np.where(np.arange(len(rows[3])) < top, rows[3].T, 0).T, top


def gates_of(senders, triples):
    """As `changes` numbers them: weights by sender."""
    copies = [[{int(sender): sign} for sender in senders] for sign in (1, -1)]
    majorities = [
        [dict(zip(senders[triple].tolist(), (1 - 2 * pattern).tolist(), strict=True)) for triple in triples]
        for pattern in SIGNS
    ]
    return copies, majorities


def test_every_candidate_changes_the_error_by_what_plain_counting_says():
    search, inputs, outputs = random_search(2, n_items=70)
    for node in search.network.btf_nodes:
        *rows, _ = rows_of(search, node)
        senders = search.network.senders(node)
        triples = triples_of(senders.size)
        found = changes(np, *rows, triples)
        for mine, gates in zip(found, gates_of(senders, triples), strict=True):
            wanted = [
                [
                    wrong_bits(search, inputs, outputs, gates={node: gate}).sum() - search.error
                    for gate in each
                ]
                for each in gates
            ]
            np.testing.assert_array_equal(mine, np.array(wanted).reshape(mine.shape))


@pytest.mark.needs_jit
def test_jax_counts_the_same_integers_as_the_kernel_for_many_trials_at_once():
    network, items = Network.layered([9, 5, 3]), 600
    inputs, outputs = booleans(1, items, 9), booleans(2, items, 3)
    searches = [GateSearch(network, inputs, outputs, np.random.default_rng(seed)) for seed in range(4)]
    counted, node = compiled_changes(), 10
    rows = [rows_of(search, node) for search in searches]
    triples = triples_of(network.senders(node).size)
    stacked = [np.stack([halves(trial[index]) for trial in rows]) for index in range(4)]
    copies, majorities = (np.asarray(each) for each in counted(*stacked, triples))
    assert (copies.shape, majorities.shape) == ((4, 2, 10), (4, 8, 120))
    for trial, (search, mine) in enumerate(zip(searches, rows, strict=True)):
        work, top = search.buffers, mine[-1]
        assert price_node(search.shape, search.gates, work, node) == top
        work.listed[:10] = np.arange(10)
        _, held = correlate(search.shape, work, node, top, 10)
        np.testing.assert_array_equal(
            copies[trial], [(held - side * work.sign * work.correlation) // 2 for side in (1, -1)]
        )
        alone = changes(np, *mine[:4], triples)
        np.testing.assert_array_equal(copies[trial], alone[0])
        np.testing.assert_array_equal(majorities[trial], alone[1])
        best = improve_node(search.shape, search.gates, work, node, np.random.default_rng(0))
        assert best == min(copies[trial].min(), majorities[trial].min())
