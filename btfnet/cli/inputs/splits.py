"""Items to validate and to test on, beside those of a problem: from files of their own, or a fraction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from btfnet.cli.inputs.models import Reading
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats.by_suffix import read_items
from btfnet.matching.columns import Ports
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind, one_hot


def fraction_or_file(text: str | None) -> tuple[float | None, str | None]:
    """What --validation says: a fraction of the training items, or the path of a file. Raises `UsageError`."""
    fraction, path = number_or_path(text)
    if fraction is not None and not 0 < fraction < 1:
        raise UsageError(
            f"--validation is {shown(text)}; give a fraction of the training items between 0 and 1, such as 0.2, "
            f"20%, or the path of a file of items."
        )
    return fraction, path


def number_or_path(text: str | None) -> tuple[float | None, str | None]:
    """A number, such as 0.2 or 20%, or the path that any other text is."""
    if text is None:
        return None, None
    try:
        return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1), None
    except ValueError:
        return None, text


def with_files(
    problem: Problem, *, validation: str | None, test: str | None, n_train: int | None, reading: Reading
) -> Problem:
    """The problem, with the items of these files to validate, and to test on in place of its own.

    n_train  what --train says
    reading  how tables are read, and their columns matched with the problem's
    Raises `UsageError` where that leaves items to test on besides, and `FormatError` for items that do not fit.
    """
    if test is not None and n_train is not None:
        raise UsageError("--train leaves items to test on, and --test names others; give one of the two.")
    if validation is None and test is None:
        return problem
    parts = [problem.training_items]
    if validation is not None:
        parts.append(_items(validation, problem, reading))
    if test is not None:
        parts.append(_items(test, problem, reading))
    elif problem.n_test:
        parts.append(problem.items.some(np.arange(problem.first_test, problem.n_items)))
    n_validation = 0 if validation is None else parts[1].n_items
    return replace(problem, items=parts[0].joined(*parts[1:]), n_validation=n_validation)


def _of_kind(items: Items, wanted: Items) -> Items:
    """Items of a file that does not say of what kind they are, as those that train.

    Labels of a file that has none of the last classes become rows of as many classes as there are; where only the
    first two stand they look like one bit, and numbers of 0 and 1 look like bits.
    """
    if wanted.input_kind is InputKind.NUMBERS and items.input_kind is InputKind.BITS:
        items = replace(items, inputs=(items.inputs > 0).astype(np.float32), input_kind=wanted.input_kind)
    if wanted.input_kind is InputKind.ANALOG and items.input_kind is InputKind.NUMBERS:
        items = items.but(input_kind=wanted.input_kind)
    if wanted.output_kind is not OutputKind.CLASS or items.output_names:
        return items
    care = None if items.care is None else items.care.all(axis=1, keepdims=True)
    outputs = items.outputs
    if items.output_kind is OutputKind.BITS and items.n_outputs == 1:
        outputs = one_hot((outputs[:, 0] > 0).astype(np.int64), 2, "outputs")
    elif items.output_kind is not OutputKind.CLASS:
        return items
    missing = wanted.n_outputs - outputs.shape[1]
    if missing > 0:
        outputs = np.pad(outputs, ((0, 0), (0, missing)), constant_values=-1)
    whole = None if care is None else np.repeat(care, outputs.shape[1], axis=1)
    return items.but(outputs=outputs, output_kind=OutputKind.CLASS, care=whole)


def _items(path: str, problem: Problem, reading: Reading) -> Items:
    items = problem.items
    ports = Ports(f"the items of {problem.name}", items.input_names, items.output_names)
    given = read_items(path, n_inputs=items.n_inputs, layout=reading.layout, ports=ports, by=reading.by)
    try:
        given = _of_kind(given, items)
        named = given.but(input_names=items.input_names, output_names=items.output_names)
        problem.training_items.joined(named)
    except DataError as error:
        raise FormatError(path, None, f"its items do not fit those that train: {error}") from error
    return named
