"""Brand choice: coefficients and their spread are recovered from made-up panels."""

import numpy as np
import pandas as pd
import pytest

from sim.evidence.measurements.brands import (
    fit_logit,
    fit_mixed_logit,
    matching_price_sensitivity,
    measure_brands,
    own_price_elasticities,
    read_panel,
)

BRANDS = ("a", "b", "c")
CONSTANTS = np.array([1.0, 0.5, 0.0])
DISPLAY, FEATURE, LAST = 0.8, 0.6, 0.7


def write_panel(path, seed, n_homes=250, n_purchases=12, log_sd=0.0, taste_sd=0.0):
    """A panel of households whose price coefficient has median 1.5 and the given spreads."""
    random = np.random.default_rng(seed)
    rows = []
    for home in range(n_homes):
        sensitivity = 1.5 * np.exp(log_sd * random.normal())
        taste = CONSTANTS + taste_sd * random.normal(size=3) * [1, 1, 0]
        last = np.zeros(3)
        for _ in range(n_purchases):
            price = random.uniform(2, 5, 3).round(2)
            display, feature = random.random((2, 3)) < 0.15
            u = taste - sensitivity * price + DISPLAY * display + FEATURE * feature + LAST * last
            chosen = int(np.argmax(u + random.gumbel(size=3)))
            last = np.eye(3)[chosen]
            rows.append([home, *display, *feature, *price, BRANDS[chosen]])
    columns = [f"{what}.{brand}" for what in ("disp", "feat", "price") for brand in BRANDS]
    table = pd.DataFrame(rows, columns=["id", *columns, "choice"])
    table.astype(dict.fromkeys(columns[:6], int)).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    return read_panel(write_panel(tmp_path_factory.mktemp("panel") / "alike.csv", seed=1))


def test_the_first_purchase_only_says_what_was_bought_last(alike):
    assert alike.price.shape == (250 * 11, 3)
    assert (alike.last.sum(axis=1) == 1).all()
    second = alike.household_starts()
    assert (alike.last[second] == alike.first[second]).all()
    assert (np.diff(second) == 11).all()
    following = np.setdiff1d(np.arange(250 * 11), second)
    bought = np.eye(3)[alike.chosen[following - 1]]
    assert (alike.last[following] == bought).all()


def test_the_coefficients_of_a_logit_are_recovered(alike):
    found = fit_logit(alike)
    truth = np.array([1.0, 0.5, -1.5, DISPLAY, FEATURE, LAST])
    error = np.sqrt(found.covariance.diagonal())
    assert (abs(found.values - truth) < 3 * error).all()
    assert (error < 0.2).all()


def test_an_elasticity_is_what_a_dearer_brand_loses(alike):
    values = fit_logit(alike).values

    def sales(panel):
        moved = np.stack([panel.price, panel.display, panel.feature, panel.last], axis=2)
        u = np.concatenate([panel.constants(), moved], axis=2) @ values
        prob = np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)
        return prob.sum(axis=0)

    dearer = alike._replace(price=alike.price * [1.0, 1.0001, 1.0])
    lost = (sales(dearer)[1] / sales(alike)[1] - 1) / 1e-4
    assert own_price_elasticities(alike, values)[1] == pytest.approx(lost, rel=1e-3)


def test_the_spread_of_price_sensitivity_is_recovered(tmp_path):
    panel = read_panel(write_panel(tmp_path / "p.csv", 3, log_sd=0.5, taste_sd=0.6))
    mixed = fit_mixed_logit(panel, n_draws=48)
    values = mixed.estimate.values
    assert np.exp(values[mixed.price_log_median]) == pytest.approx(1.5, rel=0.12)
    assert abs(values[mixed.price_log_sd]) == pytest.approx(0.5, abs=0.12)
    assert values[mixed.last] == pytest.approx(LAST, abs=0.2)
    assert mixed.estimate.log_likelihood > fit_logit(panel).log_likelihood


def test_loyalty_is_overstated_where_tastes_differ_and_nobody_asks(tmp_path):
    panel = read_panel(write_panel(tmp_path / "p.csv", seed=4, taste_sd=1.5))
    assert fit_logit(panel).values[-1] > LAST + 0.3


def test_the_matching_sensitivity_gives_a_logit_product_that_elasticity():
    alpha = matching_price_sensitivity(-4.0, 55.0, share=0.2)
    base = np.log(0.2 / 0.8) + alpha * 55.0

    def share(price):
        return 1 / (1 + np.exp(-(base - alpha * price)))

    assert share(55.0) == pytest.approx(0.2)
    slope = (share(55.0 * 1.0001) / share(55.0) - 1) / 1e-4
    assert slope == pytest.approx(-4.0, rel=1e-3)


def test_a_panel_is_measured_in_one_go(tmp_path):
    path = write_panel(tmp_path / "p.csv", seed=5, n_homes=60, log_sd=0.5, taste_sd=0.5)
    found = {one.key: one for one in measure_brands(path, mean_price_yuan=20.0).measurements}
    assert all(one.low <= one.value <= one.high for one in found.values())
    assert found["price_sensitivity_log_sd"].sets == "demand.price_sensitivity_log_sd"
    elasticity = found["elasticity_small_share"].value
    assert found["price_sensitivity"].value == pytest.approx(-elasticity / 20.0)


def test_an_unknown_brand_is_refused(tmp_path):
    path = write_panel(tmp_path / "p.csv", seed=6, n_homes=2, n_purchases=3)
    path.write_text(path.read_text().replace(",a\n", ",x\n").replace(",b\n", ",x\n"))
    with pytest.raises(ValueError, match="none of the brands a, b, c"):
        read_panel(path)
