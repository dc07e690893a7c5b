"""Controls for the columns of a learned table, from the names of its conditions."""

import pytest

from btfnet import Circuit
from btfnet.viewing.columns import controls
from btfnet.viewing.story import Story

NAMES = ("age>=37.5", "age>=-1e-3", "age=missing", "smoker=never", "smoker=missing", "age at x>=2", "a=b=c")
COLUMNS = ["age", "smoker", "age at x", "a", "unused"]


def story(names, of, **more):
    record = {"columns": [{"name": name} for name in of], "conditions": list(names)} | more
    return Story("x", record), Circuit(len(names), (), (1,), tuple(names))


def test_conditions_belong_to_their_columns():
    found = controls(*story(NAMES, COLUMNS))
    assert found == [
        {"name": "age", "cuts": [[-0.001, 2], [37.5, 1]], "choices": [], "missing": 3},
        {"name": "smoker", "cuts": [], "choices": [["never", 4], ["missing", 5]], "missing": None},
        {"name": "age at x", "cuts": [[2.0, 6]], "choices": [], "missing": None},
        {"name": "a", "cuts": [], "choices": [["b=c", 7]], "missing": None},
    ]


@pytest.mark.parametrize(
    "names, columns, more",
    [
        (("age>=1",), [], {}),
        (("age>=1", "other"), ["age"], {}),
        (("age>=1",), ["age"], {"conditions": ["age>=2"]}),
        (("age>=1",), ["age"], {"columns": "age"}),
        (("age>=1", "age=x"), ["age"], {}),
        (("age>=1", "age>=old"), ["age"], {}),
    ],
)
def test_what_is_not_understood_has_plain_switches(names, columns, more):
    assert controls(*story(names, columns, **more)) == []
