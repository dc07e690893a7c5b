"""All tables of a cell, and all pairs of its nodes, against trying them one after the other in plain Python."""

import itertools

import numpy as np
import pytest
from support.cell_nodes import nodes_table
from support.cell_samples import CROSS, UNKNOWN, row_of, scene_of, step, windows, wrong_of
from support.cell_scenes import observations, start_of

from btfnet.kernels.cells.all_hypotheses import Pairs, keep, try_pairs, try_tables
from btfnet.kernels.cells.anneal import change
from btfnet.kernels.cells.thresholds import Nodes, set_node, wrong_by_nodes
from btfnet.rules.arrays import PackedRun
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.tables import TableCell

pytestmark = pytest.mark.no_compiler

TABLES = {
    "ring": scene_of((20,), windows(-1, 3), seed=1, times=(0, 2)),
    "wrong": scene_of((20,), windows(0, 3), seed=2, wrong=0.1),
    "loose": scene_of((12,), windows(-1, 2), seed=8, times=(0, 1, 2), unknown_first=0.3),
    "three states": scene_of((12,), windows(0, 1), seed=4, times=(0, 2), n_states=3),
}
WEIGHTS, BOUNDS = [(1, 1, 1), (1, 0, 1)], [2, 1]
PAIRS = {
    "ring": {"shape": (20,), "offsets": windows(-1, 3), "seed": 5, "times": (0, 2)},
    "one step": {"shape": (20,), "offsets": windows(-1, 3), "seed": 6, "wrong": 0.1},
    "torus": {"shape": (3, 4), "offsets": CROSS[1:4], "seed": 7, "times": (0, 1, 3)},
    "rings": {
        "shape": (6,),
        "offsets": windows(-1, 3),
        "seed": 9,
        "times": (0, 2),
        "runs": 3,
        "unknown": 0.2,
    },
    "rows": {
        "shape": (7,),
        "offsets": windows(-1, 3),
        "seed": 8,
        "times": (0, 2),
        "runs": 3,
        "periodic": False,
    },
}


def run_of(scene):
    return PackedRun.of(observations(scene), Neighbourhood(scene.offsets))


def empty(n_kept):
    return np.full(n_kept, -1), np.array([10**9, -1])


@pytest.fixture(scope="module", params=TABLES)
def tables(request):
    """A scene, and the wrong bits of all its hypotheses by number: bits of entries, then of loose cells."""
    scene = TABLES[request.param]
    cell = TableCell(run_of(scene), 1, np.random.default_rng(0))
    entries, n_cells = cell.walks.entries.tolist(), len(scene.places)
    loose = [(int(channel), *divmod(int(index), n_cells)) for channel, index in cell.walks.loose]
    wrong = []
    for number in range(2 ** (len(entries) + len(loose))):
        table, firsts = [0] * len(scene.table), start_of(scene)
        for place, (channel, pattern) in enumerate(entries):
            table[pattern] |= (number >> place & 1) << scene.n_bits - 1 - channel
        for place, (channel, run, index) in enumerate(loose, start=len(entries)):
            firsts[run][scene.places[index]] ^= (number >> place & 1) << scene.n_bits - 1 - channel
        wrong.append(wrong_of(scene, table, firsts))
    return scene, wrong


def standing_at(scene, number):
    """A cell whose only walk is the hypothesis of a number."""
    cell = TableCell(run_of(scene), 1, np.random.default_rng(0))
    walks = cell.walks
    walks.nibbles[0], walks.after[0], walks.start[0] = 0, 0, cell.run.observed.start
    for place in range(len(walks.entries) + len(walks.loose)):
        if number >> place & 1:
            change(walks, 0, place)
    return cell


@pytest.mark.parametrize("parts", [1, 3])
def test_all_tables_are_tried(tables, parts):
    scene, wrong = tables
    least_of_all = min(wrong)
    for target in (least_of_all - 1, least_of_all, least_of_all + 2):
        ends = np.linspace(0, len(wrong), parts + 1).astype(int).tolist()
        explanations = []
        for first, last in itertools.pairwise(ends):
            cell, (found, least) = standing_at(scene, first ^ first >> 1), empty(len(wrong))
            scratch, observed = cell.run.scratch(), cell.run.observed
            count = try_tables(cell.walks, first, last, target, observed, scratch, found, least)
            numbers = [number ^ number >> 1 for number in range(first, last)]
            assert found[:count].tolist() == [number for number in numbers if wrong[number] <= target]
            assert (found[count:] == -1).all()
            assert least[0] == min(wrong[number] for number in numbers) == wrong[least[1]]
            explanations += found[:count].tolist()
        assert sorted(explanations) == [number for number, each in enumerate(wrong) if each <= target]


def test_more_explanations_than_are_kept_are_counted():
    found, least = empty(2)
    counts = [0]
    for number, wrong in enumerate((5, 3, 4, 3, 1)):
        counts.append(keep(number, wrong, 3, counts[-1], found, least))
    assert counts == [0, 0, 1, 1, 2, 3]
    assert (found.tolist(), least.tolist()) == ([1, 3], [1, 4])


