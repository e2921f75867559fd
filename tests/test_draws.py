"""Keyed draws: published vectors, plain and compiled alike, and what a good key must give."""

import ast
import inspect
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import draws

WORD = st.integers(0, 2**32 - 1)
SIGNED = st.integers(-(2**63), 2**63 - 1)
ID = st.integers(-1, 2**31 - 1)

# Random123's table of known answers for philox4x32-10: counter, key, output.
PUBLISHED = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize("philox", [draws.philox4x32, draws.philox4x32_plain])
@pytest.mark.parametrize("counter, key, output", PUBLISHED)
def test_published_vectors(philox, counter, key, output):
    assert philox(*counter, *key) == output


def philox_by_the_book(counter, key):
    """The definition in exact integers, written apart from the product's."""
    c, k = list(counter), list(key)
    for _ in range(10):
        high_0, low_0 = divmod(0xD2511F53 * c[0], 2**32)
        high_1, low_1 = divmod(0xCD9E8D57 * c[2], 2**32)
        c = [high_1 ^ c[1] ^ k[0], low_1, high_0 ^ c[3] ^ k[1], low_0]
        k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
    return tuple(c)


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_plain_and_compiled_and_definition_agree(counter, key):
    expected = philox_by_the_book(counter, key)
    assert draws.philox4x32(*counter, *key) == expected
    assert draws.philox4x32_plain(*counter, *key) == expected


def uniform_by_the_book(seed, agent, partner, week, purpose, part):
    counter = (agent % 2**32, partner % 2**32, week % 2**32, purpose + 65536 * part)
    words = philox_by_the_book(counter, (seed % 2**32, (seed % 2**64) >> 32))
    return (((words[0] << 20) | (words[1] >> 12)) + 0.5) / 2**52


@given(SIGNED, ID, ID, st.integers(0, 10**6), st.integers(0, 119), st.integers(0, 65535))
def test_uniform_is_what_its_docstring_says(seed, agent, partner, week, purpose, part):
    u = draws.uniform(seed, agent, partner, week, purpose, part)
    assert u == uniform_by_the_book(seed, agent, partner, week, purpose, part)
    assert 0.0 < u < 1.0


def test_the_interval_is_open_even_at_the_extreme_words():
    for words in (0, 2**52 - 1):
        u = (words + 0.5) / 4503599627370496.0
        assert 0.0 < u < 1.0
        assert np.isfinite(draws.gumbel_of(u))
        assert np.isfinite(draws.normal_of(u))


def test_no_two_purposes_share_a_number():
    assigned = [
        (node.target.id, node.value.value)
        for node in ast.parse(inspect.getsource(draws)).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
    ]
    assert len(assigned) >= 40
    numbers = [number for _, number in assigned]
    assert len(set(numbers)) == len(numbers)
    assert dict(assigned) == draws.PURPOSES
    assert all(0 < number < 65536 for number in numbers)


def test_different_keys_give_different_draws():
    base = {"seed": 1, "agent": 2, "partner": 3, "week": 4, "purpose": 5, "part": 6}

    def draw(**change):
        key = {**base, **change}
        return draws.uniform(*(key[name] for name in base))

    changed = [draw(**{name: value + 1}) for name, value in base.items()]
    assert len({draw(), *changed}) == 7
    # Agent and partner are not interchangeable, nor purpose and part.
    assert draw(agent=3, partner=2) != draw()
    assert draw(purpose=6, part=5) != draw()


def test_seed_0_and_seeds_of_64_bits_are_seeds_of_their_own():
    seeds = [0, 1, -1, 2**31, 2**32, 2**32 + 1, 2**63 - 1, -(2**63)]
    assert len({draws.uniform(seed, 0, 0, 0, 1) for seed in seeds}) == len(seeds)


def test_a_seed_of_a_run_is_a_whole_number_that_is_not_negative():
    assert [draws.checked_seed(seed) for seed in (0, np.int32(7), 2**63 - 1)] == [0, 7, 2**63 - 1]
    for wrong in (-1, 2**63, 1.5, "7", True, None):
        with pytest.raises(ValueError, match="whole number from 0 to"):
            draws.checked_seed(wrong)


