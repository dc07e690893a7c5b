"""Operations on words: values and gates against naive twins, on every input there is."""

import numpy as np
import pytest
from support.word_operations import TWINS

from btfnet.families.gate_builder import AndBuilder, GateBuilder
from btfnet.families.grammar import OPERATIONS
from btfnet.families.relations import Relation, results
from btfnet.families.words import Layout, digits, layouts

SHAPES = ((3,), (4,), (1, 1), (3, 3), (4, 4), (4, 2), (6, 3), (4, 3), (2, 2, 2), (3, 3, 1), (1, 1, 1))


def every_case():
    for operation in OPERATIONS:
        for shape in SHAPES:
            if operation.fits(shape):
                yield pytest.param(operation, shape, id=f"{operation.phrase}-{shape}")


CASES = list(every_case())


def all_inputs(n_inputs):
    return (np.arange(1 << n_inputs)[:, None] >> np.arange(n_inputs) & 1).astype(bool)


def layout_of(shape):
    ends = np.cumsum(shape)
    return Layout(
        tuple(tuple(range(end - width, end)) for end, width in zip(ends, shape, strict=True)), "words", "o"
    )


@pytest.mark.parametrize("operation, shape", CASES)
def test_values_and_gates_are_those_of_the_naive_twin(operation, shape):
    layout, inputs, width = layout_of(shape), all_inputs(sum(shape)), operation.width(shape)
    twin = TWINS[operation.phrase]
    words = zip(*layout.values(inputs), strict=True)
    expected = digits([twin(shape[0], *item) for item in words], width)
    assert np.array_equal(digits(results(operation, layout, inputs), width), expected)
    for kind in (GateBuilder, AndBuilder):
        builder = kind(sum(shape))
        outputs = [Relation(operation, layout, bit).build(builder) for bit in range(width)]
        assert np.array_equal(builder.circuit(outputs).predict(inputs), expected)


@pytest.mark.parametrize(
    "operation, shape", [case for case in CASES if case.values[0].approximate is not None]
)
def test_a_nearby_circuit_is_exact_with_all_effort_and_better_than_a_coin_with_less(operation, shape):
    inputs, layout = all_inputs(sum(shape)), layout_of(shape)
    for bit in range(operation.width(shape)):
        relation = Relation(operation, layout, bit)
        wanted = relation.answers(inputs)
        accuracies = []
        for effort in (*relation.efforts(), sum(shape)):
            builder = AndBuilder(sum(shape))
            circuit = builder.circuit([relation.build_near(builder, effort)])
            accuracies.append((circuit.predict(inputs)[:, 0] == wanted).mean())
        if operation.phrase != "the remainder of {words}":  # of a divisor 0 it is another
            assert accuracies[-1] == 1
        assert max(accuracies) > 0.5


def test_layouts_are_splits_of_the_inputs_and_are_told_apart():
    for n_inputs in (2, 3, 6, 9, 11, 12):
        found = list(layouts(np.arange(n_inputs)))
        for layout in found:
            assert sorted(index for word in layout.words for index in word) == list(range(n_inputs))
        said = [(layout.said, layout.order) for layout in found]
        assert len(set(said)) == len(said)
    assert not [layout for layout in layouts(np.arange(1)) if len(layout.words) > 1]