def list_of(scene, run, choices, above):
    """Nodes as a list, and what each says at step 0: ones behind the cells, which mean nothing."""
    n_inputs, n_words = len(scene.offsets), run.n_words
    none, words = np.zeros(len(choices), dtype=np.int64), np.zeros((n_inputs + 1, n_words), dtype=np.uint64)
    nodes = Nodes(
        np.zeros((len(choices), n_inputs), dtype=np.int64), none.copy(), none.copy(), none.astype(np.uint8), 1,
        words, words.copy(), np.zeros((len(choices), n_inputs), dtype=np.int8), none.copy(),
    )  # fmt: skip
    values = []
    for index, (weights, bound) in enumerate(choices):
        set_node(nodes, index, np.array(weights, dtype=np.int8), bound, above)
        table = nodes_table([weights], [bound], [above], True)
        said = [state for first in start_of(scene) for state in step(first, scene, table).values()]
        turned = np.roll(said, run.frame).tolist()
        values.append(row_of(turned + [1] * (64 * n_words - len(turned)), n_words))
    return nodes, np.array(values)


def alike_of(scene):
    """The fewest bits that are wrong where all cells are alike in the end, as they stay on a torus; else 0."""
    last = scene.states[:, -1][scene.states[:, -1] != UNKNOWN]
    return min(int((last == state).sum()) for state in (0, 1)) if scene.periodic else 0


@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("name", PAIRS)
def test_all_pairs_of_nodes_are_tried(name, joined):
    scene = scene_of(**PAIRS[name], table=nodes_table(WEIGHTS, BOUNDS, [True, False], joined))
    run, masks = run_of(scene), list(itertools.product((0, 1), repeat=3))
    lists = [
        [(weights, bound) for weights in masks for bound in range(1, sum(weights) + 1)],
        [(weights, bound) for weights in masks[1:] for bound in range(sum(weights))],
    ]
    (first, first_values), (second, second_values) = (
        list_of(scene, run, choices, above) for choices, above in zip(lists, (True, False), strict=True)
    )
    wrong = {}
    for (a, one), (b, two) in itertools.product(enumerate(lists[0]), enumerate(lists[1])):
        table = nodes_table([one[0], two[0]], [one[1], two[1]], [True, False], joined)
        wrong[a * len(lists[1]) + b] = wrong_of(scene, table, start_of(scene))
    exact = [number for number, each in wrong.items() if not each]
    assert bool(exact) == (name != "one step")
    nodes = list_of(scene, run, [((0, 0, 0), 0)] * 2, True)[0]._replace(joined=int(joined))
    scratch = run.scratch(tables=False)
    for enough, ends in ((0, (0, 12)), (0, (0, 5, 12)), (10**9, (0, 12))):
        explanations = []
        for start, end in itertools.pairwise(ends):
            found, least = empty(len(wrong))
            pairs = Pairs(first, second, first_values, second_values, enough, alike_of(scene))
            count = try_pairs(pairs, start, end, nodes, run.observed, scratch, found, least)
            explanations += found[:count].tolist()
            fewest = min(wrong[number] for number in range(start * len(lists[1]), end * len(lists[1])))
            if enough >= fewest:
                assert least[0] == fewest == wrong[least[1]]
            else:
                assert least[0] > enough
        assert explanations == exact


def test_pairs_after_which_all_cells_are_alike_are_passed_over_where_that_is_wrong():
    """On a ring of ones they all stay alike, so that whatever they make of it, some bits are wrong."""
    scene = scene_of((20,), windows(-1, 3), seed=3, table=[0] * 8)
    run = run_of(scene)
    nodes, values = list_of(scene, run, [((0, 0, 0), 1), ((0, 0, 0), 0)], True)
    for alike, counted in ((0, 1), (1, 0)):
        found, least = empty(4)
        arguments = (0, 1, nodes, run.observed, run.scratch(tables=False), found, least)
        assert try_pairs(Pairs(nodes, nodes, values, values, 0, alike), *arguments) == 2 * counted
        assert (least[0] == 0) == bool(counted)


def test_a_run_ends_once_it_is_worse_than_what_there_is():
    scene = scene_of(**PAIRS["torus"])
    run, table = run_of(scene), nodes_table(WEIGHTS, BOUNDS, [True, True], True)
    nodes, _ = list_of(scene, run, list(zip(WEIGHTS, BOUNDS, strict=True)), True)
    scratch = run.scratch(tables=False)
    wanted = wrong_of(scene, table, start_of(scene))

    def wrong(enough):
        first = [state for first in start_of(scene) for state in step(first, scene, table).values()]
        scratch.state[0, 0] = row_of(np.roll(first, run.frame).tolist(), run.n_words)
        return wrong_by_nodes(nodes, 1, enough, run.observed, scratch)

    at_step_one = wrong(0)
    assert 0 < at_step_one < wanted
    assert wrong(at_step_one) == wrong(10**9) == wanted