def test_nobody_is_an_agent_like_any_other():
    assert draws.uniform(1, -1, 3, 4, 5) == draws.uniform(1, 2**32 - 1, 3, 4, 5)
    assert draws.uniform(1, -1, 3, 4, 5) != draws.uniform(1, 1, 3, 4, 5)


def test_narrow_integers_draw_the_same():
    wide = draws.uniform(1, 2, 3, 4, 5)
    assert draws.uniform(1, np.int32(2), np.int16(3), np.int64(4), np.int8(5)) == wide
    assert draws.uniform(1, 2, 3, 4, 5, part=0) == wide


def test_columns_are_the_scalars():
    agents = np.array([5, -1, 0, 2**31 - 1])
    column = draws.uniform_column(9, agents, 3, 7, draws.REVIEW, 2)
    assert column.tolist() == [draws.uniform(9, int(a), 3, 7, draws.REVIEW, 2) for a in agents]
    column = draws.normal_column(9, agents[::2], 3, 7, draws.REVIEW)
    expected = [draws.normal_of(draws.uniform(9, int(a), 3, 7, draws.REVIEW)) for a in agents[::2]]
    assert column.tolist() == expected
    assert draws.uniform_column(9, np.array([], np.int32), 3, 7, draws.REVIEW).size == 0


def test_normal_values_of_a_column_are_those_of_each_draw_in_all_regions():
    tails = np.array([1e-16, 1e-12, 1e-3, 0.074, 0.075, 0.076, 0.4999])
    luck = np.resize(np.concatenate([tails, 1.0 - tails, [0.5]]), 1000)
    normals = np.empty(1000)
    draws.put_normals(luck, normals, draws.room_for_tails())
    assert normals.tolist() == [draws.normal_of(u) for u in luck]


@pytest.mark.parametrize("along", ["agent", "partner", "week", "part"])
def test_draws_are_even_and_unrelated_to_their_neighbours(along):
    names = ["agent", "partner", "week", "purpose", "part"]
    fixed = dict.fromkeys(names, 3)
    u = np.array(
        [draws.uniform(11, *({**fixed, along: n}[name] for name in names)) for n in range(20_000)]
    )
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    for lag in (1, 2, 64):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) < 4.5 / np.sqrt(u.size)


def test_draws_of_two_purposes_are_independent():
    agents = np.arange(100_000)
    u = draws.uniform_column(3, agents, -1, 0, draws.PURCHASE_RATE)
    v = draws.uniform_column(3, agents, -1, 0, draws.INSIGHT)
    counts, _, _ = np.histogram2d(u, v, bins=10, range=((0, 1), (0, 1)))
    assert stats.chisquare(counts.ravel()).pvalue > 1e-4


def test_gumbel_and_normal_invert_their_distribution():
    rng = random.Random(1)
    points = [rng.random() for _ in range(2_000)] + [2.0**-53, 1e-12, 0.5, 1 - 2.0**-53]
    for u in points:
        assert draws.gumbel_of(u) == pytest.approx(stats.gumbel_r.ppf(u), rel=1e-9, abs=1e-9)
        assert draws.normal_of(u) == pytest.approx(stats.norm.ppf(u), rel=1e-14, abs=1e-14)
    assert draws.normal_of(0.5) == 0.0
    assert draws.normal_of(0.975) == pytest.approx(1.959963984540054, rel=1e-15)


@given(st.floats(2.0**-53, 1 - 2.0**-53), st.floats(0.0, 30.0))
def test_poisson_counts_invert_their_distribution(u, mean):
    count = draws.poisson_of(u, mean)
    assert stats.poisson.cdf(count, mean) >= u * (1 - 1e-12) - 1e-15
    assert count == 0 or stats.poisson.cdf(count - 1, mean) < u * (1 + 1e-12)


def test_poisson_counts_come_out_even_at_the_last_digit():
    assert draws.poisson_of(1 - 2.0**-53, 0.0) == 0
    assert draws.poisson_of(1 - 2.0**-53, 0.8) < 25
    assert draws.poisson_of(1 - 2.0**-53, 30.0) < 100
    assert draws.poisson_of(2.0**-53, 30.0) == 0  # P(0) = 9.4e-14
