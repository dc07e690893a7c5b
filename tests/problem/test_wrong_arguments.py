"""Whatever stands in the place of an argument: it works, or one sentence names it and says what was got.

Earlier tests called functions with values out of range only; values of other kinds came back as Python's errors.
"""

import inspect
import shutil

import numpy as np
import pytest
from support.argument_cases import (
    CIRCUIT,
    MADE_BY_BTFNET,
    NEEDS,
    NETWORK,
    PROBLEM,
    SPHERE,
    WITHOUT_ARGUMENTS,
    WRONG,
    X,
    Y,
    cases,
    public_names,
)

import btfnet
from btfnet import BtfnetError, DataError, Network, Problem, Settings, UsageError, constraints, formats
from btfnet.arguments import said

NAMES = [
    "Settings",
    "Settings.but",
    *("Boost", "Picture"),
    *("identify", "influence", "in_words", "why"),
    "Gate",
    *("Circuit", "Circuit.predict", "Circuit.named"),
    "Network",
    "Network.free",
    "Network.layered",
    "Network.sparse",
    "Network.from_edges",
    "Network.from_networkx",
    "Network.senders",
    "Problem",
    "Problem.from_bits",
    "Problem.from_arrays",
    "Problem.with_train",
    "Problem.with_network",
    "Problem.scores",
    "solve",
    "solve_widths",
    "widths_ladder",
    "train_committee",
    *("explain", "draw_explanation", "save_committee", "load_committee"),
    "Committee.predict",
    "Committee.scores",
    "Classifier",
    "Classifier.predict",
    "PackedModel.from_circuit",
    "PackedModel.predict",
    "Checkpoint",
    "export_table_model",
    "reconcile",
    "circuit_from_weights",
    "evidence",
    "verify_items",
    "recognise",
    "prove_equal",
    "draw_svg",
    "draw_png",
    "optimise",
    "load",
    "load_model",
    "load_classifier",
    "on_copies",
    *("spread", "split", "merge"),
    "constraints.on_blocks",
    "constraints.Fixed",
    "constraints.OneHot",
    "constraints.ExactlyK",
    "constraints.Permutation",
    "constraints.Sphere",
    "constraints.Hyperplane",
    "constraints.HalfSpace",
    "constraints.Agreement",
    "constraints.Btf",
    "Sphere.project",
    "PlusMinusOne.project",
    "formats.read_items",
    "formats.write_items",
    "formats.read_circuit",
    "formats.read_dont_cares",
    "formats.write_circuit",
    "formats.read_network",
    "formats.write_network",
    "formats.read_widths",
    "formats.write_gap",
    "formats.spec",
    "Items",
    "Items.from_arrays",
    "Items.first",
    "tasks.describe",
    "tasks.files",
    "tasks.find",
    "tasks.find_generator",
    "tasks.generate",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def table(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return cases()


@pytest.fixture(autouse=True)
def among_the_files(folder, monkeypatch):
    monkeypatch.chdir(folder)


def test_every_public_function_and_class_is_in_the_table(table):
    named = {name.split(".")[0] for name in table} | set(table)
    assert public_names() - named - MADE_BY_BTFNET - WITHOUT_ARGUMENTS == set()
    assert set(table) == set(NAMES)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.needs_jit
@pytest.mark.parametrize("name", NAMES)
def test_an_argument_of_a_wrong_kind_is_one_sentence_of_ours(table, name):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    function, positional, keywords = table[name]
    assert function(*positional, **keywords) is not NotImplemented, "the arguments of the table work"
    parameters = list(inspect.signature(function).parameters)
    for argument in [*range(len(positional)), *keywords]:
        for kind, value in WRONG.items():
            shutil.rmtree("checkpoint", ignore_errors=True)
            chosen = [value if place == argument else given for place, given in enumerate(positional)]
            named = {key: value if key == argument else given for key, given in keywords.items()}
            try:
                function(*chosen, **named)
            except BtfnetError as error:
                check_sentence(str(error))
            except Exception as error:
                called = argument if isinstance(argument, str) else parameters[argument]
                raise AssertionError(f"{name}({called}={kind}): {type(error).__name__}: {error}") from error


def check_sentence(text):
    assert text
    assert text.isprintable() or "\n" in text
    assert " object at 0x" not in text
    assert len(text) < 700, text


SENTENCES = {
    "a text for hidden": (
        lambda: Problem.from_bits(X, Y, hidden="4"),
        "from_bits: hidden is '4'; expected the widths",
    ),
    "hidden 0": (lambda: Problem.from_bits(X, Y, hidden=0), "from_bits: hidden is 0; expected the widths"),
    "rng 0": (
        lambda: Network.sparse([2, 2, 1], 2, 0),
        "Network.sparse: rng is 0; expected a random generator, such as numpy",
    ),
    "widths for a network": (
        lambda: PROBLEM.with_network([3, 4, 1]),
        r"with_network: network is \[3, 4, 1\]; expected a Network, such as btfnet.Network.layered\(\[3, 4, 1\]\)",
    ),
    "a dict for settings": (
        lambda: btfnet.solve(PROBLEM, {"beta": 0.3}),
        r"solve: settings is {'beta': 0.3}; expected a Settings, such as btfnet.Settings\(beta=0.3\), or None",
    ),
    "swapped arguments": (
        lambda: formats.write_circuit(CIRCUIT, "x.json"),
        r"write_circuit: the path comes first: write_circuit\(path, circuit\); the two are swapped",
    ),
    "swapped items": (
        lambda: formats.write_items(PROBLEM.items, "x.csv"),
        "the path comes first",
    ),
    "no projection": (
        lambda: btfnet.reconcile(SPHERE, 3, [1.0]),
        r"reconcile: b is 3, which has no project\(point\)",
    ),
    "a class for a constraint": (
        lambda: btfnet.reconcile(constraints.PlusMinusOne, SPHERE, [1.0]),
        "reconcile: a is the class PlusMinusOne",
    ),
    "one constraint": (
        lambda: btfnet.on_copies(SPHERE),
        r"on_copies got a Sphere alone; give a list of constraints",
    ),
    "a start of NaN": (
        lambda: btfnet.reconcile(SPHERE, SPHERE, [1.0, float("nan")]),
        "start has the value nan at index 1; give a flat array",
    ),
    "NaN to spread": (
        lambda: btfnet.on_copies([SPHERE])[0].spread([float("nan")]),
        "spread: start has the value nan",
    ),
    "a start of None": (lambda: btfnet.reconcile(SPHERE, SPHERE, None), "start is None; give a flat array"),
    "trials 2.5": (
        lambda: btfnet.solve(PROBLEM, trials=2.5),
        "trials is 2.5, but it must be a whole number of at least 1",
    ),
    "a float of text": (
        lambda: btfnet.solve(PROBLEM, precision="f4"),
        'precision is \'f4\'; expected "float32" or "float64"',
    ),
    "an engine of None": (
        lambda: btfnet.solve(PROBLEM, engine=None),
        "engine is None; choose one of rrr, descent",
    ),
    "a path for a checkpoint": (
        lambda: btfnet.solve(PROBLEM, checkpoint="folder"),
        "checkpoint is 'folder'; expected a btfnet.Checkpoint, or None",
    ),
    "a seed of 40 digits": (lambda: btfnet.solve(PROBLEM, seed=10**40), "seed is 1000000"),
    "a seed of 5000 digits": (
        lambda: btfnet.solve(PROBLEM, seed=10**5000),
        "seed is an integer of 16610 bits",
    ),
    "weights of text": (
        lambda: btfnet.circuit_from_weights(NETWORK, "abc", X),
        "network: weights: 'abc' is no array of real numbers",
    ),
    "a data file for a problem file, in Python's words": (
        lambda: btfnet.load(__file__),
        r"a problem file ends in .toml. Of a data file: btfnet.Problem\(name, network, btfnet.formats.read_items",
    ),
    "flat inputs": (
        lambda: Problem.from_bits([0, 1], [0, 1]),
        "data: inputs: the array has 1 dimensions; expected 2",
    ),
    "a kind nobody knows": (
        lambda: Problem.from_arrays(X, Y, NETWORK, input_kind="analogue"),
        "input_kind is 'analogue'; choose one of bits, analog",
    ),
}


@pytest.mark.parametrize(("call", "words"), SENTENCES.values(), ids=SENTENCES)
def test_the_sentence_says_what_was_got_and_what_is_expected(call, words):
    with pytest.raises((UsageError, DataError), match=words):
        call()


def test_a_misspelt_projection_is_named_with_the_right_spelling():
    class Mine:
        def projct(self, point):
            return point

    with pytest.raises(
        UsageError, match=r"a is a Mine, which has no project\(point\) \(it has projct; was project meant\?\)"
    ):
        btfnet.reconcile(Mine(), SPHERE, [1.0])
    with pytest.raises(UsageError, match="on_copies: number 1 is a Mine"):
        btfnet.on_copies([SPHERE, Mine()])


def test_what_is_unambiguous_is_accepted():
    one = Problem.from_bits(X, [0, 0, 0, 1], hidden=4, care=[1, 1, 1, 0])
    assert one.network == Network.layered([2, 4, 1])
    assert one.outputs.tolist() == [[-1], [-1], [-1], [-1]]
    assert one.care.tolist() == [[True], [True], [True], [False]]
    assert Problem.from_bits(X, Y, hidden=np.int64(4)).network == Problem.from_bits(X, Y, hidden=(4,)).network
    assert Problem.from_arrays(X, np.array([0, 0, 0, 1]), NETWORK).n_items == 4
    exact = Settings(max_iterations=1e6, beta=np.float32(0.5), sigma=3)
    assert (exact.max_iterations, type(exact.max_iterations)) == (1_000_000, int)
    assert (exact.beta, type(exact.beta), type(exact.sigma)) == (0.5, float, float)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (3.5, "3.5"),
        ("x" * 100, "'" + "x" * 59 + "…"),
        (list(range(1000)), "a list of 1000 entries"),
        (np.zeros((2, 3)), "an array of shape (2, 3) and type float64"),
        (np.float64("nan"), "nan"),
        (int, "the class int"),
        (10**5000, "an integer of 16610 bits"),
        (PROBLEM, "a Problem"),
        (object(), "an object"),
        ("a\x1b[1m", r"'a\x1b[1m'"),
        ([10**5000], "a list of 1 entries"),
        (len, "the function len"),
    ],
    ids=range(13),
)
def test_a_value_is_repeated_briefly_and_without_control_characters(value, words):
    assert said(value) == words
