"""Many answers at once are those that plain Python gives one by one."""

import numba
import numpy as np
import pytest

from sim.kernels import bits
from sim.kernels.looks import nobody_waiting
from sim.kernels.references import for_kernels
from sim.world.columns import RememberedColumns

pytestmark = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="there is nothing to compare plain Python with"
)


@numba.njit
def compiled_equal(remembered, row, place, value):
    return bits.equal_bits(remembered.category, row, place, value)


@numba.njit
def compiled_below(waiting, place, bound):
    return bits.below_bits(waiting.luck, place, bound)


@numba.njit
def compiled_places(word):
    return bits.lowest_bit(word), bits.highest_bit(word), bits.n_bits(word)


@pytest.mark.parametrize("kind", [np.int8, np.int16])
def test_equal_items_are_found(kind):
    categories = np.random.default_rng(1).integers(0, 3, (2, 40)).astype(kind)
    nothing = np.zeros((2, 0), np.int32)
    remembered = for_kernels(RememberedColumns(nothing, nothing, nothing, categories))
    for row in range(2):
        for place in range(40 - bits.WIDTH + 1):
            plain = bits.equal_bits(categories, row, place, 1)
            assert compiled_equal(remembered, row, place, 1) == plain
            assert [plain >> k & 1 for k in range(bits.WIDTH)] == [
                category == 1 for category in categories[row, place : place + bits.WIDTH]
            ]


def test_smaller_reals_are_found():
    waiting = nobody_waiting(3, bits.WIDTH)
    waiting.luck[:] = np.random.default_rng(1).random(3 * bits.WIDTH)
    seen = for_kernels(waiting)
    for place in range(2 * bits.WIDTH + 1):
        plain = bits.below_bits(waiting.luck, place, 0.4)
        assert compiled_below(seen, place, 0.4) == plain
        luck = waiting.luck[place : place + bits.WIDTH]
        assert [plain >> k & 1 for k in range(bits.WIDTH)] == list(luck < 0.4)


@pytest.mark.parametrize("word", [1, 2, 6, 0x8001, 1 << 62])
def test_the_bits_of_a_word(word):
    plain = bits.lowest_bit(word), bits.highest_bit(word), bits.n_bits(word)
    assert compiled_places(word) == plain
    digits = f"{word:b}"
    assert plain == (digits[::-1].index("1"), len(digits) - 1, digits.count("1"))
