"""Purchase rates are recovered from made-up cohorts whose law is known."""

import numpy as np
import pytest

from sim.evidence.measurements.purchases import (
    Repeats,
    fit_bg_nbd,
    fit_gamma_poisson,
    measure_purchases,
    read_purchases,
)


def test_shape_and_rate_of_a_made_up_cohort_are_recovered():
    random = np.random.default_rng(1)
    weeks = random.uniform(20, 40, 5_000)
    rate = random.gamma(0.6, 0.05 / 0.6, 5_000)
    found = fit_gamma_poisson(random.poisson(rate * weeks).astype(float), weeks)
    for at, truth in ((0, 0.6), (1, 0.05)):
        value, low, high = found.interval_of(lambda v, at=at: float(np.exp(v[at])), positive=True)
        assert value == pytest.approx(truth, rel=0.1)
        assert low < truth < high


def test_counts_are_spread_as_chance_alone_where_rates_are_equal():
    random = np.random.default_rng(2)
    found = fit_gamma_poisson(random.poisson(2.0, 5_000).astype(float), np.ones(5_000))
    assert np.exp(found.values[0]) > 30


def test_customers_who_leave_are_told_from_slow_ones():
    """Where people may leave, the plain shape is off and BG/NBD finds the true one."""
    random = np.random.default_rng(3)
    n, weeks = 4_000, 40.0
    again, last = np.zeros(n), np.zeros(n)
    for customer in range(n):
        rate, leaves = random.gamma(1.0, 0.2), random.beta(1.0, 3.0)
        week = random.exponential(1 / rate)
        while week < weeks:
            again[customer] += 1
            last[customer] = week
            if random.random() < leaves:
                break
            week += random.exponential(1 / rate)
    repeats = Repeats(again, last, np.full(n, weeks))
    left = fit_bg_nbd(repeats)
    r, alpha, a, b = np.exp(left.values)
    assert (r, alpha) == pytest.approx((1.0, 5.0), rel=0.15)
    assert a / (a + b) == pytest.approx(0.25, abs=0.03)
    stayed = fit_gamma_poisson(again, repeats.weeks_watched)
    assert abs(np.exp(stayed.values[0]) - 1.0) > 0.2


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_said_to_leave_where_all_stay(seed):
    random = np.random.default_rng(seed)
    n, watched = 600, 28.0
    counts = random.poisson(random.gamma(0.5, 0.2, n) * watched)
    last = [np.floor(random.uniform(0.0, watched, k).max()) if k else 0.0 for k in counts]
    stayed = Repeats(counts.astype(float), np.array(last), np.full(n, watched))
    with pytest.raises(ValueError, match=r"clear maximum|seems to leave"):
        fit_bg_nbd(stayed)


LOG = """customer,date,units,usd
1,19970101,1,5.00
1,19970101,2,7.00
1,19970115,1,5.00
2,19970108,1,5.00
1,19970129,3,5.00
"""


def test_the_first_purchase_is_the_birth_and_a_day_counts_once(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    repeats = read_purchases(path)
    assert repeats.bought_again.tolist() == [2, 0]
    assert repeats.weeks_to_last.tolist() == [4, 0]
    assert repeats.weeks_watched.tolist() == [4, 3]


def write_cohort(path, leaving):
    """1,500 customers with shape 0.5; if `leaving`, each stays some weeks only."""
    random = np.random.default_rng(4)
    lines = ["customer,date"]
    for customer in range(1_500):
        left = random.integers(20, 400) if leaving else 400
        days = np.unique(random.integers(2, 200, random.negative_binomial(0.5, 0.2)))
        days = days[days < left]
        days = np.concatenate([[random.integers(0, 2)], days]) + np.datetime64("1997-01-01")
        lines += [f"{customer},{str(day).replace('-', '')}" for day in days]
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("leaving", [True, False])
def test_the_measurements_say_which_parameter_they_set(tmp_path, leaving):
    path = write_cohort(tmp_path / "log.csv", leaving)
    shape, *others = measure_purchases(path).measurements
    assert shape.sets == "demand.purchase_rate_shape"
    assert shape.low < shape.value < shape.high
    assert shape.value == pytest.approx(0.5, rel=0.25)
    assert (shape.n, shape.counted) == (1_500, "customers")
    assert ("bg_nbd_leaving" in {other.key for other in others}) == leaving
