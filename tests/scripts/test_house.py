"""What the plan of the house demands of its sources; `scripts/checks/house.py` counts the rest."""

from pathlib import Path

from scripts.checks import house
from scripts.lib.sources import Tree, components

ROOT = Path(__file__).resolve().parents[2]
TREE = Tree.read(ROOT)


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
