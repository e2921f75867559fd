"""What is put into several rows at once is what plain Python puts there row by row."""

from typing import Any, NamedTuple

import numba
import numpy as np
import pytest

from sim.compiled import CACHE_LINE
from sim.kernels import listing, repeating, transposing
from sim.kernels.references import for_kernels
from sim.world.aligned import aligned, aligned_empty

compares = pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="there is nothing to compare plain Python with"
)


class Columns(NamedTuple):
    table: Any
    rows: Any
    one: Any
    other: Any
    third: Any


@numba.njit
def compiled_fields(c, at, place):
    transposing.put_fields(c.table, c.rows, at, (c.one, c.other, c.third), place)


@numba.njit
def compiled_repeated(c, place, value, real):
    repeating.put_repeated(c.rows, (1, place), value)
    repeating.put_repeated(c.one, place, real)


class Marked(NamedTuple):
    marks: Any
    rows: Any


@numba.njit
def compiled_list(c, bits, n):
    return listing.list_rows(c.marks, bits, n, c.rows)


@numba.njit
def compiled_list_of_arrays(marks, bits, n):
    rows = np.full(len(marks), -1, np.int32)
    return listing.list_rows(marks, bits, n, rows), rows


def some_columns():
    random = np.random.default_rng(3)
    return Columns(
        random.random((40, transposing.AT_ONCE)),
        random.integers(0, 40, (2, 32)),
        *np.zeros((3, 32)),
    )


@compares
@pytest.mark.parametrize(("at", "place"), [((0, 0), 0), ((1, 8), 16), ((1, 24), 24), ((0, 3), 5)])
def test_fields_of_far_rows(at, place):
    plain, seen = some_columns(), some_columns()
    columns = plain.one, plain.other, plain.third
    transposing.put_fields(plain.table, plain.rows, at, columns, place)
    compiled_fields(for_kernels(seen), at, place)
    for mine, its in zip(plain, seen, strict=True):
        np.testing.assert_array_equal(mine, its)
    chosen = plain.rows[at[0], at[1] : at[1] + transposing.AT_ONCE]
    for field, column in enumerate(columns):
        np.testing.assert_array_equal(
            column[place : place + transposing.AT_ONCE], plain.table[chosen, field]
        )
        assert np.count_nonzero(column) == transposing.AT_ONCE  # and nothing beside them


@compares
@pytest.mark.parametrize("place", [0, 5, 24])
def test_a_repeated_value(place):
    before, seen = some_columns(), some_columns()
    compiled_repeated(for_kernels(seen), place, 7, 0.5)
    repeating.put_repeated(before.rows[1], place, 7)
    repeating.put_repeated(before.one, place, 0.5)
    for mine, its in zip(before, seen, strict=True):
        np.testing.assert_array_equal(mine, its)
    assert np.count_nonzero(seen.one) == repeating.AT_ONCE


def test_columns_begin_with_a_cache_line():
    columns = aligned(some_columns())
    assert all(column.ctypes.data % CACHE_LINE == 0 for column in columns)
    for mine, its in zip(columns, some_columns(), strict=True):
        np.testing.assert_array_equal(mine, its)
    assert aligned_empty((3, 0), np.int16).shape == (3, 0)


@compares
def test_so_do_columns_that_kernels_make():
    @numba.njit
    def made(n):
        return np.empty(n), np.empty(n, np.int32), np.empty(n, np.bool_)

    for n in (1, 100, 10_000):
        assert all(column.ctypes.data % CACHE_LINE == 0 for column in made(n))


@compares
@pytest.mark.parametrize("n", [0, 1, 15, 16, 17, 300])
@pytest.mark.parametrize("bits", [1, 2, 6])
def test_lists_of_marked_rows(n, bits):
    marks = np.random.default_rng(n).integers(0, 8, n + listing.AT_ONCE, dtype=np.int32)
    rows = np.full(len(marks), -1, np.int32)
    n_listed = listing.list_rows(marks, bits, n, rows)
    assert rows[:n_listed].tolist() == [k for k in range(n) if marks[k] & bits]
    columns = Marked(marks, np.full(len(marks), -1, np.int32))
    assert compiled_list(for_kernels(columns), bits, n) == n_listed
    np.testing.assert_array_equal(columns.rows[:n_listed], rows[:n_listed])
    count, listed = compiled_list_of_arrays(marks, bits, n)
    assert count == n_listed
    np.testing.assert_array_equal(listed[:n_listed], rows[:n_listed])
