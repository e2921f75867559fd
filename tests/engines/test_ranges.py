"""Ranges of consumers: every one is in just one of them, and the last ones are small."""

from hypothesis import given
from hypothesis import strategies as st

from sim.kernels.ranges import (
    LEAST_LEFT,
    RANGE_BITS,
    blocks_of,
    dwindling_ranges,
    equal_parts,
    ranges_of,
)

people = st.integers(0, 3_000_000)
threads = st.integers(1, 9)


def follow_each_other(ranges, n):
    starts, ends = zip(*ranges, strict=True)
    return [0, *ends[:-1]] == list(starts) and ends[-1] == n


@given(people, threads)
def test_everybody_is_in_one_range(n, n_threads):
    for ranges in (ranges_of(n, n_threads), dwindling_ranges(n, n_threads)):
        assert follow_each_other(ranges, n)
        assert all(first < end <= first + (1 << RANGE_BITS) for first, end in ranges if n > 0)


@given(people, threads, st.integers(1, 40))
def test_parts_are_equal_but_for_one_row(n, n_threads, more):
    parts = equal_parts(n, n_threads * more)
    assert follow_each_other(parts, n)
    sizes = {end - first for first, end in parts}
    assert max(sizes) - min(sizes) <= 1


@given(st.integers(200_000, 3_000_000), st.integers(2, 9))
def test_the_last_ranges_are_small(n, n_threads):
    sizes = [end - first for first, end in dwindling_ranges(n, n_threads)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size <= LEAST_LEFT for size in sizes[-n_threads:])


@given(people, threads)
def test_every_range_is_in_one_block(n, n_threads):
    ranges = dwindling_ranges(n, n_threads)
    blocks = blocks_of(ranges, n_threads)
    assert [number for block in blocks for number in block] == list(range(len(ranges)))
    assert all(len(block) > 0 for block in blocks)


def test_the_ranges_of_a_million_on_two_threads():
    sizes = [end - first for first, end in dwindling_ranges(1_000_000, 2)]
    assert sizes[:2] == [16_384, 16_384]
    assert sizes[-8:] == [12_416, 9_280, 6_976, 5_248, 4_096, 4_096, 4_096, 3_520]
    assert dwindling_ranges(10_000, 1) == [(0, 10_000)]
    assert dwindling_ranges(0, 2) == [(0, 0)]
