"""Exponential, logarithm and angle: close to the C library, and the same bits however they run."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numba import njit

from sim import arithmetic

REAL = st.floats(allow_nan=False, allow_infinity=False)
PI = Fraction("3.14159265358979323846264338327950288")
COORDINATE = st.floats(-1e6, 1e6)


def plain(function):
    """The function as Python walks it."""
    return getattr(function, "py_func", function)


def units_apart(value, expected):
    return abs(value - expected) / math.ulp(expected)


@given(st.floats(-745.0, 709.7))
@example(0.0)
@example(-745.0)
@example(-708.4)
@example(1e-300)
def test_exp_is_that_of_the_library_to_the_last_place(x):
    assert units_apart(arithmetic.exp(x), math.exp(x)) <= 1.0


@pytest.mark.parametrize(
    "x, value", [(0.0, 1.0), (-0.0, 1.0), (-746.0, 0.0), (-1e300, 0.0), (710.0, math.inf)]
)
def test_exp_at_its_ends(x, value):
    assert arithmetic.exp(x) == value


@given(st.floats(2.3e-308, 1.7e308))
@example(1.0)
@example(2.0**-53)
@example(1.0 - 2.0**-53)
def test_ln_is_that_of_the_library_to_the_last_place(x):
    assert units_apart(arithmetic.ln(x), math.log(x)) <= 1.0


def test_ln_of_powers_of_two_and_of_one():
    assert arithmetic.ln(1.0) == 0.0
    for k in range(-1000, 1000, 37):
        assert arithmetic.ln(2.0**k) == pytest.approx(k * math.log(2.0), rel=1e-15)


@given(COORDINATE, COORDINATE)
@example(1.0, 1.0)
@example(-1.0, -1e-9)
@example(1.0, -1e-30)
def test_turn_is_the_angle_as_a_part_of_a_full_turn(x, y):
    part = arithmetic.turn(x, y)
    # Exact from the library's angle on: rounded, what is expected would err as far as the function.
    expected = Fraction(math.atan2(y, x)) / (2 * PI) % 1
    assert 0.0 <= part < 1.0
    assert min(abs(part - expected), 1 - abs(part - expected)) < 2e-16


@pytest.mark.parametrize(
    "x, y, part",
    [(0.0, 0.0, 0.0), (2.0, 0.0, 0.0), (0.0, 3.0, 0.25), (-1.0, 0.0, 0.5), (0.0, -1.0, 0.75)],
)
def test_turn_along_the_axes(x, y, part):
    assert arithmetic.turn(x, y) == part


@njit
def thousandths(x):
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = arithmetic.per_thousand(x[k])
    return out


@given(REAL)
@example(0.0)
@example(1e-300)
@example(1000.0)
@example(1.7e308)
def test_thousandths_are_those_of_a_division(x):
    assume(x == 0.0 or abs(x) >= arithmetic.LEAST_OF_THOUSANDTHS)
    assert thousandths(np.array([x]))[0] == x / 1000.0 == arithmetic.per_thousand(x)


def test_thousandths_of_evidence_are_those_of_a_division():
    rng = np.random.default_rng(3)
    evidence, kept = rng.integers(0, 65_536, 1_000_000), 0.95 ** rng.integers(0, 400, 1_000_000)
    left = evidence * kept
    assert (thousandths(left) == left / 1000.0).all()
    near_halves = np.nextafter(evidence + 0.5, rng.choice([-np.inf, np.inf], 1_000_000)) * 1000.0
    assert (thousandths(near_halves) == near_halves / 1000.0).all()


@given(REAL)
def test_bits_there_and_back(x):
    assert arithmetic.real_of(arithmetic.bits_of(x)) == x


@given(st.floats(-800.0, 800.0), st.floats(2.3e-308, 1e300), COORDINATE, COORDINATE)
def test_plain_python_gives_the_same_bits(x, positive, a, b):
    assert plain(arithmetic.exp)(x) == arithmetic.exp(x)
    assert plain(arithmetic.ln)(positive) == arithmetic.ln(positive)
    assert plain(arithmetic.turn)(a, b) == arithmetic.turn(a, b)


@njit
def in_vectors(x, y):
    out = np.empty((3, len(x)))
    for k in range(len(x)):
        out[0, k] = arithmetic.exp(x[k])
    for k in range(len(x)):
        out[1, k] = arithmetic.ln(abs(x[k]))
    for k in range(len(x)):
        out[2, k] = arithmetic.turn(x[k], y[k])
    return out


def test_vectors_give_the_same_bits():
    x, y = np.random.default_rng(7).normal(scale=20.0, size=(2, 10_001))
    together = in_vectors(x, y)
    for k in range(len(x)):
        assert together[0, k] == arithmetic.exp(x[k])
        assert together[1, k] == arithmetic.ln(abs(x[k]))
        assert together[2, k] == arithmetic.turn(x[k], y[k])
