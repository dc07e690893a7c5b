"""`.dat`: items as whitespace-separated text, the format of the authors' research program. See dat.md."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError, UsageError
from btfnet.files.reading import both_ends, check_room
from btfnet.files.text import Words
from btfnet.problem.items import Items
from btfnet.problem.values import CARE_MARKS, InputKind, OutputKind

MAX_COUNT = 2**31 - 1
MAX_CLASSES = 4096
MAX_ONE_HOT = 2**28
"""Most items times classes: a label of a few bytes becomes a row of one byte a class."""
ONE_HOT_BYTES = 4
"""Of memory for an item and a class, until it is checked."""

ITEM_COUNT_BYTES = 32
"""More than a file has for the number of its items."""
_FIRST = 5
"""Index of the first word after the header."""


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.dat` file. Raises `FormatError` as dat.md lists it."""
    words = Words(path)
    n_items = words.whole(0, "the number of items", 1, MAX_COUNT)
    input_kind, n_given = _input_header(words)
    output_kind, n_outputs, n_values = _output_header(words)
    if n_inputs is not None and input_kind.known and n_given != n_inputs:
        words.fail(
            2, f"expected {n_inputs} inputs for each item; change the network's first width or the data."
        )
    _check_count(words, n_items, n_given, n_values)
    care = _care(words, n_given, n_values)
    table = words.numbers(_FIRST).reshape(n_items, n_given + n_values)
    inputs = _inputs(words, table[:, :n_given], input_kind)
    outputs = _outputs(words, table[:, n_given:], n_given, output_kind, n_outputs)
    n_unknown = None if input_kind.known else (n_inputs or None)
    if care is not None:  # a class counts as a whole
        care = np.repeat(care, outputs.shape[1] // care.shape[1], axis=1)
    return Items(inputs, outputs, input_kind, output_kind, n_unknown, care=care)


def has_columns_of(path: str, items: Items) -> bool:
    """Whether a file holds items of the same kinds, and of as many inputs and outputs."""
    shape = _shape_lines(items).encode()
    words = both_ends(path, ITEM_COUNT_BYTES + len(shape))[0].split()
    return words[:1] != [] and words[0].isdigit() and words[1:5] == shape.split()


def _shape_lines(items: Items) -> str:
    """The two lines of the header that say of what kind, and how many, the inputs and outputs of an item are."""
    kind = {InputKind.ANALOG: 0, InputKind.UNKNOWN_ONE_HOT: 1}.get(items.input_kind, 2)
    of_class = items.output_kind is OutputKind.CLASS
    outputs = f"{items.n_outputs} 1" if of_class else f"2 {items.n_outputs}"
    return f"{kind} {items.n_columns}\n{outputs}\n"


def to_text(items: Items) -> str:
    """Items as text; names, and the number of unknown inputs, have no place in the format and are left out.

    Raises `UsageError` for fewer than 3 or more than 4096 classes, and for numbers of any size.
    """
    if items.input_kind is InputKind.NUMBERS:
        raise UsageError(
            "a .dat file holds bits or numbers from -1 to 1, not numbers of any size; write .npz."
        )
    if items.output_kind is OutputKind.CLASS:
        if not 3 <= items.n_outputs <= MAX_CLASSES:
            raise UsageError(
                f"a .dat file holds 3 to {MAX_CLASSES} classes, not {items.n_outputs}; "
                f"give two classes as one bit, or write .npz."
            )
        outputs = items.outputs.argmax(axis=1)[:, None].astype(str)
    else:
        outputs = _bits(items.outputs)
    if items.care is not None:
        outputs = np.where(items.care[:, : outputs.shape[1]], outputs, "-")
    inputs = _analog(items.inputs) if items.input_kind is InputKind.ANALOG else _bits(items.inputs)
    lines = [f"{items.n_items}\n{_shape_lines(items)}"]
    for row_in, row_out in zip(inputs.tolist(), outputs.tolist(), strict=True):
        given = f"{' '.join(row_in)}\n" if row_in else ""
        lines.append(f"{given}{' '.join(row_out)}\n")
    return "\n".join(lines)


# -- reading ----------------------------------------------------------------------------------------------


def _input_header(words: Words) -> tuple[InputKind, int]:
    kind = words.whole(1, "the kind of the inputs: 2 bits, 0 analog, 1 one-hot (unknown)", 0, 2)
    count = words.whole(2, "the number of inputs, 0 when they are unknown", 0, MAX_COUNT)
    if count == 0 and kind == 0:
        words.fail(2, "unknown inputs are bits (2 0) or one-hot (1 0), never analog (0 0).")
    if count and kind == 1:
        words.fail(2, "one-hot inputs (kind 1) are unknown, so their count must be 0.")
    if count == 0:
        return InputKind.UNKNOWN_BITS if kind == 2 else InputKind.UNKNOWN_ONE_HOT, 0
    return InputKind.BITS if kind == 2 else InputKind.ANALOG, count


def _output_header(words: Words) -> tuple[OutputKind, int, int]:
    """Kind, number of outputs, and number of values that an item spends on them."""
    kind = words.whole(3, "the kind of the outputs: 2 bits, or the number of classes", 2, MAX_CLASSES)
    count = words.whole(4, "the number of output values of an item", 1, MAX_COUNT)
    if kind == 2:
        return OutputKind.BITS, count, count
    if count != 1:
        words.fail(4, f"an item with one of {kind} classes has 1 output value, its class label.")
    if (len(words) - _FIRST) * kind > MAX_ONE_HOT:
        words.fail(
            3, f"{len(words) - _FIRST} values with so many classes are too many; use fewer items or classes."
        )
    one_hot = ONE_HOT_BYTES * (len(words) - _FIRST) * kind
    check_room(words.path, words.line(3), one_hot, f"items with one of {kind} classes")
    return OutputKind.CLASS, kind, 1


def _check_count(words: Words, n_items: int, n_given: int, n_values: int) -> None:
    expected, found = n_items * (n_given + n_values), len(words) - _FIRST
    if found == expected:
        return
    per_item = f"{n_given} + {n_values} values" if n_given else f"{n_values} values"
    what_to_do = "a count in the header is wrong, or the file is cut short" if found < expected else (
        "a count in the header is wrong, or something follows the items"
    )  # fmt: skip
    raise FormatError(
        words.path,
        words.line(_FIRST + min(expected, found)),
        f"found {found} values after the header, expected {expected} ({n_items} items of {per_item}); "
        f"{what_to_do}.",
    )


def _care(words: Words, n_given: int, n_values: int) -> NDArray[np.bool_] | None:
    """Which output values count, (n_items, n_values); the marks of those that do not become 0."""
    if CARE_MARKS.isdisjoint(words.list):
        return None
    places = [place for place, word in enumerate(words.list) if word in CARE_MARKS]
    width = n_given + n_values
    for place in places:
        if (place - _FIRST) % width < n_given:
            words.fail(
                place,
                f"in item {(place - _FIRST) // width + 1}, only outputs may be left open; "
                f"give one item for each value of this input.",
            )
        words.list[place] = "0"
    care = np.ones(len(words) - _FIRST, dtype=bool)
    care[np.array(places) - _FIRST] = False
    return care.reshape(-1, width)[:, n_given:]


def _inputs(words: Words, values: NDArray[np.float64], kind: InputKind) -> NDArray[np.float32]:
    if kind is InputKind.ANALOG:
        _check(words, (values >= 0) & (values <= 1), 0, "expected an analog input from 0 to 1.")
    else:
        _check(words, (values == 0) | (values == 1), 0, "expected an input bit, 0 or 1.")
    return (2 * values - 1).astype(np.float32)


def _outputs(
    words: Words, values: NDArray[np.float64], n_given: int, kind: OutputKind, n_outputs: int
) -> NDArray[np.int8]:
    if kind is OutputKind.BITS:
        _check(words, (values == 0) | (values == 1), n_given, "expected an output bit, 0, 1 or -.")
        return np.where(values == 1, 1, -1).astype(np.int8)
    fine = (values >= 0) & (values < n_outputs) & (values == np.floor(values))
    _check(words, fine, n_given, f"expected a class label from 0 to {n_outputs - 1}.")
    one_hot = np.full((len(values), n_outputs), -1, dtype=np.int8)
    one_hot[np.arange(len(values)), values[:, 0].astype(np.int64)] = 1
    return one_hot


def _check(words: Words, fine: NDArray[np.bool_], n_given: int, expected: str) -> None:
    """Point at the first value that is not fine; the columns of `fine` start at n_given."""
    if fine.all():
        return
    item, column = np.argwhere(~fine)[0]
    width = (len(words) - _FIRST) // fine.shape[0]
    words.fail(_FIRST + int(item) * width + n_given + int(column), f"in item {item + 1}, {expected}")


# -- writing ----------------------------------------------------------------------------------------------


def _bits(values: NDArray[np.generic]) -> NDArray[np.str_]:
    return np.where(values > 0, "1", "0")  # type: ignore[operator]


def _analog(values: NDArray[np.float32]) -> NDArray[np.str_]:
    """The shortest decimals in [0, 1] that read back as the same float32."""
    distinct, index = np.unique(values, return_inverse=True)
    words = np.array([_shortest(value) for value in distinct])
    return words[index.reshape(values.shape)]


def _shortest(value: np.float32) -> str:
    exact = (float(value) + 1) / 2
    for digits in range(1, 17):
        text = f"{exact:.{digits}g}"
        if np.float32(2 * float(text) - 1) == value:
            return text
    return repr(exact)
