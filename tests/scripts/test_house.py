"""What the plan of the house demands of its sources; `scripts/checks/house.py` counts the rest."""

from pathlib import Path

from scripts.checks import house
from scripts.lib.sources import Tree, components

ROOT = Path(__file__).resolve().parents[2]
TREE = Tree.read(ROOT)
LATE = {
    ("btfnet.logic.circuit", "btfnet.logic.execution"),
    ("btfnet.logic.packed_model", "btfnet.logic.execution"),
    ("btfnet.problem.network", "btfnet.problem.networkx_graph"),
}
MANY_ARGUMENTS = {
    "btfnet.rules.reconstruct.reconstruct",
    "btfnet.search.solve.solve", "btfnet.search.widths.solve_widths", "btfnet.projections.reconcile.reconcile",
    "btfnet.committee.training.train_committee", "btfnet.tables.learner.learn",
    "btfnet.engines.descent.local_search.__init__",
    "btfnet.engines.descent.state.__init__", "btfnet.problem.checks._former", "btfnet.problem.problem.from_arrays",
}  # fmt: skip
"""What is left of before: these lists only get shorter. `solve` and its kin have the options of a search."""


def test_modules_import_one_another_in_one_direction():
    assert not TREE.circles()


def test_functions_import_only_what_the_table_lists():
    assert {(each.source, each.target) for each in house.late_imports(TREE)} <= LATE


def test_the_table_lists_nothing_that_no_function_imports():
    used = {each.target.split(".")[0] for each in TREE.imports() if each.inside}
    assert set(house.OUTSIDE) <= used


def test_files_have_at_most_300_lines():
    assert house.long_files(ROOT, "btfnet", "scripts", "tests") == {}


def test_functions_have_at_most_8_arguments():
    assert {name for _, name in house.many_arguments(TREE)} <= MANY_ARGUMENTS


# -- what measures it -------------------------------------------------------------------------------------


def test_components_are_those_of_mutual_reach():
    onwards = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["d"], "f": ["f", "a"]}
    assert sorted(components(onwards)) == [["a", "b", "c"], ["d", "e"], ["f"]]


def test_a_circle_is_seen_through_type_checking_and_functions(tmp_path):
    package = tmp_path / "btfnet"
    package.mkdir()
    (package / "a.py").write_text("def f():\n    from btfnet.b import g\n")
    (package / "b.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import btfnet.a\n"
    )
    (package / "c.py").write_text("from btfnet.a import f\n")
    tree = Tree.read(tmp_path)
    assert tree.circles() == [["btfnet.a", "btfnet.b"]]
    assert [each.inside for each in house.late_imports(tree)] == ["f"]


def test_private_members_of_others_are_seen_and_own_ones_are_not(tmp_path):
    path = tmp_path / "test_a.py"
    path.write_text(
        "from b import _c\nclass A:\n    def _d(self):\n        self._e = 1\nA()._d(), A()._e, x._f\n"
    )
    assert [name.split()[-1] for name in house.reach_ins(iter([path]))] == ["_c", "_f"]
