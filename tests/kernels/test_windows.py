"""Windows of pictures and templates, by plain loops."""

import numpy as np
import pytest

from btfnet.kernels.pictures import find_templates, window_word, window_words

pytestmark = pytest.mark.no_compiler


def bits(word, n):
    return [int(word) >> bit & 1 for bit in range(n)]


@pytest.mark.parametrize(("n_planes", "side"), [(1, 3), (2, 4), (3, 1), (1, 8)])
def test_a_window_is_a_word_of_its_pixels_plane_by_plane_and_row_by_row(n_planes, side):
    rng = np.random.default_rng(side)
    pixels = rng.integers(0, 2, (2, n_planes, side + 3, side + 2)).astype(np.uint8)
    word = window_word(pixels, 1, side, 2, 1)
    wanted = pixels[1, :, 2 : 2 + side, 1 : 1 + side].reshape(-1)
    assert bits(word, 64) == [*wanted.tolist(), *[0] * (64 - len(wanted))]
    words = np.zeros(2, dtype=np.uint64)
    window_words(pixels, side, np.array([1, 0]), np.array([2, 0]), np.array([1, 0]), words)
    assert words.tolist() == [int(word), int(window_word(pixels, 0, side, 0, 0))]


def test_a_template_is_found_in_the_cells_of_windows_that_agree():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 2, (5, 2, 6, 7)).astype(np.uint8)
    side, n_columns, n_positions = 3, 5, 20
    templates = rng.integers(0, 2**18, 4).astype(np.uint64)
    at_least = np.array([9, 10, 11, 19])
    cells = [[0, 1, 5, 6], [1, 2, 3], [19]]
    belongs = [[cell for cell, members in enumerate(cells) if p in members] for p in range(n_positions)]
    start = np.cumsum([0, *map(len, belongs)])
    flat = np.array([cell for some in belongs for cell in some], dtype=np.int32)
    found = np.zeros((5, 4, 3), dtype=bool)
    find_templates(pixels, side, templates, at_least, start, flat, found)
    for item in range(5):
        for template in range(4):
            wanted = bits(templates[template], 18)
            for cell, members in enumerate(cells):
                agree = []
                for position in members:
                    top, left = divmod(position, n_columns)
                    window = pixels[item, :, top : top + side, left : left + side].reshape(-1)
                    agree.append((window == wanted).sum() >= at_least[template])
                assert found[item, template, cell] == any(agree)
    assert not found[:, 3].any()
    assert 0 < found[:, :3].mean() < 1
